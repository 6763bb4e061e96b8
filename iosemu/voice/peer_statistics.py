"""Counters per dial peer, as `show dial-peer voice` ends with them.

Rule: counted when a leg ends, from its record. Source: DIAL-CONTROL-MIB (RFC 2128), dialCtlPeerStatsTable: success and
failure are calls to the peer, accepted and refused are calls from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from iosemu.voice.legs import LegRecord, Origin


@dataclass(frozen=True, slots=True)
class PeerCounters:
    """One row; `connect_time` and `last_setup` are hundredths of seconds, the cause is Q.850's value."""

    connect_time: int = 0
    successful: int = 0
    failed: int = 0
    accepted: int = 0
    refused: int = 0
    last_cause: int | None = None
    last_text: str = ""
    last_setup: int = 0


class PeerStatistics:
    """Rows by tag; a peer without calls has a row of zeros."""

    def __init__(self) -> None:
        self._rows: dict[int, PeerCounters] = {}

    def row(self, tag: int) -> PeerCounters:
        return self._rows.get(tag, PeerCounters())

    def clear(self, tag: int | None = None) -> None:
        """Forget what was counted for a peer, or for all."""
        if tag is None:
            self._rows.clear()
        else:
            self._rows.pop(tag, None)

    def count(self, leg: LegRecord) -> None:
        if leg.peer is None:
            return
        row = self.row(leg.tag)
        connected = leg.connect_s is not None
        counter = (
            ("successful" if connected else "failed")
            if leg.origin is Origin.ORIGINATE
            else ("accepted" if connected else "refused")
        )
        self._rows[leg.tag] = replace(
            row,
            connect_time=row.connect_time + round(leg.duration_s() * 100),
            last_cause=leg.cause.value if leg.cause is not None else None,
            last_text=leg.text,
            last_setup=round(leg.setup_s * 100),
            **{counter: getattr(row, counter) + 1},
        )
