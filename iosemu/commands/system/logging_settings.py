"""What `logging ...` lines of the configuration do to the system log, followed as they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.ip.source_address import source_address
from iosemu.management.logging import DEFAULT_BUFFER_SIZE, Destination, RateLimit, Severity
from iosemu.management.syslog import DEFAULT_FACILITY, LogHosts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.commands.context import Device
    from iosemu.config.tree import Changed

_HOST = "logging"
"""The command that names a host."""


def attach(device: Device) -> None:
    """Set the log as the configuration says, now and after each change."""
    hosts = LogHosts(device.network, lambda: log_source(device), lambda: _hosts(device))
    device.log_hosts = hosts
    device.log.to_hosts = hosts.send

    def changed(change: Changed) -> None:
        if change.line.command_id == _HOST:
            hosts.changed(str(change.line.values.get("host")) if change.removed else "")
        else:
            follow(device)

    device.config.follow(changed, "logging", "service sequence-numbers")
    follow(device)


def follow(device: Device) -> None:
    """Set levels, buffer, hosts, limits and sequence numbers of the log from the configuration."""
    root, log = device.config.root, device.log
    for destination, command in ((Destination.CONSOLE, "logging console"), (Destination.MONITOR, "logging monitor")):
        level = str(root.value(command, "level", "debugging"))
        log.levels[destination] = Severity[level.upper()] if root.flag(command) else None
    buffered = root.flag("logging buffered")
    level = str(root.value("logging buffered", "level", "debugging"))
    log.levels[Destination.BUFFER] = Severity[level.upper()] if buffered else None
    log.buffer_size = int(str(root.value("logging buffered", "size", DEFAULT_BUFFER_SIZE)))
    log.enabled = root.flag("logging on")
    log.sequence_numbers = root.flag("service sequence-numbers")
    trap = root.get("logging trap")
    off = trap is not None and trap.negated
    level = str(root.value("logging trap", "level", "informational"))
    log.levels[Destination.TRAP] = None if off else Severity[level.upper()]
    if not root.flag("logging count"):
        log.tallies = None
    elif log.tallies is None:
        log.tallies = {}
    log.rate_limit = _rate_limit(device)
    log.history.size = int(str(root.value("logging history size", "entries", 1)))
    log.history.level = Severity[str(root.value("logging history", "level", "warnings")).upper()]
    device.log_hosts.facility = str(root.value("logging facility", "facility", DEFAULT_FACILITY))


def _hosts(device: Device) -> Iterator[str]:
    lines = device.config.root.all(_HOST)
    return (str(line.values["host"]) for line in lines if not line.negated and "host" in line.values)


def log_source(device: Device) -> str:
    """The address that messages go to the log hosts with."""
    return source_address(device, device.config.root.value("logging source-interface", "interface"))


def _rate_limit(device: Device) -> RateLimit | None:
    line = device.config.root.get("logging rate-limit")
    if line is None or line.negated:
        return None
    severity = line.values.get("severity")
    return RateLimit(
        int(str(line.values["rate"])),
        Severity[str(severity).upper()] if severity else None,
        debugs="all" in line.tokens,
        console_only="console" in line.tokens,
    )
