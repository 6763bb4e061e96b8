"""`show tdm mapping`: which resource the time slots of trunks are connected to.

Rule: a time slot in a call has the channel of the signal processors that the call has; the D channel of a primary rate
is signalling. The form is published; what an idle slot says is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.chassis.hardware import D_CHANNEL
from iosemu.commands.controllers.show_controllers import controller_state, controllers
from iosemu.commands.controllers.show_trunks import legs_by_channel
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.hardware import Controller
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_HEADING = """\
Loopback: NONE
DS0      Resource    Call Type
-----------------------------------
"""
_FRAMER = "Freedm"


def mapping_text(device: Device, controller: Controller) -> str:
    """One trunk of `show tdm mapping`."""
    rows = "".join(f"{row}\n" for row in _rows(device, controller))
    return f"{controller.name} is {controller_state(device, controller)}:\n{_HEADING}{rows}"


def _rows(device: Device, controller: Controller) -> Iterator[str]:
    ports = [port for port in device.voice.ports.values() if port.cable == controller.name]
    port_of = {channel.number: port for port in ports for channel in port.channels}
    primary = any(port.d_channel is not None for port in ports)
    resources = {channel.call_id: f"{channel.card.slot}/{channel.number}" for channel in device.chassis.dsp.in_use}
    legs = legs_by_channel(device)
    for number in range(1, controller.timeslots + 1):
        if primary and number == D_CHANNEL[controller.kind] + 1:
            yield f"{number:2}        {_FRAMER:<12}Signaling"
            continue
        leg = legs.get((port_of[number].name, number)) if number in port_of else None
        resource = resources.get(leg.call_id) if leg is not None else None
        yield f"{number:2}        {resource:<12}VOICE" if resource is not None else f"{number:2}        {'-':<12}-"


@handlers.register("show_tdm_mapping")
def _mapping(call: Invocation[Device]) -> None:
    kind, unit = call.values.get("kind"), call.values.get("unit")
    found = [
        controller
        for controller in controllers(call.device)
        if unit is None or (controller.kind, controller.unit) == (str(kind).upper(), unit)
    ]
    if unit is not None and not found:
        raise call.invalid("unit")
    call.write("".join(mapping_text(call.device, controller) for controller in found))
