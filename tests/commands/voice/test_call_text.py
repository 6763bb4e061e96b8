"""`show call ... fax` prints real samples from the records that lie behind them."""

from __future__ import annotations

from dataclasses import replace

from iosemu.commands.voice import call_text
from iosemu.voice.circuit import Cause
from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.digits import Pattern
from iosemu.voice.history import HistoryEntry
from iosemu.voice.legs import Connection, LegRecord, Mail, Origin, Telephony
from iosemu.voice.ports import InterfaceIndexes

WORDS = (0x37EC7F41, 0xB0110001, 0x0, 0x35C34)
POTS = DialPeer(3469, PeerType.POTS, destination=Pattern.parse("527...."), port="0:D")

MAIL_LEG = LegRecord(
    Connection(1, WORDS), 1, Origin.ANSWER, Mail(accepted_mime=2, discarded_mime=1), None, "wook song",
    setup_s=220.21, connect_s=242.84, rx_octets=41190,
)  # fmt: skip
FAX_LEG = LegRecord(
    Connection(1, WORDS), 2, Origin.ORIGINATE, Telephony("0:D", 1, 14400), POTS, "527....",
    setup_s=231.93, connect_s=242.84, tx_octets=13838,
)  # fmt: skip


def test_active_brief_is_the_sample_of_the_command_reference() -> None:
    text = call_text.active_brief([MAIL_LEG, FAX_LEG], now_s=263.13)
    assert (
        "1    : 22021hs.1 +2263 pid:0 Answer wook song active\n"
        "tx:0/0 rx:0/41190\n"
        "IP 0.0.0.0 AcceptedMime:2 DiscardedMime:1\n"
        "\n"
        "1    : 23193hs.1 +1091 pid:3469 Originate 527.... active\n"
        "tx:10/13838 rx:0/0\n"
        "Tele : tx:31200/10910/20290ms  noise:-1 acom:-1  i/0:0/0 dBm\n"
    ) in text
    assert text.startswith("<ID>: <start>hs.<index> +<connect> pid:<peer_id> <dir> <addr> <state> \\\n")
    assert text.endswith("Total call-legs: 2\n")


def test_active_prints_the_mail_block_of_the_sample() -> None:
    text = call_text.active([MAIL_LEG, FAX_LEG], 263.13, InterfaceIndexes({"0:D": 30}, {3469: 157}))
    for line in (
        "SetupTime=220210 ms", "PeerAddress=wook song", "ConnectTime=24284", "CallState=4", "CallOrigin=2",
        "ConnectionId[0x37EC7F41 0xB0110001 0x0 0x35C34]", "RemoteIPAddress=0.0.0.0", "SessionProtocol=SMTP",
        "ImgEncodingType=MH", "ImgResolution=fine", "AcceptedMimeTypes=2", "DiscardedMimeTypes=1", "Notification=None",
        "PeerIfIndex=157", "LogicalIfIndex=30", "FaxRate=14400 bps", "CallDuration=00:00:20 sec",
    ):  # fmt: skip
        assert f"\n{line}\n" in text, line


def test_history_brief_is_the_real_output_of_a_failed_and_a_good_call() -> None:
    on_ramp_pots = DialPeer(100, PeerType.POTS)
    on_ramp_mail = DialPeer(110, PeerType.MMOIP)
    off_ramp_pots = DialPeer(310, PeerType.POTS)
    entries = [
        HistoryEntry(25, LegRecord(
            Connection(2, WORDS), 3, Origin.ANSWER, Telephony("0:D"), on_ramp_pots, "408", 59964.50, None, 60002.52,
            cause=Cause.NORMAL_UNSPECIFIED, text="T30 T1 EOM timeout",
        )),
        HistoryEntry(26, LegRecord(
            Connection(2, WORDS), 4, Origin.ORIGINATE, Mail("14.0.0.1"), on_ramp_mail, "uut1@linux2.allegro.com",
            59967.52, None, 60002.52, cause=Cause.SERVICE_UNAVAILABLE,
            text="The e-mail was not sent correctly. Remote SMTP server said: 354 ",
        )),
        HistoryEntry(27, LegRecord(
            Connection(3, WORDS), 5, Origin.ORIGINATE, Telephony("0:D"), off_ramp_pots, "576341.", 64478.51, 64489.62,
            64514.67, tx_octets=14419, cause=Cause.NORMAL, text="Normal connection",
        )),
        HistoryEntry(28, LegRecord(
            Connection(3, WORDS), 6, Origin.ANSWER, Mail(), None, "", 64477.80, 64489.62, 64522.97,
            cause=Cause.NORMAL, text="normal call clearing.",
        )),
    ]  # fmt: skip
    text = call_text.history_brief(entries)
    assert text == call_text.HISTORY_LEGEND + (
        "2    : 5996450hs.25 +-1 +3802 pid:100 Answer 408\n"
        " tx:0/0 rx:0/0 1F  (T30 T1 EOM timeout)\n"
        " Telephony : tx:38020/38020/0ms g729r8 noise:0dBm acom:0dBm\n"
        "2    : 5996752hs.26 +-1 +3500 pid:110 Originate uut1@linux2.allegro.com\n"
        " tx:0/0 rx:0/0 3F  (The e-mail was not sent correctly. Remote SMTP server said: 354 )\n"
        " IP 14.0.0.1 AcceptedMime:0 DiscardedMime:0\n"
        "3    : 6447851hs.27 +1111 +3616 pid:310 Originate 576341.\n"
        " tx:11/14419 rx:0/0 10  (Normal connection)\n"
        " Telephony : tx:36160/11110/25050ms g729r8 noise:0dBm acom:0dBm\n"
        "3    : 6447780hs.28 +1182 +4517 pid:0 Answer\n"
        " tx:0/0 rx:0/0 10  (normal call clearing.)\n"
        " IP 0.0.0.0 AcceptedMime:0 DiscardedMime:0\n"
    )


def test_history_has_causes_and_totals() -> None:
    ended = replace(FAX_LEG, disconnect_s=263.13, cause=Cause.USER_BUSY, text="user busy (17)", connect_s=None)
    text = call_text.history([HistoryEntry(7, ended)], InterfaceIndexes())
    assert text.startswith("Telephony call-legs: 1\nSIP call-legs: 0\nH323 call-legs: 0\nMGCP call-legs: 0\nTotal ")
    for line in ("DisconnectCause=11  ", "DisconnectText=user busy (17)", "CallDuration=00:00:00", "ReleaseSource=3"):
        assert f"\n{line}\n" in text, line
    assert "CallState" not in text
