"""Routers and hosts joined by cables, without sockets, and somebody at each console."""

from __future__ import annotations

from ipaddress import IPv4Interface

from iosemu.commands.context import Device
from iosemu.commands.ip.layer import IpLayer
from iosemu.commands.ip.source_address import able_interfaces
from iosemu.lab.hosts import Host, HostStack
from iosemu.lab.links import Plug
from iosemu.lab.network import VirtualNetwork
from tests.commands.routers import User, device


def attached(router: Device, network: VirtualNetwork, name: str = "router") -> Device:
    """The router, as a node of the network."""
    host = Host(name, lambda: [state.address for state in able_interfaces(router)], stack=IpLayer(lambda: router))
    network.add(host)
    router.network = network.at(host)
    return router


class Lab:
    """A network with links; `user[name]` is at the console of a router."""

    def __init__(self, zone: dict[str, list[str]] | None = None) -> None:
        self.network = VirtualNetwork(zone, flat=False)
        self.hosts: dict[str, Host] = {}
        self.user: dict[str, User] = {}

    def router(self, name: str, *lines: str, platform: str = "3660") -> User:
        """A router with that configuration."""
        made = attached(device(platform, unit=name), self.network, name)
        host = self.network.host(name)
        assert host is not None
        self.hosts[name] = host
        self.user[name] = User(made)
        refusals = self.user[name].configure(*lines)
        assert "%" not in refusals, refusals
        return self.user[name]

    def host(self, name: str, *addresses: str, gateway: str = "") -> Host:
        """A host, or with several addresses a gateway."""
        ports = [IPv4Interface(address) for address in addresses]
        host = self.hosts[name] = Host(name, lambda: tuple(str(port.ip) for port in ports))
        host.stack = HostStack(ports, gateway)
        self.network.add(host)
        return host

    def link(self, *ends: tuple[str, str], switched: bool = False) -> None:
        """Join ports, by node and name."""
        self.network.links.add([Plug(self.hosts[name], port) for name, port in ends], switched=switched)


LEFT, RIGHT = "FastEthernet0/0", "FastEthernet0/1"


def address(interface: str, text: str, mask: str = "255.255.255.0") -> tuple[str, ...]:
    """The lines that give an interface an address."""
    return (f"interface {interface}", f"ip address {text} {mask}", "no shutdown", "exit")


def chain() -> Lab:
    """r1 -- r2 -- r3 -- server, with routes both ways: 10.0.12.0, 10.0.23.0, 10.0.3.0."""
    lab = Lab()
    lab.router("r1", *address(LEFT, "10.0.12.1"), "ip route 0.0.0.0 0.0.0.0 10.0.12.2")
    lab.router(
        "r2", *address(LEFT, "10.0.12.2"), *address(RIGHT, "10.0.23.2"), "ip route 10.0.3.0 255.255.255.0 10.0.23.3"
    )
    lab.router(
        "r3", *address(LEFT, "10.0.23.3"), *address(RIGHT, "10.0.3.1"), "ip route 10.0.12.0 255.255.255.0 10.0.23.2"
    )
    lab.host("server", "10.0.3.9/24", gateway="10.0.3.1")
    lab.link(("r1", LEFT), ("r2", LEFT))
    lab.link(("r2", RIGHT), ("r3", LEFT))
    lab.link(("r3", RIGHT), ("server", "10.0.3.9"), switched=True)
    return lab
