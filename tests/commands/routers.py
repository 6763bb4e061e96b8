"""A router without sockets for the tests of its commands, and somebody at its console."""

from __future__ import annotations

from datetime import UTC, datetime

from iosemu.cli.session import Session, run_now
from iosemu.cli.terminal import Transcript
from iosemu.clock import ManualClock
from iosemu.commands.context import Device
from iosemu.commands.registry import handlers
from iosemu.commands.session_hooks import hooks
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router

START = datetime(2003, 11, 18, 16, 16, 41, 926000, UTC)


def device(name: str = "as5300", modules: dict[str, str] | None = None, unit: str = "") -> Device:
    """A router of that platform, with these cards in its slots; its interfaces are open, nothing else is configured.

    `unit` tells it from others of its platform.
    """
    router = Router(
        name,
        clock=ManualClock(START),
        network=NoNetwork(),
        store=FileStore(None),
        modules=modules or {},
        unit=unit,
    )
    router.load("".join(f"interface {interface.name}\n" for interface in router.device.chassis.interfaces))
    router.device.unmodified_generation = router.device.config.generation
    return router.device


class User:
    """Somebody who types at a router; `answers` are what is typed at questions."""

    def __init__(self, router: Device, *answers: str, line: str = "con 0", privilege: int = 15) -> None:
        self.terminal = Transcript(answers)
        self.session: Session[Device] = Session(
            router,
            router.catalogue,
            handlers,
            router.config,
            self.terminal,
            hooks=hooks(router),
            privilege=privilege,
            line=line,
        )
        router.sessions.append(self.session)

    def type(self, *lines: str) -> str:
        """Enter these lines; gives all that was printed."""
        for line in lines:
            run_now(self.session.execute(line))
        return self.terminal.take()

    def configure(self, *lines: str) -> str:
        """The same in configuration mode."""
        self.type("configure terminal")
        printed = self.type(*lines)
        self.session.end()
        return printed


CARET = "^\n% Invalid input detected at '^' marker.\n\n"
