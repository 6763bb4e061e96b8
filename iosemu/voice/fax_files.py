"""The files of a fax: `fax_record`, the facts of each call, and `fax_payload`, what an off-ramp call put on the line.

Rule: a file is written while its call lasts, closed with its last leg, and kept as long and in such numbers as the call
history. Source: Cisco document 47421 names the files and who makes them; what stands in them is inferred.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iosemu.fax import events as fax
from iosemu.voice.events import DocumentRead, FaxMedia, FaxStep, LegClosed, LegOpened, Ramp, Step
from iosemu.voice.legs import LegRecord, Mail, Telephony, Voip

if TYPE_CHECKING:
    from iosemu.events import EventBus
    from iosemu.voice.history import CallHistory

RECORD, PAYLOAD = "fax_record", "fax_payload"


@dataclass(frozen=True, slots=True)
class FaxFile:
    """A closed file: facts by name, in the order in which they are shown; `closed_s` in seconds of uptime."""

    kind: str
    number: int
    closed_s: float
    octets: int
    facts: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """`fax_record.12`: its kind and the number of its call."""
        return f"{self.kind}.{self.number}"


@dataclass(slots=True)
class _Writing:
    """What is known of a call that lasts."""

    ramp: Ramp | None = None
    open_legs: set[int] = field(default_factory=set)
    facts: list[tuple[str, str]] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    negotiated: tuple[tuple[str, str], ...] = ()


class FaxFiles:
    """The files of one router; `history` says how many are kept, and how long."""

    def __init__(self, history: CallHistory) -> None:
        self._history = history
        self._writing: dict[int, _Writing] = {}
        self._of_leg: dict[int, int] = {}
        self._closed: deque[FaxFile] = deque()

    def attach(self, bus: EventBus) -> None:
        """Write from now on."""
        bus.subscribe(LegOpened, lambda event: self._opened(event.leg))
        bus.subscribe(LegClosed, lambda event: self._ended(event.leg))
        bus.subscribe(FaxStep, self._stepped)
        bus.subscribe(FaxMedia, self._heard)
        bus.subscribe(DocumentRead, self._read)

    def files(self, uptime_s: float) -> tuple[FaxFile, ...]:
        """What is still kept at that router uptime, oldest first; a call's record comes before its payload."""
        oldest = uptime_s - self._history.retain_minutes * 60
        while self._closed and (
            self._closed[0].closed_s < oldest or len({file.number for file in self._closed}) > self._history.max_size
        ):
            self._closed.popleft()
        return tuple(self._closed)

    def _of(self, call_id: int) -> _Writing | None:
        return self._writing.get(self._of_leg.get(call_id, 0))

    def _opened(self, leg: LegRecord) -> None:
        if isinstance(leg.detail, Voip) or (isinstance(leg.detail, Telephony) and leg.detail.speech):
            return
        number = leg.connection.number
        self._of_leg[leg.call_id] = number
        self._writing.setdefault(number, _Writing()).open_legs.add(leg.call_id)

    def _stepped(self, event: FaxStep) -> None:
        call = self._of(event.call_id)
        if call is None:
            return
        call.ramp = event.ramp
        if event.step is Step.MAIL_ANSWERED:
            call.facts.append(("SmtpReply", event.text))

    def _heard(self, event: FaxMedia) -> None:
        if isinstance(event.event, (fax.DatagramSent, fax.PageData)):
            return
        call = self._of(event.call_id)
        if call is None:
            return
        match event.event:
            case fax.FrameSent(name, _):
                call.frames.append(f">{name}")
            case fax.FrameReceived(name, _, fcs_ok):
                call.frames.append(f"<{name}" if fcs_ok else "<?")
            case fax.Negotiated(modulation, rate, page_format, _):
                call.negotiated = (
                    ("Modulation", f"{modulation} {rate} bps"),
                    ("ImgEncodingType", page_format.coding.value),
                    ("ImgResolution", page_format.resolution.name.lower()),
                )
            case fax.PageSent(_, octets):
                call.pages.append(octets)

    def _read(self, event: DocumentRead) -> None:
        call = self._of(event.call_id)
        if call is not None:
            call.parts.append((f"Part{len(call.parts) + 1}", f"{event.kind} {event.octets} bytes"))

    def _ended(self, leg: LegRecord) -> None:
        call = self._of(leg.call_id)
        if call is None:
            return
        self._of_leg.pop(leg.call_id, None)
        call.facts += _facts(leg)
        call.open_legs.discard(leg.call_id)
        if not call.open_legs:
            self._close(leg.connection.number, call, leg.disconnect_s or 0.0)

    def _close(self, number: int, call: _Writing, when_s: float) -> None:
        del self._writing[number]
        ramp = call.ramp.value if call.ramp is not None else "none"
        facts = [("Direction", ramp), *call.facts, *call.negotiated, ("T30", " ".join(call.frames))]
        size = sum(len(name) + len(value) + 2 for name, value in facts)
        self._closed.append(FaxFile(RECORD, number, when_s, size, tuple(facts)))
        if call.ramp is Ramp.OFF and call.pages:
            pages = [(f"Page{place}", f"{octets} bytes") for place, octets in enumerate(call.pages, 1)]
            self._closed.append(FaxFile(PAYLOAD, number, when_s, sum(call.pages), (*call.parts, *pages)))
        self.files(when_s)


def _facts(leg: LegRecord) -> list[tuple[str, str]]:
    """What a leg that has ended leaves in the record."""
    end = [("DisconnectCause", f"{leg.cause.value:X}" if leg.cause is not None else ""), ("DisconnectText", leg.text)]
    if isinstance(leg.detail, Mail):
        mail = leg.detail
        return [
            ("RemoteIPAddress", mail.remote),
            ("SessionTarget", mail.target),
            ("MessageId", mail.message_id),
            ("AcceptedMimeTypes", str(mail.accepted_mime)),
            ("DiscardedMimeTypes", str(mail.discarded_mime)),
            *end,
        ]
    tele = leg.detail
    assert isinstance(tele, Telephony)  # a leg over IP has no file
    return [
        ("Port", f"{tele.port}.{tele.channel}"),
        ("CallingNumber", tele.calling),
        ("CalledNumber", tele.called),
        ("RemoteId", tele.remote_id),
        ("ImgPages", str(tele.pages)),
        ("CallDuration", f"{leg.duration_s():.0f} sec"),
        *end,
    ]
