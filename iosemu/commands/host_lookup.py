"""From a name to an address, as a router finds it: its own host table, then the domain service.

Rule: `no ip domain lookup` leaves the host table; without a name server the router asks everybody
(255.255.255.255). What is asked is said on the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.cli.session import Session
    from iosemu.commands.context import Device

EVERYBODY = "255.255.255.255"
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_HOST_NAME = re.compile(r"(?!\d+$)[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")


def find_addresses(device: Device, name: str, say: Callable[[str], object]) -> list[str]:
    """The addresses of a name, none where it is unknown; `say` is told of a question to the domain service."""
    root = device.config.root
    if _ADDRESS.fullmatch(name):
        return device.network.resolve(name)
    table = [line for line in root.all("ip host") if str(line.values["name"]).lower() == name.lower()]
    if table or not root.flag("ip domain lookup"):
        return [str(line.values["address"]) for line in table]
    servers = [str(line.values["address"]) for line in root.all("ip name-server")]
    say(f'Translating "{name}"...domain server {" ".join(f"({server})" for server in servers or [EVERYBODY])}')
    found = device.network.resolve(name)
    domain = root.value("ip domain name", "name")
    if not found and domain and "." not in name:
        found = device.network.resolve(f"{name}.{domain}")
    say(" [OK]\n\n" if found else "\n")
    return found


def instead_of(device: Device, session: Session[Device], word: str) -> str:
    """The EXEC line that a router runs in place of a word which is no command: a call to the host of that name.

    "" where it could be no host, or the line prefers no protocol (`transport preferred none`).
    """
    from iosemu.commands.lines import settings_of

    preferred = settings_of(device, session).preferred
    return f"telnet {word}" if _HOST_NAME.fullmatch(word) and preferred != "none" else ""
