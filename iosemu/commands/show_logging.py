"""`show logging`, `clear logging`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.management.logging import Destination

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


def _destination(device: Device, destination: Destination) -> str:
    level = device.log.levels[destination]
    if level is None:
        return "disabled"
    return f"level {level.name.lower()}, {device.log.counts[destination]} messages logged"


def logging_text(device: Device) -> str:
    """The text of `show logging`, in the form of 12.2."""
    log = device.log
    lines = [
        "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns)",
        f"    Console logging: {_destination(device, Destination.CONSOLE)}",
        f"    Monitor logging: {_destination(device, Destination.MONITOR)}",
        f"    Buffer logging: {_destination(device, Destination.BUFFER)}",
        "    Logging Exception size (4096 bytes)",
        "    Count and timestamp logging messages: disabled",
        "    Trap logging: level informational, 0 message lines logged",
    ]
    if log.levels[Destination.BUFFER] is not None:
        lines += ["", f"Log Buffer ({log.buffer_size} bytes):", "", *log.buffer]
    return "\n".join(lines) + "\n"


@handlers.register("show_logging")
def _show(call: Invocation[Device]) -> None:
    call.write(logging_text(call.device))


@handlers.register("clear_logging")
async def _clear(call: Invocation[Device]) -> None:
    from iosemu.commands.questions import confirmed

    if await confirmed(call, "Clear logging buffer [confirm]"):
        call.device.log.clear()
