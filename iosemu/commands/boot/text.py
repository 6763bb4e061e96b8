"""What a router says while it starts: the boot ROM, the image, the hardware, then the first lines of its log.

Rule: every line follows from the platform, the chassis and the configuration; pauses are in seconds of the lab's clock,
short against those of a router, long enough to be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.commands.chassis.show_version import banner_lines, hardware_lines, image_lines, notice_lines
from iosemu.commands.controllers.show_controllers import controller_state, t3_state
from iosemu.commands.interfaces.link_messages import (
    controller_notice,
    is_shutdown,
    layer2_notice,
    link_notice,
    protocol_notice,
    speaks_isdn,
    told_of,
    voice_notice,
)
from iosemu.commands.interfaces.state import InterfaceState, states

if TYPE_CHECKING:
    from iosemu.commands.boot.images import Choice, Start
    from iosemu.commands.context import Device

# recalled: the layout; the words are those of every image.
_LEGEND = """\
              Restricted Rights Legend

Use, duplication, or disclosure by the Government is
subject to restrictions as set forth in subparagraph
(c) of the Commercial Computer Software - Restricted
Rights clause at FAR sec. 52.227-19 and subparagraph
(c) (1) (ii) of the Rights in Technical Data and Computer
Software clause at DFARS sec. 252.227-7013.

           cisco Systems, Inc.
           170 West Tasman Drive
           San Jose, California 95134-1706



"""
_BLOCKS, _BLOCK = 20, "#" * 10

# Seconds between two pieces of the boot, and from the end of the boot to the messages of the log; a protocol comes up
# a second behind its link.
_ROM_S, _LOAD_S, _BLOCK_S, _IMAGE_S, _HARDWARE_S = 0.5, 0.8, 0.1, 0.2, 0.5
_LINK_S, _RESTART_S, _TRUNK_S, _SHUT_S, _PROTOCOL_S = 0.2, 1.6, 2.0, 2.6, 1.0

Piece = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the log, `after_s` seconds after the end of the boot."""

    after_s: float
    facility: str
    severity: int
    mnemonic: str
    text: str


def console_pieces(device: Device, start: Start, choice: Choice, refused: Sequence[str]) -> Iterator[Piece]:
    """(pause before it in seconds, text) up to where the console asks for Return, or the ROM monitor for a command;
    `refused` are the startup lines that were not taken, with what was said of them."""
    if start.stopped is not None:
        yield _BLOCK_S, start.stopped
        return
    if start.image is None:
        yield _ROM_S, _rom_text(device)
    if choice.told:
        yield _LOAD_S, "".join(f"{line}\n" for line in choice.told) + "\n"
    if choice.image is None:
        if choice.told:  # what goes on from a failed start is the monitor started anew
            yield _ROM_S, _rom_text(device)
        return
    rom = device.chassis.platform.boot
    size = rom.image_size if choice.image == device.chassis.platform.image_file else f"0x{choice.load_size:x}"
    yield _LOAD_S, f"program load complete, entry point: {rom.entry_point}, size: {size}\n"
    yield _BLOCK_S, "Self decompressing the image : "
    for _ in range(_BLOCKS):
        yield _BLOCK_S, _BLOCK
    yield _BLOCK_S, " [OK]\n\n"
    yield (
        _IMAGE_S,
        _packet_memory(device)
        + _LEGEND
        + "".join(f"{line}\n" for line in (*banner_lines(device), *image_lines(device), "")),
    )
    hardware = (*notice_lines(device), *hardware_lines(device.chassis))
    yield _HARDWARE_S, "".join(f"{line}\n" for line in hardware)
    if refused:
        yield _HARDWARE_S, "\n" + "\n".join(refused)


def _rom_text(device: Device) -> str:
    platform = device.chassis.platform
    memory = platform.memory_kb + platform.io_memory_kb
    figures = {"dram": platform.memory_kb, "io": platform.io_memory_kb, "memory": memory}
    return "\n\n".join(["", "\n".join([platform.rom, *(line.format(**figures) for line in platform.boot.lines)]), ""])


def _packet_memory(device: Device) -> str:
    """How much of the memory is for packets, where the configuration told; lines as captured of a 2621."""
    share = device.config.root.value("memory-size iomem", "percent")
    if share is None or device.chassis.platform.io_memory == "own":
        return ""
    return f"Smart Init is disabled. \nIOMEM set to: {share}\n\nUsing iomem percentage: {share}\n\n"


def log_messages(device: Device, *, configured: bool) -> list[Message]:
    """The first messages of the log in their order; `configured`: a startup configuration was read."""
    return sorted(_messages(device, configured), key=lambda message: message.after_s)


def _messages(device: Device, configured: bool) -> Iterator[Message]:
    for state in states(device):
        if ":" not in state.name:
            yield from _interface(state)
    if configured:
        yield Message(_RESTART_S, "SYS", 5, "CONFIG_I", "Configured from memory by console")
    yield Message(_RESTART_S, "SYS", 5, "RESTART", "\n".join(["System restarted --", *banner_lines(device)]))
    if device.config.root.all("snmp-server community"):
        text = f"SNMP agent on host {device.hostname} is undergoing a cold start"
        yield Message(_RESTART_S, "SNMP", 5, "COLDSTART", text)
    for port in told_of(device):
        yield Message(_LINK_S, *voice_notice(port, shutdown=False))
        if is_shutdown(device, port):
            yield Message(_SHUT_S, *voice_notice(port, shutdown=True))
    yield from _trunks(device)


def _interface(state: InterfaceState) -> Iterator[Message]:
    """The hardware looks for a link before the configuration is read, so one that is shut down was up for a moment."""
    begin_s = _LINK_S if state.block.builtin else _RESTART_S
    yield Message(begin_s, *link_notice(state.name, "up" if state.up else "down"))
    if state.up:
        yield Message(begin_s + _PROTOCOL_S, *protocol_notice(state.name, "up"))
    if state.shutdown:
        yield Message(_SHUT_S, *link_notice(state.name, state.status))
    if state.shutdown and state.up:
        yield Message(_SHUT_S + _PROTOCOL_S, *protocol_notice(state.name, "down"))


def _trunks(device: Device) -> Iterator[Message]:
    channels = {state.name: state for state in states(device)}
    for unit in device.chassis.t3s:
        if t3_state(device, unit) == "up":
            yield Message(_TRUNK_S, *controller_notice(f"T3 {unit}", "up"))
    for controller in device.chassis.controllers:
        if controller_state(device, controller) != "up":
            continue
        yield Message(_TRUNK_S, *controller_notice(controller.name, "up"))
        channel = channels.get(device.chassis.serial_for(controller))
        if channel is not None and not channel.shutdown:
            yield Message(_SHUT_S, *link_notice(channel.name, "up"))
            if speaks_isdn(device, channel.name):
                yield Message(_SHUT_S + _PROTOCOL_S, *layer2_notice(channel.name, "up"))
