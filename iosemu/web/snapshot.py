"""A lab at this moment, as plain values for the page: nodes and cables, and the lights of every chassis.

Rule: a light says what the router's own commands would say. Lamps of interfaces and ports are "on", "off" (shut down)
or "down"; channels are one letter each: `.` idle, `v` voice, `r` fax relay, `m` store-and-forward fax, `c` in a call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iosemu.chassis.dsp import DspCard, Use
from iosemu.chassis.hardware import Card, Chassis
from iosemu.chassis.schema import ANALOG_KINDS, MULTIPLEXED_KIND, TRUNK_KINDS
from iosemu.commands.context import Device
from iosemu.commands.controllers.show_controllers import controller_state, t3_state
from iosemu.commands.interfaces.state import states
from iosemu.lab.fax_machine import FaxMachine
from iosemu.lab.mail_server import MailServer
from iosemu.lab.phone_book import numbers
from iosemu.lab.router_node import RunningRouter
from iosemu.lab.run import Lab

_LETTERS = {Use.VOICE: "v", Use.FAX_RELAY: "r", Use.FAX_MAIL: "m"}
_LAMPS = {"up": "on", "down": "down", "administratively down": "off"}


def snapshot(lab: Lab) -> dict[str, Any]:
    """Everything that the page draws."""
    return {
        "name": lab.topology.name,
        "calls": lab.exchange.calls,
        "waiting": sum(len(server.queue.waiting()) for server in lab.mail.values()),
        "routers": [_router(name, router) for name, router in lab.routers.items()],
        "machines": [_machine(machine) for machine in lab.machines.values()],
        "phone_book": {name: numbers(lab.topology.phone_book, name) for name in lab.topology.phone_book},
        "servers": [_server(server) for server in lab.mail.values()],
        "hosts": [{"name": host.name, "addresses": host.addresses} for host in lab.topology.host],
        "links": [{"ends": link.ends, "switch": link.switch or len(link.ends) > 2} for link in lab.topology.link],
        "trunks": [_trunk(lab, trunk.router, trunk.jack, trunk.numbers) for trunk in lab.topology.trunk],
    }


def _machine(machine: FaxMachine) -> dict[str, Any]:
    node = machine.node
    facts = {"state": machine.state, "in_call": machine.in_call, "paper": machine.feed.sheets}
    return {"number": node.number, "name": node.name, "trouble": machine.feed.trouble, **facts}


def _server(server: MailServer) -> dict[str, Any]:
    node = server.node
    users = {user: server.accounts.count(user) for user in (*node.users, "postmaster")}
    return {"name": node.name, "address": node.address, "domain": node.domain, "users": users}


def _trunk(lab: Lab, router: str, jack: str, numbers: list[str]) -> dict[str, Any]:
    ports = lab.routers[router].router.voice.ports.values()
    channels = [channel for port in ports if port.cable == jack for channel in port.channels]
    busy = sum(not channel.idle for channel in channels)
    return {"router": router, "jack": jack, "numbers": numbers, "channels": len(channels), "busy": busy}


def _router(name: str, running: RunningRouter) -> dict[str, Any]:
    device = running.router.device
    platform = device.chassis.platform
    return {
        "name": name,
        "hostname": device.hostname,
        "product": platform.product,
        "platform": platform.name,
        "address": running.node.address,
        "limit": platform.limit.text,
        "slots": list(slots(device)),
    }


def slots(device: Device) -> Iterator[dict[str, Any]]:
    """The processor board, then each slot with its cards."""
    chassis = device.chassis
    lamps = {state.name: _LAMPS[state.status] for state in states(device)}
    builtin = [interface.kind + interface.unit for interface in chassis.platform.builtin_interfaces]
    yield {"slot": "", "cards": [{"name": "processor", "ports": [_port(name, lamps) for name in builtin], "dsp": None}]}
    places = _Places(chassis, lamps, set(builtin))
    cards: dict[str, list[dict[str, Any]]] = {slot: [] for slot in chassis.platform.slots}
    for card in chassis.cards:
        ports = [port for kind, count in card.module.ports.items() for port in places.take(device, kind, count)]
        shown = {"name": card.name, "text": card.module.text, "ports": ports, "dsp": _dsp(chassis, card)}
        cards[card.place if card.place in cards else card.slot].append(shown)
    for slot, fitted in cards.items():
        yield {"slot": slot, "cards": fitted}


class _Places:
    """Gives each card its ports: they are numbered in the order of the cards."""

    def __init__(self, chassis: Chassis, lamps: dict[str, str], builtin: set[str]) -> None:
        self._lamps = lamps
        self._trunks = iter([trunk for trunk in chassis.controllers if not trunk.of])
        self._t3s = iter(chassis.t3s)
        self._analog = iter(chassis.analog_ports)
        self._interfaces = [interface for interface in chassis.interfaces if interface.name not in builtin]

    def take(self, device: Device, kind: str, count: int) -> Iterator[dict[str, Any]]:
        for _ in range(count):
            if kind in TRUNK_KINDS:
                trunk = next(self._trunks)
                yield {
                    "name": trunk.name,
                    "lamp": _LAMPS[controller_state(device, trunk)],
                    "channels": _channels(device, trunk.name),
                }
            elif kind == MULTIPLEXED_KIND:
                unit = next(self._t3s)
                yield {"name": f"T3 {unit}", "lamp": _LAMPS[t3_state(device, unit)], "channels": ""}
            elif kind in ANALOG_KINDS:
                port = next(self._analog)
                channels = _channels(device, port.unit)
                lamp = "on" if device.voice.plugged(port.unit) else "down"
                yield {"name": f"{kind} {port.unit}", "lamp": lamp, "channels": channels}
            else:
                own = next(interface for interface in self._interfaces if interface.kind == kind)
                self._interfaces.remove(own)
                yield _port(own.name, self._lamps)


def _port(name: str, lamps: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "lamp": lamps.get(name, "down"), "channels": ""}


def _channels(device: Device, cable: str) -> str:
    """A letter for each bearer channel behind a controller or analog port."""
    ports = (port for port in device.voice.ports.values() if port.cable == cable)
    return "".join("." if channel.idle else "c" for port in ports for channel in port.channels)


def _dsp(chassis: Chassis, card: Card) -> dict[str, Any] | None:
    own = next((dsp for dsp in chassis.dsp.cards if dsp.slot == card.place), None)
    return None if own is None else {"technology": own.technology, "channels": _uses(chassis, own)}


def _uses(chassis: Chassis, card: DspCard) -> str:
    letters = ["."] * card.channels
    for channel in chassis.dsp.in_use:
        if channel.card == card:
            letters[channel.number] = _LETTERS[channel.use]
    return "".join(letters)
