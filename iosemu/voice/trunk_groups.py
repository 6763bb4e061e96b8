"""Trunk groups: which voice ports stand behind the name that an outbound POTS peer gives with `trunkgroup`.

Rule: a member says so itself: the interface of a D channel, or the `cas-custom` block of a ds0-group, with
`trunk-group NAME [PREFERENCE]`. Members are tried by preference (one without comes last), those of one preference as
the group's `hunt-scheme` says: least used first, or in the order of the chassis, which stands for every other scheme.
`max-calls` closes a group, all its calls counted.
Source: Cisco IOS Voice Command Reference, `trunk-group`, `hunt-scheme least-used`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iosemu.config.tree import Block, Line
    from iosemu.voice.ports import VoicePort

_NO_PREFERENCE = 65
_LEAST_USED = "least-used"


def full(root: Block, ports: Mapping[str, VoicePort], name: str) -> bool:
    """Has a group as many calls as its `max-calls` lets go out?"""
    most = [limit for limit, way in _limits(root, name) if way in ("", "out")]
    calls = sum(_busy(port) for port in members(root, ports, name))
    return bool(most) and calls >= min(most)


def _limits(root: Block, name: str) -> Iterator[tuple[int, str]]:
    """Each `max-calls` of a group that holds for voice, and its direction, "" for both."""
    group = root.block("trunk group", name=name)
    for line in group.all("max-calls") if group is not None else ():
        if not line.negated and "data" not in line.tokens:
            yield int(str(line.values["calls"])), line.tokens[-1] if line.tokens[-1] in ("in", "out") else ""


def members(root: Block, ports: Mapping[str, VoicePort], name: str) -> list[VoicePort]:
    """The ports of trunk group `name`, the one that a call takes first in front."""
    found = [
        (_preference(line), place, port)
        for place, port in enumerate(ports.values())
        for line in _lines(root, port)
        if line.values.get("name") == name
    ]
    group = root.block("trunk group", name=name)
    scheme = group.get("hunt-scheme") if group is not None else None
    least_used = group is None or scheme is None or _LEAST_USED in scheme.tokens
    found.sort(key=lambda member: (member[0], _busy(member[2]) if least_used else 0, member[1]))
    return [port for _, _, port in found]


def preference_of(root: Block, port: VoicePort, name: str) -> int | None:
    """What a member says of its preference in group `name`; None where it says nothing."""
    values = [line.values.get("preference") for line in _lines(root, port) if line.values.get("name") == name]
    return next((value for value in values if isinstance(value, int)), None)


def _lines(root: Block, port: VoicePort) -> Iterator[Line]:
    """Where a port says of which groups it is."""
    if port.d_channel is not None:
        interface = root.block("interface", name=port.d_channel.interface)
        if interface is not None:
            yield from interface.all("trunk-group")
    elif port.cas is not None:
        kind, _, unit = port.cable.partition(" ")
        controller = root.block(f"controller {kind}", unit=unit)
        group = int(port.name.rpartition(":")[2])
        custom = controller.block("cas-custom", group=group) if controller is not None else None
        if custom is not None:
            yield from custom.all("trunk-group")


def _preference(line: Line) -> int:
    value = line.values.get("preference")
    return value if isinstance(value, int) else _NO_PREFERENCE


def _busy(port: VoicePort) -> int:
    return sum(not channel.idle for channel in port.channels)
