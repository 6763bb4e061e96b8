"""One router: the only place where the parts are put together.

Rule: construction is power-on, needs no event loop, and loads the startup-config of NVRAM; `start_services` opens the
sockets. `reload` makes the parts anew from what NVRAM keeps; cables and listening sockets stay.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from iosemu.chassis import platform as platforms
from iosemu.chassis import releases
from iosemu.chassis.hardware import Chassis
from iosemu.cli.session import USER, Session
from iosemu.clock import Clock
from iosemu.commands import factory, logging_settings, router_time
from iosemu.commands.boot import Boot
from iosemu.commands.context import Device
from iosemu.commands.loading import load
from iosemu.commands.registry import handlers
from iosemu.commands.session_hooks import hooks
from iosemu.commands.stored_config import note_configured
from iosemu.config.store import FileStore
from iosemu.config.tree import RunningConfig
from iosemu.events import EventBus
from iosemu.management.logging import Logging
from iosemu.management.rsa_keys import RsaKeys
from iosemu.network import Network
from iosemu.terminal.open_lines import OpenLines

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from iosemu.cli.release import Release
    from iosemu.cli.terminal import Terminal
    from iosemu.mail.agent import MailAgent
    from iosemu.mail.envelope import Envelope, Outcome
    from iosemu.mail.settings import SendSettings
    from iosemu.terminal.line_pool import LinePool
    from iosemu.terminal.line_settings import LineSettings
    from iosemu.terminal.ssh import SshServer
    from iosemu.terminal.telnet import TelnetServer
    from iosemu.terminal.vty import Vty
    from iosemu.voice.circuit import End
    from iosemu.voice.ports import Exchange
    from iosemu.voice.service import VoiceService

Endpoint = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Services:
    """Where a router listens on the host; None for what was not asked for."""

    console: Endpoint | None
    telnet: Endpoint | None
    smtp: Endpoint | None
    ssh: Endpoint | None = None


class Router:
    """A chassis with its configuration, its voice side, its mail side and its terminals."""

    def __init__(
        self,
        platform: str,
        *,
        clock: Clock,
        network: Network,
        store: FileStore,
        modules: Mapping[str, str] | None = None,
        release: Release | None = None,
        keys: RsaKeys | None = None,
        outbox: Path | None = None,
    ) -> None:
        """Power on, with the platform's own release unless another is given; keys and notices are kept in memory
        unless a place is. Raises UnknownPlatform, BadPlatformFile, UnknownRelease, BadModule, and OSError.
        """
        self._platform = releases.running(platforms.load(platform), release)
        self._clock = clock
        self._network = network
        self._store = store
        self._modules = modules
        self._keys = keys if keys is not None else RsaKeys()
        self._exchanges: dict[str, Exchange] = {}
        self._subscribers: list[Callable[[EventBus], object]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._telnet: list[TelnetServer] = []
        self._ssh: list[SshServer] = []
        self._vtys: LinePool | None = None
        self._open_lines = OpenLines()
        self._listeners: list[asyncio.Server] = []
        # The console's cable stays where it is: the log outlives a reload, its buffer does not.
        self._log = Logging(clock, lambda kind: router_time.stamp(self.device)(kind))
        self.reloads = 0
        self.on_restart: Callable[[], object] | None = None
        """Called when the router starts again; whoever runs a session that is not on one of its servers sets it."""
        self._outbox = outbox
        self._mta: MailAgent | None = None
        self.device = self._power_on("power-on")

    # Power.

    def _power_on(self, reason: str) -> Device:
        chassis = Chassis(self._platform, self._modules)
        commands = releases.commands_of(self._platform)
        config = RunningConfig(commands)
        factory.install(config, chassis)
        bus = EventBus()

        def make_voice() -> VoiceService:
            from iosemu.voice.service import VoiceService

            return VoiceService(
                config=config,
                chassis=chassis,
                clock=self._clock,
                emit=bus.publish,
                mailer=self._send_mail,
                post=lambda recipient, message: self._mail.post(recipient, message),
                spawn=self._spawn,
                now=lambda: router_time.now(device),
            )

        device = Device(
            clock=self._clock,
            bus=bus,
            chassis=chassis,
            catalogue=commands,
            config=config,
            files=self._store,
            keys=self._keys,
            network=self._network,
            log=self._log,
            make_voice=make_voice,
            reload_reason=reason,
            lines=self._open_lines,
            ssh_sessions=lambda: [session for server in self._ssh for session in server.sessions()],
            on_reload=self._reload_soon,
        )
        logging_settings.attach(device)
        self.boot = Boot(device)
        for controller, exchange in self._exchanges.items():
            device.voice.plug(controller, exchange)
        for subscribe in self._subscribers:
            subscribe(bus)
        return device

    def _reload_soon(self) -> None:
        """After `reload`, once the command that asked for it has ended."""
        import asyncio

        with suppress(RuntimeError):  # offline there is no loop and nothing that could come back
            asyncio.get_running_loop().call_soon(self.reload)

    def reload(self) -> None:
        """Start again from NVRAM: every session ends, every call is cut; consoles are shown how it starts."""
        self.boot.cut()
        for session in self.device.sessions:
            session.closed = True
        self.voice.shut_down()
        for server in self._terminals():
            server.restart()
        if self.on_restart is not None:
            self.on_restart()
        self._log.restart()
        self.device = self._power_on("reload")
        self.reloads += 1
        self._watch()
        consoles = [vty for vty in self._open_lines.open if vty.name == "con 0"]
        for console in consoles:
            self.boot.show(console)
        if consoles or self.on_restart is not None:
            self.boot.begin()
        else:  # nobody looks on: it is up before anybody comes
            self.boot.announce()

    # Configuration and sessions.

    def load(self, text: str) -> list[tuple[int, str]]:
        """Apply a configuration as if pasted after `configure terminal`; gives (line number, refusal) pairs.

        A router that was given one asks for none on its console.
        """
        self.boot.configured = True
        return load(self.device, text)

    def open_session(self, terminal: Terminal, privilege: int | None = None) -> Session[Device]:
        """An EXEC session on `terminal`; its privilege is what the login on that terminal gave, unless told."""
        device = self.device
        level = privilege if privilege is not None else int(getattr(terminal, "privilege", USER))
        session: Session[Device] = Session(
            device,
            device.catalogue,
            handlers,
            device.config,
            terminal,
            hooks=hooks(device, note_configured),
            privilege=level,
            line=str(getattr(terminal, "name", "con 0")),
        )
        session.user = str(getattr(terminal, "user", ""))
        device.sessions = [*(other for other in device.sessions if not other.closed), session]
        return session

    def attach_log(self, write: Callable[[str], None]) -> Callable[[], None]:
        """Give the log of the console to `write`, a message at a time; returns what ends that."""
        return self.device.log.attach_console(write)

    # Cables.

    @property
    def voice(self) -> VoiceService:
        return self.device.voice

    def plug(self, controller: str, exchange: Exchange) -> None:
        """Cable controller "T1 0" to an exchange; KeyError where the chassis has none of that name."""
        self.voice.plug(controller, exchange)
        self._exchanges[controller] = exchange

    def offer(self, controller: str, end: End) -> None:
        """A call from the exchange on that controller."""
        self.voice.offer(controller, end)

    def subscribe(self, attach: Callable[[EventBus], object]) -> None:
        """Have `attach` called with the router's bus, now and after each reload."""
        self._subscribers.append(attach)
        attach(self.device.bus)

    def addresses(self) -> list[str]:
        """The addresses of the interfaces that are up."""
        return [
            str(address.values["address"])
            for interface in self.device.config.root.children("interface")
            if not interface.flag("shutdown")
            and (address := interface.get("ip address")) is not None
            and "address" in address.values
        ]

    # Mail.

    @property
    def _mail(self) -> MailAgent:
        from iosemu.mail.agent import MailAgent  # a router without a call never needs it

        if self._mta is None:
            self._mta = MailAgent(
                lambda: self.voice.settings,
                network=self._network,
                clock=self._clock,
                emit=lambda event: self.device.bus.publish(event),
                source=lambda: next(iter(self.addresses()), "0.0.0.0"),
                deliver=lambda mail: self.voice.deliver(mail),
                now=lambda: router_time.now(self.device),
                spawn=self._spawn,
                outbox=self._outbox,
            )
        return self._mta

    async def _send_mail(self, settings: SendSettings, envelope: Envelope, message: bytes) -> Outcome:
        return await self._mail.send(settings, envelope, message)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        import asyncio

        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Services.

    async def start_services(
        self,
        *,
        console: Endpoint | None = None,
        telnet: Endpoint | None = None,
        smtp: Endpoint | None = None,
        ssh: Endpoint | None = None,
    ) -> Services:
        """Listen where asked (port 0: any free one); gives the endpoints. OSError where one cannot be had.

        SSH needs asyncssh (`terminal.ssh.available()`).
        """
        self._watch()
        self._mail.resume()
        if self.boot.over:
            self.boot.pass_unseen()
        return Services(
            console=await self._listen_terminal(console, "con") if console is not None else None,
            telnet=await self._listen_terminal(telnet, "vty") if telnet is not None else None,
            smtp=await self._listen_smtp(*smtp) if smtp is not None else None,
            ssh=await self._listen_ssh(*ssh) if ssh is not None else None,
        )

    def _watch(self) -> None:
        """Have `debug` told what happens."""
        from iosemu.commands import debug_fax, debug_mta

        debug_fax.attach(self.device)
        debug_mta.attach(self.device)

    async def _listen_terminal(self, endpoint: Endpoint, kind: Literal["con", "vty"]) -> Endpoint:
        from iosemu.terminal.telnet import TelnetServer

        server = TelnetServer(
            self.open_session,
            lambda number: self._line(kind, number),
            attach_log=self._attach_console if kind == "con" else self._attach_vty,
            console=kind == "con",
            hostname=lambda: self.device.hostname,
            source_of=self._network.source_of,
            pool=self._line_pool(),
            attend=lambda vty: self.boot.attend(vty),
        )
        self._telnet.append(server)
        return await server.start(*endpoint)

    async def _listen_ssh(self, host: str, port: int) -> Endpoint:
        from iosemu.commands.crypto import login_limits
        from iosemu.commands.scp_files import RouterScpFiles
        from iosemu.terminal.ssh import SshServer

        server = SshServer(
            self.open_session,
            lambda number: self._line("vty", number),
            lambda: self._keys.private,
            pool=self._line_pool(),
            attach_log=self._attach_vty,
            source_of=self._network.source_of,
            limits=lambda: login_limits(self.device),
            files=lambda privilege: RouterScpFiles(self.device, privilege),
        )
        self._ssh.append(server)
        return await server.start(host, port)

    def _terminals(self) -> list[TelnetServer | SshServer]:
        return [*self._telnet, *self._ssh]

    def _line(self, kind: Literal["con", "vty"], number: int) -> LineSettings | None:
        """What the configuration says of a line; None where there is none of that number, or none yet."""
        from iosemu.commands.line_config import line_block, line_settings

        config = self.device.config
        present = line_block(config, kind, number) is not None and (kind == "con" or self.boot.over)
        aux_line = self.device.chassis.platform.aux_line
        return line_settings(config, kind, number, aux_line=aux_line) if present else None

    def _line_pool(self) -> LinePool:
        """The numbering that telnet and SSH share."""
        from iosemu.terminal.line_pool import LinePool

        if self._vtys is None:
            self._vtys = LinePool()
        return self._vtys

    def _attach_console(self, vty: Vty) -> Callable[[], None]:
        return self._attached(vty, self.device.log.attach_console(vty.notify))

    def _attach_vty(self, vty: Vty) -> Callable[[], None]:
        return self._attached(vty, self.device.log.attach_monitor(vty.notify, lambda: vty.monitor))

    def _attached(self, vty: Vty, detach: Callable[[], None]) -> Callable[[], None]:
        self._open_lines.add(vty)

        def ended() -> None:
            detach()
            self._open_lines.remove(vty)
            for session in self.device.sessions:
                session.closed = session.closed or session.terminal is vty
            self.device.sessions = [session for session in self.device.sessions if not session.closed]

        return ended

    async def _listen_smtp(self, host: str, port: int) -> Endpoint:
        server = await self._mail.listen(host, port)
        self._listeners.append(server)
        address, bound, *_ = server.sockets[0].getsockname()
        return address, bound

    async def stop(self) -> None:
        """Power off: stop listening, end sessions and mail dialogues, cut calls, wait for what is under way."""
        import asyncio

        self.boot.cut()
        for listener in self._listeners:
            listener.close()
        for server in self._terminals():
            await server.close()
        self.voice.shut_down()
        if self._mta is not None:
            await self._mta.hang_up()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._mta is not None:
            self._mta.stop()
