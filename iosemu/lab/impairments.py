"""A bad telephone line between a subscriber and the exchange: bit errors, bursts, dropouts, delay, hang-ups; or one
that carries sound, so that both ends modulate and demodulate.

Rule: what is damaged arrives damaged, at its time; nothing is left out but what a modem cannot hear at all. One seed
and one order of calls give the same damage again. A line without a table of its own is perfect.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from iosemu.clock import Clock
from iosemu.fax import audio
from iosemu.fax.audio.library import SAMPLES_PER_S, Samples
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, ToneOn
from iosemu.fax.t30 import frames
from iosemu.lab.errors import LabError
from iosemu.lab.pstn import Subscriber
from iosemu.lab.topology import HangUp, PstnLine
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End
from iosemu.voice.ports import Exchange

PAGE_SIGNALS: Final = 10
"""A hang-up "in the page" comes with its tenth piece: 0.4 s after its first bit."""

BLOCK_S: Final = 0.02
"""So much sound goes over the line at once."""
QUIET_S: Final = 1.0
"""So long after the last sound a line is listened to."""
BURST_AMPLITUDE: Final = 12_000

_FCS_OCTETS: Final = 2
_QUESTIONS: Final = ("MPS", "EOM", "EOP")


class BadLine:
    """The line of one number; what is behind it sees a circuit as it comes out of the damage.

    Raises LabError where it carries sound and there are no modems.
    """

    def __init__(self, clock: Clock, node: PstnLine, exchange: Exchange) -> None:
        self._clock, self.node, self._exchange = clock, node, exchange
        self.subscriber: Subscriber | None = None
        """Who is rung over this line."""
        self._calls = 0
        if node.audio:
            try:
                audio.load()
            except audio.MissingLibrary as error:
                raise LabError(f"line {node.number!r} carries sound, but {error}") from None

    def place(self, setup: CallSetup) -> End:
        """Start a call over this line; as the exchange's own `place`."""
        end = self._exchange.place(setup)
        circuit = Circuit(setup)
        self._join(circuit.called, end)
        return circuit.calling

    def ring(self, end: End) -> None:
        """A call has come: as for any subscriber."""
        if self.subscriber is None:
            end.release(Cause.OUT_OF_ORDER)
            return
        circuit = Circuit(end.setup)
        self._join(circuit.calling, end)
        self.subscriber.ring(circuit.called)

    def _join(self, near: End, far: End) -> None:
        """Join the subscriber's circuit to the exchange's."""
        self._calls += 1
        chance = random.Random(f"{self.node.seed} {self.node.number} {self._calls}")
        watch = _Watch(self.node.hang_up, near, far)
        kind = _SoundPipe if self.node.audio else _Pipe
        there, back = (kind(self._clock, self.node, random.Random(chance.random()), to, watch) for to in (far, near))
        there.opposite, back.opposite = back, there
        for one, other, pipe in ((near, far, there), (far, near, back)):
            one.on_alerting = pipe.later(other.alert)
            one.on_answer = pipe.later(other.answer)
            one.on_signal = pipe.carry
            one.on_release = pipe.release


class _Pipe:
    """One direction of a call."""

    def __init__(self, clock: Clock, node: PstnLine, chance: random.Random, to: End, watch: _Watch) -> None:
        self._clock, self._node, self._chance, self._to, self._watch = clock, node, chance, to, watch
        self.opposite: _Pipe | None = None
        self.speaking = False
        """Is a carrier on that goes this way?"""
        self._rate_bps = Modulation.V21.rate_bps
        self._bursts = _Disturbances(node.burst_every_s, node.burst_s, chance, clock.now())
        self._dropouts = _Disturbances(node.dropout_every_s, node.dropout_s, chance, clock.now())

    def later(self, action: Callable[[], object]) -> Callable[[], object]:
        """`action` with the line's delay; the order of what goes through stays."""
        delay_s = self._node.delay_s
        return action if not delay_s else lambda: self._clock.call_later(delay_s, action)

    def release(self, cause: Cause) -> None:
        self.later(lambda: self._to.release(cause))()

    def carry(self, signal: LineSignal) -> None:
        self._watch.see(signal)
        self._note(signal)
        arrives = self._damaged(signal)
        if arrives is not None:
            self.later(lambda: self._to.send(arrives))()

    def _note(self, signal: LineSignal) -> None:
        """Who speaks hears himself a little later, unless the other end speaks meanwhile, which is louder."""
        if isinstance(signal, (CarrierOn, CarrierOff)):
            self.speaking = isinstance(signal, CarrierOn)
        if self._node.echo_s and self.opposite is not None:
            self._clock.call_later(self._node.echo_s, partial(self.opposite.echo, signal))

    def echo(self, signal: LineSignal) -> None:
        """What comes back of the other direction."""
        if not self.speaking:
            self._to.send(signal)

    def _damaged(self, signal: LineSignal) -> LineSignal | None:
        """The signal as a modem hears it at the far end; None where it hears nothing."""
        if isinstance(signal, CarrierOn):
            self._rate_bps = signal.modulation.rate_bps
        octets = signal.octets if isinstance(signal, (Data, HdlcFrame)) else b""
        now = self._clock.now()
        began = now - 8 * len(octets) / self._rate_bps
        if self._dropouts.hit(began, now):
            if isinstance(signal, Data):
                return Data(b"\xff" * len(octets))  # what a modem without a carrier puts out
            return signal if isinstance(signal, CarrierOff) else None
        burst = self._bursts.hit(began, now)
        match signal:
            case Data():
                errors = self._errors(8 * len(octets), 0.5 if burst else self._node.bit_error_rate)
                return Data(_flipped(octets, errors)) if errors else signal
            case HdlcFrame():
                bits = 8 * (len(octets) + _FCS_OCTETS)
                wrong = burst or self._errors(bits, self._node.bit_error_rate)
                return replace(signal, fcs_ok=False) if wrong else signal
            case _:
                return signal

    def _errors(self, bits: int, rate: float) -> list[int]:
        """Which of so many bits are wrong."""
        if not rate:
            return []
        found, at = [], -1
        while (at := at + 1 + int(self._chance.expovariate(rate))) < bits:
            found.append(at)
        return found


class _SoundPipe(_Pipe):
    """One direction of a call over a line that carries sound; only while there is some."""

    def __init__(self, clock: Clock, node: PstnLine, chance: random.Random, to: End, watch: _Watch) -> None:
        super().__init__(clock, node, chance, to, watch)
        library = audio.load()
        self._modulator = audio.Modulator(library)
        self._channel = audio.Channel(library, node.noise_dbm0, chance.randrange(1, 1 << 30))
        self._demodulator = audio.Demodulator(library, self._heard)
        self._listen_until: float | None = None

    def carry(self, signal: LineSignal) -> None:
        self._watch.see(signal)
        self._modulator.take(signal)
        if self._listen_until is None:
            self._listen_until = self._clock.now() + QUIET_S
            self._clock.call_later(BLOCK_S, self._block)

    def _block(self) -> None:
        now = self._clock.now()
        if self._listen_until is None or not self._to.up:
            return
        if self._modulator.busy:
            self._listen_until = now + QUIET_S
        elif now > self._listen_until:
            self._listen_until = None
            return
        self._clock.call_at(now + BLOCK_S, self._block)
        samples = self._modulator.samples(round(BLOCK_S * SAMPLES_PER_S))
        self._disturb(samples, now)
        self._channel.carry(samples)
        self._demodulator.take(samples)

    def _disturb(self, samples: Samples, now: float) -> None:
        if self._dropouts.hit(now - BLOCK_S, now):
            samples[:] = [0] * len(samples)
        elif self._bursts.hit(now - BLOCK_S, now):
            samples[:] = [self._chance.randint(-BURST_AMPLITUDE, BURST_AMPLITUDE) for _ in samples]

    def _heard(self, signal: LineSignal) -> None:
        self.later(lambda: self._to.send(signal))()


class _Disturbances:
    """Bursts or dropouts: each lasts `length_s`, and the next comes on the average `every_s` after it; 0 is never."""

    def __init__(self, every_s: float, length_s: float, chance: random.Random, now: float) -> None:
        self._every_s, self._length_s, self._chance = every_s, length_s, chance
        self._begins = self._next(now)

    def hit(self, began: float, now: float) -> bool:
        """Whether what lasted from `began` until now fell into one; those that are over make room for the next."""
        while self._begins + self._length_s < began:
            self._begins = self._next(self._begins + self._length_s)
        return self._begins <= now

    def _next(self, after: float) -> float:
        return after + self._chance.expovariate(1 / self._every_s) if self._every_s else float("inf")


class _Watch:
    """Hangs up as soon as the call reaches a phase."""

    def __init__(self, phase: HangUp, *ends: End) -> None:
        self._phase, self._ends = phase, ends
        self._trained = False
        self._page_signals = 0

    def see(self, signal: LineSignal) -> None:
        if self._phase and self._reached(signal):
            self._phase = ""
            for end in self._ends:
                end.release()

    def _reached(self, signal: LineSignal) -> bool:
        name = frames.label(signal.octets) if isinstance(signal, HdlcFrame) else ""
        self._trained = self._trained or name == "CFR"
        match self._phase:
            case "answer":
                return isinstance(signal, ToneOn) or name == "DIS"
            case "negotiation":
                return name in ("DCS", "DTC")
            case "training":
                return isinstance(signal, Data)
            case "page":
                self._page_signals += self._trained and (isinstance(signal, Data) or name == "?")
                return self._page_signals >= PAGE_SIGNALS
            case "confirmation":
                return name.rpartition("-")[2] in _QUESTIONS
            case _:
                return name == "DCN"


def _flipped(octets: bytes, bits: list[int]) -> bytes:
    damaged = bytearray(octets)
    for bit in bits:
        damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)
