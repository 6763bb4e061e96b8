"""Counters per channel of a voice port, as `show controllers t1 call-counters` has them.

Rule: counted from leg records: a channel is in use from the moment a leg has it until the leg ends.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iosemu.voice.legs import Telephony

if TYPE_CHECKING:
    from iosemu.voice.legs import LegRecord


class ChannelStatistics:
    """Finished calls and their seconds by (port, channel), and `ended`, the calls that no `clear` forgets; calls in
    progress and the most of them, by port and in all (under the name "")."""

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, int]] = Counter()
        self.seconds: Counter[tuple[str, int]] = Counter()
        self.ended: Counter[tuple[str, int]] = Counter()
        self.active: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    def seized(self, leg: LegRecord) -> None:
        """A leg has got its channel."""
        for name in self._names(leg):
            self.active[name] += 1
            self.most[name] = max(self.most[name], self.active[name])

    def closed(self, leg: LegRecord) -> None:
        """A leg has ended; one that never had a channel counts nothing."""
        for name in self._names(leg):
            self.active[name] -= 1
        if isinstance(leg.detail, Telephony) and leg.detail.channel:
            place = leg.detail.port, leg.detail.channel
            self.calls[place] += 1
            self.ended[place] += 1
            self.seconds[place] += int(leg.duration_s())

    def reset(self, name: str, *, marks_only: bool = False) -> None:
        """Forget what a port has counted (all ports: ""), or only the most of its calls; it has as many as before."""
        self.most[name] = self.active[name]
        if not marks_only:
            for counted in (self.calls, self.seconds):
                for place in [place for place in counted if place[0] == name]:
                    del counted[place]

    @staticmethod
    def _names(leg: LegRecord) -> tuple[str, ...]:
        detail = leg.detail
        return (detail.port, "") if isinstance(detail, Telephony) and detail.channel else ()
