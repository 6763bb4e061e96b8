"""Who the configuration knows, and by which password: its users, and those who may `enable`.

Rule: nothing is asked or printed here; the answers are levels, or None.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from iosemu.config.tree import Line, RunningConfig
    from iosemu.terminal.line_settings import LineSettings

HIGHEST = 15
_USER_LEVEL = 1


def user_values(config: RunningConfig, name: str) -> dict[str, object] | None:
    """What is configured of a user, None where there is no such user."""
    lines = [line.values for line in config.root.all("username") if line.values["name"] == name]
    return {key: value for values in lines for key, value in values.items()} if lines else None


def user_check(config: RunningConfig) -> Callable[[str, str], int | None]:
    """A check of user name and password against the users of `config`: the user's level, or None."""

    def check(user: str, typed: str) -> int | None:
        values = user_values(config, user)
        if values is None or not ("nopassword" in values or opens(values, typed)):
            return None
        return int(str(values.get("level", _USER_LEVEL)))

    return check


def settings_for(config: RunningConfig, line: LineSettings, name: str) -> LineSettings:
    """What a line is set to for this user, by his `autocommand`, `nohangup`, `noescape` and `access-class`."""
    values = user_values(config, name)
    if values is None:
        return line
    return replace(
        line,
        autocommand=str(values.get("command", line.autocommand)),
        stays="nohangup" in values,
        escape="" if "noescape" in values else line.escape,
        way_out=str(values.get("class", "")),
    )


def opens(values: dict[str, object], typed: str) -> bool:
    """Is `typed` what a line with these values keeps, as a secret or a password?"""
    from iosemu.commands.aaa import passwords

    kept = values.get("hash")
    if kept is not None:
        return passwords.matches(typed, str(kept))
    return ("text" in values or "hidden" in values) and typed == passwords.clear_text(values)


def enable_line(config: RunningConfig, kind: str, level: int) -> Line | None:
    """The line `enable secret` or `enable password` (that is `kind`) of a level."""
    if level == HIGHEST:
        return next(iter(config.root.all(f"enable {kind}")), None)
    lines = config.root.all(f"enable {kind} level")
    return next((line for line in lines if line.values["level"] == level), None)


def enable_values(config: RunningConfig, level: int) -> dict[str, object] | None:
    """What opens a level: a secret goes before a password; None where neither is configured."""
    for kind in ("secret", "password"):
        line = enable_line(config, kind, level)
        if line is not None:
            return line.values
    return None
