"""EXEC `telnet` out of a router and what belongs to it, typed on a real telnet line, to other servers on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from iosemu.clock import ManualClock
from iosemu.commands.lines.line_config import line_settings
from iosemu.commands.lines.telnet import UNKNOWN_HOST
from iosemu.commands.lines.telnet_keys import LocalLine
from iosemu.config.store import FileStore
from iosemu.lab.network import VirtualNetwork
from iosemu.network import Unreachable
from iosemu.router import Router
from tests.commands.routers import START, User, device
from tests.waiting import until

CONFIG = "hostname R1\ninterface FastEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n"
CONFIG += "interface FastEthernet0/1\n ip address 10.1.0.1 255.255.255.0\nline vty 0 4\n no login\n"
ESCAPE = b"\x1e"


class Cable(VirtualNetwork):
    """A network of hosts by their loopback ports: 10.0.0.2 and 10.0.0.4 are there, the others refuse."""

    def __init__(self) -> None:
        super().__init__({"r2": ["10.0.0.2"]})
        self.ports: dict[str, int] = {}
        self.sources: list[str] = []

    def source_of(self, peer: object) -> str | None:
        return "10.0.0.9"

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        self.sources.append(source)
        if destination not in self.ports:
            raise Unreachable("Connection refused by remote host")
        connected = socket.socket()
        connected.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connected, ("127.0.0.1", self.ports[destination]))
        return connected


class Host:
    """A host that never echoes: it keeps what comes and says what it is told to."""

    def __init__(self) -> None:
        self.got = b""
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        writer.write(b"hello\r\n")
        while octets := await reader.read(1000):
            self.got += octets
        writer.close()


Type = Callable[[bytes], None]
Expect = Callable[[bytes], Awaitable[bytes]]
Scenario = Callable[["Place", Type, Expect], Awaitable[None]]


class Place:
    """R1, whose vty the test types on, R2, another router, and a host that does not echo."""

    def __init__(self, config: str) -> None:
        self.cable = Cable()
        self.r1 = Router("3660", clock=ManualClock(START), network=self.cable, store=FileStore(None))
        assert self.r1.load(CONFIG + config) == []
        self.r2 = Router("3660", clock=ManualClock(START), network=self.cable, store=FileStore(None))
        assert self.r2.load("hostname R2\nline vty 0 4\n no login\n") == []
        self.host = Host()


def typed(scenario: Scenario, config: str = "") -> None:
    async def run() -> None:
        place = Place(config)
        services = await place.r1.start_services(telnet=("127.0.0.1", 0))
        other = await place.r2.start_services(telnet=("127.0.0.1", 0))
        server = await asyncio.start_server(place.host.serve, "127.0.0.1", 0)
        assert services.telnet is not None
        assert other.telnet is not None
        place.cable.ports = {"10.0.0.2": other.telnet[1], "10.0.0.4": server.sockets[0].getsockname()[1]}
        reader, writer = await asyncio.open_connection(*services.telnet)
        try:
            async with asyncio.timeout(20):
                await reader.readuntil(b"R1>")
                await scenario(place, writer.write, reader.readuntil)
        finally:
            for end in (writer, *place.host.writers):
                end.close()
            server.close()
            await place.r1.stop()
            await place.r2.stop()

    asyncio.run(run())


def test_another_router_echoes_and_its_session_ends_with_exit() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.2\r")
        assert b"Trying 10.0.0.2 ... Open\r\n" in await expect(b"R2>")
        send(b"show privilege\r\n")
        assert await expect(b"R2>") == b"show privilege\r\nCurrent privilege level is 1\r\nR2>"
        send(b"exit\r")
        assert b"[Connection to 10.0.0.2 closed by foreign host]\r\nR1>" in await expect(b"R1>")
        assert place.cable.sources == ["10.0.0.1"]
        await until(lambda: not place.r2.device.lines.open)
        send(b"\r")
        assert await expect(b"R1>") == b"\r\nR1>"

    typed(scenario)


def test_a_host_that_does_not_echo_gets_whole_lines_edited_and_echoed_here() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.4 smtp\r")
        assert b"Trying 10.0.0.4, 25 ... Open\r\n" in await expect(b"hello\r\n")
        send(b"QUITX\x08\r")
        assert await expect(b"\n") == b"QUITX\b \b\r\n"
        await until(lambda: place.host.got)
        assert place.host.got == b"QUIT\r\n"
        place.host.writers[0].close()
        await expect(b"\r\n[Connection to 10.0.0.4 closed by foreign host]\r\nR1>")

    typed(scenario)


def test_a_refused_and_an_unknown_host_are_told() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.3\r")
        assert b"Trying 10.0.0.3 ... \r\n% Connection refused by remote host\r\n" in await expect(b"R1>")
        send(b"telnet nowhere\r")
        assert b"unable to find computer address\r\n" in await expect(b"R1>")

    typed(scenario)


def test_a_router_that_lets_nobody_in_refuses() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        place.r2.load("access-list 3 permit 10.7.0.0 0.0.255.255\nline vty 0 4\n access-class 3 in\n")
        send(b"telnet 10.0.0.2\r")
        assert b"Trying 10.0.0.2 ... \r\n% Connection refused by remote host\r\n" in await expect(b"R1>")
        place.r2.load("line vty 0 4\n no access-class 3 in\n transport input none\n")
        send(b"telnet 10.0.0.2\r")
        await expect(b"% Connection refused by remote host\r\nR1>")
        send(b"where\r")
        await expect(b"% No connections open\r\n")

    typed(scenario)


def test_without_a_host_it_is_asked_for_and_the_interface_gives_the_source() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet\rr2\r")
        assert b"Host: r2\r\nTranslating" in await expect(b"R2>")
        send(b"exit\r")
        await expect(b"R1>")
        send(b"telnet 10.0.0.2 23 /source-interface fa0/1\r")
        await expect(b"R2>")
        assert place.cable.sources == ["10.0.0.1", "10.1.0.1"]

    typed(scenario)


def test_a_suspended_connection_keeps_what_arrives_and_an_empty_line_resumes_it() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.4\r")
        await expect(b"hello\r\n")
        send(ESCAPE + b"x")
        assert await expect(b"R1>") == b"\r\nR1>"
        place.host.writers[0].write(b"meanwhile\r\n")
        session = place.r1.device.sessions[0]
        await until(lambda: place.r1.device.connections[session].open[0].unread)
        send(b"show sessions\r")
        assert (await expect(b"R1>")).splitlines()[1:3] == [
            b"Conn Host                Address             Byte  Idle Conn Name",
            b"*  1 10.0.0.4            10.0.0.4              10     0 10.0.0.4",
        ]
        send(b"\r")
        assert await expect(b"meanwhile\r\n") == b"\r\n[Resuming connection 1 to 10.0.0.4 ... ]\r\nmeanwhile\r\n"
        send(ESCAPE * 2 + b"hi\r")
        await until(lambda: b"\r\n" in place.host.got)
        assert place.host.got == ESCAPE + b"hi\r\n"

    typed(scenario)


def test_several_connections_are_told_apart_by_number_and_name() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.4\r")
        await expect(b"hello\r\n")
        send(ESCAPE + b"X")
        await expect(b"R1>")
        send(b"10.0.0.2\r")
        await expect(b"R2>")
        send(ESCAPE + b"xwhere\r")
        listed = await expect(b"Conn Name\r\n") + await expect(b"R1>")
        assert b"   1 10.0.0.4 " in listed
        assert b"*  2 10.0.0.2 " in listed
        send(b"name-connection\r1\rmail\r\r")
        assert b'Connection 1 to 10.0.0.4 will be named "MAIL" [confirm]\r\n' in await expect(b"[confirm]\r\nR1>")
        send(b"2\r\r")
        assert b"[Resuming connection 2 to 10.0.0.2 ... ]\r\n" in await expect(b"R2>")
        send(ESCAPE + b"xresume mail\r")
        await expect(b"[Resuming connection 1 to MAIL ... ]\r\n")
        send(ESCAPE + b"xresume 7\r")
        await expect(b"% 7 is not an open connection\r\nR1>")
        send(b"show users\r")
        shown = await expect(b"Peer Address")
        assert b"*226 vty 0                10.0.0.4             00:00:00   10.0.0.9\r\n" in shown
        assert b"\r\n                          10.0.0.2             00:00:0" in shown
        await expect(b"R1>")
        send(b"disconnect\r\r")
        await expect(b"Closing connection to 10.0.0.4 [confirm]\r\nR1>")
        send(b"exit\r")
        await expect(b"You have open connections [confirm]")
        send(b"n")
        await expect(b"R1>")
        send(b"logout\r\r")
        await expect(b"Closing: 10.0.0.2 !\r\n")
        await until(lambda: not place.r2.device.lines.open)

    typed(scenario)


def test_commands_on_connections_where_there_are_none() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        for line in (b"resume", b"disconnect", b"where", b"3", b"name-connection"):
            send(line + b"\r")
            assert await expect(b"R1>") == line + b"\r\n% No connections open\r\nR1>"

    typed(scenario)


def test_a_line_may_limit_its_connections_and_close_with_the_last() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.4\r")
        await expect(b"hello\r\n")
        send(ESCAPE + b"xtelnet 10.0.0.2\r")
        await expect(b"% Session limit exceeded\r\nR1>")
        send(b"\r")
        await expect(b"[Resuming connection 1 to 10.0.0.4 ... ]\r\n")
        place.host.writers[0].close()
        await expect(b"closed by foreign host]\r\n")
        await until(lambda: not place.r1.device.lines.open)

    typed(scenario, "line vty 0 4\n session-limit 1\n autohangup\n")


def test_hanging_up_closes_the_connections_out_of_the_router() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.2\r")
        await expect(b"R2>")
        send(ESCAPE + b"xtelnet 10.0.0.2\r")
        await expect(b"R2>")
        assert len(place.r2.device.lines.open) == 2
        place.r1.device.lines.open[0].clear()
        await until(lambda: not place.r2.device.lines.open)

    typed(scenario)


def test_a_host_that_says_more_than_is_kept_waits_until_it_is_read() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.4\r")
        await expect(b"hello\r\n")
        send(ESCAPE + b"x")
        await expect(b"R1>")
        place.host.writers[0].write(b"x" * 20_000_000 + b"the end")
        connection = place.r1.device.connections[place.r1.device.sessions[0]].open[0]
        await until(lambda: connection.unread > 65536)
        await asyncio.sleep(0.05)
        assert connection.unread < 100_000
        send(b"show privilege\r")
        await expect(b"level is 1\r\nR1>")
        connection.close()

    typed(scenario)


def test_the_line_says_who_may_go_where() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.2\r")
        await expect(b"% Connections to that host not permitted from this terminal\r\n")
        send(b"telnet 10.0.0.4\r")
        await expect(b"hello\r\n")
        place.host.writers[0].close()
        await expect(b"R1>")
        place.r1.load("line vty 0 4\n transport output none\n")
        send(b"telnet 10.0.0.4\r")
        await expect(b"% telnet connections not permitted from this terminal\r\n")

    typed(scenario, "access-list 5 permit 10.0.0.4\nline vty 0 4\n access-class 5 out\n")


def test_a_users_access_class_goes_before_that_of_the_line() -> None:
    user = User(device())
    user.configure("username tom access-class 7", "access-list 7 deny 10.0.0.2", "access-list 8 permit any")
    user.configure("line con 0", "login local", "access-class 8 out")
    settings = line_settings(user.session.device.config, "con")
    terminal: Any = user.terminal
    terminal.settings = settings.used_by("tom")
    assert user.type("telnet 10.0.0.2") == "% Connections to that host not permitted from this terminal\n"
    terminal.settings = settings.used_by("eve")
    assert user.type("telnet 10.0.0.2").startswith("Trying 10.0.0.2 ... ")


@pytest.mark.parametrize(("option", "told"), [("/ipv6", False), ("/ipv4", True)])
def test_the_version_of_ip_may_be_told(option: str, told: bool) -> None:
    printed = User(device()).type(f"telnet 10.0.0.2 {option}")
    assert printed.startswith("Trying") is told
    assert (printed == f"{UNKNOWN_HOST}\n") is not told


@pytest.mark.parametrize(("option", "shown"), [("", b"ab\r\n"), ("/noecho", b"")])
def test_noecho_shows_nothing_of_a_line_that_the_host_does_not_echo(option: str, shown: bytes) -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(f"telnet 10.0.0.4 {option}\r".encode())
        await expect(b"hello\r\n")
        send(b"ab\r")
        await until(lambda: place.host.got)
        assert place.host.got == b"ab\r\n"
        place.host.writers[0].write(b"more\r\n")
        assert await expect(b"more\r\n") == shown + b"more\r\n"

    typed(scenario)


def test_line_keeps_the_keys_until_return_though_the_host_echoes() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.2 /line\r")
        await expect(b"R2>")
        send(b"show privx\x7filege\r")
        await expect(b"show privx\x08 \x08ilege\r\n")
        await expect(b"show privilege\r\nCurrent privilege level is 1\r\nR2>")

    typed(scenario)


@pytest.mark.parametrize(("option", "shown"), [("", "x"), ("/stream", "\ufffd\ufffdx")])
def test_a_stream_has_no_telnet_in_it(option: str, shown: str) -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(f"telnet 10.0.0.4 {option}\r".encode())
        await expect(b"hello\r\n")
        place.host.writers[0].write(b"\xff\xf1x\r\n")
        assert await expect(b"x\r\n") == f"{shown}\r\n".encode()

    typed(scenario)


def test_behind_the_escape_character_stand_help_and_telnet_commands() -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        send(b"telnet 10.0.0.4\r")
        await expect(b"hello\r\n")
        send(ESCAPE + b"?")
        await expect(b"^^U  sends telnet EL\r\n")
        send(ESCAPE + b"b")
        await until(lambda: place.host.got)
        assert place.host.got == b"\xff\xf3"

    typed(scenario)


@pytest.mark.parametrize("output", [False, True])
def test_an_idle_connection_ends_the_session_and_output_may_keep_it(output: bool) -> None:
    async def scenario(place: Place, send: Type, expect: Expect) -> None:
        vty = place.r1.device.lines.open[0]
        assert vty.settings.session_timeout_output is output
        vty.settings = replace(vty.settings, session_timeout_s=0.3)
        send(b"telnet 10.0.0.4\r")
        await expect(b"hello\r\n")
        for _ in range(4):
            await asyncio.sleep(0.1)
            place.host.writers[0].write(b"more\r\n")
        connected = bool(place.r1.device.lines.open)
        assert connected is output
        await expect(b"[Connection to 10.0.0.4 idle too long; timed out]\r\n")
        await until(lambda: not place.r1.device.lines.open)

    typed(scenario, f"line vty 0 4\n session-timeout 1{' output' if output else ''}\n")


@pytest.mark.parametrize(
    ("keys", "echoed", "sent"),
    [
        ("ab\r", "ab\n", "ab\r\n"),
        ("ab\x7f\x7f\x7fc\r", "ab\b \b\b \bc\n", "c\r\n"),
        ("ab cd\x17e\r", "ab cd\b \b\b \be\n", "ab e\r\n"),
        ("ab\x15c\r", "ab\b \b\b \bc\n", "c\r\n"),
        ("ab\x03", "ab", "ab\x03"),
    ],
)
def test_a_line_is_edited_here(keys: str, echoed: str, sent: str) -> None:
    line = LocalLine()
    answers = [line.key(key) for key in keys]
    assert ("".join(echo for echo, _ in answers), "".join(text for _, text in answers)) == (echoed, sent)
