"""`show version`, in the parts that a router also prints while it starts.

Rule: each text is made by a plain function of the device; the boot messages, the restart message of the log and
`show version` tell the same from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from iosemu.cli.release import Release
from iosemu.commands import config_register, router_time
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


_SHORT = Release.of("12.3(8)T")  # recalled
"""From here on the banner begins `Cisco IOS Software` and does not tell where the image lies."""

# What is counted, in this order; all but the first three and the trunks recalled.
_COUNTED = {
    "Ethernet": "Ethernet/IEEE 802.3 interface(s)",
    "FastEthernet": "FastEthernet/IEEE 802.3 interface(s)",
    "GigabitEthernet": "Gigabit Ethernet/IEEE 802.3 interface(s)",
    "TokenRing": "Token Ring/IEEE 802.5 interface(s)",
    "Serial": "Serial network interface(s)",
    "Hssi": "HSSI network interface(s)",
    "BRI": "ISDN Basic Rate interface(s)",
    "ATM": "ATM network interface(s)",
    "T1": "Channelized T1/PRI port(s)",
    "E1": "Channelized E1/PRI port(s)",
    "FXS": "Voice FXS interface(s)",
    "FXO": "Voice FXO interface(s)",
    "E&M": "Voice E & M interface(s)",
}


def release(device: Device) -> Release:
    """The release that is running."""
    return Release.of(device.chassis.platform.version)


def _image(device: Device) -> str:
    """Which image it is: `3600 Software (C3660-JS-M), Version 12.2(15)T9,  RELEASE SOFTWARE (fc2)`."""
    platform = device.chassis.platform
    # Before the short banner the T images have two blanks there, 12.2(23a) and 12.2(26) one.
    gap = "  " if release(device).branch and release(device) < _SHORT else " "
    image = f"{platform.software} Software ({platform.image}), Version {platform.version}"
    return f"{image},{gap}RELEASE SOFTWARE ({platform.build})"


def banner_lines(device: Device) -> list[str]:
    """Who made the image, which one it is and when it was compiled."""
    platform = device.chassis.platform
    year = 2000 + int(platform.compiled.split()[1][-2:])  # Sat 01-Nov-03
    if release(device) >= _SHORT:
        return [
            f"Cisco IOS Software, {_image(device)}",
            "Technical Support: http://www.cisco.com/techsupport",
            f"Copyright (c) 1986-{year} by Cisco Systems, Inc.",
            f"Compiled {platform.compiled}",
        ]
    return [
        "Cisco Internetwork Operating System Software ",
        f"IOS (tm) {_image(device)}",
        "TAC Support: http://www.cisco.com/tac",
        f"Copyright (c) 1986-{year} by cisco Systems, Inc.",
        f"Compiled {platform.compiled}",
    ]


def image_lines(device: Device) -> list[str]:
    """Where the image lies in memory."""
    platform = device.chassis.platform
    if release(device) >= _SHORT:
        return []
    return [f"Image text-base: {platform.text_base}, data-base: {platform.data_base}"]


@lru_cache(maxsize=64)
def hardware_lines(chassis: Chassis) -> tuple[str, ...]:
    """Processor, memory, ports, NVRAM and flash; as long as a router lives it has the same."""
    platform = chassis.platform
    figures = {"product": platform.product, "dram": platform.memory_kb, "io": platform.io_memory_kb}
    lines = [
        *(line.format(**figures) for line in platform.processor),
        *_interface_counts(chassis),
        f"{platform.nvram_kb}K bytes of non-volatile configuration memory.",
        f"{platform.flash_kb}K bytes of processor board System flash (Read/Write)",
    ]
    if platform.boot_flash_kb:
        lines.append(f"{platform.boot_flash_kb}K bytes of processor board Boot flash (Read/Write)")
    return tuple(lines)


def version_text(device: Device) -> str:
    """The text of `show version`."""
    platform = device.chassis.platform
    lines = [
        *banner_lines(device),
        *image_lines(device),
        "",
        f"ROM: {platform.rom}",
        f"BOOTLDR: {platform.bootldr}" if platform.bootldr else f"ROM: {_image(device)}",
        "",
        f"{device.hostname} uptime is {router_time.duration_text(device.uptime_s)}",
        f"System returned to ROM by {device.reload_reason}",
        f'System image file is "{platform.image_file}"',
        "",
        *hardware_lines(device.chassis),
        "",
        config_register.text(device),
        "",
    ]
    return "\n".join(lines) + "\n"


def _interface_counts(chassis: Chassis) -> Iterator[str]:
    kinds: list[str] = [interface.kind for interface in chassis.interfaces]
    kinds += [controller.kind for controller in chassis.controllers]
    kinds += [port.kind for port in chassis.analog_ports]
    for kind, text in _COUNTED.items():
        if kind in kinds:
            yield f"{kinds.count(kind)} {text}"


@handlers.register("show_version")
def _version(call: Invocation[Device]) -> None:
    call.write(version_text(call.device))
