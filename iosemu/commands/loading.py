"""Configuration text into the running configuration, as if typed after `configure terminal`.

Rule: each line goes through a session of its own, so it meets the same checks and gets the same refusals; a refused
line changes nothing and the rest is still read. An `end` ends the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.match import Incomplete
from iosemu.cli.session import Session, run_now
from iosemu.cli.terminal import Transcript
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.commands.context import Device

_PRIVILEGED = 15


def load(device: Device, text: str) -> list[tuple[int, str]]:
    """Apply `text`; gives the refused lines as (line number, what the router printed without the caret)."""
    terminal = Transcript()
    session: Session[Device] = Session(
        device, device.catalogue, handlers, device.config, terminal, privilege=_PRIVILEGED
    )
    session.configure()
    refused: list[tuple[int, str]] = []
    begun = 0  # the line in which a text over several lines begins
    for number, line in enumerate(text.splitlines(), 1):
        run_now(session.execute(line))
        printed = terminal.take()
        if session.collecting:
            begun = begun or number
            continue
        begun = 0
        if session.refused:
            refused.append((number, " ".join(part.strip() for part in printed.splitlines() if part.strip(" ^"))))
        if session.block is None:
            break
    if begun:
        refused.append((begun, str(Incomplete())))
    return refused
