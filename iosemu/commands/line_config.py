"""What the configuration of a line says about its terminal: `line con 0` and `line vty 0 4` as terminal settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from iosemu.terminal.line_settings import LineSettings, read_line_settings

if TYPE_CHECKING:
    from iosemu.config.tree import Block, RunningConfig


def line_block(config: RunningConfig, kind: Literal["con", "aux", "vty"], number: int) -> Block | None:
    """The block that line `number` of this kind belongs to."""
    for block in config.root.children(f"line {kind}"):
        values = block.header.values if block.header is not None else {}
        first = int(str(values.get("first", values.get("number", 0))))
        if first <= number <= int(str(values.get("last", first))):
            return block
    return None


def line_settings(config: RunningConfig, kind: Literal["con", "aux", "vty"], number: int = 0) -> LineSettings:
    """The settings of that line; those of a router with nothing configured where it has no block."""
    from iosemu.commands import passwords

    block = line_block(config, kind, number)
    if block is None:
        return LineSettings()
    return read_line_settings(block, reveal=passwords.unveil, users=_user_check(config))


def _user_check(config: RunningConfig) -> Callable[[str, str], int | None]:
    from iosemu.commands import passwords

    users = {str(line.values["name"]): line.values for line in config.root.all("username")}

    def check(user: str, typed: str) -> int | None:
        values = users.get(user)
        if values is None or ("nopassword" not in values and typed != passwords.clear_text(values)):
            return None
        return int(str(values.get("level", 1)))

    return check
