"""What `logging ...` lines of the configuration do to the system log, followed as they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.management.logging import DEFAULT_BUFFER_SIZE, Destination, Severity

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Changed


def attach(device: Device) -> None:
    """Set the log as the configuration says, now and after each change."""

    def changed(change: Changed) -> None:
        if change.line.command_id.startswith(("logging ", "service sequence-numbers")):
            follow(device)

    device.config.listeners.append(changed)
    follow(device)


def follow(device: Device) -> None:
    """Set levels, buffer and sequence numbers of the log from the configuration."""
    root, log = device.config.root, device.log
    for destination, command in ((Destination.CONSOLE, "logging console"), (Destination.MONITOR, "logging monitor")):
        level = str(root.value(command, "level", "debugging"))
        log.levels[destination] = Severity[level.upper()] if root.flag(command) else None
    buffered = root.flag("logging buffered")
    level = str(root.value("logging buffered", "level", "debugging"))
    log.levels[Destination.BUFFER] = Severity[level.upper()] if buffered else None
    log.buffer_size = int(str(root.value("logging buffered", "size", DEFAULT_BUFFER_SIZE)))
    log.sequence_numbers = root.flag("service sequence-numbers")
