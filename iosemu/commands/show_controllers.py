"""`show controllers T1|E1` and `show isdn status`: the trunks, their alarms and their D channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.chassis.hardware import D_CHANNEL
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Controller
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block
    from iosemu.voice.ports import VoicePort

# The length of the interval whose errors are counted, 15 minutes.
INTERVAL_S = 900

# By state of a controller.
_ALARMS = {
    "up": ["  No alarms detected."],
    "down": ["  Transmitter is sending remote alarm.", "  Receiver has loss of signal."],
    "administratively down": ["  Transmitter is sending AIS."],
}


def _block(device: Device, controller: Controller) -> Block | None:
    return device.config.root.block(f"controller {controller.kind}", unit=controller.unit)


def _port(device: Device, controller: Controller) -> VoicePort | None:
    return next((port for port in device.voice.ports.values() if port.cable == controller.name), None)


def is_plugged(device: Device, controller: Controller) -> bool:
    """Is a trunk cabled to this controller?"""
    return device.voice.plugged(controller.name)


def controller_state(device: Device, controller: Controller) -> str:
    """ "up", "down" or "administratively down"."""
    block = _block(device, controller)
    if block is not None and block.flag("shutdown"):
        return "administratively down"
    return "up" if is_plugged(device, controller) else "down"


def controller_text(device: Device, controller: Controller) -> str:
    """One controller as `show controllers` prints it."""
    block = _block(device, controller)
    if block is None:
        return ""
    state = controller_state(device, controller)
    alarms = _ALARMS[state]
    description = block.value("description", "text")
    elapsed = int(device.clock.now()) % INTERVAL_S
    return "\n".join(
        [
            f"{controller.name} is {state}.",
            f"  Applique type is Channelized {controller.kind}",
            *([f"  Description: {description}"] if description else []),
            *(["  Cablelength is long gain36 0db"] if controller.kind == "T1" else []),
            *alarms,
            f"  Framing is {str(block.value('framing', 'framing')).upper()},"
            f" Line Code is {str(block.value('linecode', 'code')).upper()}, Clock Source is {_clock_source(block)}.",
            f"  Data in current interval ({elapsed} seconds elapsed):",
            "     0 Line Code Violations, 0 Path Code Violations",
            "     0 Slip Secs, 0 Fr Loss Secs, 0 Line Err Secs, 0 Degraded Mins",
            "     0 Errored Secs, 0 Bursty Err Secs, 0 Severely Err Secs, 0 Unavail Secs",
            "",
        ]
    )


def _clock_source(block: Block) -> str:
    line = block.get("clock source")
    words = line.tokens[2:] if line is not None else ("line",)
    return " ".join(word.capitalize() for word in words)


def isdn_text(device: Device) -> str:
    """The text of `show isdn status`."""
    root = device.config.root
    switch = root.value("isdn switch-type", "type")
    if not switch:
        return "**** No Global ISDN Switchtype currently defined ****\n"
    lines = [f"Global ISDN Switchtype = {switch}"]
    trunks = [c for c in device.chassis.controllers if (b := _block(device, c)) is not None and b.flag("pri-group")]
    for dsl, controller in enumerate(trunks):
        serial = root.block("interface", name=device.chassis.serial_for(controller))
        own = serial.value("isdn switch-type", "type", switch) if serial is not None else switch
        active = controller_state(device, controller) == "up" and serial is not None and not serial.flag("shutdown")
        port = _port(device, controller)
        busy = tuple(channel.number for channel in port.channels if not channel.idle) if port is not None else ()
        lines += [
            f"ISDN {device.chassis.serial_for(controller)} interface",
            f"        dsl {dsl}, interface ISDN Switchtype = {own}",
            "    Layer 1 Status:",
            "        ACTIVE" if active else "        DEACTIVATED",
            "    Layer 2 Status:",
            f"        TEI = 0, Ces = 1, SAPI = 0, State = {'MULTIPLE_FRAME_ESTABLISHED' if active else 'TEI_ASSIGNED'}",
            "    Layer 3 Status:",
            f"        {len(busy)} Active Layer 3 Call(s)",
            f"    Active dsl {dsl} CCBs = {len(busy)}",
            f"    The Free Channel Mask:  0x{_free_mask(controller, busy):08X}",
        ]
    lines.append("    Total Allocated ISDN CCBs = 0")
    return "\n".join(lines) + "\n"


def _free_mask(controller: Controller, busy: tuple[int, ...]) -> int:
    """One bit a B channel, channel 1 lowest; the top bit is always set."""
    mask = 0x80000000
    for channel in range(1, controller.timeslots + 1):
        if channel != D_CHANNEL[controller.kind] + 1 and channel not in busy:
            mask |= 1 << channel - 1
    return mask


def _show(call: Invocation[Device], kind: str) -> None:
    wanted = call.values.get("unit")
    found = [c for c in call.device.chassis.controllers if c.kind == kind and wanted in (None, c.unit)]
    if wanted is not None and not found:
        raise call.invalid("unit")
    call.write("".join(controller_text(call.device, controller) for controller in found))


@handlers.register("show_controllers_t1")
def _t1(call: Invocation[Device]) -> None:
    _show(call, "T1")


@handlers.register("show_controllers_e1")
def _e1(call: Invocation[Device]) -> None:
    _show(call, "E1")


@handlers.register("show_isdn_status")
def _isdn(call: Invocation[Device]) -> None:
    call.write(isdn_text(call.device))
