"""What the configuration of a line says about its terminal: `line con 0` and `line vty 0 4` as terminal settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from iosemu.terminal.line_settings import LineSettings, read_line_settings

if TYPE_CHECKING:
    from iosemu.commands.aaa.login import Servers
    from iosemu.config.tree import Block, RunningConfig

# What IOS replaces in a banner, `$(hostname)`.
_TOKEN = re.compile(r"\$\((hostname|domain|line)\)")


def line_block(config: RunningConfig, kind: str, number: int) -> Block | None:
    """The block of line `number` of this kind."""
    if kind in ("con", "aux"):
        return config.root.block(f"line {kind}")
    return config.root.block("line vty" if kind == "vty" else "line", first=number)


def line_settings(
    config: RunningConfig, kind: str, number: int = 0, *, aux_line: int = 1, servers: Servers | None = None
) -> LineSettings:
    """The settings of that line; those of a router with nothing configured where it has no block.

    `aux_line` is the number of the auxiliary line among all, which banners may show; without `servers` no AAA server
    answers.
    """
    from iosemu.commands.aaa import login as aaa_login
    from iosemu.commands.aaa import passwords
    from iosemu.commands.aaa.users import settings_for, user_check

    block = line_block(config, kind, number)
    settings = LineSettings()
    if block is not None:
        settings = read_line_settings(block, reveal=passwords.unveil, users=user_check(config))
        settings = replace(settings, admits=_admission(config, block))
    settings = aaa_login.login_of(config, kind, block, settings, servers or aaa_login.NO_SERVERS)
    line = number + {"aux": aux_line, "vty": aux_line + 1}.get(kind, 0)
    motd, login, executive = (_banner(config, which, line) for which in ("motd", "login", "exec"))
    return replace(
        settings,
        of_user=lambda line, user: settings_for(config, line, user),
        banner=motd if settings.shows_motd else "",
        login_banner=login,
        exec_banner=executive if settings.shows_exec_banner else "",
    )


def access_list(block: Block, direction: str) -> str:
    """The list that `access-class LIST in` (or `out`) names; "" where there is none."""
    lists = (line for line in block.all("access-class") if line.values["direction"] == direction)
    return next((str(line.values["list"]) for line in lists), "")


def _admission(config: RunningConfig, block: Block) -> Callable[[str], bool] | None:
    """Whom `access-class LIST in` lets on the line; None where there is no such line."""
    name = access_list(block, "in")
    if not name:
        return None

    def admits(address: str) -> bool:
        from iosemu.commands.ip.access_lists import permits  # most lines let everybody in

        try:
            return permits(config, name, address)
        except ValueError:  # no IPv4 address, so none that an entry could let in
            return False

    return admits


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
