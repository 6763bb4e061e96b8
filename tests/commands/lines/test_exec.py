"""Commands that act on lines, between two people who are on one router by telnet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START, User, device

CONFIG = "hostname R1\nline con 0\n privilege level 15\nline vty 0 4\n no login\n privilege level 15\n"


class Client:
    """Somebody at a terminal."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def type(self, keys: bytes) -> None:
        self._writer.write(keys)

    async def expect(self, octets: bytes) -> bytes:
        """Everything up to `octets`."""
        return await self._reader.readuntil(octets)

    async def rest(self) -> bytes:
        """Everything until the router closes."""
        return await self._reader.read()

    def close(self) -> None:
        self._writer.close()


Connect = Callable[[], Awaitable[Client]]


def on_a_router(
    scenario: Callable[[Router, Connect], Awaitable[None]], config: str = "", *, console: bool = False
) -> None:
    async def run() -> None:
        router = Router("3640", clock=ManualClock(START), network=NoNetwork(), store=FileStore(None))
        assert router.load(CONFIG + config) == []
        services = await router.start_services(**{"console" if console else "telnet": ("127.0.0.1", 0)})
        endpoint = services.console or services.telnet
        assert endpoint is not None
        clients: list[Client] = []

        async def connect() -> Client:
            clients.append(Client(*await asyncio.open_connection(*endpoint)))
            return clients[-1]

        try:
            async with asyncio.timeout(15):
                await scenario(router, connect)
        finally:
            for client in clients:
                client.close()
            await router.stop()

    asyncio.run(run())


def test_a_cleared_line_loses_its_session_and_is_free_again() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        own, other = await connect(), await connect()
        await own.expect(b"R1#")
        await other.expect(b"R1#")
        other.type(b"configure terminal\r")
        await other.expect(b"(config)#")
        own.type(b"clear line vty 1\r\r")
        await own.expect(b"clear line vty 1\r\n[confirm]\r\n [OK]\r\nR1#")
        assert b"R1" not in await other.rest()
        await asyncio.sleep(0.05)
        own.type(b"show users\r")
        assert b"vty 1" not in await own.expect(b"Peer Address")
        await (await connect()).expect(b"R1#")
        assert [vty.name for vty in router.device.lines.open] == ["vty 0", "vty 1"]

    on_a_router(scenario)


def test_nobody_clears_his_own_line_and_a_no_changes_nothing() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        own, other = await connect(), await connect()
        await other.expect(b"R1#")
        own.type(b"clear line 130\r")
        await own.expect(b"% Not allowed to clear current line\r\nR1#")
        own.type(b"clear line 131\rn")
        await own.expect(b"[confirm]n\r\nR1#")
        other.type(b"show privilege\r")
        await other.expect(b"level is 15")

    on_a_router(scenario)


def test_a_line_is_cleared_whatever_it_is_doing() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        own, asked = await connect(), await connect()
        await own.expect(b"R1#")
        await asked.expect(b"Username: ")
        own.type(b"clear line vty 1\r\r")
        assert (await asked.rest()) == b""
        paging = await connect()
        await paging.expect(b"Username: ")
        paging.type(b"tom\rtom\r")
        await paging.expect(b"R1#")
        paging.type(b"show running-config\r")
        await paging.expect(b"--More--")
        own.type(b"clear line vty 1\r\r")
        assert b"R1#" not in await paging.rest()

    on_a_router(scenario, "username tom password tom\nline vty 1\n login local\n")


def test_a_cleared_console_waits_for_return() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        console = await connect()
        console.type(b"\r")
        await console.expect(b"R1#")
        User(router.device, "\r", line="vty 3")
        router.device.lines.open[0].clear()
        await console.expect(b"R1 con0 is now available\r\n")
        await console.expect(b"Press RETURN to get started.")
        router.device.lines.open[0].clear()  # nobody is there: nothing happens
        console.type(b"\r")
        await console.expect(b"R1#")
        console.type(b"exit\r")
        await console.expect(b"R1 con0 is now available\r\n")

    on_a_router(scenario, console=True)


def test_a_console_asks_who_is_there() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        console = await connect()
        await console.expect(b"Press RETURN to get started.")
        console.type(b"\r")
        await console.expect(b"User Access Verification\r\n\r\nPassword: ")
        console.type(b"a\rb\rc\r")
        await console.expect(b"% Bad passwords\r\n")
        await console.expect(b"con0 is now available\r\n")
        console.type(b"\rcisco\r")
        await console.expect(b"R1#")

    on_a_router(scenario, "line con 0\n password cisco\n login\n", console=True)


def test_a_message_reaches_the_terminals_it_is_for() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        own, other = await connect(), await connect()
        await own.expect(b"R1#")
        await other.expect(b"R1#")
        own.type(b"send vty 1\rlunch\rat one\x1a\r")
        await own.expect(b"Enter message, end with CTRL/Z; abort with CTRL/C:\r\nlunch\r\nat one^Z\r\n")
        await own.expect(b"Send message? [confirm]\r\nR1#")
        await other.expect(b"***\r\n***\r\n*** Message from tty130 to tty131:\r\n***\r\nlunch\r\nat one\r\n")
        own.type(b"send *\rnever\x03")
        await own.expect(b"never^C\r\nR1#")
        own.type(b"send *\rall\x1a\r")
        assert b"never" not in await other.expect(b"to all terminals:\r\n***\r\nall\r\n")

    on_a_router(scenario)


def test_a_locked_terminal_opens_with_its_password_only() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        own = await connect()
        own.type(b"lock\rabc\rabc\r")
        await own.expect(b"Locked\r\n\r\nPassword: ")
        own.type(b"show clock\rabc\r")
        assert b"UTC" not in await own.expect(b"R1#")

    on_a_router(scenario, "line vty 0 4\n lockable\n")


def test_a_terminal_is_not_locked_unless_its_line_allows_it() -> None:
    assert User(device(), line="vty 0").type("lock") == "% Locking not enabled on this terminal\n"


def test_an_access_class_turns_others_away_before_a_byte_is_sent() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        with pytest.raises(ConnectionResetError):
            await (await connect()).rest()
        router.load("access-list 7 permit 127.0.0.1\n")
        await (await connect()).expect(b"R1#")

    on_a_router(scenario, "access-list 7 permit 10.0.0.0 0.255.255.255\nline vty 0 4\n access-class 7 in\n")


def test_an_absolute_timeout_warns_and_then_ends_the_session_though_somebody_types() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        own = await connect()
        await own.expect(b"R1#")
        vty = router.device.lines.open[0]
        vty.timers.begin(600, 0.3, 0.2)
        own.type(b"show cl")
        await own.expect(b"\r\n*\r\n*\r\n* Line timeout expired\r\n*\r\n*\r\n")
        own.type(b"ock\r")
        assert (await own.rest()).endswith(b"R1#")

    on_a_router(scenario)


def test_an_autocommand_runs_and_closes_the_line() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        assert (await (await connect()).rest()).endswith(b"Current privilege level is 15\r\n")

    on_a_router(scenario, "line vty 0 4\n autocommand show privilege\n")


def test_whom_no_line_is_left_for_reads_the_refuse_message() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        for _ in range(5):
            await (await connect()).expect(b"R1#")
        assert await (await connect()).rest() == b"Try the other one.\r\nSorry.\r\n"

    on_a_router(scenario, "line vty 3 4\n refuse-message #Try the other one.\nSorry.\n#\n")


def test_a_refuse_message_is_for_those_only_whom_the_line_would_let_in() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        with pytest.raises(ConnectionResetError):
            await (await connect()).rest()

    closed = " transport input none\n refuse-message #busy#\n"
    on_a_router(scenario, f"line vty 0 4\n{closed}")


def test_a_user_logs_in_anew_as_somebody_else() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        client = await connect()
        client.type(b"tom\rmaui\r")
        await client.expect(b"R1#")
        client.type(b"login\reve\roahu\r")
        assert await client.expect(b"R1>") == b"login\r\nUsername: eve\r\nPassword: \r\nR1>"
        client.type(b"show users | include vty\r")
        assert b"vty 0     eve" in await client.expect(b"R1>")
        client.type(b"login\rtom\rwrong\rtom\r\rtom\r\r")
        assert (await client.expect(b"R1>")).count(b"% Login invalid\r\n\r\n") == 3
        client.type(b"show users | include vty\r")
        assert b"vty 0     eve" in await client.expect(b"R1>")

    users = "username tom privilege 15 password 0 maui\nusername eve password 0 oahu\n"
    on_a_router(scenario, f"{users}line vty 0 4\n privilege level 1\n login local\n")


def test_where_nobody_is_asked_a_new_login_asks_nothing() -> None:
    user = User(device())
    assert user.type("login") == ""


def test_a_line_without_exec_closes_and_one_with_few_settings_has_them() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        first = await connect()
        await first.expect(b"R1#")
        assert b"R1" not in await (await connect()).rest()
        first.type(b"show terminal\r")
        told = await first.expect(b"special data dispatching")
        assert b"Editing is disabled.\r\n" in told
        assert b"                 ^C    none" in told
        first.type(b"\rterminal editing\rterminal escape-character 5\rshow terminal | include Editing|none   -\r")
        await first.expect(b"                 ^E    none")
        await first.expect(b"Editing is enabled.\r\n")

    on_a_router(scenario, "line vty 0\n no editing\n escape-character 3\n length 0\nline vty 1 4\n no exec\n")


def test_a_login_has_the_time_that_the_line_gives() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        client = await connect()
        await client.expect(b"Password: ")
        assert await client.rest() == b"\r\n% Password: timeout expired!\r\n"

    on_a_router(scenario, "line vty 0 4\n login\n password x\n timeout login response 1\n")


def test_an_idle_connection_out_of_the_router_has_a_time_of_its_own() -> None:
    async def scenario(router: Router, connect: Connect) -> None:
        client = await connect()
        await client.expect(b"R1#")
        vty = router.device.lines.open[0]
        vty.settings = replace(vty.settings, exec_timeout_s=0.05)
        vty.timers.begin(0.05)
        vty.timers.held = True
        await asyncio.sleep(0.15)
        client.type(b"show privilege\r")
        await client.expect(b"level is 15")
        vty.timers.held = False
        await client.rest()

    on_a_router(scenario)
