"""`iosemu router`: one router, its console on this terminal, its services on loopback ports."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from iosemu.app.errors import ToolError
from iosemu.app.files import read_text
from iosemu.chassis.hardware import BadModule
from iosemu.chassis.inference import modules_for
from iosemu.chassis.platform import BadPlatformFile, UnknownPlatform
from iosemu.chassis.releases import UnknownRelease, release_for
from iosemu.config.store import FileStore
from iosemu.management import snmp
from iosemu.management.rsa_keys import RsaKeys
from iosemu.network import NoNetwork
from iosemu.pace import LoopClock
from iosemu.router import Router
from iosemu.terminal import ssh


def run(options: argparse.Namespace) -> int:
    """Start the router; ends when its console is left, or with Ctrl-C or SIGTERM where it is headless."""
    if options.ssh is not None and not ssh.available():
        raise ToolError("--ssh needs asyncssh: pip install 'iosemu[ssh]'")
    if options.snmp is not None and not snmp.available():
        raise ToolError("--snmp needs pysnmp: pip install 'iosemu[snmp]'")
    text = read_text(Path(options.config)) if options.config is not None else None
    logging.getLogger().addHandler(logging.NullHandler())
    asyncio.run(_run(options, text))
    return 0


async def _run(options: argparse.Namespace, text: str | None) -> None:
    stop = asyncio.Event()
    for signalled in (signal.SIGINT, signal.SIGTERM) if options.headless else (signal.SIGTERM,):
        asyncio.get_running_loop().add_signal_handler(signalled, stop.set)
    router = _router(options, text)
    if text is not None:
        for number, told in router.load(text):
            print(f"{options.config}:{number}: {told}", file=sys.stderr)
    if not options.headless and sys.stdin.isatty() and sys.stdout.isatty():
        router.boot.begin()
    try:
        await _serve(router, options)
        waiting = asyncio.ensure_future(stop.wait())
        tasks = {waiting} if options.headless else {waiting, asyncio.ensure_future(_console(router))}
        done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for task in done:
            task.result()
    finally:
        await router.stop()


def _router(options: argparse.Namespace, text: str | None) -> Router:
    try:
        store = FileStore(options.state)
        told = text or store.startup_config
        return Router(
            options.platform,
            clock=LoopClock(),
            network=NoNetwork(),
            store=store,
            modules=modules_for(options.platform, dict(options.modules), told),
            release=release_for(options.platform, options.release, told),
            features=options.features,
            memory_mb=options.memory,
            unit=options.unit,
            keys=RsaKeys(options.state),
            outbox=options.state / "outbox.sqlite3" if options.state is not None else None,
        )
    except (UnknownPlatform, BadPlatformFile, UnknownRelease, BadModule) as error:
        raise ToolError(str(error)) from None
    except OSError as error:
        raise ToolError(f"cannot use {options.state}: {(error.strerror or str(error)).lower()}") from None


async def _serve(router: Router, options: argparse.Namespace) -> None:
    """Open the services that were asked for, and say where they are."""
    try:
        services = await router.start_services(
            console=None, telnet=options.telnet, smtp=options.smtp, ssh=options.ssh, snmp=options.snmp
        )
    except OSError as error:
        raise ToolError(f"cannot listen: {(error.strerror or str(error)).lower()}") from None
    listening = {"telnet": services.telnet, "ssh": services.ssh, "smtp": services.smtp, "snmp": services.snmp}
    for name, endpoint in listening.items():
        if endpoint is not None:
            print(f"{name} {endpoint[0]}:{endpoint[1]}", flush=True)


async def _console(router: Router) -> None:
    from iosemu.commands.lines.lines import configured
    from iosemu.commands.lines.numbers import named
    from iosemu.terminal.console import run_local_console

    reloads = -1
    while reloads != router.reloads:  # a reload ends the session, not the router
        reloads = router.reloads
        console = asyncio.ensure_future(
            run_local_console(
                router.open_session,
                router.attach_log,
                lambda: configured(router.device, named(router.device, "con 0")),
                lambda: router.device.hostname,
                router.boot.attend,
                router.boot.broken_off,
            )
        )
        router.on_restart = console.cancel
        try:
            await asyncio.wait({console})
        finally:
            console.cancel()
        if not console.cancelled():
            console.result()
        await asyncio.sleep(0)
