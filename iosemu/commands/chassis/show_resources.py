"""`show call resource voice`: how much of an access server's channels and time slots is in use.

Rule: everything follows from the channels of the signal processors and from the time slots of the trunks, and the
thresholds from the configuration. The form of the thresholds is published, that of the statistics recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.controllers.show_controllers import controllers
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_MARK = 90
"""The share in percent above and below which a gateway tells of its resources, unless configured."""


def resource_text(device: Device) -> str:
    """The text of `show call resource voice stats`."""
    pool = device.chassis.dsp
    busy = pool.busy
    ports = [port for port in device.voice.ports.values() if port.digital]
    slots = sum(controller.timeslots for controller in controllers(device))
    channels = sum(len(port.channels) for port in ports)
    idle = sum(port.idle_channels for port in ports if port.up)
    taken = sum(not channel.idle for port in ports for channel in port.channels)
    share = 100 * busy // pool.total if pool.total else 0
    return (
        "Resource Monitor -  Dial-up Resource Statistics Information:\n"
        f"DSP Statistics:\nUtilization: {share} percent\nTotal channels: {pool.total}\nInuse channels: {busy}\n"
        f"Disabled channels: 0\nPending channels: 0\nFree channels: {pool.total - busy}\n"
        f"DS0 Statistics:\nTotal channels: {slots}\nAddressable channels: {channels}\nInuse channels: {taken}\n"
        f"Disabled channels: {channels - taken - idle}\nFree channels: {idle}\n"
    )


@handlers.register("show_call_resource")
def _resource(call: Invocation[Device]) -> None:
    call.write(resource_text(call.device))


def threshold_text(device: Device) -> str:
    """The text of `show call resource voice threshold`."""
    pool = device.chassis.dsp
    ports = [port for port in device.voice.ports.values() if port.digital]
    channels = sum(len(port.channels) for port in ports)
    taken = sum(not channel.idle for port in ports for channel in port.channels)
    return "Resource Monitor -  Dial-up Resource Threshold Information:\n" + "".join(
        f"{name} Threshold:\n{_threshold(device, used, total)}"
        for name, used, total in (("DS0", taken, channels), ("DSP", pool.busy, pool.total))
    )


def _threshold(device: Device, used: int, total: int) -> str:
    gateway = device.config.root.block("gateway")
    line = gateway.get("resource threshold") if gateway is not None else None
    high, low = (line.values.get(mark, _MARK) for mark in ("high", "low")) if line is not None else (_MARK, _MARK)
    share = 100 * used // total if total else 0
    hit = "high_threshold_hit" if share >= int(str(high)) else "low_threshold_hit" if share <= int(str(low)) else "init"
    return (
        f"Client Type: h323\nHigh Water Mark: {high}\nLow Water Mark: {low}\n"
        f"Threshold State: {'init' if line is None else hit}\n"
    )


@handlers.register("show_call_resource_threshold")
def _thresholds(call: Invocation[Device]) -> None:
    call.write(threshold_text(call.device))
