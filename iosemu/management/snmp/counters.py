"""What an agent counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """What came in and went out since the router started; the names are those of the SNMP group of SNMPv2-MIB."""

    in_packets: int = 0
    out_packets: int = 0
    bad_versions: int = 0
    bad_communities: int = 0
    bad_uses: int = 0
    parse_errors: int = 0
    requested: int = 0
    altered: int = 0
    gets: int = 0
    nexts: int = 0
    sets: int = 0
    too_big: int = 0
    no_such_names: int = 0
    bad_values: int = 0
    general_errors: int = 0
    responses: int = 0
    traps: int = 0
    told: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Notifications sent, by host and port."""
    dropped: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Those that had no way to the host."""
