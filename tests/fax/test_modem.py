"""Bursts on the line, and their time."""

from __future__ import annotations

import pytest

from iosemu.clock import ManualClock
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, Tone, ToneOn
from iosemu.fax.modem import Burst, DataBurst, FrameBurst, Silence, ToneBurst, Transmitter


class Line:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.signals: list[tuple[float, LineSignal]] = []
        self.modem = Transmitter(self.clock, lambda signal: self.signals.append((self.clock.now(), signal)))
        self.done_at: list[float] = []

    def send(self, *bursts: Burst) -> None:
        self.modem.send(bursts, lambda: self.done_at.append(self.clock.now()))


def test_high_speed_data_comes_in_chunks_of_forty_milliseconds() -> None:
    line = Line()
    octets = bytes(range(200))
    line.send(DataBurst(Modulation.V17_14400, True, octets))
    line.clock.run()
    times = [at for at, _ in line.signals]
    assert times == pytest.approx([0, 0.182, 0.222, 0.142 + 200 * 8 / 14400, 0.142 + 200 * 8 / 14400])
    assert line.signals[0][1] == CarrierOn(Modulation.V17_14400, short=True)
    assert b"".join(signal.octets for _, signal in line.signals if isinstance(signal, Data)) == octets
    assert line.signals[-1][1] == CarrierOff()
    assert line.done_at == [times[-1]]


def test_frames_follow_a_preamble_of_one_second() -> None:
    line = Line()
    line.send(Silence(0.5), FrameBurst((b"123", b"4567")))
    line.clock.run()
    assert [signal for _, signal in line.signals[1:3]] == [HdlcFrame(b"123"), HdlcFrame(b"4567")]
    assert [at for at, _ in line.signals] == pytest.approx([0.5, 1.5 + 0.16, 1.5 + 0.16 + 0.18667, 1.84667], abs=1e-3)


def test_a_tone_is_on_the_line_as_it_begins() -> None:
    line = Line()
    line.send(ToneBurst(Tone.CED))
    line.clock.run()
    assert line.signals == [(0.0, ToneOn(Tone.CED))]
    assert line.done_at == [2.6]


def test_stopping_ends_the_carrier_and_forgets_the_rest() -> None:
    line = Line()
    line.send(DataBurst(Modulation.V29_9600, False, bytes(1000)))
    line.clock.run(0.3)
    assert line.modem.busy
    line.modem.stop()
    line.clock.run()
    assert line.signals[-1] == (0.3, CarrierOff())
    assert line.done_at == []
    assert not line.modem.busy


def test_a_burst_sent_from_within_a_signal_replaces_the_first() -> None:
    line = Line()

    def hear(signal: LineSignal) -> None:
        line.signals.append((line.clock.now(), signal))
        if isinstance(signal, HdlcFrame):
            line.modem.send([Silence(1)], lambda: line.done_at.append(line.clock.now()))

    line.modem = Transmitter(line.clock, hear)
    line.send(FrameBurst((b"123", b"never")))
    line.clock.run()
    assert [signal for _, signal in line.signals] == [CarrierOn(Modulation.V21), HdlcFrame(b"123"), CarrierOff()]
    assert line.done_at == pytest.approx([2.16])
