"""Two terminals over a line that loses, spoils, doubles, delays and hangs up as it likes: both end in time, they agree
on what was confirmed, and no confirmed page is missing or altered without a word."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from iosemu.clock import ManualClock
from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat, Resolution, StoredDocument
from iosemu.fax.events import FaxCause, Finished, FrameSent, PageData, PageEnded, PageStarted
from iosemu.fax.t4 import PageDataError
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t30.frames import Fcf
from iosemu.fax.t30.page_bits import RTC
from iosemu.fax.t38 import Redundancy
from tests.fax_documents.samples import page

from .adversary import FAULTS, OneWay

ENDS_AFTER_S = 300.0
"""Any phase of these short documents, tried as often as the standard allows, with every timer running out."""

RESOLUTIONS = (Resolution.FINE, Resolution.FINE, Resolution.STANDARD)  # MPS, then EOM, then EOP
PAGES = {
    coding: tuple(
        t4.encode(page(40, seed=seed), PageFormat(resolution=resolution, coding=coding))
        for seed, resolution in enumerate(RESOLUTIONS)
    )
    for coding in Coding
}
ways = st.sampled_from(["forth", "back"])
Fault = tuple[str, str, int]
faults = st.tuples(ways, st.sampled_from(FAULTS), st.sampled_from([1, 1, 2, 3, 4]))


def is_question(name: str) -> bool:
    return name.rpartition("-")[2] in ("MPS", "EOM", "EOP")


class AdversarialLine(RuleBasedStateMachine):
    """Rules are what the adversary may do; the end of each run asks what the terminals make of it."""

    @initialize(
        coding=st.sampled_from(Coding),
        ecm=st.booleans(),
        polled=st.booleans(),
        pages=st.integers(1, 3),
        redundancy=st.sampled_from([Redundancy(), Redundancy(0, 0), Redundancy(3, 3)]),
    )
    def call(self, coding: Coding, ecm: bool, polled: bool, pages: int, redundancy: Redundancy) -> None:
        self.clock = ManualClock()
        self.sender_events: list[Any] = []
        self.receiver_events: list[Any] = []
        self.received: list[tuple[PageFormat, bytes]] = []
        self.ecm = ecm
        self.pages = PAGES[coding if ecm or coding is not Coding.MMR else Coding.MH][:pages]
        document = StoredDocument(tuple((coded.page_format, coded.wire()) for coded in self.pages))
        profile = Profile("1", ecm=ecm, codings=frozenset(Coding))
        self.forth = OneWay(self.clock, lambda signal: self.receiver.receive(signal), redundancy)
        self.back = OneWay(self.clock, lambda signal: self.sender.receive(signal), redundancy)
        self.sender = FaxTerminal(self.clock, self.forth.speak, self.sender_events.append, profile)
        self.receiver = FaxTerminal(self.clock, self.back.speak, self.receiver_events.append, profile)
        if polled:
            self.sender.answer(self.sender_events.append, document)
            self.receiver.poll(self.take)
        else:
            self.receiver.answer(self.take)
            self.sender.call(document)

    def take(self, event: object) -> None:
        """The owner of the receiver: keeps pages, judges them, and confirms the last one."""
        match event:
            case PageStarted(index, page_format):
                del self.received[index:]
                self.received.append((page_format, b""))
            case PageData(octets):
                page_format, before = self.received[-1]
                self.received[-1] = (page_format, before + octets)
            case PageEnded(more=more):
                try:
                    stands = self.receiver.judge_page(self.read(-1).quality)
                except PageDataError:
                    self.receiver.reject_page()
                else:
                    if stands and not more:
                        self.receiver.confirm(True)

    def read(self, index: int) -> t4.CodedPage:
        page_format, octets = self.received[index]
        return t4.read_wire(octets, page_format)

    @rule(seconds=st.floats(0.05, 6.0))
    def time_passes(self, seconds: float) -> None:
        self.clock.run(self.clock.now() + seconds)

    @rule(fault=faults)
    def something_goes_wrong(self, fault: Fault) -> None:
        way, what, count = fault
        setattr(getattr(self, way).evil, what, count)

    @rule(name=st.sampled_from(["DIS", "DCS", "CFR", "MCF", "PPR", "a question"]), fault=faults)
    def something_goes_wrong_as_soon_as_it_is_said(self, name: str, fault: Fault) -> None:
        before, until_s = self.said(name), self.clock.now() + 40.0
        while self.said(name) == before and self.clock.now() < until_s:
            self.clock.run(self.clock.now() + 0.1)
        self.something_goes_wrong(fault)

    def said(self, name: str) -> int:
        events = [event for event in self.sender_events + self.receiver_events if isinstance(event, FrameSent)]
        return sum(event.name == name or (name not in Fcf.__members__ and is_question(event.name)) for event in events)

    @rule(way=ways, seconds=st.floats(0.0, 0.6))
    def the_line_is_long(self, way: str, seconds: float) -> None:
        getattr(self, way).evil.delay_s = seconds

    @rule(end=st.sampled_from(["sender", "receiver"]))
    def somebody_hangs_up(self, end: str) -> None:
        if self.clock.now() > 20.0:  # the first seconds of a call are dull
            getattr(self, end).abort(FaxCause.HANGUP)

    def teardown(self) -> None:
        if not hasattr(self, "clock"):
            return
        self.clock.run(self.clock.now() + ENDS_AFTER_S)
        for terminal, events in ((self.sender, self.sender_events), (self.receiver, self.receiver_events)):
            assert terminal.finished
            assert [type(event) for event in events].count(Finished) == 1
        sent, got = self.end(self.sender_events), self.end(self.receiver_events)
        # The last confirmation may be lost on its way; nothing is confirmed that was not said to be.
        assert 0 <= got.pages - sent.pages <= 1
        assert sent.pages == len(self.pages) or not sent.ok
        assert got.pages == len(self.pages) or not got.ok
        for index, coded in enumerate(self.pages[: sent.pages]):
            self.assert_whole_or_noticed(index, coded)

    def end(self, events: list[Any]) -> Finished:
        return next(event for event in events if isinstance(event, Finished))

    def assert_whole_or_noticed(self, index: int, coded: t4.CodedPage) -> None:
        coding = coded.page_format.coding
        expected = coded.wire() + RTC.get(coding, b"")
        if self.ecm:
            assert self.received[index] == (coded.page_format, expected)
        elif self.received[index][1] != expected:
            with contextlib.suppress(PageDataError):
                found = self.read(index)
                assert found.damage.bad_rows or found == coded


AdversarialLine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAdversarialLine = AdversarialLine.TestCase
