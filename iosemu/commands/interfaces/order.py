"""The order in which interfaces stand in the running-config.

Rule: loopbacks and tunnels, then the ports slot by slot with what hangs on them, then what configuration made for
dialling and bridging. A sub-interface follows its interface; a D channel stands behind the ports of its slot, on a
chassis without slots in front of the FastEthernet (AS5300).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis

_IN_FRONT = ("Loopback", "Null", "CTunnel", "Tunnel", "MFR", "Multilink", "Port-channel")
_BEHIND = ("Async", "Group-Async", "Virtual-Template", "Virtual-TokenRing", "Lex", "Vif", "Dialer", "Vlan", "BVI")
_NAME = re.compile(r"([A-Za-z-]+)([\d/]+)(?::(\d+(?::\d+)?|D))?(?:\.(\d+))?")


def place(chassis: Chassis, name: str) -> tuple[int, ...]:
    """The key by which interfaces are sorted."""
    found = _NAME.fullmatch(name)
    assert found is not None, name
    kind, unit = found[1], tuple(int(part) for part in found[2].split("/"))
    line, _, channel_of_line = (found[3] or "0").partition(":")
    channel = int(line) * 100 + int(channel_of_line or 0) if line.isdigit() else 0
    sub = int(found[4]) if found[4] else -1
    if kind in _IN_FRONT:
        return 0, _IN_FRONT.index(kind), *unit, channel, sub
    if kind in _BEHIND:
        return 2, _BEHIND.index(kind), *unit, channel, sub
    physical = [interface.name for interface in chassis.interfaces]
    port = kind + found[2]
    if not found[3] and port in physical:
        return 1, physical.index(port), 0, sub
    return 1, _last_before(chassis, unit), 1, *unit, channel, sub


def _last_before(chassis: Chassis, unit: tuple[int, ...]) -> int:
    """The place of the port behind which the channels of a trunk stand."""
    if len(unit) == 1:
        kinds = [interface.kind for interface in chassis.interfaces]
        return kinds.index("FastEthernet") - 1 if "FastEthernet" in kinds else len(kinds)
    slots = [int(interface.unit.split("/")[0]) for interface in chassis.interfaces if "/" in interface.unit]
    return sum(1 for slot in slots if slot <= unit[0]) - 1
