"""`iosemu config`, `iosemu exec`, `iosemu platforms`: a router without network, terminal or event loop.

Rule: these start quickly, so nothing here imports what only a running router needs, and end soon, so nothing that they
make is looked at as garbage.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from iosemu.app.errors import ToolError
from iosemu.app.files import read_text
from iosemu.chassis.hardware import BadModule
from iosemu.chassis.inference import modules_for
from iosemu.chassis.platform import BadPlatformFile, UnknownPlatform, load, names
from iosemu.chassis.releases import UnknownRelease, release_for
from iosemu.cli.session import PRIVILEGED, run_now
from iosemu.cli.terminal import Transcript
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.garbage import nothing_collected
from iosemu.network import NoNetwork
from iosemu.router import Router

REFUSED = 1


@nothing_collected()
def config(options: argparse.Namespace) -> int:
    """Load a configuration, print what comes of it; 1 where a line was refused."""
    text = read_text(Path(options.config))
    router = _router(options, text)
    refused = _load(router, options.config, text)
    print(_commands(router, ["show running-config"]), end="")
    return REFUSED if refused else 0


@nothing_collected()
def execute(options: argparse.Namespace) -> int:
    """Run EXEC commands in order."""
    text = read_text(Path(options.config)) if options.config is not None else None
    router = _router(options, text)
    if text is not None:
        _load(router, options.config, text)
    print(_commands(router, options.commands), end="")
    return 0


def platforms(options: argparse.Namespace) -> int:
    """Print the chassis table."""
    from rich.table import Table

    from iosemu.app.screen import screen

    table = Table("Platform", "Product", "Image", "Release", "Memory", "Flash", "Limit of calls", "Source")
    for name in names():
        try:
            chassis = load(name)
        except BadPlatformFile as error:
            raise ToolError(str(error)) from None
        memory, flash = f"{chassis.memory_mb} MB", f"{chassis.flash_kb // 1024} MB"
        limit = chassis.limit
        table.add_row(name, chassis.product, chassis.image, chassis.version, memory, flash, limit.text, limit.source)
    screen().print(table)
    return 0


def _router(options: argparse.Namespace, text: str | None) -> Router:
    try:
        modules = modules_for(options.platform, dict(options.modules), text)
        return Router(
            options.platform,
            clock=ManualClock(),
            network=NoNetwork(),
            store=FileStore(None),
            modules=modules,
            release=release_for(options.platform, options.release, text),
            features=options.features,
            memory_mb=options.memory,
            unit=options.unit,
        )
    except (UnknownPlatform, BadPlatformFile, UnknownRelease, BadModule) as error:
        raise ToolError(str(error)) from None


def _load(router: Router, name: str, text: str) -> int:
    """Load a configuration; refused lines go to stderr. Gives their number."""
    refused = router.load(text)
    for number, told in refused:
        print(f"{name}:{number}: {told}", file=sys.stderr)
    return len(refused)


def _commands(router: Router, commands: list[str]) -> str:
    terminal = Transcript()
    session = router.open_session(terminal, privilege=PRIVILEGED)
    for command in commands:
        run_now(session.execute(command))
    return terminal.text
