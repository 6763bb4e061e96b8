"""What is known of a call leg, as frozen values.

Rule: whatever a `show`, the history or a MIB tells about a call is read from a `LegRecord`. Times are seconds of
router uptime. Source: CISCO-DIAL-CONTROL-MIB, CISCO-VOICE-DIAL-CONTROL-MIB and CISCO-MMAIL-DIAL-CONTROL-MIB (fields
and codes), real `show call` output (meaning of the times: a fax leg is connected when T.30 has trained, a mail leg
when the mail server has taken the message).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from iosemu.fax.dle import BUFFER_OCTETS
from iosemu.voice.circuit import Cause
from iosemu.voice.dial_plan import DialPeer


class Origin(IntEnum):
    """`CallOrigin`: whether the gateway placed the leg or answered it."""

    ORIGINATE = 1
    ANSWER = 2

    @property
    def text(self) -> str:
        return self.name.capitalize()


class CallState(IntEnum):
    """`CallState` of an active leg (callActiveCallState)."""

    CONNECTING = 2
    CONNECTED = 3
    ACTIVE = 4

    @property
    def text(self) -> str:
        return self.name.lower()


class Notification(Enum):
    """`Notification`: what the mail of this call asks for; the value is the printed word."""

    NONE = "None"
    MDN = "MDN"
    DSN = "DSN"
    DSN_MDN = "DSN MDN"  # inferred

    @classmethod
    def of(cls, *, dsn: bool, mdn: bool) -> Notification:
        return {(False, False): cls.NONE, (False, True): cls.MDN, (True, False): cls.DSN, (True, True): cls.DSN_MDN}[
            dsn, mdn
        ]


@dataclass(frozen=True, slots=True)
class Connection:
    """What both legs of a call share: a small number (`<ID>`) and the 128-bit identity that goes to RADIUS."""

    number: int
    words: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Telephony:
    """The part of a leg on a voice port. `rate_bps` 0 before training; numbers are as received from the line."""

    port: str
    channel: int = 0
    rate_bps: int = 0
    pages: int = 0
    calling: str = ""
    called: str = ""
    redirecting: str = ""
    calling_name: str = ""
    translated_called: str = ""
    remote_id: str = ""
    speech: bool = False
    """Is it a voice call?"""


@dataclass(frozen=True, slots=True)
class Mail:
    """The part of a leg towards the mail network; `remote` is the mail server's or client's address."""

    remote: str = "0.0.0.0"
    target: str = ""
    message_id: str = ""
    account_id: str = ""
    encoding: str = "MH"
    resolution: str = "fine"
    accepted_mime: int = 0
    discarded_mime: int = 0
    notification: Notification = Notification.NONE


@dataclass(frozen=True, slots=True)
class Voip:
    """The part of a leg over IP: where its signalling and its media are at the far side."""

    remote: str = "0.0.0.0"
    remote_port: int = 0
    media: str = "0.0.0.0"
    media_port: int = 0
    own: str = "0.0.0.0"
    own_port: int = 0
    """Where our media are."""
    sip: bool = False
    protocol_call_id: str = ""
    target: str = ""
    codec: str = ""
    codec_octets: int = 0
    vad: bool = True
    calling: str = ""
    called: str = ""
    speech: bool = True
    """False once a fax relay has taken over."""
    rate_bps: int = 0
    pages: int = 0
    sent_packets: int = 0
    received_packets: int = 0


@dataclass(frozen=True, slots=True)
class LegRecord:
    """Everything known of a leg, frozen; `cause` and `text` are set when it has ended."""

    connection: Connection
    call_id: int
    origin: Origin
    detail: Telephony | Mail | Voip
    peer: DialPeer | None = None
    peer_address: str = ""
    setup_s: float = 0.0
    connect_s: float | None = None
    disconnect_s: float | None = None
    tx_octets: int = 0
    rx_octets: int = 0
    cause: Cause | None = None
    text: str = ""
    released_by_us: bool = False

    @property
    def tag(self) -> int:
        """The dial peer's tag, 0 where the leg met none."""
        return self.peer.tag if self.peer is not None else 0

    @property
    def tx_packets(self) -> int:
        """Packets of a leg over IP; on a voice port data buffers between FMSP and DMSP; a mail leg counts none, as real
        output shows."""
        if isinstance(self.detail, Voip):
            return self.detail.sent_packets
        return -(-self.tx_octets // BUFFER_OCTETS) if isinstance(self.detail, Telephony) else 0

    @property
    def rx_packets(self) -> int:
        if isinstance(self.detail, Voip):
            return self.detail.received_packets
        return -(-self.rx_octets // BUFFER_OCTETS) if isinstance(self.detail, Telephony) else 0

    @property
    def release_source(self) -> int:
        """`ReleaseSource`: 1 the calling party in the PSTN, 3 the called one, 7 the gateway's own application."""
        if self.released_by_us:
            return 7
        return 1 if self.origin is Origin.ANSWER else 3

    @property
    def state(self) -> CallState:
        return CallState.CONNECTING if self.connect_s is None else CallState.ACTIVE

    def duration_s(self, now_s: float = 0.0) -> float:
        """Time from connection to the end, 0 where it never connected; `now_s` is for a leg that lasts."""
        if self.connect_s is None:
            return 0.0
        return (self.disconnect_s if self.disconnect_s is not None else now_s) - self.connect_s
