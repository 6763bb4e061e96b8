"""Configuration text into the running configuration, as if typed after `configure terminal`.

Rule: each line goes through a session of its own, so it meets the same checks and gets the same refusals; a refused
line changes nothing and the rest is still read. An `end` ends the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli.match import Incomplete
from iosemu.cli.session import Session, run_now
from iosemu.cli.terminal import Transcript
from iosemu.commands.registry import handlers
from iosemu.garbage import nothing_collected

if TYPE_CHECKING:
    from iosemu.commands.context import Device

_PRIVILEGED = 15


def load(device: Device, text: str) -> list[tuple[int, str]]:
    """Apply `text`; gives the refused lines as (line number, what the router printed without the caret)."""
    return [(number, _without_caret(printed)) for number, _, printed in _refusals(device, text)]


def merge(device: Device, text: str) -> list[str]:
    """Apply `text` as `copy` does; for each refused line what is printed, the line itself first."""
    return [f"{line}\n{printed}" for _, line, printed in _refusals(device, text)]


def _refusals(device: Device, text: str) -> Iterator[tuple[int, str, str]]:
    """Apply `text`; for each refused line its number, itself, and what was printed, the caret below the line."""
    terminal = Transcript()
    session: Session[Device] = Session(
        device, device.catalogue, handlers, device.config, terminal, privilege=_PRIVILEGED
    )
    session.configure()
    begun = 0  # the line in which a text over several lines begins
    lines = text.splitlines()
    with nothing_collected():
        for number, line in enumerate(lines, 1):
            at_once = session.paste(line)
            if not at_once:
                run_now(session.execute(line))
            printed = terminal.take()
            if not at_once and session.collecting:
                begun = begun or number
                continue
            begun = 0
            if session.refused:
                yield number, line, printed.removeprefix(" " * len(session.prompt))
            if not at_once and session.block is None:
                break
    if begun:
        yield begun, lines[begun - 1], f"{Incomplete()}\n"


def _without_caret(printed: str) -> str:
    return " ".join(part.strip() for part in printed.splitlines() if part.strip(" ^"))
