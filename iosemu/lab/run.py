"""A running lab: everything that the lab file names, brought up in order, taken down in reverse.

Rule: nothing is announced before all of it runs; what fails on the way up leaves nothing running and no announcement
behind. The state directory holds NVRAM, flash, mailboxes, queue and paper trays, so a lab goes on where it stopped.
"""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from iosemu.chassis.hardware import BadModule
from iosemu.chassis.platform import BadPlatformFile, UnknownPlatform
from iosemu.chassis.releases import UnknownRelease
from iosemu.events import EventBus
from iosemu.lab import wiring
from iosemu.lab.capture import Capture
from iosemu.lab.control import ControlServer
from iosemu.lab.delayed import DelayedFax, DelayedFaxes
from iosemu.lab.errors import LabError, NoSuchMachine
from iosemu.lab.fax_machine import FaxMachine
from iosemu.lab.impairments import BadLine
from iosemu.lab.isdn_trunk import IsdnTrunk
from iosemu.lab.ladder import Ladders
from iosemu.lab.mail_server import MailServer
from iosemu.lab.network import VirtualNetwork
from iosemu.lab.operations import operations
from iosemu.lab.pstn import Exchange, Subscriber
from iosemu.lab.router_node import RunningRouter, TrunkLine
from iosemu.lab.state import RunningLab, StateFolder
from iosemu.lab.t38_line import T38Line
from iosemu.lab.topology import RouterNode, Topology, Trunk, digits
from iosemu.lab.traffic import Traffic
from iosemu.lab.tray import Tray
from iosemu.network import Endpoint
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
        self,
        topology: Topology,
        source: Path,
        state: StateFolder,
        *,
        pace: Pace = "line",
        capture: Path | None = None,
        further: Mapping[str, str] | None = None,
    ) -> None:
        """`source` is the lab file, whose directory configurations are relative to. `further` lines, by router, are
        typed after its configuration."""
        self.topology, self._source, self._state = topology, source, state
        self._further = further or {}
        self.clock = LoopClock(pace)
        self.bus = EventBus()
        self.network = VirtualNetwork(topology.records(), flat=not topology.link, now=self.clock.now, clock=self.clock)
        self.exchange = Exchange(
            self.clock, access_digit=topology.pstn.access_digit, no_answer_s=topology.pstn.no_answer_s
        )
        self.tray = Tray(state.path / "fax")
        self.delayed = DelayedFaxes(state.path / "fax" / "delayed", self.clock, self._send_delayed)
        self.routers: dict[str, RunningRouter] = {}
        self.mail: dict[str, MailServer] = {}
        self.machines: dict[str, FaxMachine] = {}
        self.trunks: dict[str, Endpoint] = {}
        """Where the SIP of each trunk is."""
        self.ladders = Ladders(_Places(self))
        self.ladders.watch_lab(self.bus)
        self.traffic = Traffic(self.clock, self.ladders)
        self.network.tap = self.traffic.tap
        self.refused: list[RefusedLine] = []
        self._capture_path = capture
        self._capturing: Path | None = None
        self._undo: list[Callable[[], Awaitable[None]]] = []
        self.web: str | None = None
        """The link to the lab page, where somebody serves one."""

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
                    "snmp": at(router.snmp) if router.snmp is not None else None,
                    "ntp": at(router.ntp),
                    "smtp": at(router.smtp),
                }
                for name, router in self.routers.items()
            },
            "mail": {
                name: {protocol: at(endpoint) for protocol, endpoint in server.endpoints.items()}
                for name, server in self.mail.items()
            },
            **({"trunks": {name: at(endpoint) for name, endpoint in self.trunks.items()}} if self.trunks else {}),
            "web": self.web,
        }

    def machine(self, number: str) -> FaxMachine:
        """The fax machine with a number, written with or without dashes and access digit; raises NoSuchMachine."""
        found = self.exchange.find(number)
        if found is not None and found[0] in self.machines:
            return self.machines[found[0]]
        known = ", ".join(machine.node.number for machine in self.machines.values())
        raise NoSuchMachine(f"no fax machine has the number {number!r}; the machines are {known or 'none'}")

    async def _start(self) -> None:
        self._open_capture()
        await self._start_nodes()
        lines = {digits(line.number): BadLine(self.clock, line, self.exchange) for line in self.topology.pstn.line}
        for fax in self.topology.fax:
            exchange = lines.get(digits(fax.number), self.exchange)
            machine = FaxMachine(fax, clock=self.clock, exchange=exchange, tray=self.tray, emit=self.bus.publish)
            self.machines[machine.number] = machine
            self._plug_in(machine.number, machine, lines)
        for number, bad_line in lines.items():
            if bad_line.node.t38 is not None:
                terminal = T38Line(self.clock, bad_line.node, bad_line)
                self._undo.append(terminal.stop)
                await terminal.start()
                self._plug_in(number, terminal, lines)
        if self.topology.pstn.trunk:
            await self._start_sip_trunks()
        for server in self.mail.values():
            self._undo.append(server.stop)
            server.relay()
        self._undo.append(self._clear_lines)
        self._undo.append(self.delayed.stop)
        self.delayed.start()
        await self._announce()

    async def _start_sip_trunks(self) -> None:
        try:
            from iosemu.lab.sip_trunk import SipTrunk  # most labs have none
        except ImportError:
            raise LabError("SIP trunks need sipmessage: pip install 'iosemu[sip]'") from None
        for node in self.topology.pstn.trunk:
            trunk = SipTrunk(self.clock, node, self.exchange)
            self._undo.append(trunk.stop)
            await trunk.start()
            self.trunks[node.name] = trunk.endpoint
            for number in node.numbers:
                self.exchange.attach(number, trunk)
            for prefix in node.prefixes:
                self.exchange.attach_prefix(prefix, trunk)

    async def _start_nodes(self) -> None:
        """The network and the routers: power, then cables, then configurations, then what they serve."""
        nodes = {host.name: host for host in wiring.hosts(self.topology)}
        for host in nodes.values():
            self.network.add(host)
        for mail in self.topology.mail:
            folder = self._state.path / "mail" / mail.name
            self.mail[mail.name] = MailServer(
                mail, folder, clock=self.clock, network=self.network, emit=self.bus.publish
            )
            nodes[mail.name] = self.mail[mail.name].host
        texts = {node.name: self._configuration_of(node) for node in self.topology.router}
        routers = {node.name: self._power_on(node, texts[node.name]) for node in self.topology.router}
        nodes |= {name: router.host for name, router in routers.items()}
        wiring.lay_links(self.topology, self.network, nodes, lambda name, port: routers[name].has_interface(port))
        if self.topology.dns.node:
            self._undo.append(await wiring.serve_names(self.topology, self.network, nodes))
        if any(host.ntp is not None for host in self.topology.host):
            self._undo.append(wiring.serve_times(self.topology, self.network, nodes, self.clock))
        for server in self.mail.values():  # before the routers, which may owe it notices
            self._undo.append(server.stop)
            await server.start()
        for name, router in routers.items():
            await self._start_router(router, texts[name])

    def _plug_in(self, number: str, subscriber: Subscriber, lines: Mapping[str, BadLine]) -> None:
        """Give a number to a subscriber, over the line that the lab file describes for it."""
        line = lines.get(number)
        if line is not None:
            line.subscriber = subscriber
        self.exchange.attach(number, line or subscriber)

    def _open_capture(self) -> None:
        if self._capture_path is None:
            return
        try:
            capture = self.traffic.capture = Capture(self._capture_path, f"T.38 and SMTP of {self.topology.name}")
        except OSError as error:
            raise LabError(f"cannot write {self._capture_path}: {(error.strerror or str(error)).lower()}") from None

        async def close() -> None:
            capture.close()

        self._capturing = self._capture_path
        self._undo.append(close)

    def _configuration_of(self, node: RouterNode) -> str:
        return _configuration(self._source.parent / node.config) if node.config else ""

    def _power_on(self, node: RouterNode, text: str) -> RunningRouter:
        folder = self._state.path / "routers" / node.name
        # What the lab plugs cables into must be there too.
        jacks = [
            f"controller {line.controller}" if line.controller else f"voice-port {line.port}"
            for line in self.topology.trunk
            if line.router == node.name
        ]
        jacks += [f"interface {port}" for name, port in wiring.plugs(self.topology) if name == node.name]
        try:
            router = RunningRouter(node, folder, text="\n".join([text, *jacks]), clock=self.clock, network=self.network)
        except (UnknownPlatform, BadPlatformFile, UnknownRelease, BadModule) as error:
            raise LabError(f"{self._source}: router {node.name}: {error}") from None
        except OSError as error:
            raise LabError(f"cannot use {folder}: {(error.strerror or str(error)).lower()}") from None
        self._undo.append(router.stop)
        return router

    async def _start_router(self, router: RunningRouter, text: str) -> None:
        node = router.node
        if node.config:
            path = self._source.parent / node.config
            # A router that has a startup configuration keeps it.
            self.refused += [RefusedLine(path, number, told) for number, told in router.configure(text)]
        if node.name in self._further:
            router.configure(self._further[node.name])
        router.record(self.traffic, self.clock)
        router.router.subscribe(partial(self.ladders.watch_router, node.name))
        router.router.subscribe(partial(self.traffic.watch_router, node.name))
        for trunk in (trunk for trunk in self.topology.trunk if trunk.router == node.name):
            line = self._cable(router, trunk)
            for number in trunk.numbers:
                self.exchange.attach(number, line)
        await router.start()
        self.routers[node.name] = router

    def _cable(self, router: RunningRouter, trunk: Trunk) -> Subscriber:
        """Plug a line of the exchange into a router; gives what rings there."""
        line = TrunkLine(router.router, trunk.jack)
        if not trunk.switch_type:
            router.cable(trunk.jack, self.exchange)
            return line
        isdn = IsdnTrunk(trunk.switch_type, partial(router.switch_type, trunk.jack), self.clock, self.exchange, line)
        router.cable(trunk.jack, isdn)
        return isdn

    async def _send_delayed(self, fax: DelayedFax, octets: bytes) -> str:
        data = base64.b64encode(octets).decode("ascii")
        wanted = {"from": fax.sender, "to": fax.to, "name": fax.name, "data": data}
        result = await operations(self)["fax.send"](wanted, lambda _: None)
        return str(result["cause"])

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
            source = str(self._source.resolve())
            self._state.announce(
                RunningLab(self.topology.name, str(self._state.path), str(path), os.getpid(), time.time(), source)
            )
        except OSError as error:
            raise LabError(f"cannot open the control socket {path}: {(error.strerror or str(error)).lower()}") from None


class _Places:
    """What the ladders ask of their lab."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def now(self) -> datetime:
        return self._lab.clock.wall()

    def machine(self, number: str) -> str | None:
        try:
            return self._lab.machine(number).node.number if number else None
        except NoSuchMachine:
            return None

    def host(self, address: str) -> str | None:
        owner = self._lab.network.owner(address)
        return owner.name if owner is not None else None


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
