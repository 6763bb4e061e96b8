"""Whatever comes over the line, a terminal ends its call in time and with one word."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.clock import ManualClock
from iosemu.fax.document import PageFormat
from iosemu.fax.events import Finished
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, Tone, ToneOn
from iosemu.fax.t30 import FaxTerminal, Profile, ecm
from iosemu.fax.t30.capabilities import Command, encode_command
from iosemu.fax.t30.frames import Fcf, Frame
from tests.fax.calls import Call, document

frames = st.builds(Frame, st.sampled_from(Fcf), st.binary(max_size=8), st.booleans(), st.booleans())
signals: st.SearchStrategy[LineSignal] = (
    st.builds(CarrierOn, st.sampled_from(Modulation), st.booleans())
    | st.builds(HdlcFrame, frames.map(Frame.encode) | st.binary(max_size=8), st.just(True))
    | st.builds(Data, st.binary(max_size=8) | st.just(bytes(2000)))
    | st.just(CarrierOff())
    | st.sampled_from(Tone).map(ToneOn)
)
image_frames = st.builds(ecm.image_frame, st.integers(0, 3), st.binary(min_size=1, max_size=8)) | st.just(ecm.RCP)
block_signals = (
    st.builds(CarrierOn, st.sampled_from([Modulation.V21, Modulation.V17_14400]))
    | st.builds(HdlcFrame, image_frames, st.booleans())
    | st.just(CarrierOff())
)
# A DCS that asks for error correction, so that what follows has a meaning.
dcs = Frame(Fcf.DCS, encode_command(Command(Modulation.V17_14400, PageFormat(), ecm=True)))
training = [
    CarrierOn(Modulation.V21),
    HdlcFrame(dcs.encode()),
    CarrierOff(),
    CarrierOn(Modulation.V17_14400),
    Data(bytes(2700)),
    CarrierOff(),
]
bursts = st.just(training) | frames.map(
    lambda frame: [CarrierOn(Modulation.V21), HdlcFrame(frame.encode()), CarrierOff()]
)
timed = st.lists(
    st.tuples(st.floats(0, 8), bursts | st.lists(signals, max_size=4) | st.lists(block_signals, max_size=6)),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(timed, st.sampled_from(["call", "answer", "poll", "be polled"]), st.booleans())
def test_a_terminal_always_ends_within_its_timers(
    heard: list[tuple[float, list[LineSignal]]], role: str, corrects: bool
) -> None:
    clock = ManualClock()
    events: list[Any] = []
    terminal = FaxTerminal(clock, lambda signal: None, events.append, Profile("1", ecm=corrects))
    match role:
        case "call":
            terminal.call(document(2, rows=20))
        case "poll":
            terminal.poll(lambda event: None)
        case _:
            terminal.answer(lambda event: None, document(2, rows=20) if role == "be polled" else None)
    last = 0.0
    for after_s, burst in heard:
        last += after_s
        for signal in burst:
            clock.call_at(last, lambda signal=signal: terminal.receive(signal))  # type: ignore[misc]
    clock.run(last + 200.0)
    assert terminal.finished
    assert [type(event) for event in events].count(Finished) == 1
    assert isinstance(events[-1], Finished)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["direct", "onramp", "offramp"]))
def test_no_end_believes_in_a_page_that_the_other_lacks(chance: Any, way: str) -> None:
    def lossy(signal: LineSignal) -> LineSignal | None:
        if isinstance(signal, HdlcFrame) and chance.random() < 0.15:
            return HdlcFrame(signal.octets, fcs_ok=False) if chance.random() < 0.5 else None
        return signal

    call = Call(way, document(3, rows=30), to_receiver=lossy, to_sender=lossy).run()
    # A receiver may have confirmed one page more than the sender heard of, never less.
    assert 0 <= call.receiver_end.pages - call.sender_end.pages <= 1
    assert len(call.received) >= call.sender_end.pages
    for (_, got), sent in zip(call.received, call.document.pages, strict=False):  # type: ignore[attr-defined]
        assert got.startswith(sent[1])
    if call.sender_end.ok:
        call.assert_delivered() if call.receiver_end.ok else None
        assert call.receiver_end.pages == 3


def test_a_page_whose_beginning_was_not_heard_is_not_taken_for_silence() -> None:
    """The command behind it is the same as that of the page before, and is not answered as if it were that one."""
    call = Call(document=document(3))
    pages = 0

    def lose_second_training(signal: LineSignal) -> LineSignal | None:
        nonlocal pages
        short = isinstance(signal, CarrierOn) and signal.short
        pages += short
        return None if short and pages == 2 else signal

    call.to_receiver = lose_second_training
    call.run()
    assert call.frames().count("RTN") == 1
    call.assert_delivered()
