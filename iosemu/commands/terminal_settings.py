"""`terminal length|width|monitor|history`: what a user sets for the own session, gone when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

DEFAULT_LENGTH, DEFAULT_WIDTH, DEFAULT_HISTORY = 24, 80, 10


@handlers.register("terminal_length")
def _length(call: Invocation[Device]) -> None:
    call.terminal.length = int(str(call.values["lines"]))


@handlers.register("terminal_no_length")
def _no_length(call: Invocation[Device]) -> None:
    call.terminal.length = DEFAULT_LENGTH


@handlers.register("terminal_width")
def _width(call: Invocation[Device]) -> None:
    call.terminal.width = int(str(call.values["columns"]))


@handlers.register("terminal_no_width")
def _no_width(call: Invocation[Device]) -> None:
    call.terminal.width = DEFAULT_WIDTH


@handlers.register("terminal_monitor")
def _monitor(call: Invocation[Device]) -> None:
    if call.session.line.startswith("con"):
        call.write("% Console already monitors\n")
    else:
        call.terminal.monitor = True


@handlers.register("terminal_no_monitor")
def _no_monitor(call: Invocation[Device]) -> None:
    call.terminal.monitor = False


@handlers.register("terminal_history")
def _history(call: Invocation[Device]) -> None:
    _keep(call, int(str(call.values.get("lines", DEFAULT_HISTORY))))


@handlers.register("terminal_no_history")
def _no_history(call: Invocation[Device]) -> None:
    _keep(call, 0)


def _keep(call: Invocation[Device], lines: int) -> None:
    """Set how many lines the terminal remembers; a file of commands remembers none."""
    history = getattr(call.session.terminal, "history", None)
    if history is not None:
        history.size = lines
