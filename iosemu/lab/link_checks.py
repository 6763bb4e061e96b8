"""What a lab file says of links, hosts and its name service, checked before anything starts.

Rule: one line a mistake, which names the entry and what is wrong with it; whether a router has the port is told when
its chassis is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Interface
from typing import Protocol

from iosemu.lab.endpoints import is_address, is_endpoint, parse_endpoint
from iosemu.lab.network_nodes import Dns, HostNode, Link


class Addressed(Protocol):
    """A router or mail server."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str: ...


class MailNode(Addressed, Protocol):
    @property
    def gateway(self) -> str: ...


class LabFile(Protocol):
    """What is looked at."""

    @property
    def router(self) -> Sequence[Addressed]: ...

    @property
    def mail(self) -> Sequence[MailNode]: ...

    @property
    def host(self) -> Sequence[HostNode]: ...

    @property
    def link(self) -> Sequence[Link]: ...

    @property
    def dns(self) -> Dns: ...


def problems(lab: LabFile) -> Iterator[str]:
    """The mistakes of a lab file in these matters."""
    ports = {node.name: _host_ports(node) for node in lab.host}
    ports |= {node.name: [node.address] for node in lab.mail}
    routers = {node.name for node in lab.router}
    used: set[tuple[str, str]] = set()
    for link in lab.link:
        for end in link.ends:
            yield from _end_problems(link, end, routers, ports)
            plug = plug_of(lab, end)
            if plug in used:
                yield f"link {end!r}: another link has this port"
            used.add(plug)
    for host in lab.host:
        yield from _host_problems(host)
    for mail in lab.mail:
        if mail.gateway and not is_address(mail.gateway):
            yield f"mail {mail.name}: gateway {mail.gateway!r} is not an IPv4 address"
    if not lab.link:
        yield from (f"router {node.name}: without links it needs an address" for node in lab.router if not node.address)
    if lab.dns.node and lab.dns.node not in ports:
        yield f"dns: no host or mail server {lab.dns.node!r}"
    if not is_endpoint(lab.dns.listen):
        yield f"dns: {lab.dns.listen!r} is not [HOST:]PORT"


def plug_of(lab: LabFile, end: str) -> tuple[str, str]:
    """Node and port of a link's end; a node with a single address has its port by itself."""
    name, _, port = end.strip().partition(" ")
    port = port.strip()
    if not port:
        port = next((mail.address for mail in lab.mail if mail.name == name), "")
        port = port or next((_host_ports(host)[0] for host in lab.host if host.name == name), "")
    return name, port


def _host_ports(node: HostNode) -> list[str]:
    return [address.partition("/")[0] for address in node.addresses]


def _end_problems(link: Link, end: str, routers: set[str], ports: dict[str, list[str]]) -> Iterator[str]:
    name, _, port = end.strip().partition(" ")
    if name in routers:
        if not port.strip():
            yield f"link {end!r}: which interface of the router?"
        elif "." in port:
            yield f"link {end!r}: a cable is plugged into a port, not into a sub-interface"
    elif name not in ports:
        yield f"link {end!r}: no node {name!r}"
    elif port.strip() not in ("", *ports[name]):
        yield f"link {end!r}: {name} has no address {port.strip()!r}"
    elif not port.strip() and len(ports[name]) > 1:
        yield f"link {end!r}: which of its addresses: {', '.join(ports[name])}?"


def _host_problems(host: HostNode) -> Iterator[str]:
    for address in host.addresses:
        if not _is_interface(address):
            yield f"host {host.name}: {address!r} is not an address with its prefix length, such as 10.0.0.1/24"
    if host.gateway and not is_address(host.gateway):
        yield f"host {host.name}: gateway {host.gateway!r} is not an IPv4 address"
    if host.ntp is not None and "123" in host.udp:
        yield f"host {host.name}: it tells the time itself, or udp 123 does, not both"
    for kind, services in (("tcp", host.tcp), ("udp", host.udp)):
        for port, endpoint in services.items():
            if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
                yield f"host {host.name}: {kind} {port!r} is not a port"
            if not is_endpoint(endpoint):
                yield f"host {host.name}: {kind} {port}: {endpoint!r} is not [HOST:]PORT"
            elif not host.beyond and not _is_loopback(parse_endpoint(endpoint)[0]):
                yield f"host {host.name}: {kind} {port}: {endpoint!r} is beyond this machine; say beyond = true"


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host == "::1" or (is_address(host) and IPv4Address(host).is_loopback)


def _is_interface(text: str) -> bool:
    try:
        IPv4Interface(text)
    except ValueError:
        return False
    return "/" in text
