"""DSP channels: what a call must have before it can be answered.

A session takes one channel of a card, and counts against the platform's documented limit: on an AS5300 twice the
store-and-forward calls plus the voice calls may reach 120, on an AS5850 there may be 120 store-and-forward calls among
800 or 192 among 750 (Cisco document 47421). Where modem cards handle store-and-forward fax, such a call takes a modem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from iosemu.chassis.platform import Bound, Limit


class Use(Enum):
    """What a session does with its channel."""

    VOICE = auto()
    FAX_RELAY = auto()
    FAX_MAIL = auto()


class DspCard(NamedTuple):
    """The DSPs in a slot: `technology` as the platform file names it ("C549", "NextPort")."""

    slot: str
    technology: str
    channels: int


@dataclass(eq=False, slots=True)
class DspChannel:
    """A channel in use, by the call leg of that id; `free` gives it back (twice is harmless)."""

    card: DspCard
    number: int
    use: Use
    call_id: int
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

    def __init__(
        self,
        cards: Iterable[DspCard],
        limit: Limit,
        *,
        memory_mb: int,
        pulled: Set[str] = frozenset(),
        modems: Iterable[DspCard] = (),
    ) -> None:
        """`pulled` are the slots whose cards are out at the moment, `modems` cards whose channels are modems."""
        self.cards, self.modems = tuple(cards), tuple(modems)
        self._limit = limit
        self._pulled = pulled
        self._bounds = tuple(bound for bound in limit.any_of if memory_mb >= bound.needs_mb)
        self._taken: dict[tuple[str, int], DspChannel] = {}
        self._uses: Counter[Use] = Counter()
        self._places: dict[int, tuple[str, int]] = {}
        self.high: frozenset[str] = frozenset()
        """The slots of cards whose processors are set for codecs of high complexity."""
        self.fax_mail = True
        """Do they handle store-and-forward fax? Else modems do, if any."""

    @property
    def total(self) -> int:
        return sum(self.usable(card) for card in self.cards)

    def usable(self, card: DspCard) -> int:
        """The channels of a card: half of them with codecs of high complexity, none while it is out."""
        if card.slot.partition("/")[0] in self._pulled:
            return 0
        return card.channels // 2 if card.slot in self.high else card.channels

    @property
    def in_use(self) -> tuple[DspChannel, ...]:
        return tuple(self._taken.values())

    @property
    def busy(self) -> int:
        """How many of `total` are in use."""
        return self._uses.total()

    def take(self, use: Use, call_id: int = 0, *, ivr: bool = False) -> DspChannel | None:
        """The first free channel for `use` by a call leg that a script of IVR 2.0 treats or not, or None where none is
        free or the platform's limit is reached."""
        if use is Use.FAX_MAIL and not self.fax_mail:
            return self._first(self.modems, use, call_id)
        return self._first(self.cards, use, call_id) if self._allowed(use, ivr) else None

    def _first(self, cards: Iterable[DspCard], use: Use, call_id: int) -> DspChannel | None:
        for card in cards:
            for number in range(self.usable(card)):
                if (card.slot, number) not in self._taken:
                    channel = DspChannel(card, number, use, call_id, self)
                    self._taken[card.slot, number] = channel
                    self._uses[use] += card in self.cards
                    self._places[call_id] = card.slot, number
                    return channel
        return None

    def forget(self, call_id: int) -> tuple[str, int] | None:
        """Slot and number of the channel that the call leg had, which has ended; None where it had none."""
        return self._places.pop(call_id, None)

    def memory_wanted(self, use: Use, *, ivr: bool = False) -> int:
        """The least megabytes that the first of such calls needs; 0 where it would find enough."""
        alone = (1, 0) if use is Use.FAX_MAIL else (0, 1)
        if not self._limit.any_of or any(_fits(bound, alone, use, ivr) for bound in self._bounds):
            return 0
        return min((bound.needs_mb for bound in self._limit.any_of if _fits(bound, alone, use, ivr)), default=0)

    def _allowed(self, use: Use, ivr: bool) -> bool:
        """Does one of the platform's bounds hold with a session more?"""
        if not self._limit.any_of:
            return True
        fax_mail = self._uses[Use.FAX_MAIL] + (use is Use.FAX_MAIL)
        sessions = fax_mail, self._uses.total() + 1 - fax_mail
        return any(_fits(bound, sessions, use, ivr) for bound in self._bounds)

    def _give_back(self, channel: DspChannel) -> None:
        del self._taken[channel.card.slot, channel.number]
        self._uses[channel.use] -= channel.card in self.cards


def _fits(bound: Bound, sessions: tuple[int, int], use: Use, ivr: bool) -> bool:
    """May there be that many store-and-forward faxes and others, the last of them of that kind?"""
    return bound.holds(*sessions) and (bound.ivr or not ivr or use is not Use.FAX_MAIL)
