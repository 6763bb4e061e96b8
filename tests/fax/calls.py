"""One fax call on a manual clock, for tests: two terminals, or a terminal and a router's DSP and FMSP."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from iosemu.clock import ManualClock
from iosemu.fax import dle
from iosemu.fax.document import Document, PageFormat, Resolution, StoredDocument
from iosemu.fax.dsp import FaxDsp
from iosemu.fax.events import DatagramSent, FaxCause, Finished, FrameSent, PageData, PageEnded, PageStarted
from iosemu.fax.fmsp import Fmsp
from iosemu.fax.line import LineSignal
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t30.page_bits import RTC

E = TypeVar("E")

EOL = "000000000001"
WHITE_ROW = "010011011" + "00110101"  # 1728 white
BLACK_ROW = "00110101" + "0000001100101" + "0000110111"  # 0 white, 1728 black


def pack(bits: str) -> bytes:
    """Bits in line order to octets, first bit rightmost."""
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))


def page(seed: int, rows: int = 400) -> bytes:
    """A small page in MH."""
    chance = random.Random(seed)
    return pack("".join(EOL + chance.choice((WHITE_ROW, BLACK_ROW)) for _ in range(rows)))


def document(pages: int = 1, resolution: Resolution = Resolution.FINE, rows: int = 400) -> StoredDocument:
    page_format = PageFormat(resolution=resolution)
    return StoredDocument(tuple((page_format, page(seed, rows)) for seed in range(pages)))


Filter = Callable[[LineSignal], LineSignal | None]


def clean(signal: LineSignal) -> LineSignal:
    return signal


@dataclass
class Call:
    """`way` is "direct", "onramp" (the receiver is a router) or "offramp" (the sender is one)."""

    way: str = "direct"
    document: Document = field(default_factory=document)
    sender_profile: Profile = field(default_factory=lambda: Profile("15551234"))
    receiver_profile: Profile = field(default_factory=lambda: Profile("9-555-8354"))
    to_receiver: Filter = clean
    to_sender: Filter = clean
    confirm_after_s: float | None = 0.0
    delivered: bool = True
    on_page_ended: Callable[[PageEnded], None] | None = None
    polled: bool = False
    """Whether the receiver calls and fetches the document; only with the direct way."""

    def __post_init__(self) -> None:
        self.clock = ManualClock()
        self.sender_events: list[Any] = []
        self.receiver_events: list[Any] = []
        self.received: list[tuple[PageFormat, bytes]] = []
        self.log: list[tuple[float, str, Any]] = []
        self._decoder = dle.Decoder()
        self._open: bytearray = bytearray()
        self._format = PageFormat()
        self.sender: FaxTerminal | Fmsp
        self.receiver: FaxTerminal | Fmsp
        if self.way == "offramp":
            fmsp = Fmsp(self.clock, lambda d: self.dsp.from_host(d), self._sent, self.sender_profile)
            self.dsp = FaxDsp(self.clock, self._line_to_receiver, fmsp.from_dsp)
            self.sender = fmsp
        else:
            self.sender = FaxTerminal(self.clock, self._line_to_receiver, self._sent, self.sender_profile)
        if self.way == "onramp":
            fmsp = Fmsp(self.clock, lambda d: self.dsp.from_host(d), self._got, self.receiver_profile)
            self.dsp = FaxDsp(self.clock, self._line_to_sender, fmsp.from_dsp)
            self.receiver = fmsp
        else:
            self.receiver = FaxTerminal(self.clock, self._line_to_sender, self._got, self.receiver_profile)

    def start(self) -> Call:
        if self.polled:
            assert isinstance(self.receiver, FaxTerminal)
            assert isinstance(self.sender, FaxTerminal)
            self.sender.answer(self._sent, self.document)
            self.receiver.poll(self._on_page)
            return self
        if isinstance(self.receiver, Fmsp):
            self.receiver.receive(self._on_stream)
        else:
            self.receiver.answer(self._on_page)
        if isinstance(self.sender, Fmsp):
            self.sender.send(self.document)
        else:
            self.sender.call(self.document)
        return self

    def run(self, until_s: float | None = None) -> Call:
        self.start()
        self.clock.run(until_s)
        return self

    # The line.

    def _line_to_receiver(self, signal: LineSignal) -> None:
        passed = self.to_receiver(signal)
        if passed is not None:
            self._hear(self.receiver, passed)

    def _line_to_sender(self, signal: LineSignal) -> None:
        passed = self.to_sender(signal)
        if passed is not None:
            self._hear(self.sender, passed)

    def _hear(self, end: FaxTerminal | Fmsp, signal: LineSignal) -> None:
        if isinstance(end, FaxTerminal):
            end.receive(signal)
        else:
            self.dsp.from_line(signal)

    # What is told.

    def _sent(self, event: Any) -> None:
        self.log.append((self.clock.now(), "sender", event))
        self.sender_events.append(event)

    def _got(self, event: Any) -> None:
        self.log.append((self.clock.now(), "receiver", event))
        self.receiver_events.append(event)
        if isinstance(event, (PageStarted, PageEnded)):
            self._on_page(event)

    def _on_stream(self, octets: bytes) -> None:
        for item in self._decoder.feed(octets):
            if isinstance(item, bytes):
                self._open += item

    def _on_page(self, event: object) -> None:
        if isinstance(event, PageStarted):
            self._format = event.page_format
            self._open = bytearray()
        elif isinstance(event, PageData):
            self._open += event.octets
        elif isinstance(event, PageEnded):
            del self.received[event.index :]
            self.received.append((self._format, bytes(self._open)))
            if self.on_page_ended is not None:
                self.on_page_ended(event)
            if not event.more and self.confirm_after_s is not None:
                if self.confirm_after_s:
                    self.clock.call_later(self.confirm_after_s, lambda: self.receiver.confirm(self.delivered))
                else:
                    self.receiver.confirm(self.delivered)

    # What is asked afterwards.

    @property
    def sender_end(self) -> Finished:
        return self.only(self.sender_events, Finished)

    @property
    def receiver_end(self) -> Finished:
        return self.only(self.receiver_events, Finished)

    @staticmethod
    def only(events: list[Any], kind: type[E]) -> E:
        found = [event for event in events if isinstance(event, kind)]
        assert len(found) == 1, found
        return found[0]

    def frames(self) -> list[str]:
        """Names of all frames in the order in which they were sent."""
        return [event.name for _, _, event in self.log if isinstance(event, FrameSent)]

    def time_of(self, frame: str) -> float:
        """When the first frame of that name was out."""
        return next(at for at, _, event in self.log if isinstance(event, FrameSent) and event.name == frame)

    def datagrams(self) -> list[tuple[float, DatagramSent]]:
        return [(at, event) for at, _, event in self.log if isinstance(event, DatagramSent)]

    def assert_delivered(self) -> None:
        """Both ends are content, and every page came as it was sent."""
        assert (self.sender_end.ok, self.receiver_end.ok) == (True, True)
        assert self.sender_end.cause is self.receiver_end.cause is FaxCause.OK
        sent = []
        index = 0
        while (page_format := self.document.format(index)) is not None:
            octets = self.document.t4(index, page_format)
            sent.append((page_format, octets + RTC[page_format.coding]))
            index += 1
        assert self.received == sent
        assert self.sender_end.pages == self.receiver_end.pages == len(sent)
