"""Counters of one interface: packets and octets each way, and rates that are averages over five minutes and fade."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

_AVERAGE_S = 300.0


@dataclass(slots=True)
class Way:
    """One direction of an interface; `last_s` is the clock's time of the last packet, None where none ever went."""

    packets: int = 0
    octets: int = 0
    last_s: float | None = None
    _bits_s: float = 0.0
    _packets_s: float = 0.0

    def count(self, octets: int, now_s: float, packets: int = 1) -> None:
        """So many packets of that size have gone."""
        fade = self._fade(now_s)
        self._bits_s = self._bits_s * fade + packets * octets * 8 / _AVERAGE_S
        self._packets_s = self._packets_s * fade + packets / _AVERAGE_S
        self.packets += packets
        self.octets += packets * octets
        self.last_s = now_s

    def rates(self, now_s: float) -> tuple[int, int]:
        """Bits and packets a second; the bits in thousands, as they are printed."""
        fade = self._fade(now_s)
        return int(self._bits_s * fade) // 1000 * 1000, round(self._packets_s * fade)

    def clear(self) -> None:
        """`clear counters`: the counts, not when the last packet went."""
        self.packets = self.octets = 0

    def _fade(self, now_s: float) -> float:
        return exp((self.last_s - now_s) / _AVERAGE_S) if self.last_s is not None else 1.0


class Traffic:
    """Both directions of an interface."""

    def __init__(self) -> None:
        self.input, self.output = Way(), Way()
