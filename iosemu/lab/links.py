"""The cables of a lab: who is next to whom, and whose line is alive.

Rule: a cable has two ends and is alive while both are open and speak alike; a switch joins any number of Ethernets and
keeps each alive. Who is at the other end of an Ethernet is asked for by ARP, of which both sides remember the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from iosemu.lab.hosts import Host
from iosemu.network import Departure

_CABLED = ("Ethernet", "FastEthernet", "GigabitEthernet")
"""Kinds of ports that are down without a cable."""


@dataclass(frozen=True, slots=True)
class Plug:
    """An end of a link: a port of a node."""

    host: Host
    port: str


@dataclass(frozen=True, slots=True)
class Quality:
    """What becomes of datagrams: the share of them that is lost, how long they take, and how much longer at times."""

    loss: float = 0.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    seed: int = 1

    @property
    def perfect(self) -> bool:
        return not (self.loss or self.delay_s or self.jitter_s)

    def then(self, more: Quality) -> Quality:
        """That of a way with another link behind it."""
        return Quality(
            1 - (1 - self.loss) * (1 - more.loss),
            self.delay_s + more.delay_s,
            self.jitter_s + more.jitter_s,
            self.seed * 31 + more.seed,
        )


PERFECT = Quality()


@dataclass(frozen=True, slots=True)
class Link:
    plugs: Sequence[Plug]
    switched: bool
    quality: Quality = PERFECT


class Lost(Enum):
    """Why a packet did not cross a link."""

    GONE = auto()
    """Nobody is there who was, or nothing is plugged in."""
    RESOLVING = auto()
    """It was given up for an ARP request, which was answered; the next one will cross."""
    NOBODY = auto()
    """Nobody answered the ARP request."""


class Links:
    """All the links of a lab."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], Link] = {}

    def add(self, plugs: Sequence[Plug], *, switched: bool = False, quality: Quality = PERFECT) -> None:
        """Join these ports; more than two take a switch."""
        link = Link(tuple(plugs), switched or len(plugs) > 2, quality)
        self._of |= {(plug.host.name, plug.port): link for plug in plugs}

    def carrier(self, host: Host, interface: str) -> bool | None:
        """Is the line of an interface alive? None for one that takes no cable."""
        port = _port(interface)
        link = self._of.get((host.name, port))
        if link is None:
            return False if port.rstrip("0123456789/") in _CABLED else None
        if not host.stack.is_open(port):
            return False
        if link.switched:
            return True
        said = host.stack.encapsulation(port)
        return all(
            plug.host.stack.is_open(plug.port) and plug.host.stack.encapsulation(plug.port) == said
            for plug in self._others(link, host, port)
        )

    def quality(self, host: Host, interface: str) -> Quality:
        """That of the link behind an interface."""
        link = self._of.get((host.name, _port(interface)))
        return link.quality if link is not None else PERFECT

    def across(self, host: Host, leaving: Departure) -> Plug | Lost:
        """Whom a packet reaches, and by which interface."""
        interface, address, stack = leaving.interface, leaving.next_hop, host.stack
        there = list(self._receivers(host, interface))
        if not address:
            return there[0] if there else Lost.GONE
        known = stack.neighbour(interface, address)
        if known is not None:
            return next((plug for plug in there if plug.host.stack.hardware(plug.port) == known), Lost.GONE)
        own, hardware = stack.address_on(interface), stack.hardware(interface)
        for plug in there:
            if plug.host.stack.asked(plug.port, address, own):
                stack.learn(interface, address, plug.host.stack.hardware(plug.port))
                plug.host.stack.met(plug.port, own, hardware)
                return Lost.RESOLVING
        stack.learn(interface, address, "")
        return Lost.NOBODY

    def changed(self, host: Host, port: str) -> None:
        """A port of a node was opened or shut down: who is at the other end of its cable sees it."""
        link = self._of.get((host.name, port))
        if link is not None and not link.switched:
            for plug in self._others(link, host, port):
                plug.host.cable_moved(plug.port)

    def neighbours(self, host: Host) -> Iterator[Host]:
        """The nodes at the other ends of a node's links."""
        for (name, port), link in self._of.items():
            if name == host.name:
                yield from (plug.host for plug in self._others(link, host, port))

    def _receivers(self, host: Host, interface: str) -> Iterator[Plug]:
        """The open interfaces that hear what is sent there, wrapped as it is there."""
        port = _port(interface)
        link = self._of.get((host.name, port))
        wrapped = host.stack.encapsulation(interface)
        for plug in self._others(link, host, port) if link is not None else ():
            if plug.host.up and plug.host.stack.is_open(plug.port):
                for heard in plug.host.stack.interfaces(plug.port):
                    if plug.host.stack.encapsulation(heard) == wrapped:
                        yield Plug(plug.host, heard)

    @staticmethod
    def _others(link: Link, host: Host, port: str) -> Iterator[Plug]:
        return (plug for plug in link.plugs if plug.host is not host or plug.port != port)


def _port(interface: str) -> str:
    """The port that an interface is on: a router's sub-interfaces share the main one's, a host's are addresses."""
    return interface if interface[:1].isdigit() else interface.partition(".")[0]
