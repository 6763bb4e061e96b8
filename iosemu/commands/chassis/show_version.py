"""`show version`, in the parts that a router also prints while it starts.

Rule: each text is made by a plain function of the device; the boot messages, the restart message of the log and
`show version` tell the same from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from iosemu.chassis.platform_checks import SOFTWARE
from iosemu.chassis.version_banner import SHORT, image_name, version_banner
from iosemu.cli.release import Release
from iosemu.commands.boot import config_register
from iosemu.commands.registry import handlers
from iosemu.commands.system import router_time
from iosemu.dates import long_duration

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis
    from iosemu.chassis.platform import Platform
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


# Of an image with the short banner nothing is said of where it lies and of its software, and what is counted is named
# without its standard. Sources: those of `chassis.version_banner`.
_LATER = Release.of("12.4")
"""From here on MHz are written as they should be, and processor boards have one serial number."""

_NOTICE_SINCE = Release.of("12.3")  # 12.3(4)T6 and 12.4 published
"""From here on images that encrypt say what that means."""
_CRYPTO_NOTICE = """\

This product contains cryptographic features and is subject to United
States and local country laws governing import, export, transfer and
use. Delivery of Cisco cryptographic products does not imply
third-party authority to import, export, distribute or use encryption.
Importers, exporters, distributors and users are responsible for
compliance with U.S. and local country laws. By using this product you
agree to comply with applicable laws and regulations. If you are unable
to comply with U.S. and local laws, return this product immediately.

A summary of U.S. laws governing Cisco cryptographic products may be found at:
http://www.cisco.com/wwl/export/crypto/tool/stqrg.html

If you require further assistance please contact us by sending email to
export@cisco.com.
"""
# The release of a boot ROM, "11.3". With those of 3600s and the earlier ones of 1700s and 2600s the image stands beside
# it, with 11.3 of a 2600 and those from 12.2 on it does not; images from 12.3(4)T up to 12.4 have no name there.
_ROM_RELEASE = re.compile(r"Version (\d+\.\d+)")
_ROMS_WITH_IMAGE = ("11.1", "12.0", "12.1")
_OLD_SERIAL = re.compile(r"^(Processor board ID \w+) \(\d+\)")

# What is counted, in this order; before 12.3(4)T and since. Hssi, T3 and the former of VPN recalled.
_COUNTED = {
    "Ethernet": ("Ethernet/IEEE 802.3 interface(s)", "Ethernet interface"),
    "FastEthernet": ("FastEthernet/IEEE 802.3 interface(s)", "FastEthernet interface"),
    "GigabitEthernet": ("Gigabit Ethernet/IEEE 802.3 interface(s)", "Gigabit Ethernet interface"),
    "TokenRing": ("Token Ring/IEEE 802.5 interface(s)", "Token Ring interface"),
    "Serial": ("Serial network interface(s)", "Serial interface"),
    "Serial(sync/async)": ("Serial(sync/async) network interface(s)", "Serial(sync/async) interface"),
    "Low-speed serial(sync/async)": (
        "Low-speed serial(sync/async) network interface(s)",
        "Low-speed serial(sync/async) interface",
    ),
    "Hssi": ("HSSI network interface(s)", "HSSI interface"),
    "BRI": ("ISDN Basic Rate interface(s)", "ISDN Basic Rate interface"),
    "ATM": ("ATM network interface(s)", "ATM interface"),
    "tty": ("terminal line(s)", "terminal line"),
    "E1": ("Channelized E1/PRI port(s)", "Channelized E1/PRI port"),
    "T1": ("Channelized T1/PRI port(s)", "Channelized T1/PRI port"),
    "T3": ("Channelized T3 port(s)", "Channelized T3 port"),
    "FXO": ("Voice FXO interface(s)", "Voice FXO interface"),
    "FXS": ("Voice FXS interface(s)", "Voice FXS interface"),
    "E&M": ("Voice E & M interface(s)", "Voice E & M interface"),
    "VPN": ("Virtual Private Network (VPN) Module(s)", "Virtual Private Network (VPN) Module"),
}
# Flash devices other than soldered or SIMM flash: that of a 3745 and a 2691 published, those of a 7206 recalled.
_CARDS = {
    "disk0": "ATA PCMCIA card at slot 0 (Sector size 512 bytes)",
    "slot0": "Flash PCMCIA card at slot 0 (Sector size 128K)",
}


def release(device: Device) -> Release:
    """The release that is running."""
    return Release.of(device.chassis.platform.version)


def _image(device: Device) -> str:
    return image_name(device.chassis.platform)


def banner_lines(device: Device) -> list[str]:
    """Who made the image, which one it is and when it was compiled."""
    return version_banner(device.chassis.platform)


def image_lines(device: Device) -> list[str]:
    """Where the image lies in memory."""
    platform = device.chassis.platform
    if release(device) >= SHORT:
        return []
    return [f"Image text-base: {platform.text_base}, data-base: {platform.data_base}"]


def notice_lines(device: Device) -> list[str]:
    """What an image that encrypts says of that."""
    platform = device.chassis.platform
    told = "K9" in platform.image and release(device) >= _NOTICE_SINCE
    return _CRYPTO_NOTICE.splitlines() if told else []


@lru_cache(maxsize=64)
def hardware_lines(chassis: Chassis, channels: int = 0) -> tuple[str, ...]:
    """Processor, memory, ports, NVRAM and flash; as long as a router lives it has the same but for `channels`: how many
    serial interfaces its trunks have been divided into."""
    platform, short = chassis.platform, Release.of(chassis.platform.version) >= SHORT
    nvram = "NVRAM" if short else "non-volatile configuration memory"
    return (
        *_processor(chassis, short=short),
        *_counts(chassis, channels, short=short),
        *([f"DRAM configuration is {platform.dram}."] if platform.dram else []),
        f"{platform.nvram_kb}K bytes of {nvram}.",
        *_flash(platform),
    )


def _processor(chassis: Chassis, *, short: bool) -> Iterator[str]:
    platform = chassis.platform
    figures = {"product": platform.product, "dram": platform.memory_kb, "io": platform.io_memory_kb}
    later = Release.of(platform.version) >= _LATER
    for line in platform.processor:
        if line == SOFTWARE:
            yield from () if short else _software(chassis)
            continue
        text = line.format(**figures)
        text = f"C{text[1:]}" if short and text.startswith("cisco ") else text
        yield _OLD_SERIAL.sub(r"\1", text.replace("Mhz", "MHz")) if later else text


def _software(chassis: Chassis) -> Iterator[str]:
    """What the image has beyond IP: its set of features is the part of its name in the middle, C3660-JS-M."""
    features = chassis.platform.image.split("-")[1]
    yield "Bridging software."
    yield "X.25 software, Version 3.0.0."
    if features.startswith(("J", "P")) or "K9" in features:
        yield "SuperLAT software (copyright 1990 by Meridian Technology Corp)."
    if features.startswith("J"):
        yield "TN3270 Emulation software."
    if any(interface.kind == "BRI" for interface in chassis.interfaces):
        yield "Basic Rate ISDN software, Version 1.1."  # recalled
    if chassis.controllers:
        yield "Primary Rate ISDN software, Version 1.1."


def _flash(platform: Platform) -> Iterator[str]:
    main = platform.image_file.partition(":")[0]
    if main in _CARDS:
        yield f"{platform.flash_kb}K bytes of {_CARDS[main]}."
    elif platform.flash_class == "C":
        yield f"{platform.flash_kb}K bytes of ATA System CompactFlash (Read/Write)"
    else:
        yield f"{platform.flash_kb}K bytes of processor board System flash (Read/Write)"
    if platform.boot_flash_kb and main in _CARDS:
        yield f"{platform.boot_flash_kb}K bytes of Flash internal SIMM (Sector size 256K)."
    elif platform.boot_flash_kb:
        yield f"{platform.boot_flash_kb}K bytes of processor board Boot flash (Read/Write)"


def _rom(device: Device) -> list[str]:
    """The boot ROM, and the image beside it: a boot helper's, else with some boot ROMs the one that is running."""
    platform = device.chassis.platform
    lines = [f"ROM: {platform.rom}"]
    if platform.bootldr:
        return [*lines, f"BOOTLDR: {platform.bootldr}"]
    found = _ROM_RELEASE.search(platform.rom)
    if found is None or found[1] not in _ROMS_WITH_IMAGE:
        return lines
    return [*lines, "ROM: " if SHORT <= release(device) < _LATER else f"ROM: {_image(device)}"]


def version_text(device: Device) -> str:
    """The text of `show version`."""
    lines = [
        *banner_lines(device),
        *image_lines(device),
        "",
        *_rom(device),
        "",
        f"{device.hostname} uptime is {long_duration(device.uptime_s)}",
        f"System returned to ROM by {device.reload_reason}",
        *([f"System restarted at {router_time.moment_text(device, device.uptime_s)}"] if device.time_is_set else []),
        f'System image file is "{device.image_file}"',
        "",
        *notice_lines(device),
        *([""] if notice_lines(device) else []),
        *hardware_lines(device.chassis, _channels(device)),
        "",
        config_register.text(device),
        "",
    ]
    return "\n".join(lines) + "\n"


def _channels(device: Device) -> int:
    """How many serial interfaces there are on the trunks: one a time slot of a `pri-group`, one a `channel-group`."""
    trunks = [block for kind in ("T1", "E1") for block in device.config.root.children(f"controller {kind}")]
    primary = [line.values["slots"] for block in trunks for line in block.all("pri-group")]
    return sum(len(slots) for slots in primary if isinstance(slots, tuple)) + sum(
        len(block.all("channel-group")) for block in trunks
    )


def _counts(chassis: Chassis, channels: int, *, short: bool) -> Iterator[str]:
    kinds: list[str] = [interface.counted or interface.kind for interface in chassis.interfaces]
    kinds += ["Serial"] * channels
    kinds += [controller.kind for controller in chassis.controllers if not controller.of]
    kinds += ["T3" for _ in chassis.t3s]
    # Each port of a NextPort module is a terminal line.
    kinds += ["tty" for card in chassis.dsp.cards if card.technology == "NextPort" for _ in range(card.channels)]
    kinds += ["tty" for _ in chassis.terminal_lines]
    kinds += [port.kind for port in chassis.analog_ports]
    kinds += ["VPN" for card in chassis.cards if card.name.startswith("AIM-VPN/")]
    for kind, (text, brief) in _COUNTED.items():
        count = kinds.count(kind)
        if count:
            yield f"{count} {(brief if count == 1 else f'{brief}s') if short else text}"


@handlers.register("show_version")
def _version(call: Invocation[Device]) -> None:
    call.write(version_text(call.device))
