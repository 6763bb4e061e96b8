"""What the fax engines tell: frozen values for debug text, history, captures and the parts next to them.

Rule: an event is emitted when the thing has happened on the line; page numbers count from 0; octets of T.30 frames are
written as the Recommendation writes them (first bit on the line is the leftmost), octets of T.4 data have it rightmost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from iosemu.fax.document import PageFormat


class FaxCause(Enum):
    """Why a fax call ended (T.30 phase E); the value is the text of call history.

    "T30 T1 EOM timeout", "No answer T30 timeout" and "Normal connection" are seen on routers, the others follow their
    manner (inferred).
    """

    OK = "Normal connection"
    NO_ANSWER = "No answer T30 timeout"  # the calling side heard no DIS within T1
    T1_TIMEOUT = "T30 T1 EOM timeout"  # the called side heard no DCS within T1
    T2_TIMEOUT = "T30 T2 timeout"  # the called side lost the sender between two commands
    T5_TIMEOUT = "T30 T5 timeout"  # nobody said whether the last page was delivered
    INCOMPATIBLE = "T30 incompatible remote terminal"
    NOTHING_TO_POLL = "T30 no document to poll"
    POLLING_REFUSED = "T30 polling refused"
    DCS_RETRIES = "T30 DCS send retries exceeded"
    TRAINING_FAILED = "T30 training failed"
    PAGE_COMMAND_RETRIES = "T30 post message send retries exceeded"
    PAGE_REFUSED = "T30 RTN retries exceeded"
    REMOTE_DISCONNECT = "T30 DCN received"
    NOT_DELIVERED = "T30 last page not confirmed"
    NO_DOCUMENT = "document has no page"
    BAD_DOCUMENT = "document page cannot be coded"
    HANGUP = "T30 remote hang-up"
    ABORTED = "T30 aborted"

    @property
    def text(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class FrameSent:
    """An HDLC frame left: `name` is that of its facsimile control field, as "DIS"; `octets` start with the address."""

    name: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class FrameReceived:
    """An HDLC frame arrived; `name` is "?" where the frame is damaged or unknown."""

    name: str
    octets: bytes
    fcs_ok: bool = True


@dataclass(frozen=True, slots=True)
class RemoteId:
    """The far terminal's number: `frame` is "TSI", "CSI" or "CIG", `text` up to 20 characters."""

    frame: str
    text: str


@dataclass(frozen=True, slots=True)
class Addressed:
    """What the far end wants behind the number: `frame` is "SUB" (a subaddress), "SEP" (the document to poll), "SID" or
    "PWD" (a password of who sends or polls), `text` up to 20 characters."""

    frame: str
    text: str


@dataclass(frozen=True, slots=True)
class NonStandard:
    """Facilities of one maker: `frame` is "NSF", "NSC" or "NSS", `octets` begin with a country code (ITU-T T.35)."""

    frame: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class OperatorAsked:
    """The far end wants to speak to somebody: `frame` is "PIP", "PIN", "PRI-MPS", "PRI-EOM" or "PRI-EOP".

    Nobody is ever there; the call goes on as if the plain frame had come.
    """

    frame: str


@dataclass(frozen=True, slots=True)
class Negotiated:
    """The parameters of a DCS, sent or received; `modulation` as "V.17"."""

    modulation: str
    rate_bps: int
    page_format: PageFormat
    min_scan_ms: int


@dataclass(frozen=True, slots=True)
class TrainingChecked:
    """The receiver judged a training check: `ok` leads to CFR, otherwise FTT."""

    ok: bool
    rate_bps: int


@dataclass(frozen=True, slots=True)
class PageStarted:
    """The first bits of a page arrived. The same index again means that the page before it was refused with RTN."""

    index: int
    page_format: PageFormat


@dataclass(frozen=True, slots=True)
class PageData:
    """T.4 bits of the page as they came over the line, RTC and fill bits included, first bit rightmost."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class PageEnded:
    """The sender's post-message command for the page arrived; `more` is False with EOP, when `confirm` is awaited."""

    index: int
    more: bool


@dataclass(frozen=True, slots=True)
class PageSent:
    """The sender put the last bit of the page on the line."""

    index: int
    octets: int


@dataclass(frozen=True, slots=True)
class PageConfirmed:
    """MCF (or RTP) for the page: received by a sender, sent by a receiver."""

    index: int


@dataclass(frozen=True, slots=True)
class PageRefused:
    """RTN for the page: received by a sender, sent by a receiver."""

    index: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of a terminal: it sends nothing more and the owner may hang up; `pages` counts confirmed ones."""

    ok: bool
    cause: FaxCause
    pages: int


class Direction(Enum):
    """The way of a T.38 datagram inside the router; the value is (from, to)."""

    TO_DSP = ("FMSP", "DSP")
    TO_HOST = ("DSP", "FMSP")


@dataclass(frozen=True, slots=True)
class DatagramSent:
    """A UDPTL datagram passed between DSP and FMSP."""

    direction: Direction
    octets: bytes
