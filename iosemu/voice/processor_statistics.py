"""What each channel of the signal processors has done, as `show spe voice`, `show nextport vpd` and `show csm` tell it.

Rule: counted from leg records when a leg ends; the pool of channels knows which one a leg had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.voice.legs import LegRecord, Origin, Telephony

if TYPE_CHECKING:
    from iosemu.chassis.dsp import DspPool


@dataclass(slots=True)
class ChannelRecord:
    """Calls that came in by a channel's line and went out, those of them that never connected, those that talked, what
    they carried, and the last of them."""

    incoming: int = 0
    outgoing: int = 0
    failed_in: int = 0
    failed_out: int = 0
    voice: int = 0
    rx_packets: int = 0
    tx_packets: int = 0
    held_s: float = 0.0
    """How long calls were connected."""
    last: LegRecord | None = None

    @property
    def connected_in(self) -> int:
        """Calls that came in and connected."""
        return self.incoming - self.failed_in

    @property
    def connected_out(self) -> int:
        """Calls that went out and connected."""
        return self.outgoing - self.failed_out

    def count(self, leg: LegRecord) -> None:
        """A leg has ended."""
        failed = leg.connect_s is None
        if leg.origin is Origin.ANSWER:
            self.incoming += 1
            self.failed_in += failed
        else:
            self.outgoing += 1
            self.failed_out += failed
        self.voice += isinstance(leg.detail, Telephony) and leg.detail.speech and not failed
        self.rx_packets += leg.rx_packets
        self.tx_packets += leg.tx_packets
        self.held_s += leg.duration_s()
        self.last = leg


class ProcessorStatistics:
    """By slot and number of the channel; one that is not there has not been used."""

    def __init__(self, pool: DspPool) -> None:
        self._pool = pool
        self._records: dict[tuple[str, int], ChannelRecord] = {}

    def closed(self, leg: LegRecord) -> None:
        """A leg has ended; one that never had a channel counts nothing."""
        place = self._pool.forget(leg.call_id)
        if place is not None:
            self._records.setdefault(place, ChannelRecord()).count(leg)

    def of(self, slot: str, number: int) -> ChannelRecord:
        """What that channel has done."""
        return self._records.get((slot, number)) or ChannelRecord()

    def clear(self, place: tuple[str, int] | None) -> None:
        """Forget what the channel of that slot and number has done, or what all have."""
        if place is None:
            self._records.clear()
        else:
            self._records.pop(place, None)
