"""Every show command that can be said without a value answers, on a blank router and on one that is configured."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from iosemu.chassis import platform as platforms
from iosemu.cli import notation
from iosemu.cli.declaration import EXEC
from iosemu.cli.notation import Argument, Choice, Item, Keyword
from tests.commands.routers import User, device
from tests.commands.show_scenarios import ADMISSION, NETWORK

ASKS = {"show tech-support"}
"""Tried elsewhere: it is all of them together."""


def lines(items: tuple[Item, ...]) -> Iterator[str]:
    """The lines that say a command with keywords only, its options left out or taken."""
    ways: list[list[str]] = []
    for item in items:
        if isinstance(item, Argument):
            return
        if isinstance(item, Keyword):
            ways.append([item.word])
        elif isinstance(item, Choice):
            found = [line for alternative in item.alternatives for line in lines(alternative)]
            ways.append([*found, *([""] if item.optional else [])])
    for words in product(*ways):
        yield " ".join(word for word in words if word)


@pytest.mark.parametrize("name", ["as5300", "as5350", "2600", "3660", "1750", "as5800"])
@pytest.mark.parametrize("text", ["", NETWORK + ADMISSION], ids=["blank", "configured"])
def test_every_show_command_answers(name: str, text: str) -> None:
    assert name in platforms.names()
    user = User(device(name))
    user.configure(*text.splitlines())
    mode = user.session.device.catalogue.mode(EXEC)
    tried = 0
    for command in mode.commands:
        if not command.notation.startswith("show ") or not command.run or command.id in ASKS:
            continue
        for line in lines(notation.parse(command.notation)) if "@" not in command.notation else ():
            printed = user.type(line)
            assert "% Invalid input" not in printed, line
            assert "% Ambiguous" not in printed, line
            assert "not supported by the emulator" not in printed, line
            tried += 1
    assert tried > 300
