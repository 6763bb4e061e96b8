"""One router: the only place where the parts are put together.

Rule: construction is power-on, needs no event loop, and loads the startup-config of NVRAM; `start_services` opens the
sockets. `reload` makes the parts anew from what NVRAM keeps; cables and listening sockets stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from iosemu.chassis import platform as platforms
from iosemu.chassis import releases
from iosemu.chassis.hardware import Chassis
from iosemu.cli.session import USER, Session
from iosemu.clock import Clock
from iosemu.commands import factory
from iosemu.commands.boot.boot import Boot
from iosemu.commands.boot.images import Start
from iosemu.commands.config.stored_config import note_configured
from iosemu.commands.context import Device
from iosemu.commands.loading import load
from iosemu.commands.registry import handlers
from iosemu.commands.session_hooks import hooks
from iosemu.commands.system import logging_settings, router_time
from iosemu.commands.voice import fax_interface
from iosemu.config.store import FileStore
from iosemu.config.tree import Changed, RunningConfig
from iosemu.events import EventBus
from iosemu.management.logging import Logging
from iosemu.management.rsa_keys import RsaKeys
from iosemu.network import Endpoint, Network
from iosemu.router.listeners import Listeners, Services

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from iosemu.cli.release import Release
    from iosemu.cli.terminal import Terminal
    from iosemu.mail.agent import MailAgent
    from iosemu.mail.envelope import Envelope, Outcome
    from iosemu.mail.settings import SendSettings
    from iosemu.mail.spool import Spool
    from iosemu.voice.accounting import Facts
    from iosemu.voice.circuit import End
    from iosemu.voice.ports import Exchange
    from iosemu.voice.service import VoiceService

__all__ = ["Router", "Services"]

_WATCHERS = (
    "aaa.calls",
    "aaa.debug",
    "aaa.tacacs_debug",
    "voice.call_messages",
    "debug.debugging",
    "interfaces.traffic",
    "system.ntp",
    "voice.show_fax_files",
    "snmp.traps",
)
"""The modules of `commands` that follow the events of a router that serves somebody; each has an `attach`."""
_IO_MEMORY = re.compile(r"^memory-size iomem (\d+)", re.MULTILINE)
"""The line of the startup configuration that divides memory: it is in force from the next start on."""


class Router:
    """A chassis with its configuration, its voice side, its mail side and its terminals."""

    device: Device
    """What this power-on is made of; a reload makes it anew."""

    def __init__(
        self,
        platform: str,
        *,
        clock: Clock,
        network: Network,
        store: FileStore,
        modules: Mapping[str, str] | None = None,
        unit: str = "",
        release: Release | None = None,
        features: str = "",
        memory_mb: int | None = None,
        keys: RsaKeys | None = None,
        outbox: Path | None = None,
    ) -> None:
        """Power on, with the platform's own release, features and memory unless others are given; keys and notices are
        kept in memory unless a place is. `unit` tells it from other routers of its platform. Raises UnknownPlatform,
        BadPlatformFile, UnknownRelease, BadModule, and OSError.
        """
        running = releases.running(platforms.load(platform), release, features)
        self._platform = running if memory_mb is None else running.with_memory(memory_mb)
        self._clock = clock
        self._network = network
        self._store = store
        self._modules = modules
        self._pulled: set[str] = set()
        self._unit = unit
        self._keys = keys if keys is not None else RsaKeys()
        self._exchanges: dict[str, Exchange] = {}
        self._subscribers: list[Callable[[EventBus], object]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.listeners = Listeners(self, network=network, keys=self._keys)
        # The console's cable stays where it is: the log outlives a reload, its buffer does not.
        self._log = Logging(clock, lambda kind: router_time.stamp(self.device)(kind))
        self.reloads = 0
        self.on_restart: Callable[[], object] | None = None
        """Called when the router starts again; whoever runs a session that is not on one of its servers sets it."""
        self._outbox = outbox
        self._mta: MailAgent | None = None
        self.device = self._power_on(Start())

    # Power.

    def _power_on(self, start: Start) -> Device:
        share = _IO_MEMORY.search(self._store.startup_config or "")
        platform = self._platform if share is None else self._platform.with_io_memory(int(share[1]))
        chassis = Chassis(platform, self._modules, self._unit)
        chassis.pulled |= self._pulled
        self._pulled = chassis.pulled
        commands = releases.commands_of(self._platform).for_router()
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
                post=lambda recipient, message: self.mail.post(recipient, message),
                spawn=self._spawn,
                now=lambda: router_time.now(self.device),
                authenticate=lambda *asked: self._authenticate(*asked),
                network=self._network,
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
            reload_reason=start.reason,
            lines=self.listeners.lines,
            ssh_sessions=self.listeners.ssh_sessions,
            spawn=self._spawn,
            on_reload=self._reload_soon,
        )
        logging_settings.attach(device)
        config.follow(partial(_passwords_veiled, device), "service password-encryption")
        self.boot = Boot(device, start)
        self._hooks = hooks(device, note_configured)
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

    def _power_off(self) -> None:
        self.boot.cut()
        for end in self.device.at_power_off:
            end()

    def reload(self) -> None:
        """Start again from NVRAM: every session ends, every call is cut; consoles are shown how it starts."""
        self._power_off()
        if self.device.config.root.flag("aaa new-model"):
            from iosemu.commands.aaa.accounting import OFF, account_system

            account_system(self.device, OFF)
        for session in self.device.sessions:
            session.closed = True
        self.voice.shut_down()
        self.listeners.restart()
        if self.on_restart is not None:
            self.on_restart()
        self._log.restart()
        self.device = self._power_on(self.boot.next_start)
        self.reloads += 1
        self._watch()
        consoles = self.listeners.consoles()
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
        factory.open_interfaces(self.device.config, text)
        refused = load(self.device, text)
        fax_interface.started(self.device)
        return refused

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
            hooks=self._hooks,
            privilege=level,
            line=str(getattr(terminal, "name", "con 0")),
        )
        session.user = str(getattr(terminal, "user", ""))
        device.sessions = [*(other for other in device.sessions if not other.closed), session]
        if device.config.root.flag("aaa new-model"):
            from iosemu.commands.aaa.accounting import follow_exec

            follow_exec(device, session)
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
    def mail(self) -> MailAgent:
        """The mail transfer agent."""
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

    async def _send_mail(self, settings: SendSettings, envelope: Envelope, message: Spool) -> Outcome:
        return await self.mail.send(settings, envelope, message)

    async def _authenticate(self, list_name: str, user: str, password: str, facts: Facts) -> bool:
        from iosemu.commands.aaa import calls as aaa_calls

        return await aaa_calls.authenticate(self.device, list_name, user, password, facts)

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
        snmp: Endpoint | None = None,
    ) -> Services:
        """Listen where asked (port 0: any free one); gives the endpoints. OSError where one cannot be had.

        SSH needs asyncssh (`terminal.ssh.available()`), SNMP pysnmp (`management.snmp.available()`).
        """
        self._watch()
        self.mail.resume()
        if self.boot.over:
            self.boot.pass_unseen()
        return await self.listeners.start(console=console, telnet=telnet, smtp=smtp, ssh=ssh, snmp=snmp)

    def _watch(self) -> None:
        """Have `debug`, accounts, messages and traps told what happens."""
        for name in _WATCHERS:
            import_module(f"iosemu.commands.{name}").attach(self.device)
        self.listeners.follow_agent()

    async def stop(self) -> None:
        """Power off: stop listening, end sessions and mail dialogues, cut calls, wait for what is under way."""
        import asyncio

        self._power_off()
        await self.listeners.close()
        self.voice.shut_down()
        if self._mta is not None:
            await self._mta.hang_up()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._mta is not None:
            self._mta.stop()


def _passwords_veiled(device: Device, change: Changed) -> None:
    if not change.removed:
        from iosemu.commands.aaa.credentials import veil  # most routers keep no password

        veil(device)
