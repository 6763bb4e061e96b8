"""What accounting is told of calls, as RADIUS attributes: of a whole store-and-forward fax, and of a single leg.

Rule: everything is read from the records of the legs when they have ended. Source: the published descriptions of
Cisco's fax attributes (vendor attributes 3 to 21) and of the `h323-*` attributes of voice gateways, which carry their
own name in front of the value; `# inferred` where the words of a value are not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from iosemu.dates import exact_text
from iosemu.fax.events import FaxCause
from iosemu.mail.message import receipt_address, return_path
from iosemu.voice.accounting import Facts, Identity
from iosemu.voice.circuit import Cause
from iosemu.voice.events import Ramp
from iosemu.voice.legs import LegRecord, Mail, Origin, Telephony, Voip
from iosemu.voice.settings import VoiceSettings

# In the order of an overloaded session id.
_OVERLOADED = (
    "setup-time",
    "gw-id",
    "conf-id",
    "call-origin",
    "call-type",
    "connect-time",
    "disconnect-time",
    "disconnect-cause",
    "remote-address",
)


_CALL_TYPES = {Telephony: "Telephony", Voip: "VoIP", Mail: "MMoIP"}  # inferred: of a mail leg
_LEG_TYPES = {Telephony: 1, Voip: 2, Mail: 3}


@dataclass(frozen=True, slots=True)
class FaxLegs:
    """A store-and-forward fax: its direction, its mail leg and, where a call was made, its telephone leg."""

    ramp: Ramp
    mail: LegRecord
    telephone: LegRecord | None = None

    @property
    def line(self) -> Telephony:
        detail = self.telephone.detail if self.telephone is not None else None
        return detail if isinstance(detail, Telephony) else Telephony("")

    @property
    def message(self) -> Mail:
        assert isinstance(self.mail.detail, Mail)
        return self.mail.detail

    @property
    def ok(self) -> bool:
        """Did the fax reach its far side whole?"""
        faxed = self.telephone is not None and self.telephone.text == FaxCause.OK.text
        return faxed and self.mail.cause is Cause.NORMAL


def fax_facts(fax: FaxLegs, identity: Identity, status: str, settings: VoiceSettings) -> Facts:
    """What is known of a fax when it begins; `status` says how it was authenticated."""
    numbers = (("Called-Station-Id", fax.line.called), ("Calling-Station-Id", fax.line.calling))
    return (
        *((name, value) for name, value in numbers if value),
        ("NAS-Port-Type", "Async"),
        ("Fax-Account-Id-Origin", identity.origin or "none"),
        ("Fax-Auth-Status", status),
        ("Gateway-Id", settings.identity.name),
        ("Call-Type", "Fax Receive" if fax.ramp is Ramp.ON else "Fax Send"),
    )


def fax_result(fax: FaxLegs, settings: VoiceSettings) -> Facts:
    """What is known besides when it has ended."""
    line, mail, telephone = fax.line, fax.message, fax.telephone
    sending = telephone.duration_s() if telephone is not None else 0.0
    session = (telephone.disconnect_s or 0.0) - telephone.setup_s if telephone is not None else 0.0
    words = mail.notification.value.split()
    sender = (
        return_path(settings.send, settings.identity, line.calling) if fax.ramp is Ramp.ON else fax.mail.peer_address
    )
    asked_for = receipt_address(settings.send, settings.identity, line.calling) if fax.ramp is Ramp.ON else ""
    receipt_to = asked_for or sender
    octets = telephone or fax.mail
    return (
        ("Fax-Msg-Id", mail.message_id),
        ("Fax-Pages", str(line.pages)),
        ("Fax-Coverpage-Flag", _truth(fax.ramp is Ramp.OFF and settings.fax.cover_page)),
        ("Fax-Modem-Time", f"{round(sending)}/{round(session)}"),
        ("Fax-Connect-Speed", str(line.rate_bps)),
        ("Fax-Recipient-Count", "1"),
        ("Fax-Process-Abort-Flag", _truth(not fax.ok)),
        *((("Fax-Dsn-Address", sender),) if "DSN" in words and sender else ()),
        ("Fax-Dsn-Flag", _truth("DSN" in words)),
        *((("Fax-Mdn-Address", receipt_to),) if "MDN" in words and receipt_to else ()),
        ("Fax-Mdn-Flag", _truth("MDN" in words)),
        ("Email-Server-Address", mail.remote),
        ("Email-Server-Ack-Flag", _truth(fax.ramp is Ramp.ON and fax.mail.cause is Cause.NORMAL)),
        ("Port-Used", line.port or "none"),
        *((("Abort-Cause", abort_cause(fax)),) if not fax.ok else ()),
        ("Acct-Input-Octets", octets.rx_octets),
        ("Acct-Output-Octets", octets.tx_octets),
    )


def abort_cause(fax: FaxLegs) -> str:
    """The part of the gateway that gave a fax up."""
    telephone = fax.telephone
    if (
        fax.ramp is Ramp.ON
        and telephone is not None
        and telephone.text in (FaxCause.OK.text, FaxCause.NOT_DELIVERED.text)
    ):
        return "ESMTP client"
    if telephone is None:
        return "ESMTP server"  # inferred: nothing was called
    return "FAP"


def _truth(value: bool) -> str:
    return "true" if value else "false"


@dataclass(frozen=True, slots=True)
class LegTimes:
    """When things happened to a leg, as a router writes it: `17:10:01.000 UTC Tue Mar 5 2002`; `mark` is `*` for a
    clock that nobody set."""

    booted: datetime
    """When seconds of uptime began, with its zone."""
    mark: str = ""

    def text(self, seconds: float | None) -> str:
        """Seconds of uptime as a date; what never happened is at 0."""
        when = self.booted + timedelta(seconds=seconds or 0.0)
        return self.mark + exact_text(when, when.tzname() or "UTC")


def overloaded(session_id: str, facts: Facts) -> tuple[str, Facts]:
    """A session id that carries what the `h323-*` attributes say, for servers that know none, and the facts that are
    left; what is not known yet is empty."""
    named = {name: str(value).partition("=")[2] for name, value in facts if name.startswith("h323-")}
    fields = (named.get(f"h323-{field}", "") for field in _OVERLOADED)
    rest = tuple((name, value) for name, value in facts if not name.startswith("h323-"))
    return "/".join((session_id, *fields)), rest


def leg_facts(leg: LegRecord, times: LegTimes, gateway: str) -> Facts:
    """The attributes of a leg that begins."""
    voice = None if isinstance(leg.detail, Mail) else leg.detail
    numbers = (("Called-Station-Id", voice.called), ("Calling-Station-Id", voice.calling)) if voice is not None else ()
    named = (
        ("h323-gw-id", gateway),
        ("h323-conf-id", conference(leg)),
        ("h323-call-origin", "answer" if leg.origin is Origin.ANSWER else "originate"),
        ("h323-call-type", _CALL_TYPES[type(leg.detail)]),
        ("h323-setup-time", times.text(leg.setup_s)),
    )
    return (
        ("NAS-Port-Type", "Async"),
        *((name, value) for name, value in numbers if value),
        ("Service-Type", "Login"),
        *((name, f"{name}={value}") for name, value in named),
    )


def leg_result(leg: LegRecord, times: LegTimes) -> Facts:
    """The attributes that a leg that has ended has besides."""
    remote = "" if isinstance(leg.detail, Telephony) else leg.detail.remote
    named = (
        ("h323-connect-time", times.text(leg.connect_s if leg.connect_s is not None else leg.disconnect_s)),
        ("h323-disconnect-time", times.text(leg.disconnect_s)),
        ("h323-disconnect-cause", f"{leg.cause.value:X}" if leg.cause is not None else "0"),
        *((("h323-remote-address", remote),) if remote else ()),
    )
    return (
        *((name, f"{name}={value}") for name, value in named),
        ("Acct-Input-Octets", leg.rx_octets),
        ("Acct-Output-Octets", leg.tx_octets),
        ("Acct-Input-Packets", leg.rx_packets),
        ("Acct-Output-Packets", leg.tx_packets),
    )


def conference(leg: LegRecord) -> str:
    """The identity of a call: four words of hexadecimal digits."""
    return " ".join(f"{word:X}" for word in leg.connection.words)


def syslog_text(leg: LegRecord, times: LegTimes) -> str:
    """The record of a leg in the system log, `%VOIPAAA-5-VOIP_CALL_HISTORY`."""
    return (
        f"CallLegType {_LEG_TYPES[type(leg.detail)]}, ConnectionId {conference(leg)}, "
        f"SetupTime {times.text(leg.setup_s)}, PeerAddress {leg.peer_address}, PeerSubAddress , "
        f"DisconnectCause {leg.cause.value if leg.cause is not None else 0:<4X}, DisconnectText {leg.text}, "
        f"ConnectTime {times.text(leg.connect_s if leg.connect_s is not None else leg.disconnect_s)}, "
        f"DisconnectTime {times.text(leg.disconnect_s)}, CallOrigin {leg.origin.value}, ChargedUnits 0, "
        f"InfoType {10 if isinstance(leg.detail, Mail) or not leg.detail.speech else 2}, "
        f"TransmitPackets {leg.tx_packets}, TransmitBytes {leg.tx_octets}, "
        f"ReceivePackets {leg.rx_packets}, ReceiveBytes {leg.rx_octets}"
    )
