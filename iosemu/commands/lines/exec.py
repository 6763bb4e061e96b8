"""EXEC commands that act on lines: `clear line`, `send`, `login`, `lock`, and `exit`, which leaves one.

Rule: whoever is on a line that is cleared loses session and connections, whatever he was doing; his own line nobody
can clear.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from iosemu.cli.session import Refused
from iosemu.commands.lines.lines import asked_line, settings_of, terminals
from iosemu.commands.lines.numbers import named
from iosemu.commands.questions import confirmed
from iosemu.commands.registry import handlers
from iosemu.terminal.line_settings import WORDINGS

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

END, ABORT = "\x1a", "\x03"


@handlers.register("clear_line")
async def _clear_line(call: Invocation[Device]) -> None:
    """`clear line N`, `clear line vty N`, `clear line console 0`."""
    line = asked_line(call)
    assert line is not None
    if line.text == call.session.line:
        raise Refused("% Not allowed to clear current line")  # recalled
    if not await confirmed(call, "[confirm]"):
        return
    for vty in terminals(call.device, line):
        vty.clear()
    for session in call.device.sessions:
        if session.line == line.text:
            session.closed = True
    call.terminal.write(" [OK]\n")


@handlers.register("send")
async def _send(call: Invocation[Device]) -> None:
    """`send * | N | vty N`: a message for the terminals there."""
    everybody = "*" in call.tokens
    line = None if everybody else asked_line(call)
    text = await _message(call)
    if text is None or not await confirmed(call, "Send message? [confirm]"):
        return
    own = named(call.device, call.session.line)
    whom = "all terminals" if line is None else f"tty{line.absolute}"
    told = f"\n\n\n***\n***\n*** Message from tty{own.absolute} to {whom}:\n***\n{text}"  # recalled
    for vty in call.device.lines.open if line is None else terminals(call.device, line):
        vty.notify(told)


async def _message(call: Invocation[Device]) -> str | None:
    """The lines of a message up to Ctrl-Z; None where Ctrl-C ended it."""
    call.terminal.write("Enter message, end with CTRL/Z; abort with CTRL/C:\n")
    read = getattr(call.session.terminal, "read_text", None)
    lines: list[str] = []
    while True:
        line: str = await (read() if read is not None else call.terminal.read_line(""))
        if line.endswith(ABORT):
            return None
        lines.append(line.removesuffix(END))
        if line.endswith(END):
            return "\n".join(lines)


@handlers.register("login")
async def _login(call: Invocation[Device]) -> None:
    """Asks as the line did when the user came in; who is let in is that user from now on, others stay who they are."""
    from iosemu.terminal.login import log_in

    session = call.session
    line = settings_of(call.device, session)
    wording = line.wording if line.wording is not None else WORDINGS.get(line.login)
    if wording is None:
        return
    terminal: Any = session.terminal
    asking = replace(line, banner="", login_banner="", wording=replace(wording, greeting=""))
    if await log_in(terminal, asking):
        session.user, session.privilege = terminal.user, terminal.privilege


@handlers.register("lock")
async def _lock(call: Invocation[Device]) -> None:
    """Nobody types here until the password of the moment was given."""
    if not settings_of(call.device, call.session).lockable:
        raise Refused("% Locking not enabled on this terminal")  # inferred
    password = await call.terminal.read_line("Password: ", secret=True)
    if password != await call.terminal.read_line("Again: ", secret=True):
        raise Refused("% Passwords do not match")  # inferred
    call.terminal.write("\n\n                                Locked\n\n")
    while await call.terminal.read_line("Password: ", secret=True) != password:
        call.terminal.write("% Bad passwords\n")


@handlers.register("leave_exec")
async def _leave(call: Invocation[Device]) -> None:
    """`exit`, `logout`, `quit`: with connections open only when the user says so."""
    opened = call.device.connections.get(call.session)
    if opened is not None and opened.open:
        if not await confirmed(call, "You have open connections [confirm]"):
            return
        for connection in list(opened.open):
            call.terminal.write(f"Closing: {connection.host} !\n")  # recalled
            opened.remove(connection)
    call.session.closed = True
