"""`show logging [count | history]`, `clear logging`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from iosemu.cli.release import Release
from iosemu.commands.registry import handlers
from iosemu.commands.snmp import settings as snmp_settings
from iosemu.management.logging import Destination, Severity, Tally

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_SCREENS = {"Console": Destination.CONSOLE, "Monitor": Destination.MONITOR, "Buffer": Destination.BUFFER}
_RULE = f"{'-' * 13} {'-' * 31} {'-' * 29}"


def _destination(device: Device, destination: Destination, what: str = "messages") -> str:
    level = device.log.levels[destination]
    if level is None:
        return "disabled"
    return f"level {level.name.lower()}, {device.log.counts[destination]} {what} logged"


def logging_text(device: Device) -> str:
    """The text of `show logging`: 12.2(15)T came with XML, 12.3(2)T with filters."""
    log, release = device.log, Release.of(device.chassis.platform.version)
    xml = ", xml disabled" if release >= Release.of("12.2(15)T") else ""
    filters = release >= Release.of("12.3(2)T")

    def filtered(indent: int) -> str:
        return f",\n{'':{indent}}filtering disabled" if filters else ""

    counting = "disabled" if log.tallies is None else "enabled"
    break_ = f"\n{'':16}" if filters else " "
    lines = [
        f"Syslog logging: {'enabled' if log.enabled else 'disabled'} (0 messages dropped, {log.rate_limited} messages"
        f" rate-limited,{break_}0 flushes, 0 overruns{xml}{', filtering disabled' if filters else ''})"
    ]
    for name, destination in _SCREENS.items():
        lines.append(f"    {name} logging: {_destination(device, destination)}{xml}{filtered(len(name) + 14)}")
    lines += [
        f"    Logging Exception size ({device.config.root.value('logging exception', 'size', 4096)} bytes)",
        f"    Count and timestamp logging messages: {counting}",
    ]
    if filters:
        lines += ["", "No active filter modules.", ""]
    lines.append(f"    Trap logging: {_destination(device, Destination.TRAP, 'message lines')}")
    lines += [
        f"        Logging to {host}, {sent} message lines logged{xml}{filtered(15)}"
        for host, sent in device.log_hosts.sent.items()
    ]
    if log.levels[Destination.BUFFER] is not None:
        lines += ["", f"Log Buffer ({log.buffer_size} bytes):", "", *log.buffer]
    return "\n".join(lines) + "\n"


def count_text(tallies: list[Tally]) -> str:
    """The text of `show logging count`: the messages of a facility, then how many they were."""
    rows = [f"{'Facility':<15} {'Message Name':<32} {'Sev':<3} {'Occur':>5}     {'Last Time'}", "=" * 77]
    for facility, of_it in groupby(tallies, lambda tally: tally.facility):
        total = 0
        for tally in of_it:
            total += tally.occurred
            rows.append(f"{facility:<15} {tally.mnemonic:<32} {tally.severity:>2} {tally.occurred:>6}     {tally.last}")
        rows += [_RULE, f"{facility + ' TOTAL':<48} {total:>9}", ""]
    return "\n".join(rows) + "\n"


def history_text(device: Device) -> str:
    """The text of `show logging history`: what managers can read and are told."""
    history, notify = device.log.history, snmp_settings.tells(device, "syslog")
    lines = [
        f"Syslog History Table:{history.size} maximum table entries,",
        f"saving level {Severity(history.level).name.lower()} or higher",
        f" {history.ignored} messages ignored, 0 dropped, 0 recursion drops",
        f" {history.flushed} table entries flushed",
        f" SNMP notifications {'enabled' if notify else 'not enabled'}",
    ]
    for message in history.messages:
        lines += [
            f"   entry number {message.index} : {message.facility}-{message.severity}-{message.mnemonic}",
            f"    {message.text}",
            f"    timestamp: {round((message.at_s - device.booted_s) * 100)}",
        ]
    return "\n".join(lines) + "\n"


@handlers.register("show_logging_history")
def _history(call: Invocation[Device]) -> None:
    call.write(history_text(call.device))


@handlers.register("show_logging")
def _show(call: Invocation[Device]) -> None:
    log = call.device.log
    if not call.values.get("count"):
        call.write(logging_text(call.device))
    elif log.tallies is None:
        call.write("Logging counts is not enabled\n")  # inferred
    else:
        call.write(count_text(sorted(log.tallies.values(), key=lambda tally: tally.facility)))


@handlers.register("clear_logging")
async def _clear(call: Invocation[Device]) -> None:
    from iosemu.commands.questions import confirmed

    if await confirmed(call, "Clear logging buffer [confirm]"):
        call.device.log.clear()
