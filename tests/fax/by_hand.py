"""One terminal whose far end a test plays by hand: bursts in, and what the terminal said to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from iosemu.clock import ManualClock
from iosemu.fax.document import Document, PageFormat
from iosemu.fax.events import Finished, PageData, PageEnded
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, ToneOn
from iosemu.fax.t30 import FaxTerminal, Profile, ecm
from iosemu.fax.t30.capabilities import Command, encode_command
from iosemu.fax.t30.frames import Fcf, Frame, label

FAST = Modulation.V17_14400
ANSWERED_S = 0.5
"""An answer has begun by then, if one comes."""
GAP_S = 0.25
"""Longer than the silence between what is said in one go."""


class ByHand:
    """`answer`, `call` or `poll`, then play the far end; a burst is answered when what plays it returns."""

    def __init__(self, profile: Profile | None = None) -> None:
        self.clock = ManualClock()
        self.ended_at: float | None = None
        self.events: list[Any] = []
        self.pages: list[Any] = []
        self.on_page_ended: Callable[[PageEnded], object] = lambda event: None
        """What the owner does when it is told."""
        self._sent: list[LineSignal] = []
        self.terminal = FaxTerminal(self.clock, self._sent.append, self._told, profile or Profile("1"))

    def _told(self, event: object) -> None:
        self.events.append(event)
        if isinstance(event, Finished):
            self.ended_at = self.clock.now()

    def _take(self, event: object) -> None:
        self.pages.append(event)
        if isinstance(event, PageEnded):
            self.on_page_ended(event)

    def answer(self, document: Document | None = None) -> ByHand:
        self.terminal.answer(self._take, document)
        self.wait(1.8 + 2.6)  # the pause and the tone
        self.hear()
        return self

    def call(self, document: Document) -> ByHand:
        self.terminal.call(document)
        return self

    def poll(self) -> ByHand:
        self.terminal.poll(self._take)
        return self

    def wait(self, duration_s: float) -> list[str]:
        """Say nothing for so long; the frames that the terminal says meanwhile."""
        del self._sent[:]
        self.clock.run(self.clock.now() + duration_s)
        return self.said

    def hear(self, *signals: LineSignal) -> list[str]:
        """Put signals on the line at once; the frames that the terminal says to them, once it is silent again."""
        del self._sent[:]
        for signal in signals:
            self.terminal.receive(signal)
        silent_at = self.clock.now() + ANSWERED_S
        while self.clock.now() < silent_at:
            before = len(self._sent)
            self.clock.run(self.clock.now() + GAP_S)
            if len(self._sent) > before or (before and not isinstance(self._sent[-1], CarrierOff | ToneOn)):
                silent_at = self.clock.now() + GAP_S
        return self.said

    @property
    def signals(self) -> list[LineSignal]:
        """What the terminal put on the line since the last `hear`."""
        return self._sent

    @property
    def said(self) -> list[str]:
        return [label(signal.octets) for signal in self._sent if isinstance(signal, HdlcFrame)]

    def say(self, *frames: Frame) -> list[str]:
        """A burst of frames."""
        return self.hear(*self.burst(*frames))

    @staticmethod
    def burst(*frames: Frame) -> tuple[LineSignal, ...]:
        return (CarrierOn(Modulation.V21), *(HdlcFrame(frame.encode()) for frame in frames), CarrierOff())

    def command(self, fcf: Fcf, fif: bytes = b"") -> list[str]:
        """One command of a sender."""
        return self.say(Frame(fcf, fif, from_caller=True))

    def data(self, octets: bytes, modulation: Modulation = FAST) -> list[str]:
        """A carrier with a training check or a page."""
        return self.hear(CarrierOn(modulation), Data(octets), CarrierOff())

    def train(self, command: Command | None = None) -> list[str]:
        """DCS, and a training check that is good."""
        command = command or Command(FAST, PageFormat())
        self.command(Fcf.DCS, encode_command(command))
        return self.data(bytes(command.modulation.rate_bps * 3 // 16), command.modulation)

    def block(self, *numbers: int, modulation: Modulation = FAST) -> list[str]:
        """A carrier with image frames of these numbers, whose only octet is their number."""
        images = [ecm.image_frame(number, bytes((number,))) for number in numbers]
        return self.hear(CarrierOn(modulation), *map(HdlcFrame, (*images, ecm.RCP)), CarrierOff())

    def ask(self, command: Fcf | None, frames: int, page: int = 0, block: int = 0) -> list[str]:
        """PPS."""
        return self.command(Fcf.PPS, ecm.PartialPage(command, page, block, frames).encode())

    @property
    def received(self) -> bytes:
        """The octets of all pages so far."""
        return b"".join(event.octets for event in self.pages if isinstance(event, PageData))

    @property
    def ended(self) -> list[bool]:
        """For each page that ended: does another one follow?"""
        return [event.more for event in self.pages if isinstance(event, PageEnded)]

    def ends_after(self, limit_s: float) -> float:
        """Let `limit_s` pass; how long it was to the end of the call."""
        now = self.clock.now()
        self.wait(limit_s)
        assert self.ended_at is not None, "it goes on"
        return self.ended_at - now

    @property
    def end(self) -> Finished:
        assert isinstance(self.events[-1], Finished), self.events
        return self.events[-1]
