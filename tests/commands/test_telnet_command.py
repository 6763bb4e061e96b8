"""EXEC `telnet` out of a router, typed on a real telnet line, to other servers on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from iosemu.cli import catalogue
from iosemu.cli.match import match
from iosemu.cli.session import Hooks, Session
from iosemu.commands.registry import handlers
from iosemu.config.tree import RunningConfig
from iosemu.network import Unreachable
from iosemu.terminal.line_settings import LineSettings
from iosemu.terminal.telnet import TelnetServer
from iosemu.terminal.vty import Vty


class Cable:
    """A network of two hosts: 10.0.0.2 is `port`, 10.0.0.3 refuses."""

    def __init__(self) -> None:
        self.port = 0
        self.sources: list[str] = []

    def resolve(self, name: str) -> list[str]:
        return {"r2": ["10.0.0.2"], "nowhere": []}.get(name, [name])

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        self.sources.append(source)
        if destination != "10.0.0.2":
            raise Unreachable("Connection refused by remote host")
        connected = socket.socket()
        connected.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connected, ("127.0.0.1", self.port))
        return connected


class Routers:
    """R1, whose vty the test types on, and R2, a router without a way out."""

    def __init__(self) -> None:
        self.cable = Cable()
        self.r1 = TelnetServer(lambda vty: self.session("R1", vty), lambda number: LineSettings())
        self.r2 = TelnetServer(lambda vty: self.session("R2", vty), lambda number: LineSettings())

    def session(self, host: str, vty: Vty) -> Session[Any]:
        commands = catalogue.load()
        config = RunningConfig(commands)
        block = config.apply(config.root, match(commands.mode("config"), "interface FastEthernet0/0"))
        assert block is not None
        config.apply(block, match(commands.mode("interface"), "ip address 10.0.0.1 255.255.255.0"))
        device = SimpleNamespace(network=self.cable, config=config)
        return Session(device, commands, handlers, config, vty, hooks=Hooks(lambda: host))  # type: ignore[arg-type]


Expect = Callable[[bytes], Awaitable[bytes]]


def typed(scenario: Callable[[Routers, Callable[[bytes], None], Expect], Awaitable[None]]) -> None:
    async def run() -> None:
        routers = Routers()
        host, port = await routers.r1.start()
        reader, writer = await asyncio.open_connection(host, port)
        try:
            async with asyncio.timeout(15):
                await reader.readuntil(b"R1>")
                await scenario(routers, writer.write, reader.readuntil)
        finally:
            writer.close()
            await routers.r1.close()
            await routers.r2.close()

    asyncio.run(run())


def test_another_router_echoes_and_its_session_ends_with_exit() -> None:
    async def scenario(routers: Routers, send: Callable[[bytes], None], expect: Expect) -> None:
        _, routers.cable.port = await routers.r2.start()
        send(b"telnet 10.0.0.2\r")
        assert b"Trying 10.0.0.2 ... Open\r\n" in await expect(b"R2>")
        send(b"bogus\r\n")
        assert (await expect(b"R2>")).count(b"bogus") == 1
        send(b"exit\r")
        assert b"[Connection to 10.0.0.2 closed by foreign host]\r\nR1>" in await expect(b"R1>")
        assert routers.cable.sources == ["10.0.0.1"]
        assert not routers.r2.lines

    typed(scenario)


def test_a_mail_server_gets_whole_lines_edited_and_echoed_here() -> None:
    async def scenario(routers: Routers, send: Callable[[bytes], None], expect: Expect) -> None:
        got: list[bytes] = []

        async def mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 ready\r\n")
            got.append(await reader.readuntil(b"\n"))
            writer.write(b"221 bye\r\n")
            writer.close()

        server = await asyncio.start_server(mail, "127.0.0.1", 0)
        routers.cable.port = server.sockets[0].getsockname()[1]
        send(b"telnet r2 25\r")
        assert b"Trying r2 (10.0.0.2), 25 ... Open\r\n" in await expect(b"220 ready\r\n")
        send(b"QUITX\x08\r")
        await expect(b"[Connection to r2 closed by foreign host]\r\nR1>")
        assert got == [b"QUIT\r\n"]
        server.close()

    typed(scenario)


def test_a_refused_and_an_unknown_host_are_told() -> None:
    async def scenario(routers: Routers, send: Callable[[bytes], None], expect: Expect) -> None:
        send(b"telnet 10.0.0.3\r")
        assert b"Trying 10.0.0.3 ... \r\n% Connection refused by remote host\r\n" in await expect(b"R1>")
        send(b"telnet nowhere\r")
        assert b"unable to find computer address\r\n" in await expect(b"R1>")

    typed(scenario)


def test_the_escape_keys_leave_a_session() -> None:
    async def scenario(routers: Routers, send: Callable[[bytes], None], expect: Expect) -> None:
        _, routers.cable.port = await routers.r2.start()
        send(b"telnet 10.0.0.2\r")
        await expect(b"R2>")
        send(b"\x1ex")
        assert (await expect(b"R1>")).endswith(b"[Connection to 10.0.0.2 closed]\r\nR1>")

    typed(scenario)


def test_hanging_up_closes_the_session_out_of_the_router() -> None:
    async def scenario(routers: Routers, send: Callable[[bytes], None], expect: Expect) -> None:
        _, routers.cable.port = await routers.r2.start()
        send(b"telnet 10.0.0.2\r")
        await expect(b"R2>")
        routers.r1.lines[0].abort()
        while routers.r2.lines:  # noqa: ASYNC110 - what is watched belongs to the server
            await asyncio.sleep(0.005)

    typed(scenario)
