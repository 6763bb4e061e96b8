"""What the configuration of a line says about its terminal: `line con 0` and `line vty 0 4` as terminal settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from iosemu.terminal.line_settings import LineSettings, read_line_settings

if TYPE_CHECKING:
    from iosemu.config.tree import Block, RunningConfig

# What IOS replaces in a banner, `$(hostname)`, and the number of the first line of each kind among all lines.
_TOKEN = re.compile(r"\$\((hostname|domain|line)\)")
_ABSOLUTE = {"con": 0, "aux": 1, "vty": 2}


def line_block(config: RunningConfig, kind: str, number: int) -> Block | None:
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
    settings = LineSettings()
    if block is not None:
        settings = read_line_settings(block, reveal=passwords.unveil, users=_user_check(config))
    line = _ABSOLUTE[kind] + number
    motd, login, executive = (_banner(config, which, line) for which in ("motd", "login", "exec"))
    if kind == "vty" and _aaa_asks_users(config):
        settings = replace(settings, users=_user_check(config))
    return replace(settings, banner=motd, login_banner=login, exec_banner=executive)


def _aaa_asks_users(config: RunningConfig) -> bool:
    """Does AAA have logins checked against the router's own users? It does as soon as it is on, unless told."""
    if not config.root.flag("aaa new-model"):
        return False
    lists = config.root.all("aaa authentication login")
    methods = {str(line.values["list"]): str(line.values["methods"]).split() for line in lists}
    return bool({"local", "local-case"} & set(methods.get("default", ["local"])))


def _banner(config: RunningConfig, which: str, line: int) -> str:
    """The text of `banner WHICH` with its tokens replaced, as line number `line` shows it; "" where there is none."""
    root = config.root
    tokens = {
        "hostname": str(root.value("hostname", "name", "Router")),
        "domain": str(root.value("ip domain name", "name", "")),
        "line": str(line),
    }
    text = str(root.value(f"banner {which}", "text", ""))
    return _TOKEN.sub(lambda found: tokens[found[1]], text)


def _user_check(config: RunningConfig) -> Callable[[str, str], int | None]:
    from iosemu.commands import passwords

    users = {str(line.values["name"]): line.values for line in config.root.all("username")}

    def check(user: str, typed: str) -> int | None:
        values = users.get(user)
        if values is None or ("nopassword" not in values and typed != passwords.clear_text(values)):
            return None
        return int(str(values.get("level", 1)))

    return check
