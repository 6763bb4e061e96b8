"""One terminal whose far end a test plays by hand: bursts in, and what the terminal said to them."""

from __future__ import annotations

from typing import Any

from iosemu.clock import ManualClock
from iosemu.fax.document import Document, PageFormat
from iosemu.fax.events import Finished, PageData, PageEnded
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation
from iosemu.fax.t30 import FaxTerminal, Profile, ecm
from iosemu.fax.t30.capabilities import Command, encode_command
from iosemu.fax.t30.frames import Fcf, Frame, label

FAST = Modulation.V17_14400


class ByHand:
    """`answer` or `call` it, then say what the far end says; it has fallen silent whenever `say` is asked."""

    def __init__(self, profile: Profile | None = None) -> None:
        self.clock = ManualClock()
        self.events: list[Any] = []
        self.pages: list[Any] = []
        self._sent: list[LineSignal] = []
        self.terminal = FaxTerminal(self.clock, self._sent.append, self.events.append, profile or Profile("1"))

    def answer(self, document: Document | None = None) -> ByHand:
        self.terminal.answer(self.pages.append, document)
        self._until_silent()
        return self

    def call(self, document: Document) -> ByHand:
        self.terminal.call(document)
        return self

    def _until_silent(self) -> None:
        """Let the terminal speak; shorter than any of its timers, longer than what it says but for a page."""
        self.clock.run(self.clock.now() + 5.0)
        while self._sent and not isinstance(self._sent[-1], CarrierOff):
            self.clock.run(self.clock.now() + 1.0)

    def hear(self, *signals: LineSignal) -> list[str]:
        """Put signals on the line at once; the frames that the terminal says to them."""
        del self._sent[:]
        for signal in signals:
            self.terminal.receive(signal)
        self.clock.run(self.clock.now() + 2.5)
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
        return self.hear(CarrierOn(Modulation.V21), *(HdlcFrame(frame.encode()) for frame in frames), CarrierOff())

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

    @property
    def end(self) -> Finished:
        assert isinstance(self.events[-1], Finished), self.events
        return self.events[-1]
