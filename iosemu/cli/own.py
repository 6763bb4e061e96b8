"""What the session's own commands do: the way into configuration and out, `disable`, `help`, `logout`.

Rule: they are declared in `iosemu.cli.builtin`; these names come before a device's own handlers. A handler is given
the invocation, and acts on its session.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from iosemu.cli import builtin
from iosemu.cli.handlers import Refused

USER = 1
_SOURCES = ("terminal", "memory", "network")


def _configure_terminal(invocation: Any) -> None:
    if invocation.session.block is not None:  # `do configure terminal` changes nothing
        return
    invocation.write("Enter configuration commands, one per line.  End with CNTL/Z.\n")
    invocation.session.configure()


async def _configure(invocation: Any) -> None:
    """`configure` alone asks where from."""
    question = "Configuring from terminal, memory, or network [terminal]? "
    answer = (await invocation.terminal.read_line(question)).strip().lower() or "terminal"
    source = next((source for source in _SOURCES if source.startswith(answer)), None)
    if source is None:
        raise Refused('?Must be "terminal", "memory" or "network"')  # recalled
    if source == "terminal":
        _configure_terminal(invocation)
    else:
        await invocation.session.execute(f"configure {source}")


def _disable(invocation: Any) -> None:
    level = invocation.values.get("level", USER)
    if level > invocation.session.privilege:
        raise Refused("% New privilege level must be less than current privilege level")
    invocation.session.privilege = level


def _logout(invocation: Any) -> None:
    invocation.session.closed = True


OWN: dict[str, Callable[[Any], object]] = {
    "configure": _configure,
    "configure_terminal": _configure_terminal,
    "disable": _disable,
    "end": lambda invocation: invocation.session.end(),
    "exit": lambda invocation: invocation.session.leave(),
    "help": lambda invocation: invocation.write(builtin.HELP_TEXT),
    "logout": _logout,
}
"""By the name that `iosemu.cli.builtin` gives in `.run`."""
