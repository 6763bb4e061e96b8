"""What the IP layer of a router has counted: packets by what became of them, ICMP messages, entries of access lists.

Rule: who forwards counts here, who shows reads here; interfaces have counters of their own. Nothing is counted that was
not carried.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class IpCounters:
    """One router since it started."""

    packets: Counter[str] = field(default_factory=Counter)
    """By what became of them: `received`, `local`, `forwarded`, `generated`, `bad hop count`, `no route`,
    `encapsulation failed`, `filtered`."""
    protocols: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Packets for or from the router itself, by ("in" or "out", protocol)."""
    messages: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    """ICMP messages of these, by ("in" or "out", type, code)."""
    arp: Counter[str] = field(default_factory=Counter)
    """`requests in`, `replies in`, `requests out`, `replies out`, and of these `by proxy`."""
    matches: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)
    """Packets that an entry decided on, by (list, identity of the entry)."""
    logged: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """Flows that entries with `log` have told of, by list, mnemonic and text: packets since then, not yet told."""
