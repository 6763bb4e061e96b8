"""Lays a lab's network as its file says: hosts, links, the name service.

Rule: links are laid before a router is given its configuration, so that it finds its cables in; hosts whose services
are on this machine are announced as they stand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv4Interface

from iosemu.clock import Clock
from iosemu.lab.endpoints import parse_endpoint
from iosemu.lab.errors import LabError, reason
from iosemu.lab.hosts import Host, HostStack
from iosemu.lab.link_checks import plug_of
from iosemu.lab.links import Plug, Quality
from iosemu.lab.network import VirtualNetwork
from iosemu.lab.network_nodes import HostNode
from iosemu.lab.topology import Topology

DOMAIN_PORT = 53


def hosts(lab: Topology) -> list[Host]:
    """The hosts that the lab file describes beside routers and mail servers."""
    return [_host(node, flat=not lab.link) for node in lab.host]


def _host(node: HostNode, *, flat: bool) -> Host:
    ports = [IPv4Interface(address) for address in node.addresses]
    addresses = tuple(str(port.ip) for port in ports)
    host = Host(
        node.name,
        lambda: addresses,
        {int(port): parse_endpoint(endpoint) for port, endpoint in node.tcp.items()},
        {int(port): parse_endpoint(endpoint) for port, endpoint in node.udp.items()},
    )
    if not flat:
        host.stack = HostStack(ports, node.gateway)
    return host


def lay_links(
    lab: Topology, network: VirtualNetwork, nodes: Mapping[str, Host], has: Callable[[str, str], bool]
) -> None:
    """Plug every link in; `has`: does that router have such a port? Raises LabError where one has not."""
    for link in lab.link:
        plugs = []
        for end in link.ends:
            name, port = plug_of(lab, end)
            if any(router.name == name for router in lab.router) and not has(name, port):
                raise LabError(f"link {end!r}: router {name} has no interface {port!r}")
            plugs.append(Plug(nodes[name], port))
        quality = Quality(link.loss, link.delay_s, link.jitter_s, link.seed)
        network.links.add(plugs, switched=link.switch, quality=quality)


def plugs(lab: Topology) -> list[tuple[str, str]]:
    """Node and port of every end of a link."""
    return [plug_of(lab, end) for link in lab.link for end in link.ends]


def serve_times(
    lab: Topology, network: VirtualNetwork, nodes: Mapping[str, Host], clock: Clock
) -> Callable[[], Awaitable[None]]:
    """Have the hosts that tell the time do so; gives what ends that. Raises LabError."""
    from iosemu.lab.time_server import serve_time  # most labs have none

    try:
        ports = [serve_time(network, nodes[host.name], clock, host.ntp) for host in lab.host if host.ntp is not None]
    except OSError as error:
        raise LabError(f"ntp: cannot open a port: {reason(error)}") from None

    async def stop() -> None:
        for port in ports:
            port.close()

    return stop


async def serve_names(
    lab: Topology, network: VirtualNetwork, nodes: Mapping[str, Host]
) -> Callable[[], Awaitable[None]]:
    """Have the lab's name server answer, inside and at its port of this machine; gives what ends that."""
    from iosemu.lab.name_server import NameServer  # most labs have none

    server = NameServer(lab.records())
    try:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: server, local_addr=parse_endpoint(lab.dns.listen)
        )
    except OSError as error:
        raise LabError(f"dns: cannot listen on {lab.dns.listen}: {reason(error)}") from None
    node = nodes[lab.dns.node]
    node.services[DOMAIN_PORT] = server.answer
    node.datagrams[DOMAIN_PORT] = transport.get_extra_info("sockname")[:2]
    network.name_service = None

    async def stop() -> None:
        transport.close()

    return stop
