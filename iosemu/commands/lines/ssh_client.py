"""EXEC `ssh`: a login on another host, by its SSH port.

Rule: the connection is one of those that `show sessions` lists, suspended and resumed as those of telnet are. Without
`-l` the user is the one of the own login.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.lines.connections import KEPT, Connection
from iosemu.commands.lines.telnet import address_of, bring_in_front, check_way_out, connections_of, source_of
from iosemu.commands.registry import handlers
from iosemu.network import Unreachable

if TYPE_CHECKING:
    from types import ModuleType

    from iosemu.cli.session import Invocation
    from iosemu.cli.terminal import Output
    from iosemu.commands.context import Device
    from iosemu.terminal.ssh_client import SshChannel

SSH_PORT = 22
_PROMPTS = 3
_NO_USER = "% No user specified nor available for SSH client"  # recalled


class SshConnection(Connection):
    """One by SSH: it begins with the login; set `channel` once that is over."""

    channel: SshChannel

    def received(self, octets: bytes) -> None:
        """Of the host; it is not read on while too much waits to be shown."""
        self._take(octets)
        if len(self._pending) > KEPT and hasattr(self, "channel"):
            self.channel.pause_reading()

    def ended(self) -> None:
        self._ended()

    def close(self) -> None:
        self.channel.close()

    def _has_room(self) -> None:
        self.channel.resume_reading()

    async def _escaped(self, terminal: Output, key: str) -> bool:
        return False

    async def _send(self, terminal: Output, key: str) -> None:
        self.channel.write(key.encode())


@handlers.register("ssh")
async def _ssh(call: Invocation[Device]) -> None:
    """`ssh [-l USER] [-p PORT] [...] HOST [COMMAND]`."""
    device, terminal, values = call.device, call.terminal, call.values
    if find_spec("asyncssh") is None:
        raise Refused("% SSH needs the SSH extra of the emulator: pip install 'iosemu[ssh]'")
    user = str(values.get("user") or call.session.user)
    if not user:
        raise Refused(_NO_USER)
    host = str(values["host"])
    address = address_of(call, host)
    check_way_out(call, address, "ssh")
    port = int(str(values.get("port", SSH_PORT)))
    try:
        wire = await device.network.connect(source_of(call, address, "ssh"), address, port)
    except Unreachable as error:
        raise Refused(f"% {error}") from None
    client: ModuleType = await asyncio.to_thread(import_module, "iosemu.terminal.ssh_client")
    left = int(str(values.get("prompts", _PROMPTS)))

    async def password() -> str | None:
        nonlocal left
        left -= 1
        if left < 0:
            return None
        return await terminal.read_line("\nPassword: ", secret=True)

    connection = SshConnection(host, address)
    command = values.get("command")
    kind = str(getattr(call.session.terminal, "terminal_type", "") or "vt100")
    wanted = client.Wanted(
        str(command) if command is not None else None, kind, min(terminal.width, 65535), min(terminal.length, 65535)
    )
    try:
        connection.channel = await client.connect(wire, client.Login(user, password), wanted, connection)
    except client.LoginFailed:
        raise Refused(f"\n[Connection to {host} closed by foreign host]") from None
    except client.Broken:
        raise Refused(f"[Connection to {host} aborted: error status 0]") from None  # recalled
    connections_of(device, call.session).add(connection)
    if device.config.root.flag("aaa new-model"):
        from iosemu.commands.aaa.accounting import follow_connection

        follow_connection(device, call.session, connection, port)
    await bring_in_front(call, connection)
