"""`show version`, in the parts that a router also prints while it starts.

Rule: each text is made by a plain function of the device; the boot messages, the restart message of the log and
`show version` tell the same from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands import config_register, router_time
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


def banner_lines(device: Device) -> list[str]:
    """Who made the image, which one it is and when it was compiled."""
    platform = device.chassis.platform
    return [
        "Cisco Internetwork Operating System Software ",
        f"{platform.banner}, Version {platform.version},  RELEASE SOFTWARE (fc2)",
        "TAC Support: http://www.cisco.com/tac",
        "Copyright (c) 1986-2003 by cisco Systems, Inc.",
        f"Compiled {platform.compiled}",
    ]


def image_line(device: Device) -> str:
    """Where the image lies in memory."""
    platform = device.chassis.platform
    return f"Image text-base: {platform.text_base}, data-base: {platform.data_base}"


def hardware_lines(device: Device) -> list[str]:
    """Processor, memory, ports, NVRAM and flash."""
    platform = device.chassis.platform
    figures = {"product": platform.product, "dram": platform.memory_kb, "io": platform.io_memory_kb}
    lines = [
        *(line.format(**figures) for line in platform.processor),
        *_interface_counts(device),
        f"{platform.nvram_kb}K bytes of non-volatile configuration memory.",
        f"{platform.flash_kb}K bytes of processor board System flash (Read/Write)",
    ]
    if platform.boot_flash_kb:
        lines.append(f"{platform.boot_flash_kb}K bytes of processor board Boot flash (Read/Write)")
    return lines


def version_text(device: Device) -> str:
    """The text of `show version`."""
    platform = device.chassis.platform
    own = f"ROM: {platform.software} Software ({platform.image}), Version {platform.version},  RELEASE SOFTWARE (fc2)"
    lines = [
        *banner_lines(device),
        image_line(device),
        "",
        f"ROM: {platform.rom}",
        f"BOOTLDR: {platform.bootldr}" if platform.bootldr else own,
        "",
        f"{device.hostname} uptime is {router_time.duration_text(device.uptime_s)}",
        f"System returned to ROM by {device.reload_reason}",
        f'System image file is "{platform.image_file}"',
        "",
        *hardware_lines(device),
        "",
        config_register.text(device),
        "",
    ]
    return "\n".join(lines) + "\n"


def _interface_counts(device: Device) -> Iterator[str]:
    kinds = [interface.kind for interface in device.chassis.interfaces]
    for kind, text in (
        ("Ethernet", "Ethernet/IEEE 802.3 interface(s)"),
        ("FastEthernet", "FastEthernet/IEEE 802.3 interface(s)"),
        ("Serial", "Serial network interface(s)"),
    ):
        if kind in kinds:
            yield f"{kinds.count(kind)} {text}"
    trunks = [controller.kind for controller in device.chassis.controllers]
    for kind in ("T1", "E1"):
        if kind in trunks:
            yield f"{trunks.count(kind)} Channelized {kind}/PRI port(s)"


@handlers.register("show_version")
def _version(call: Invocation[Device]) -> None:
    call.write(version_text(call.device))
