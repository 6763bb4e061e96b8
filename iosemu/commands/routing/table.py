"""The routing table: which way an address lies, by connected networks and static routes.

Rule: the longest prefix wins, then the least distance; a static route is there while its interface is up, or its
gateway can be reached by another route. What `no ip routing` leaves is `ip default-gateway`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from iosemu.cli import internet4
from iosemu.commands.interfaces.state import InterfaceState, is_up, states
from iosemu.commands.routing.routing_config import natural_mask

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Line

_ALL = 0xFFFFFFFF
_RECURSIONS = 8
NULL = "Null0"


class Network(NamedTuple):
    """An IP network as numbers."""

    address: int
    length: int

    @classmethod
    def of(cls, address: str, mask: str) -> Network:
        """The network of an address."""
        bits = internet4.number(mask)
        return cls(internet4.number(address) & bits, bits.bit_count())

    def has(self, address: int) -> bool:
        return address & _mask(self.length) == self.address


class Route(NamedTuple):
    """A row of the table; `gateway` 0: the destination itself is asked for on `interface`."""

    network: Network
    distance: int
    gateway: int
    interface: str
    connected: bool


class Way(NamedTuple):
    """How an address is reached; `next_hop` is the neighbour that gets the packet."""

    interface: str
    next_hop: int
    route: Route


class Addressed(NamedTuple):
    """An interface that is up, with its primary address, and the networks of all that it has."""

    state: InterfaceState
    address: int
    networks: tuple[Network, ...]
    addresses: tuple[int, ...]


def _mask(length: int) -> int:
    return _ALL << (32 - length) & _ALL


class RoutingTable:
    """The table at one moment."""

    def __init__(self, interfaces: list[Addressed], static: list[Route], *, classless: bool, gateway: int) -> None:
        """`gateway` is that of a router which does not route, else 0."""
        self.interfaces = {one.state.name: one for one in interfaces}
        self._classless = classless
        self._by_length: dict[int, dict[int, list[Route]]] = {}
        for one in interfaces:
            for network in one.networks:
                self._add(Route(network, 0, 0, one.state.name, True))
        if gateway:
            self._settle([Route(Network(0, 0), 1, gateway, "", False)])
        else:
            self._settle(sorted(static, key=lambda route: route.distance))

    def owner(self, address: int) -> str | None:
        """The interface that has the address."""
        return next((name for name, one in self.interfaces.items() if address in one.addresses), None)

    def way(self, address: int) -> Way | None:
        """The way to an address, through as many gateways as it takes to find an interface."""
        return self._way(address, _RECURSIONS)

    def routes(self) -> Iterator[Route]:
        """All rows, by network."""
        rows = (route for level in self._by_length.values() for routes in level.values() for route in routes)
        yield from sorted(rows, key=lambda route: (route.network, route.gateway))

    def _way(self, address: int, left: int) -> Way | None:
        route = self._longest(address)
        if route is None or left == 0:
            return None
        if route.interface:
            return Way(route.interface, route.gateway or address, route)
        further = self._way(route.gateway, left - 1)
        return further._replace(route=route) if further is not None else None

    def _longest(self, address: int) -> Route | None:
        for length in sorted(self._by_length, reverse=True):
            found = self._by_length[length].get(address & _mask(length))
            if found and not (length == 0 and self._is_classful(address)):
                return found[0]
        return None

    def _is_classful(self, address: int) -> bool:
        """Is the default route no way for it: without `ip classless`, for a network of which subnets are known?"""
        if self._classless:
            return False
        mask = natural_mask(address)
        major = Network(address & mask, mask.bit_count())
        return any(
            major.has(network)
            for length, level in self._by_length.items()
            if length > major.length
            for network in level
        )

    def _add(self, route: Route) -> None:
        level = self._by_length.setdefault(route.network.length, {})
        rows = level.setdefault(route.network.address, [])
        if rows and route.distance < rows[0].distance:
            rows.clear()
        if not rows or rows[0].distance == route.distance:
            rows.append(route)

    def _settle(self, waiting: list[Route]) -> None:
        """Take in the static routes that have a way, again and again until no more has one."""
        while True:
            able = next((route for route in waiting if self._is_able(route)), None)
            if able is None:
                return
            waiting.remove(able)
            self._add(able)

    def _is_able(self, route: Route) -> bool:
        if route.interface:
            return route.interface in self.interfaces or route.interface == NULL
        way = self.way(route.gateway)
        # A gateway that only the route itself would lead to is none.
        return way is not None and way.route.network != route.network


_Key = tuple[int, tuple[bool, ...]]
_TABLES: WeakKeyDictionary[Device, tuple[_Key, RoutingTable]] = WeakKeyDictionary()
_STATES: WeakKeyDictionary[Device, tuple[int, list[InterfaceState], list[bool]]] = WeakKeyDictionary()


def table_of(device: Device) -> RoutingTable:
    """The table of now; made anew when the configuration or the state of an interface has changed."""
    generation = device.config.generation
    known = _STATES.get(device)
    if known is None or known[0] != generation:
        able = [state for state in states(device) if not state.shutdown and _has_address(state)]
        known = _STATES[device] = (generation, able, [])
    key = (generation, tuple(is_up(device, state.name) for state in known[1]))
    made = _TABLES.get(device)
    if made is None or made[0] != key:
        up = [state for state, alive in zip(known[1], key[1], strict=True) if alive]
        made = _TABLES[device] = (key, _make(device, up))
    return made[1]


def _has_address(state: InterfaceState) -> bool:
    return bool(state.address) or state.block.value("ip unnumbered", "interface") is not None


def _make(device: Device, up: list[InterfaceState]) -> RoutingTable:
    root = device.config.root
    routes = root.flag("ip routing")
    gateway = "0.0.0.0" if routes else str(root.value("ip default-gateway", "address", "0.0.0.0"))
    addresses = {state.name: internet4.number(state.address) for state in up if state.address}
    interfaces = [_addressed(state, addresses) for state in up]
    static = [_static(line) for line in root.all("ip route") if "vrf" not in line.values and "prefix" in line.values]
    return RoutingTable(
        interfaces,
        static if routes else [],
        classless=root.flag("ip classless"),
        gateway=internet4.number(gateway),
    )


def _addressed(state: InterfaceState, addresses: dict[str, int]) -> Addressed:
    if not state.address:
        borrowed = addresses.get(str(state.block.value("ip unnumbered", "interface")), 0)
        return Addressed(state, borrowed, (), ())
    pairs = [(state.address, state.mask)]
    pairs += [(str(line.values["address"]), str(line.values["mask"])) for line in _secondary(state)]
    networks = tuple(dict.fromkeys(Network.of(*pair) for pair in pairs))
    own = tuple(internet4.number(address) for address, _ in pairs)
    return Addressed(state, own[0], networks, own)


def _secondary(state: InterfaceState) -> list[Line]:
    return [line for line in state.block.all("ip address secondary") if "address" in line.values]


def _static(line: Line) -> Route:
    values = line.values
    network = Network.of(str(values["prefix"]), str(values["mask"]))
    gateway = values.get("gateway", values.get("next_hop"))
    distance = values.get("distance", 1)
    assert isinstance(distance, int)
    number = internet4.number(str(gateway)) if gateway is not None else 0
    return Route(network, distance, number, str(values.get("interface", "")), False)
