"""An entry of the ARP table."""

from __future__ import annotations

from typing import NamedTuple


class Neighbour(NamedTuple):
    """What was learnt of an address; `hardware` is "" where nobody answered. `heard` is in seconds of the clock."""

    interface: str
    hardware: str
    heard: float
