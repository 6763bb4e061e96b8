"""EXEC `telnet`: a session out of the router, relayed between the user's terminal and a host of the router's network.

Rule: where the other end echoes, keys go to it one by one; where it does not (a mail server on port 25), lines are
edited and echoed here and sent whole. The session ends when either end closes, or with the escape keys Ctrl-Shift-6 x.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.host_lookup import find_addresses
from iosemu.commands.registry import handlers
from iosemu.network import Unreachable
from iosemu.terminal.telnet_options import CLIENT, Changed, Data, Option, TelnetOptions, escape

if TYPE_CHECKING:
    import asyncio
    import socket

    from iosemu.cli.session import Invocation
    from iosemu.cli.terminal import Output
    from iosemu.commands.context import Device

TELNET_PORT = 23
ESCAPE_KEY = "\x1e"
ESCAPE_CLOSES = "x"
UNKNOWN_HOST = "% Unknown command or computer name, or unable to find computer address"


@handlers.register("telnet")
async def telnet(invocation: Invocation[Device]) -> None:
    """`telnet HOST [PORT]`."""
    device, terminal = invocation.device, invocation.terminal
    host = str(invocation.values["host"])
    port = int(str(invocation.values.get("port", TELNET_PORT)))
    addresses = find_addresses(device, host, terminal.write)
    if not addresses:
        raise Refused(UNKNOWN_HOST)
    address = addresses[0]
    shown = host if host == address else f"{host} ({address})"
    terminal.write(f"Trying {shown}{'' if port == TELNET_PORT else f', {port}'} ... ")
    try:
        connected = await device.network.connect(_source(device), address, port)
    except Unreachable as error:
        terminal.write("\n")
        raise Refused(f"% {error}") from None
    terminal.write("Open\n")
    with connected:
        relay = Relay(terminal, connected)
        foreign = await relay.run()
    terminal.write(f"\n[Connection to {host} closed{' by foreign host' if foreign else ''}]\n")


def _source(device: Device) -> str:
    """The router's own address: that of its first interface which has one."""
    for block in device.config.root.children("interface"):
        address = block.value("ip address", "address")
        if address is not None:
            return str(address)
    return ""


class Relay:
    """One open session: two directions at once."""

    def __init__(self, terminal: Output, connected: socket.socket) -> None:
        self._terminal = terminal
        self._socket = connected
        self._options = TelnetOptions(CLIENT)
        self._options.window = (min(terminal.width, 65535), min(terminal.length, 65535))
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._typing: asyncio.Task[None] | None = None
        self._left = False

    async def run(self) -> bool:
        """Until one end closes; True where that was the other host."""
        import asyncio  # only a session out of the router needs it

        self._typing = asyncio.create_task(self._type())
        reading = asyncio.create_task(self._read())
        try:
            while not reading.done() and not self._left:
                await asyncio.wait({reading, self._typing}, return_when=asyncio.FIRST_COMPLETED)
                if self._typing.done() and not self._left and not reading.done():
                    # The way of typing changed with the other end's echo.
                    self._typing = asyncio.create_task(self._type())
            return not self._left
        finally:
            for task in (reading, self._typing):
                task.cancel()
            await asyncio.wait({reading, self._typing})

    @property
    def _echoed(self) -> bool:
        return self._options.takes_part(Option.ECHO, ours=False)

    async def _read(self) -> None:
        """From the other host to the terminal; returns when it has closed."""
        from asyncio import get_running_loop

        loop = get_running_loop()
        while True:
            try:
                octets = await loop.sock_recv(self._socket, 4096)
            except OSError:
                return
            if not octets:
                return
            for event in self._options.receive(octets):
                if isinstance(event, Data):
                    self._show(event.octets)
                elif isinstance(event, Changed) and event.option == Option.ECHO and self._typing is not None:
                    self._typing.cancel()
            answer = self._options.take_output()
            if answer:
                await self._send(answer)

    def _show(self, octets: bytes) -> None:
        text = self._held + self._decoder.decode(octets).replace("\0", "")
        # A line end may be cut between two packets.
        self._held = "\r" if text.endswith("\r") else ""
        self._terminal.write(text[: len(text) - len(self._held)].replace("\r\n", "\n"))

    async def _type(self) -> None:
        """From the user to the other host, until the user leaves or is gone."""
        try:
            while not self._left:
                await (self._key() if self._echoed else self._line())
        except (EOFError, OSError):
            self._left = True

    async def _key(self) -> None:
        key = await self._terminal.read_key()
        if key == ESCAPE_KEY and (key := await self._terminal.read_key()) == ESCAPE_CLOSES:
            self._left = True
        else:
            await self._send(escape((key if key != "\r" else "\r\0").encode()))

    async def _line(self) -> None:
        line = await self._terminal.read_line("")
        await self._send(escape(f"{line}\r\n".encode()))

    async def _send(self, octets: bytes) -> None:
        from asyncio import get_running_loop

        await get_running_loop().sock_sendall(self._socket, octets)
