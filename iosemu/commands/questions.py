"""The questions that commands ask: `[confirm]`, `[yes/no]`, a file name with its default."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


async def confirmed(call: Invocation[Device], question: str) -> bool:
    """Ask `question` (it ends in `[confirm]`): Return or y goes on, any other key does not."""
    call.terminal.write(question)
    key = await call.terminal.read_key()
    agreed = key in ("\r", "\n", "y", "Y", "")
    call.terminal.write(f"{key}\n" if key.isprintable() else "\n")
    return agreed


async def said_yes(call: Invocation[Device], question: str) -> bool:
    """Ask a `[yes/no]` question until it is answered."""
    while True:
        answer = (await call.terminal.read_line(f"{question} [yes/no]: ")).strip().lower()
        if answer and "yes".startswith(answer):
            return True
        if answer and "no".startswith(answer):
            return False
        call.terminal.write("% Please answer 'yes' or 'no'.\n")


async def file_name(call: Invocation[Device], question: str, default: str) -> str:
    """Ask for a file name; Return takes the default."""
    return (await call.terminal.read_line(f"{question} [{default}]? ")).strip() or default
