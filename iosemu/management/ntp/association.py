"""What a router knows of one server or peer: its last message, how often it answered, how far its clock is off.

Rule: RFC 1305 sections 3.4.4 and 4.1, with the weights that published output shows: of eight samples the one with the
least delay and error is believed, and one answer is enough, with a dispersion of 15.875 s. `disp` is that, `reach` has
a bit for each of the last eight polls.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from iosemu.management.ntp.packet import NO_STRATUM, UNSYNCHRONIZED, Mode, Packet, seconds_between

MOST_S: Final = 16.0
"""A dispersion that means nothing is known."""
SKEW: Final = 1 / 65536
"""Seconds that a clock may go wrong in one."""
LEAST_POLL, MOST_POLL = 6, 10
_SAMPLES = 8
_STEADY_POLLS: Final = 8
"""After so many answers in a row a server is asked half as often.  # inferred"""
DUPLICATE, BOGUS, NO_TIME, UNAUTHENTIC, UNSYNCED, BAD_STRATUM, BAD_ROOT = 0x01, 0x02, 0x04, 0x10, 0x20, 0x40, 0x80
"""What may be wrong with a message, as bits: the validity tests."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A line of `ntp server` (mode client) or `ntp peer` (active); `source` is an interface."""

    address: str
    mode: Mode = Mode.CLIENT
    version: int = 3
    key: int = 0
    prefer: bool = False
    source: str = ""


class Sample(NamedTuple):
    """One measurement in seconds: `error` when it was made, `at` seconds of the clock."""

    delay: float
    offset: float
    error: float
    at: float

    def error_at(self, at: float) -> float:
        """What it may be wrong by at that moment."""
        return self.error + SKEW * (at - self.at)


class Association:
    """One row of `show ntp associations`."""

    def __init__(self, said: Configured, *, configured: bool = True) -> None:
        self.said, self.configured = said, configured
        self.last = Packet(Mode.SERVER)
        """The last message that came; one of stratum 16 before there is one."""
        self.heard_at: float | None = None
        """When that was, in seconds of the clock."""
        self.arrived = 0
        self.transmitted = 0
        self._awaited: deque[int] = deque(maxlen=1 if said.mode is Mode.CLIENT else 2)
        """The polls that may be answered yet: peers that poll each other at the same moment answer the last but one."""
        self.reach = 0
        self.poll = LEAST_POLL
        self.delay = self.offset = 0.0
        self.dispersion = MOST_S
        self.samples: deque[Sample | None] = deque([None] * _SAMPLES, _SAMPLES)
        """The newest first; None where a poll was not answered."""
        self._unanswered = 0
        self._steady = 0

    def request(self, system: Packet, now: int) -> Packet:
        """The message of a poll, of what the router itself says of its time."""
        self.reach = self.reach << 1 & 0xFF
        self._unanswered += 1
        if self._unanswered > 2:
            self._take(None)
        if self._unanswered > 1:
            self._steady, self.poll = 0, LEAST_POLL
        self.transmitted = now
        self._awaited.append(now)
        return replace(
            system,
            mode=self.said.mode,
            version=self.said.version,
            poll=self.poll,
            originate=self.last.transmit,
            receive=self.arrived,
            transmit=now,
            key=self.said.key,
        )

    def receive(self, packet: Packet, now: int, at: float, precision: int) -> int:
        """Take a message; gives the bits of what is wrong with it. One of a server without time is heard, not used."""
        wrong = DUPLICATE if packet.transmit == self.last.transmit else 0
        if not packet.originate or not packet.receive:
            wrong |= NO_TIME
        elif packet.originate not in self._awaited:
            wrong |= BOGUS
        if wrong:
            if not wrong & DUPLICATE and self.said.mode is not Mode.CLIENT:  # the first word of a peer
                self.last, self.arrived = packet, now
            return wrong
        self._awaited.remove(packet.originate)
        self.last, self.arrived, self.heard_at = packet, now, at
        self.reach |= 1
        self._unanswered = 0
        if packet.leap == UNSYNCHRONIZED:
            wrong |= UNSYNCED
        if packet.stratum >= NO_STRATUM:
            wrong |= BAD_STRATUM
        if not (abs(packet.root_delay) < MOST_S and packet.root_dispersion < MOST_S):
            wrong |= BAD_ROOT
        if wrong:
            return wrong
        there = seconds_between(packet.originate, packet.receive)
        back = seconds_between(now, packet.transmit)
        out = seconds_between(packet.originate, now)
        error = 2.0**precision + 2.0**packet.precision + SKEW * max(out, 0.0)
        self._take(Sample(there - back, (there + back) / 2, error, at))
        self._steady += 1
        if self._steady >= _STEADY_POLLS:
            self._steady, self.poll = 0, min(self.poll + 1, MOST_POLL)
        return 0

    def tell(self, packet: Packet, at: float) -> None:
        """A clock within the router says what time it is: it is always right."""
        self.last, self.heard_at = packet, at
        self.reach |= 1
        self._unanswered = 0
        self.samples.extend([Sample(0.0, 0.0, 0.0, at)] * _SAMPLES)
        self.delay = self.offset = self.dispersion = 0.0

    def errors(self, at: float) -> Iterable[float]:
        """Of each sample, in seconds, what it may be wrong by now."""
        return (MOST_S if one is None else one.error_at(at) for one in self.samples)

    def distance(self, at: float) -> float:
        """How far, at the most, its time is from that of the primary clock, in seconds."""
        since = at - self.heard_at if self.heard_at is not None else 0.0
        root = self.last.root_delay / 2 + self.last.root_dispersion
        return root + abs(self.delay) / 2 + self.dispersion + SKEW * since

    def is_sane(self, at: float) -> bool:
        """Does it know the time at all?"""
        last = self.last
        return last.leap != UNSYNCHRONIZED and last.stratum < NO_STRATUM - 1 and self.distance(at) < MOST_S

    def corrected(self, seconds: float) -> None:
        """The router's clock was moved forward: what was measured before is seen from there."""
        self.samples = deque(
            (one if one is None else one._replace(offset=one.offset - seconds) for one in self.samples), _SAMPLES
        )

    def forget(self) -> None:
        """The router's clock was set: no measurement holds any more."""
        self.samples.extend([None] * _SAMPLES)
        self._awaited.clear()
        self.dispersion = MOST_S

    def _take(self, sample: Sample | None) -> None:
        """The clock filter."""
        self.samples.appendleft(sample)
        made = [one for one in self.samples if one is not None]
        if not made:
            self.dispersion = MOST_S
            return
        at = made[0].at
        known = sorted(made, key=lambda one: one.error_at(at) + one.delay / 2)
        best = known[0]
        apart = [min(abs(one.offset - best.offset), MOST_S) for one in known] + [MOST_S] * (_SAMPLES - len(known))
        spread = sum(one * 0.5**place for place, one in enumerate(apart))
        self.delay, self.offset = best.delay, best.offset
        self.dispersion = min(spread + best.error_at(at), MOST_S)
