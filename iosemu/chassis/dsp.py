"""DSP channels: what a call must have before it can be answered.

A session takes one channel of a card, and counts against the platform's documented limit with its weight: on an AS5300
twice the store-and-forward calls plus the voice calls may reach 120 (Cisco document 47421).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from iosemu.chassis.platform import Limit


class Use(Enum):
    """What a session does with its channel."""

    VOICE = auto()
    FAX_RELAY = auto()
    FAX_MAIL = auto()


@dataclass(frozen=True, slots=True)
class DspCard:
    """The DSPs in a slot: `technology` as the platform file names it ("C549", "NextPort")."""

    slot: str
    technology: str
    channels: int


@dataclass(eq=False, slots=True)
class DspChannel:
    """A channel in use; `free` gives it back (twice is harmless)."""

    card: DspCard
    number: int
    use: Use
    _pool: DspPool | None = field(repr=False)

    @property
    def name(self) -> str:
        """Slot and channel, e.g. "1/0"."""
        return f"{self.card.slot}/{self.number}"

    def free(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool._give_back(self)


class DspPool:
    """All DSP channels of a chassis."""

    def __init__(self, cards: Iterable[DspCard], limit: Limit) -> None:
        self.cards = tuple(cards)
        self._limit = limit
        self._taken: dict[tuple[str, int], DspChannel] = {}

    @property
    def total(self) -> int:
        return sum(card.channels for card in self.cards)

    @property
    def in_use(self) -> tuple[DspChannel, ...]:
        return tuple(self._taken.values())

    def take(self, use: Use) -> DspChannel | None:
        """The first free channel for `use`, or None where none is free or the platform's limit is reached."""
        if self._limit.total is not None:
            load = sum(self._weight(channel.use) for channel in self._taken.values())
            if load + self._weight(use) > self._limit.total:
                return None
        for card in self.cards:
            for number in range(card.channels):
                if (card.slot, number) not in self._taken:
                    channel = DspChannel(card, number, use, self)
                    self._taken[card.slot, number] = channel
                    return channel
        return None

    def _weight(self, use: Use) -> int:
        return self._limit.fax_mail if use is Use.FAX_MAIL else 1

    def _give_back(self, channel: DspChannel) -> None:
        del self._taken[channel.card.slot, channel.number]
