"""Ports that are known before a lab starts, for those who publish them: of a container, to a classroom.

Rule: each router and then each mail server has ten, in the order of the lab file; a port that the lab file itself gives
stays as it is.
"""

from __future__ import annotations

import msgspec

from iosemu.lab.endpoints import parse_endpoint
from iosemu.lab.errors import LabError
from iosemu.lab.topology import MailNode, RouterNode, Topology

PORTS_A_NODE = 10
_SERVICES = ("console", "telnet", "ssh", "snmp", "smtp", "ntp")
_OF_MAIL = ("smtp", "imap", "pop3")


def with_ports(lab: Topology, host: str, first: int) -> Topology:
    """The lab with services on `host` at `first` (console of the first router), `first` + 1 (its telnet), and so on:
    ssh, snmp, smtp, ntp; of a mail server smtp, imap, pop3. Raises LabError where there are not so many ports."""
    starts = range(first, first + PORTS_A_NODE * (len(lab.router) + len(lab.mail)), PORTS_A_NODE)
    if starts and starts[-1] + len(_SERVICES) > 65536:
        raise LabError(f"too many nodes for the ports from {first} on")
    routers = [
        msgspec.structs.replace(node, **_opened(node, _SERVICES, host, start))
        for node, start in zip(lab.router, starts, strict=False)
    ]
    servers = [
        msgspec.structs.replace(node, **_opened(node, _OF_MAIL, host, start))
        for node, start in zip(lab.mail, starts[len(lab.router) :], strict=True)
    ]
    return msgspec.structs.replace(lab, router=routers, mail=servers)


def _opened(node: RouterNode | MailNode, services: tuple[str, ...], host: str, start: int) -> dict[str, str]:
    """The ports of those services that are wanted anywhere."""
    given = {name: str(getattr(node, name)) for name in services}
    return {
        name: _at(host, start + place)
        for place, (name, text) in enumerate(given.items())
        if text and not parse_endpoint(text)[1]
    }


def _at(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
