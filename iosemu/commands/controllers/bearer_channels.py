"""The B channels of ISDN interfaces, which are interfaces without a block in the configuration.

Rule: those of a primary rate stand before the D channel of its trunk, whose settings they have, and are up while a call
is on them; the two of a basic rate stand behind its interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.interfaces.state import states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.commands.context import Device
    from iosemu.commands.interfaces.state import InterfaceState
    from iosemu.voice.ports import VoicePort


def states_with_channels(device: Device) -> Iterator[InterfaceState]:
    """All interfaces in order, B channels among them."""
    d_channels = {}
    if any(
        ":" in str(block.header.values["name"]) for block in device.config.root.children("interface") if block.header
    ):
        ports = device.voice.ports.values()
        d_channels = {port.d_channel.interface: port for port in ports if port.d_channel is not None}
    for state in states(device):
        port = d_channels.get(state.name)
        if port is not None:
            yield from _channels(port, state)
        yield state
        if state.kind == "BRI":
            for number in (1, 2):
                name = f"{state.name}:{number}"
                yield state._replace(name=name, address="", mask="", description="", up=False)


def channel_name(port: VoicePort, number: int) -> str:
    """The interface of a time slot: "Serial0:0" is time slot 1."""
    assert port.d_channel is not None
    return f"{port.d_channel.interface.rpartition(':')[0]}:{number - 1}"


def _channels(port: VoicePort, d_channel: InterfaceState) -> Iterator[InterfaceState]:
    plain = d_channel._replace(address="", mask="", description="")
    for channel in port.channels:
        yield plain._replace(name=channel_name(port, channel.number), up=port.up and not channel.idle)


def transitions(device: Device, name: str) -> int:
    """How often a B channel has gone up and down: twice with each call that has ended."""
    for port in device.voice.ports.values():
        if port.d_channel is not None and name.rpartition(":")[0] == port.d_channel.interface.rpartition(":")[0]:
            number = int(name.rpartition(":")[2]) + 1
            used = next((not channel.idle for channel in port.channels if channel.number == number), False)
            return 2 * device.voice.control.channels.ended[port.name, number] + used
    return 0
