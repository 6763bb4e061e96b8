"""Where a router is reached: the terminals and the mail port that listen on the host, and who is at them.

Rule: a router that starts again keeps its sockets; whoever was at one is cut off or, on the console, sees it start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from iosemu.network import Endpoint
from iosemu.terminal.open_lines import OpenLines

if TYPE_CHECKING:
    import asyncio

    from iosemu.cli.session import Session
    from iosemu.cli.terminal import Terminal
    from iosemu.commands.boot.boot import Boot
    from iosemu.commands.context import Device
    from iosemu.mail.agent import MailAgent
    from iosemu.management.rsa_keys import RsaKeys
    from iosemu.management.snmp.udp import Port
    from iosemu.network import Network
    from iosemu.terminal.line_pool import LinePool
    from iosemu.terminal.line_settings import LineSettings
    from iosemu.terminal.ssh import SshServer, SshSession
    from iosemu.terminal.telnet import TelnetServer
    from iosemu.terminal.vty import Vty


class Services(NamedTuple):
    """Where a router listens on the host; None for what was not asked for."""

    console: Endpoint | None
    telnet: Endpoint | None
    smtp: Endpoint | None
    ssh: Endpoint | None = None
    snmp: Endpoint | None = None


class Reached(Protocol):
    """What listeners ask of their router; `device` and `boot` are those of now, a reload makes them anew."""

    @property
    def device(self) -> Device: ...

    @property
    def boot(self) -> Boot: ...

    def open_session(self, terminal: Terminal) -> Session[Device]: ...

    @property
    def mail(self) -> MailAgent: ...


class Listeners:
    """The open sockets of one router."""

    def __init__(self, router: Reached, *, network: Network, keys: RsaKeys) -> None:
        self._router = router
        self._network = network
        self._keys = keys
        self.telnet: list[TelnetServer] = []
        self.ssh: list[SshServer] = []
        self.smtp: list[asyncio.Server] = []
        self._snmp: Port | None = None
        self._vtys: LinePool | None = None
        self.lines = OpenLines()

    async def start(
        self,
        *,
        console: Endpoint | None,
        telnet: Endpoint | None,
        smtp: Endpoint | None,
        ssh: Endpoint | None,
        snmp: Endpoint | None,
    ) -> Services:
        """Listen where asked (port 0: any free one); gives the endpoints. OSError where one cannot be had."""
        return Services(
            console=await self._listen_terminal(console, "con") if console is not None else None,
            telnet=await self._listen_terminal(telnet, "vty") if telnet is not None else None,
            smtp=await self._listen_smtp(*smtp) if smtp is not None else None,
            ssh=await self._listen_ssh(*ssh) if ssh is not None else None,
            snmp=self._listen_snmp(snmp) if snmp is not None else None,
        )

    def restart(self) -> None:
        """The router starts again: every terminal but the console is cut off."""
        for server in self._terminals():
            server.restart()

    async def close(self) -> None:
        """Stop listening and end every terminal."""
        for listener in self.smtp:
            listener.close()
        for server in self._terminals():
            await server.close()
        if self._snmp is not None:
            self._snmp.switch(False)

    def ssh_sessions(self) -> list[SshSession]:
        return [session for server in self.ssh for session in server.sessions()]

    def consoles(self) -> list[Vty]:
        return [vty for vty in self.lines.open if vty.name == "con 0"]

    def _terminals(self) -> list[TelnetServer | SshServer]:
        return [*self.telnet, *self.ssh]

    async def _listen_terminal(self, endpoint: Endpoint, kind: Literal["con", "vty"]) -> Endpoint:
        from iosemu.terminal.telnet import TelnetServer

        server = TelnetServer(
            self._router.open_session,
            lambda number: self._line(kind, number),
            attach_log=self._attach_console if kind == "con" else self._attach_vty,
            console=kind == "con",
            hostname=lambda: self._router.device.hostname,
            source_of=self._network.source_of,
            pool=self._line_pool(),
            attend=lambda vty: self._router.boot.attend(vty),
            broken_off=lambda: kind == "con" and self._router.boot.broken_off(),
        )
        self.telnet.append(server)
        return await server.start(*endpoint)

    async def _listen_ssh(self, host: str, port: int) -> Endpoint:
        from iosemu.commands.crypto.crypto import login_limits
        from iosemu.commands.files.scp_files import RouterScpFiles
        from iosemu.terminal.ssh import SshServer

        server = SshServer(
            self._router.open_session,
            lambda number: self._line("vty", number),
            lambda: self._keys.private,
            pool=self._line_pool(),
            attach_log=self._attach_vty,
            source_of=self._network.source_of,
            limits=lambda: login_limits(self._router.device),
            files=lambda privilege: RouterScpFiles(self._router.device, privilege),
        )
        self.ssh.append(server)
        return await server.start(host, port)

    async def _listen_smtp(self, host: str, port: int) -> Endpoint:
        server = await self._router.mail.listen(host, port)
        self.smtp.append(server)
        address, bound, *_ = server.sockets[0].getsockname()
        return address, bound

    def _listen_snmp(self, endpoint: Endpoint) -> Endpoint:
        from iosemu.management.snmp.udp import Port

        self._snmp = Port(endpoint, self._ask_agent)
        self.follow_agent()
        return self._snmp.endpoint

    def _ask_agent(self, octets: bytes, peer: Endpoint) -> bytes | None:
        from iosemu.commands.snmp.agent import answer

        return answer(self._router.device, octets, self._network.source_of(peer) or peer[0])

    def follow_agent(self) -> None:
        """Keep the SNMP port open while the agent of the router, as it is now, is on."""
        from iosemu.commands.snmp.settings import enabled

        port, device = self._snmp, self._router.device
        if port is None:
            return

        def follow() -> None:
            if device is self._router.device:
                port.switch(enabled(device))

        device.snmp_listeners.append(follow)
        follow()

    def _line(self, kind: Literal["con", "vty"], number: int) -> LineSettings | None:
        """What the configuration says of a line; None where there is none of that number, or none yet."""
        from iosemu.commands.lines.line_config import line_block
        from iosemu.commands.lines.lines import configured
        from iosemu.commands.lines.numbers import named

        device = self._router.device
        present = line_block(device.config, kind, number) is not None and (kind == "con" or self._router.boot.over)
        return configured(device, named(device, f"{kind} {number}")) if present else None

    def _line_pool(self) -> LinePool:
        """The numbering that telnet and SSH share."""
        from iosemu.terminal.line_pool import LinePool

        if self._vtys is None:
            self._vtys = LinePool()
        return self._vtys

    def _attach_console(self, vty: Vty) -> Callable[[], None]:
        return self._attached(vty, self._router.device.log.attach_console(vty.notify))

    def _attach_vty(self, vty: Vty) -> Callable[[], None]:
        return self._attached(vty, self._router.device.log.attach_monitor(vty.notify, lambda: vty.monitor))

    def _attached(self, vty: Vty, detach: Callable[[], None]) -> Callable[[], None]:
        self.lines.add(vty)

        def ended() -> None:
            detach()
            self.lines.remove(vty)
            device = self._router.device
            for session in device.sessions:
                session.closed = session.closed or session.terminal is vty
            device.sessions = [session for session in device.sessions if not session.closed]

        return ended
