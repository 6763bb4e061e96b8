"""The text of `show call active fax|voice` and `show call history fax|voice` in the form of 12.2(15)T.

Rule: every figure is read from frozen leg records; nothing here keeps state. `SetupTime` is in ms, the other times in
hundredths of seconds of uptime, as real output has them. Source: Cisco IOS Voice Command Reference, chapter s, samples.
Levels that a fax DSP does not measure print as they do in the samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from iosemu.commands.voice import voip_text
from iosemu.voice.history import HistoryEntry
from iosemu.voice.legs import LegRecord, Mail, Origin, Telephony, Voip
from iosemu.voice.ports import InterfaceIndexes

ACTIVE_LEGEND = r"""<ID>: <start>hs.<index> +<connect> pid:<peer_id> <dir> <addr> <state> \
  tx:<packets>/<bytes> rx:<packets>/<bytes> <state>
IP <ip>:<udp> rtt:<time>ms pl:<play>/<gap>ms lost:<lost>/<early>/<late>
  delay:<last>/<min>/<max>ms <codec>
FR <protocol> [int dlci cid] vad:<y/n> dtmf:<y/n> seq:<y/n>
  sig:<on/off> <codec> (payload size)
Tele <int>: tx:<tot>/<v>/<fax>ms <codec> noise:<l> acom:<l> i/o:<l>/<l> dBm
"""
HISTORY_LEGEND = """<ID>: <start>hs.<index> +<connect> +<disc> pid:<peer_id> <direction> <addr>
 tx:<packets>/<bytes> rx:<packets>/<bytes> <disc-cause>(<text>)
 IP <ip>:<udp> rtt:<time>ms pl:<play>/<gap>ms lost:<lost>/<early>/<late>
  delay:<last>/<min>/<max>ms <codec>
 Telephony <int>: tx:<tot>/<voice>/<fax>ms <codec> noise:<lvl>dBm acom:<lvl>dBm
"""
# Octet 3 of Q.931 numbers that carry neither type nor plan, and of a number that did not come.
OCTET_UNKNOWN = "0x80"
OCTET_ABSENT = "0xFF"
# The codec of a call from one voice port to another.  # inferred
VOICE_CODEC = "g711ulaw"
# The codec named for a leg that never had a voice path: the dial peer default.
DEFAULT_CODEC = "g729r8"


def active(legs: Sequence[LegRecord], now_s: float, indexes: InterfaceIndexes) -> str:
    """`show call active fax`."""
    totals = call_legs(legs)
    blocks = [_full(leg, 1, now_s, indexes) for leg in legs]
    return totals + "".join(f"{block}\n" for block in blocks) + (totals if blocks else "")


def active_brief(legs: Sequence[LegRecord], now_s: float) -> str:
    """`show call active fax brief`."""
    return ACTIVE_LEGEND + "\n" + "".join(f"{_active_line(leg, now_s)}\n" for leg in legs) + call_legs(legs)


COMPACT_LEGEND = "<callID>  A/O FAX T<sec>  Codec       type  Peer Address       IP R<ip>:<udp>\n"


def compact(legs: Sequence[LegRecord], now_s: float) -> str:
    """`show call active|history fax|voice compact`: one line a leg."""
    rows = [COMPACT_LEGEND, f"Total call-legs: {len(legs)}\n"]
    for leg in legs:
        way = "ANS" if leg.origin is Origin.ANSWER else "ORG"
        seconds = f"T{int(leg.duration_s(now_s))}"
        if isinstance(leg.detail, Voip):
            kind, codec, where = "VOIP", leg.detail.codec, voip_text.address(leg.detail)
        elif isinstance(leg.detail, Mail):
            kind, codec, where = "MMOIP", "", leg.detail.remote
        else:
            kind, codec, where = "TELE", VOICE_CODEC if is_voice(leg) else "", ""
        fax = "" if is_voice(leg) else "FAX"
        rows.append(
            f"{leg.call_id:>8}  {way} {fax:<3} {seconds:<7} {codec:<11} {kind:<5} "
            f"{'P' + leg.peer_address:<18} {where}".rstrip()
            + "\n"
        )
    return "".join(rows)


def history(entries: Sequence[HistoryEntry], indexes: InterfaceIndexes) -> str:
    """`show call history fax`."""
    totals = call_legs([entry.leg for entry in entries])
    return totals + "".join(
        f"{_full(entry.leg, entry.index, entry.leg.disconnect_s or 0.0, indexes)}\n" for entry in entries
    )


def history_brief(entries: Sequence[HistoryEntry]) -> str:
    """`show call history fax brief`."""
    return HISTORY_LEGEND + "".join(_history_line(entry) for entry in entries)


def call_legs(legs: Iterable[LegRecord]) -> str:
    """The totals; a mail leg is none of the named kinds and counts in the last line only (inferred)."""
    legs = list(legs)
    telephony = sum(1 for leg in legs if isinstance(leg.detail, Telephony))
    over_ip = [leg.detail.sip for leg in legs if isinstance(leg.detail, Voip)]
    return (
        f"Telephony call-legs: {telephony}\nSIP call-legs: {over_ip.count(True)}\n"
        f"H323 call-legs: {over_ip.count(False)}\nMGCP call-legs: 0\n"
        f"Total call-legs: {len(legs)}\n"
    )


def is_voice(leg: LegRecord) -> bool:
    """Is it a leg of a voice call?"""
    return isinstance(leg.detail, Telephony | Voip) and leg.detail.speech


def _hs(seconds: float | None) -> int:
    return round(seconds * 100) if seconds is not None else 0


def _after(seconds: float | None, setup_s: float) -> int:
    """Hundredths of seconds after set-up; -1 for what never came, as real output prints it."""
    return _hs(seconds) - _hs(setup_s) if seconds is not None else -1


def spans_ms(leg: LegRecord, end_s: float) -> tuple[int, int, int]:
    """Duration in ms: all of it, up to the connection (counted as voice), after it (counted as fax)."""
    total = _hs(end_s) - _hs(leg.setup_s)
    if is_voice(leg):
        return total * 10, total * 10, 0
    voice = _after(leg.connect_s, leg.setup_s) if leg.connect_s is not None else total
    return total * 10, voice * 10, (total - voice) * 10


def _hms(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


def _active_line(leg: LegRecord, now_s: float) -> str:
    head = (
        f"{leg.connection.number:<4X} : {_hs(leg.setup_s)}hs.1 +{_after(leg.connect_s, leg.setup_s)} pid:{leg.tag} "
        f"{leg.origin.text} {leg.peer_address} {leg.state.text}\n"
        f"tx:{leg.tx_packets}/{leg.tx_octets} rx:{leg.rx_packets}/{leg.rx_octets}\n"
    )
    if isinstance(leg.detail, Mail):
        return head + _mail_line(leg.detail)
    if isinstance(leg.detail, Voip):
        first, second = head.splitlines()
        return f"{first}\n dur {_hms(leg.duration_s(now_s))} {second}\n {voip_text.line(leg.detail)}"
    total, voice, fax = spans_ms(leg, now_s)
    if leg.detail.speech:
        first, second = head.splitlines()
        where = f"{leg.detail.port} ({leg.detail.channel})"
        levels = f"{VOICE_CODEC} noise:0 acom:0  i/0:0/0 dBm"
        spans = f"tx:{total}/{voice}/{fax}ms"
        return f"{first}\n dur {_hms(leg.duration_s(now_s))} {second}\n Tele {where}: {spans} {levels}\n"
    return head + f"Tele : tx:{total}/{voice}/{fax}ms  noise:-1 acom:-1  i/0:0/0 dBm\n"


def _history_line(entry: HistoryEntry) -> str:
    leg = entry.leg
    head = (
        f"{leg.connection.number:<4X} : {_hs(leg.setup_s)}hs.{entry.index} +{_after(leg.connect_s, leg.setup_s)} "
        f"+{_after(leg.disconnect_s, leg.setup_s)} pid:{leg.tag} {leg.origin.text} {leg.peer_address}".rstrip()
        + f"\n tx:{leg.tx_packets}/{leg.tx_octets} rx:{leg.rx_packets}/{leg.rx_octets} {_cause(leg)}({leg.text})\n"
    )
    if isinstance(leg.detail, Mail):
        return head + " " + _mail_line(leg.detail)
    if isinstance(leg.detail, Voip):
        return head + " " + voip_text.line(leg.detail)
    total, voice, fax = spans_ms(leg, leg.disconnect_s or 0.0)
    codec = VOICE_CODEC if leg.detail.speech else DEFAULT_CODEC
    return f"{head} Telephony : tx:{total}/{voice}/{fax}ms {codec} noise:0dBm acom:0dBm\n"


def _mail_line(mail: Mail) -> str:
    return f"IP {mail.remote} AcceptedMime:{mail.accepted_mime} DiscardedMime:{mail.discarded_mime}\n"


def _cause(leg: LegRecord) -> str:
    return f"{leg.cause.value if leg.cause is not None else 0:<4X}"


def _full(leg: LegRecord, index: int, end_s: float, indexes: InterfaceIndexes) -> str:
    ended = leg.disconnect_s is not None
    port = leg.detail.port if isinstance(leg.detail, Telephony) else ""
    lines = [
        "GENERIC:",
        f"SetupTime={_hs(leg.setup_s) * 10} ms",
        f"Index={index}",
        f"PeerAddress={leg.peer_address}",
        "PeerSubAddress=",
        f"PeerId={leg.tag}",
        f"PeerIfIndex={indexes.peers.get(leg.tag, 0)}",
        f"LogicalIfIndex={indexes.ports.get(port, 0)}",
        *([f"DisconnectCause={_cause(leg)}", f"DisconnectText={leg.text}"] if ended else []),
        f"ConnectTime={_hs(leg.connect_s)}",
        *([f"DisconnectTime={_hs(leg.disconnect_s)}"] if ended else []),
        f"CallDuration={_hms(leg.duration_s(end_s))}" + ("" if ended else " sec"),
        *([] if ended else [f"CallState={leg.state.value}"]),
        f"CallOrigin={leg.origin.value}",
        *([f"ReleaseSource={leg.release_source}"] if ended else []),
        "ChargedUnits=0",
        f"InfoType={'speech' if is_voice(leg) else 'fax'}",
        f"TransmitPackets={leg.tx_packets}",
        f"TransmitBytes={leg.tx_octets}",
        f"ReceivePackets={leg.rx_packets}",
        f"ReceiveBytes={leg.rx_octets}",
    ]
    if isinstance(leg.detail, Mail):
        lines += _mail_block(leg, leg.detail)
    elif isinstance(leg.detail, Voip):
        lines += voip_text.block(leg, leg.detail, _identity(leg), spans_ms(leg, end_s)[1])
        lines += ["CallerName=", *_numbers(leg.detail.called, leg.detail.calling)]
    else:
        lines += _telephony_block(leg, leg.detail, end_s, ended=ended)
    return "\n".join(lines)


def _identity(leg: LegRecord) -> str:
    return "[" + " ".join(f"0x{word:X}" for word in leg.connection.words) + "]"


def _mail_block(leg: LegRecord, mail: Mail) -> list[str]:
    return [
        "MMOIP:",
        f"ConnectionId{_identity(leg)}",
        f"CallID={leg.call_id}",
        f"RemoteIPAddress={mail.remote}",
        "SessionProtocol=SMTP",
        f"SessionTarget={mail.target}",
        f"MessageId={mail.message_id}",
        f"AccountId={mail.account_id}",
        f"ImgEncodingType={mail.encoding}",
        f"ImgResolution={mail.resolution}",
        f"AcceptedMimeTypes={mail.accepted_mime}",
        f"DiscardedMimeTypes={mail.discarded_mime}",
        f"Notification={mail.notification.value}",
    ]


def _telephony_block(leg: LegRecord, tele: Telephony, end_s: float, *, ended: bool) -> list[str]:
    total, voice, fax = spans_ms(leg, end_s)
    levels = ["NoiseLevel=-1", "ACOMLevel=-1"]
    live = [] if ended else ["OutSignalLevel=0", "InSignalLevel=0", "InfoActivity=0", "ERLLevel=-1"]
    return [
        "TELE:",
        f"ConnectionId={_identity(leg)}",
        f"IncomingConnectionId={_identity(leg)}",
        f"CallID={leg.call_id}",
        f"TxDuration={total} ms",
        f"VoiceTxDuration={voice} ms",
        f"FaxTxDuration={fax} ms",
        f"CoderTypeRate={VOICE_CODEC}" if tele.speech else f"FaxRate={tele.rate_bps or 'disable'} bps",
        *levels,
        *live,
        "SessionTarget=",
        f"ImgPages={tele.pages}",
        f"CallerName={tele.calling_name}",
        *_numbers(tele.called, tele.calling, tele.translated_called or tele.called, tele.redirecting),
    ]


def _numbers(called: str, calling: str, translated: str = "", redirecting: str = "") -> list[str]:
    """The numbers of a leg: as they came, as they were made of them, as the gateway got them."""
    return [
        "CallerIDBlocked=False",
        *_number("OriginalCalling", calling),
        *_number("OriginalCalled", called),
        *_number("OriginalRedirectCalled", redirecting),
        *_number("TranslatedCalling", calling),
        *_number("TranslatedCalled", translated or called),
        *_number("TranslatedRedirectCalled", redirecting),
        *_number("GwReceivedCalled", called, octet="Octet3"),
        *_number("GwReceivedCalling", calling, octet="Octet3"),
        "GwReceivedCallingOctet3a=0x0",
    ]


def _number(name: str, number: str, octet: str = "Octet") -> list[str]:
    return [f"{name}Number={number}", f"{name}{octet}={OCTET_UNKNOWN if number else OCTET_ABSENT}"]
