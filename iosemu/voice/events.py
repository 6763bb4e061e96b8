"""What call control and the fax applications tell to whoever prints, counts or records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from iosemu.network import Endpoint
from iosemu.voice.circuit import CallSetup, Cause
from iosemu.voice.legs import LegRecord


@dataclass(frozen=True, slots=True)
class LegOpened:
    leg: LegRecord


@dataclass(frozen=True, slots=True)
class LegConnected:
    leg: LegRecord


@dataclass(frozen=True, slots=True)
class LegClosed:
    leg: LegRecord


@dataclass(frozen=True, slots=True)
class CableMoved:
    """The cable of controller `T1 0` or analog port `1/0/0` was plugged in or pulled out."""

    jack: str


@dataclass(frozen=True, slots=True)
class RelayStarted:
    """A fax relay took over a call over IP; `call_id` is the leg of its voice port."""

    call_id: int


@dataclass(frozen=True, slots=True)
class RelayMedia:
    """What a fax relay has heard or said on its line, as an event of `fax.events`; `call_id` as above."""

    call_id: int
    event: object


@dataclass(frozen=True, slots=True)
class SignallingMessage:
    """A message of a call over IP, sent or received; both ends are (address, port)."""

    sip: bool
    sent: bool
    own: Endpoint
    peer: Endpoint
    octets: bytes


@dataclass(frozen=True, slots=True)
class RelayDatagram:
    """A T.38 datagram of a leg over IP that left the router; both ends are (address, port)."""

    call_id: int
    source: Endpoint
    target: Endpoint
    octets: bytes


class Ramp(Enum):
    """Direction of a store-and-forward fax; the value is the keyword of `debug foip`."""

    ON = "on-ramp"
    OFF = "off-ramp"


@dataclass(frozen=True, slots=True)
class CallRefused:
    """A call from the exchange that no application took, or one that found nothing to go out by (`ramp` off, or None
    for a voice call); `reason` is one line for a log."""

    port: str
    setup: CallSetup
    cause: Cause
    reason: str
    ramp: Ramp | None = Ramp.ON


def no_fax_channel(needed_mb: int) -> str:
    """Why store-and-forward fax finds no DSP channel: every one is taken or the platform's limit is reached, unless it
    needs that much memory first."""
    return f"{needed_mb} MB of memory needed" if needed_mb else "no free DSP channel for store-and-forward fax"


class Step(Enum):
    """Where a fax application stands."""

    HANDOFF = "handoff"
    PEER_CHOSEN = "peer chosen"
    CONFERENCE = "conference"
    CONNECTED = "connected"
    PAGE = "page"
    MAIL_STARTED = "mail started"
    MAIL_ANSWERED = "mail answered"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class FaxStep:
    """One step of a fax application on call leg `call_id`; `peer_tag` 0 is the default peer; `text` depends on the
    step: the called number, the mail target, the page number, the server's answer, the cause."""

    ramp: Ramp
    step: Step
    call_id: int
    peer_tag: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class FaxMedia:
    """An event of the FMSP or the DSP of a fax call, as that engine emitted it."""

    ramp: Ramp
    call_id: int
    event: object


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """Off-ramp: a part of the mail was made into pages; `kind` is its content type, `octets` its size when decoded."""

    call_id: int
    kind: str
    octets: int
