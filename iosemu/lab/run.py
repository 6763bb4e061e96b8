"""A running lab: everything that the lab file names, brought up in order, taken down in reverse.

Rule: nothing is announced before all of it runs; what fails on the way up leaves nothing running and no announcement
behind. The state directory holds NVRAM, flash, mailboxes, queue and paper trays, so a lab goes on where it stopped.
"""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from iosemu.chassis.hardware import BadModule
from iosemu.chassis.platform import BadPlatformFile, UnknownPlatform
from iosemu.chassis.releases import UnknownRelease
from iosemu.events import EventBus
from iosemu.lab.capture import Capture
from iosemu.lab.control import ControlServer
from iosemu.lab.errors import LabError, NoSuchMachine
from iosemu.lab.fax_machine import FaxMachine
from iosemu.lab.mail_server import MailServer
from iosemu.lab.network import VirtualNetwork
from iosemu.lab.operations import operations
from iosemu.lab.pstn import Exchange
from iosemu.lab.router_node import RunningRouter
from iosemu.lab.state import RunningLab, StateFolder
from iosemu.lab.topology import RouterNode, Topology, digits
from iosemu.lab.tray import Tray
from iosemu.pace import LoopClock, Pace


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line of a router's configuration file that the router did not take."""

    file: Path
    line: int
    text: str


class Lab:
    """A lab on the running event loop. `await start()`; `await stop()` ends what runs, however far it came."""

    def __init__(
        self, topology: Topology, source: Path, state: StateFolder, *, pace: Pace = "line", capture: Path | None = None
    ) -> None:
        """`source` is the lab file, whose directory configurations are relative to."""
        self.topology, self._source, self._state = topology, source, state
        self.clock = LoopClock(pace)
        self.bus = EventBus()
        self.network = VirtualNetwork(topology.records())
        self.exchange = Exchange(
            self.clock, access_digit=topology.pstn.access_digit, no_answer_s=topology.pstn.no_answer_s
        )
        self.tray = Tray(state.path / "fax")
        self.routers: dict[str, RunningRouter] = {}
        self.mail: dict[str, MailServer] = {}
        self.machines: dict[str, FaxMachine] = {}
        self.refused: list[RefusedLine] = []
        self._capture_path = capture
        self._capturing: Path | None = None
        self._undo: list[Callable[[], Awaitable[None]]] = []

    async def start(self) -> None:
        """Bring everything up; raises LabError, with everything down again."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            if self._capturing:
                self._capturing.unlink(missing_ok=True)
            raise

    async def stop(self) -> None:
        """Take down what is up, last things first."""
        while self._undo:
            await self._undo.pop()()

    def endpoints(self) -> dict[str, object]:
        """Where everything listens, as `iosemu lab --json` prints it."""
        return {
            "routers": {
                name: {
                    "console": at(router.console),
                    "telnet": at(router.telnet),
                    "ssh": at(router.ssh) if router.ssh is not None else None,
                    "smtp": at(router.smtp),
                }
                for name, router in self.routers.items()
            },
            "mail": {name: {"smtp": at(server.endpoint)} for name, server in self.mail.items()},
            "web": None,
        }

    def machine(self, number: str) -> FaxMachine:
        """The fax machine with a number, written with or without dashes and access digit; raises NoSuchMachine."""
        found = self.exchange.find(number)
        if found is not None and isinstance(found[1], FaxMachine):
            return found[1]
        known = ", ".join(machine.node.number for machine in self.machines.values())
        raise NoSuchMachine(f"no fax machine has the number {number!r}; the machines are {known or 'none'}")

    async def _start(self) -> None:
        capture = self._open_capture()
        for node in self.topology.router:
            await self._start_router(node, capture)
        for fax in self.topology.fax:
            machine = FaxMachine(fax, clock=self.clock, exchange=self.exchange, tray=self.tray, emit=self.bus.publish)
            self.machines[machine.number] = machine
            self.exchange.attach(digits(fax.number), machine)
        for mail in self.topology.mail:
            folder = self._state.path / "mail" / mail.name
            server = MailServer(mail, folder, clock=self.clock, network=self.network, emit=self.bus.publish)
            self._undo.append(server.stop)
            await server.start()
            self.mail[mail.name] = server
        self._undo.append(self._clear_lines)
        await self._announce()

    def _open_capture(self) -> Capture | None:
        if self._capture_path is None:
            return None
        try:
            capture = Capture(self._capture_path, f"T.38 inside the routers of {self.topology.name}")
        except OSError as error:
            raise LabError(f"cannot write {self._capture_path}: {(error.strerror or str(error)).lower()}") from None

        async def close() -> None:
            capture.close()

        self._capturing = self._capture_path
        self._undo.append(close)
        return capture

    async def _start_router(self, node: RouterNode, capture: Capture | None) -> None:
        folder = self._state.path / "routers" / node.name
        path = self._source.parent / node.config if node.config else None
        text = _configuration(path) if path is not None else ""
        lines = [trunk for trunk in self.topology.trunk if trunk.router == node.name]
        # What the lab plugs cables into must be there too.
        jacks = [f"controller {line.controller}" if line.controller else f"voice-port {line.port}" for line in lines]
        try:
            router = RunningRouter(node, folder, text="\n".join([text, *jacks]), clock=self.clock, network=self.network)
        except (UnknownPlatform, BadPlatformFile, UnknownRelease, BadModule) as error:
            raise LabError(f"{self._source}: router {node.name}: {error}") from None
        except OSError as error:
            raise LabError(f"cannot use {folder}: {(error.strerror or str(error)).lower()}") from None
        self._undo.append(router.stop)
        if path is not None:
            # A router that has a startup configuration keeps it.
            self.refused += [RefusedLine(path, number, told) for number, told in router.configure(text)]
        if capture is not None:
            router.record(capture, self.clock)
        for trunk in lines:
            line = router.cable(trunk.jack, self.exchange)
            for number in trunk.numbers:
                self.exchange.attach(number, line)
        await router.start()
        self.routers[node.name] = router

    async def _clear_lines(self) -> None:
        for machine in self.machines.values():
            machine.hang_up()
        self.exchange.release_all()

    async def _announce(self) -> None:
        """Open the control socket, then let the user's other commands find it."""
        control = ControlServer(operations(self))
        path = self._state.control_path()

        async def close() -> None:
            await control.stop()
            path.unlink(missing_ok=True)

        self._undo.append(close)
        try:
            await control.start(path)
            self._state.announce(
                RunningLab(self.topology.name, str(self._state.path), str(path), os.getpid(), time.time())
            )
        except OSError as error:
            raise LabError(f"cannot open the control socket {path}: {(error.strerror or str(error)).lower()}") from None


def at(endpoint: tuple[str, int]) -> str:
    """An endpoint as it is printed: `HOST:PORT`."""
    host, port = endpoint
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _configuration(path: Path) -> str:
    """The text of a router's configuration file; raises LabError where it cannot be read."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise LabError(f"{path}: not a text file") from None
    except OSError as error:
        raise LabError(f"{path}: {(error.strerror or str(error)).lower()}") from None
