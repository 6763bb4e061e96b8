"""Groups of HSRP and VRRP on an interface: their lines stand group by group, each group's in one order.

Rule: a group has one address, and as many secondary ones as are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.match import Match
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Line, RunningConfig

_RANKS = ["description", "ip", "timers", "priority", "preempt", "authentication", "name", "mac-address", "track"]
_RANKS += ["shutdown"]


@handlers.register("group_address")
def _group_address(call: Invocation[Device]) -> Match | None:
    """Secondary addresses are told apart by themselves."""
    if "secondary" not in call.values or "address" not in call.values:
        return None
    return call.match._replace(identity=(*call.match.identity, str(call.values["address"])))


def order(line: Line) -> tuple[int, ...]:
    """Where a `standby` or `vrrp` line stands in its interface."""
    group = int(str(line.values.get("group", 0)))
    word = next((word for word in line.tokens if word in _RANKS), "")
    return group, _RANKS.index(word) if word else len(_RANKS), int("secondary" in line.values)


def set_orders(config: RunningConfig) -> None:
    """Tell the running-config in which order the lines of this family print."""
    config.orders["standby"] = order
    config.orders["vrrp"] = order
