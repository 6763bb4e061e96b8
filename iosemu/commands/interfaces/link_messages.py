"""What the log says of links: an interface or a trunk that goes down or comes up, by a command or by its cable.

Rule: a moment after something may have changed, what is now is compared with what was last told, and only the
difference is said; a line protocol and a D channel follow a second behind their link, layer 2 of a D channel goes
down with its trunk and comes up a second after the channel. An analog voice port is up unless it is shut down. What
changes while a router starts, and is given its configuration, is told with its other first messages (`boot_text`), not
here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from iosemu.commands.controllers.show_controllers import controller_state, t3_state
from iosemu.commands.interfaces.state import states
from iosemu.voice.events import CableMoved

if TYPE_CHECKING:
    from collections.abc import Callable

    from iosemu.chassis.hardware import AnalogPort
    from iosemu.commands.context import Device
    from iosemu.commands.interfaces.state import InterfaceState
    from iosemu.config.tree import Changed

# A carrier that comes or goes is believed after two seconds (`carrier-delay`).
_LINK_S, _PROTOCOL_S = 2.0, 1.0
_SHUT = "administratively down"
# What kinds of analog voice port call themselves.
_VOICE = {"FXS": "Foreign Exchange Station", "FXO": "Foreign Exchange Office", "E&M": "recEive And transMit"}
# Interfaces that are told of though no hardware is behind them.  # recalled
_MADE = ("Loopback", "Tunnel")


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """An interface is "up", "down" or "administratively down" now."""

    name: str
    status: str


class Notice(NamedTuple):
    """One message of the log, in the order of the arguments of `Logging.event`."""

    facility: str
    severity: int
    mnemonic: str
    text: str


def link_notice(name: str, to: str) -> Notice:
    """An interface is "up", "down" or "administratively down" now."""
    text = f"Interface {name}, changed state to {to}"
    return Notice("LINK", 5, "CHANGED", text) if to == _SHUT else Notice("LINK", 3, "UPDOWN", text)


def protocol_notice(name: str, to: str) -> Notice:
    """The line protocol of an interface is "up" or "down" now."""
    return Notice("LINEPROTO", 5, "UPDOWN", f"Line protocol on Interface {name}, changed state to {to}")


def controller_notice(name: str, to: str) -> Notice:
    """A controller, e.g. "T1 0", is "up", "down" or "administratively down" now."""
    return Notice("CONTROLLER", 5, "UPDOWN", f"Controller {name}, changed state to {to}")


def voice_notice(port: AnalogPort, *, shutdown: bool) -> Notice:
    """An analog voice port is up or shut down now."""
    to = "Administrative Shutdown" if shutdown else "up"
    return Notice("LINK", 3, "UPDOWN", f"Interface {_VOICE[port.kind]} {port.unit}, changed state to {to}")


def layer2_notice(name: str, to: str) -> Notice:
    """Layer 2 of a D channel is "up" or "down" now."""
    short = name.replace("Serial", "Se")
    return Notice("ISDN", 6, f"LAYER2{to.upper()}", f"Layer 2 for Interface {short}, TEI 0 changed to {to}")


def told_of(device: Device) -> list[AnalogPort]:
    """The voice ports whose state the log tells."""
    return [port for port in device.chassis.analog_ports if port.kind in _VOICE]


def is_shutdown(device: Device, port: AnalogPort) -> bool:
    """Is an analog voice port shut down?"""
    block = device.config.root.block("voice-port", port=port.unit)
    return block is not None and block.flag("shutdown")


def watch(device: Device) -> Callable[[], None]:
    """Tell from now on what changes; returns what ends that."""
    return _Watch(device).end


class _Watch:
    """What was last told of each link, and the look that follows a change."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._controllers = {c.name: controller_state(device, c) for c in device.chassis.controllers}
        self._t3s = {unit: t3_state(device, unit) for unit in device.chassis.t3s}
        interfaces = _interfaces(device)
        self._links = {name: state.status for name, state in interfaces.items()}
        self._protocols = {name: state.protocol for name, state in interfaces.items() if not _is_channel(name)}
        self._voice = {port.unit: is_shutdown(device, port) for port in told_of(device)}
        self._pending = self._over = False
        device.config.follow(self._configured, "shutdown", "interface")
        self._unsubscribe = device.bus.subscribe(CableMoved, lambda moved: self._look_soon())

    def end(self) -> None:
        """Nothing more is told, not even what is under way."""
        if not self._over:
            self._over = True
            self._unsubscribe()
            self._device.config.unfollow(self._configured)

    def _configured(self, change: Changed) -> None:
        if change.line.command_id in ("shutdown", "interface"):
            self._look_soon()

    def _look_soon(self) -> None:
        if not self._pending:
            self._pending = True
            self._device.clock.call_later(_LINK_S, self._look_at_links)

    def _look_at_links(self) -> None:
        """Controllers, then interfaces."""
        self._pending = False
        if self._over:
            return
        for unit, was in self._t3s.items():
            self._t3s[unit] = now = t3_state(self._device, unit)
            if was != now:
                self._log(controller_notice(f"T3 {unit}", now))
        for controller in self._device.chassis.controllers:
            now = controller_state(self._device, controller)
            if self._controllers[controller.name] != now:
                self._controllers[controller.name] = now
                self._log(controller_notice(controller.name, now))
                channel = self._device.chassis.serial_for(controller)
                if now != "up" and self._links.get(channel) == "up" and speaks_isdn(self._device, channel):
                    self._log(layer2_notice(channel, "down"))
        for port in told_of(self._device):
            shutdown = is_shutdown(self._device, port)
            if self._voice[port.unit] is not shutdown:
                self._voice[port.unit] = shutdown
                self._log(voice_notice(port, shutdown=shutdown))
        interfaces = _interfaces(self._device)
        for name in [name for name in self._links if name not in interfaces]:
            del self._links[name]
            if not _is_channel(name):
                self._log(link_notice(name, _SHUT))
        for name, state in interfaces.items():
            if name not in self._links:  # a loopback is there at once, a D channel has to come up
                self._links[name] = "down" if _is_channel(name) else state.status
            if not _is_channel(name):
                self._tell_link(state)
        self._device.clock.call_later(_PROTOCOL_S, self._look_behind_links)

    def _look_behind_links(self) -> None:
        """D channels, and the protocols of the links that were told of as they are now."""
        if self._over:
            return
        interfaces = _interfaces(self._device)
        for name in [name for name, was in self._protocols.items() if name not in self._links]:
            if self._protocols.pop(name) == "up":
                self._log(protocol_notice(name, "down"))
        for name, state in interfaces.items():
            if _is_channel(name):
                was = self._links.get(name)
                self._tell_link(state)
                if was != "up" and state.status == "up" and speaks_isdn(self._device, name):
                    self._device.clock.call_later(_PROTOCOL_S, partial(self._layer2_up, name))
            elif self._links.get(name) == state.status and self._protocols.get(name, "down") != state.protocol:
                self._protocols[name] = state.protocol
                self._log(protocol_notice(name, state.protocol), state)

    def _layer2_up(self, name: str) -> None:
        if not self._over and self._links.get(name) == "up":
            self._log(layer2_notice(name, "up"))

    def _tell_link(self, state: InterfaceState) -> None:
        if self._links.get(state.name, state.status) != state.status:
            self._links[state.name] = state.status
            self._device.bus.publish(LinkChanged(state.name, state.status))
            self._log(link_notice(state.name, state.status), state)

    def _log(self, notice: Notice, of: InterfaceState | None = None) -> None:
        if of is None or of.block.flag("logging event link-status"):
            self._device.log.event(*notice)


def _interfaces(device: Device) -> dict[str, InterfaceState]:
    """The interfaces whose links are told of, by name."""
    return {
        state.name: state
        for state in states(device)
        if "." not in state.name and (state.block.builtin or state.kind in _MADE)
    }


def speaks_isdn(device: Device, name: str) -> bool:
    """Has a D channel been told which switch it speaks to?"""
    root = device.config.root
    block = root.block("interface", name=name)
    own = block.value("isdn switch-type", "type") if block is not None else None
    return bool(own or root.value("isdn switch-type", "type"))


def _is_channel(name: str) -> bool:
    """Is it a channel of a trunk? Its protocol is not told of."""
    return ":" in name
