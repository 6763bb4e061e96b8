"""`show clock`, `privilege`, `hosts`: what the router says of itself.

Rule: each text is made by a plain function of the device; the handler at the end only prints it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.commands.system import router_time

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


def hosts_text(device: Device) -> str:
    """The text of `show hosts`."""
    root = device.config.root
    servers = [
        str(address)
        for line in root.all("ip name-server")
        for address in (line.values["address"], *_more(line.values.get("more")))
    ]
    lookup = "name/address lookup uses domain service" if servers else "name/address lookup uses static mappings"
    domain = root.value("ip domain name", "name")
    lines = [
        f"Default domain is {domain}" if domain else "Default domain is not set",
        lookup[:1].upper() + lookup[1:],
        f"Name servers are {', '.join(servers) if servers else '255.255.255.255'}",
        "",
        "Host                     Port  Flags      Age Type   Address(es)",
    ]
    for line in root.all("ip host"):
        lines.append(f"{line.values['name']!s:<25}None  (perm, OK)  0   IP    {line.values['address']}")
    return "\n".join(lines) + "\n"


def _more(said: object) -> tuple[object, ...]:
    return said if isinstance(said, tuple) else ()


@handlers.register("show_clock")
def _clock(call: Invocation[Device]) -> None:
    call.write(router_time.clock_text(call.device) + "\n")
    if call.values.get("detail"):
        source = call.device.time_source
        call.write(f"Time source is {source}\n" if source else "No time source\n")
        call.write(router_time.summer_text(call.device))


@handlers.register("show_privilege")
def _privilege(call: Invocation[Device]) -> None:
    call.write(f"Current privilege level is {call.session.privilege}\n")


@handlers.register("show_hosts")
def _hosts(call: Invocation[Device]) -> None:
    call.write(hosts_text(call.device))
