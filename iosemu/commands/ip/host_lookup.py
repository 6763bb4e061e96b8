"""From a name to an address, as a router finds it: its own host table, then the domain service.

Rule: `no ip domain lookup` leaves the host table; without a name server the router asks everybody
(255.255.255.255). A name is asked for as it is, then within the domains of `ip domain list`, or of `ip domain name`
where there is no list. What is asked is said on the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from iosemu.commands.ip.echo_replies import dotted_quad

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Line

EVERYBODY = "255.255.255.255"
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")


def find_addresses(device: Device, name: str, say: Callable[[str], object]) -> list[str]:
    """The addresses of a name, none where it is unknown; `say` is told of a question to the domain service."""
    root = device.config.root
    if _ADDRESS.fullmatch(name):
        return [name] if dotted_quad(name) else []
    table = [line for line in root.all("ip host") if str(line.values["name"]).lower() == name.lower()]
    if table or not root.flag("ip domain lookup"):
        return [address for line in table for address in _of_table(line)]
    servers = [str(line.values["address"]) for line in root.all("ip name-server")] or [EVERYBODY]
    say(f'Translating "{name}"...domain server {" ".join(f"({server})" for server in servers)}')
    found = _asked(device, name, servers)
    say(" [OK]\n\n" if found else "\n")
    return found


def _of_table(line: Line) -> list[str]:
    """The addresses of an entry of the host table."""
    others = line.values.get("others", ())
    return [str(line.values["address"]), *(str(others).split() if isinstance(others, str) else map(str, others))]  # type: ignore[call-overload]


def _asked(device: Device, name: str, servers: list[str]) -> list[str]:
    from iosemu.commands.ip import name_queries  # most routers never ask

    root = device.config.root
    domains = [str(line.values["name"]) for line in root.all("ip domain list")]
    if not domains and (domain := root.value("ip domain name", "name")):
        domains = [str(domain)]
    for candidate in (name, *(f"{name}.{domain}" for domain in domains if "." not in name)):
        found = name_queries.addresses(device, candidate, servers)
        if found:
            return found
    return []
