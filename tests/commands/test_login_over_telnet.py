"""What the configuration says of a vty, as somebody with a telnet client meets it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START

CONFIG = """\
hostname gw
username tom privilege 15 password 0 secret
username ann password 7 0822455D0A16
username guest nopassword
banner motd ^C
Welcome to $(hostname)
^C
banner login ^CNo guests
^C
banner exec #Line $(line)
#
line vty 0 4
 login local
"""
ASKED = b"\r\n\r\nUser Access Verification\r\n\r\nUsername: "

Type = Callable[[bytes], None]
Expect = Callable[[bytes], Awaitable[bytes]]


def typed(scenario: Callable[[Router, Type, Expect], Awaitable[None]], config: str = CONFIG) -> None:
    async def run() -> None:
        router = Router("as5300", clock=ManualClock(START), network=NoNetwork(), store=FileStore(None))
        assert router.load(config) == []
        services = await router.start_services(telnet=("127.0.0.1", 0))
        assert services.telnet is not None
        reader, writer = await asyncio.open_connection(*services.telnet)
        try:
            async with asyncio.timeout(15):
                await scenario(router, writer.write, reader.readuntil)
        finally:
            writer.close()
            await router.stop()

    asyncio.run(run())


def test_local_users_log_in_with_their_level_between_the_banners() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        seen = await expect(b"Username: ")
        assert seen.endswith(b"\r\n\r\nWelcome to gw\r\n\r\nNo guests\r\n" + ASKED)
        write(b"tom\rwrong\r")
        await expect(b"% Login invalid\r\n\r\nUsername: ")
        write(b"nobody\rsecret\r")
        await expect(b"% Login invalid\r\n\r\nUsername: ")
        write(b"tom\rsecret\r")
        assert await expect(b"gw#") == b"tom\r\nPassword: \r\nLine 2\r\ngw#"
        assert router.device.sessions[0].user == "tom"

    typed(scenario)


def test_a_hidden_password_opens_user_exec() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        await expect(b"Username: ")
        write(b"ann\rcisco\r")
        assert (await expect(b"gw>")).endswith(b"Line 2\r\ngw>")

    typed(scenario)


def test_three_failures_close_the_line() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        write(b"a\rb\r" * 3)
        for _ in range(3):
            await expect(b"% Login invalid\r\n\r\n")
        with pytest.raises(asyncio.IncompleteReadError) as ended:
            await expect(b"Username: ")
        assert ended.value.partial == b""

    typed(scenario)


def test_a_banner_is_pasted_into_a_session_and_an_unknown_word_is_asked_of_everybody() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        await expect(b">")
        router.device.sessions[0].privilege = 15
        write(b"configure terminal\r")
        await expect(b"(config)#")
        write(b"banner motd ^C\r\r who?\tme\r!\r^C\rhostname r1\rend\r")
        told = await expect(b"r1#")
        message = b"banner motd ^C\r\nEnter TEXT message.  End with the character '^C'.\r\n"
        assert told.startswith(message + b"\r\n who? me\r\n!\r\n^C\r\nRouter(config)#hostname r1\r\n")
        assert router.device.config.root.value("banner motd", "text") == "\n\n who?\tme\n!\n"
        write(b"foobar\r")
        asked = b'foobar\r\nTranslating "foobar"...domain server (255.255.255.255)\r\n'
        unknown = b"% Unknown command or computer name, or unable to find computer address\r\n"
        assert await expect(b"r1#") == asked + unknown + b"r1#"
        write(b"sh?")
        assert await expect(b"r1#sh") == b"sh?\r\nshow  \r\n\r\nr1#sh"

    typed(scenario, "line vty 0 4\n no login\n")


def test_logging_synchronous_gives_the_typed_line_back() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        await expect(b">")
        write(b"terminal monitor\r")
        await expect(b"monitor\r\nRouter>")
        write(b"show cl")
        await expect(b"show cl")
        router.device.log.event("SYS", 5, "X", "one")
        assert (await expect(b"Router>show cl")).endswith(b"%SYS-5-X: one\r\nRouter>show cl")

    typed(scenario, "line vty 0 4\n no login\n logging synchronous\n")


def test_a_users_own_command_runs_in_place_of_a_session() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        await expect(b"Username: ")
        write(b"who\rsecret\r")
        assert (await expect(b"level is 7\r\n")).endswith(b"Current privilege level is 7\r\n")
        with pytest.raises(asyncio.IncompleteReadError) as ended:
            await expect(b"#")
        assert ended.value.partial == b""

    user = "username who privilege 7 password 0 secret\nusername who autocommand show privilege\n"
    typed(scenario, f"{user}line vty 0 4\n login local\n")


def test_behind_the_command_of_a_user_with_nohangup_the_session_goes_on() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        await expect(b"Username: ")
        write(b"who\rsecret\r")
        assert (await expect(b"gw#")).endswith(b"Current privilege level is 7\r\ngw#")
        write(b"show clock\r")
        assert b"UTC" in await expect(b"gw#")

    user = "username who nohangup privilege 7 password 0 secret\nusername who autocommand show privilege\n"
    typed(scenario, f"hostname gw\n{user}line vty 0 4\n login local\n")


def test_a_user_with_noescape_has_no_escape_character() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        await expect(b"Username: ")
        write(b"who\rsecret\rshow terminal\r")
        await expect(b"Activation\r\n               none ")

    user = "username who noescape password 0 secret\n"
    typed(scenario, f"{user}line vty 0 4\n login local\n length 0\n")


def test_aaa_has_its_own_words_for_a_failure_and_gives_levels_by_authorization() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        await expect(b"Username: ")
        write(b"tom\rwrong\r")
        await expect(b"% Authentication failed.\r\n\r\nUsername: ")
        write(b"tom\rsecret\r")
        await expect(b"gw>")

    aaa = "hostname gw\naaa new-model\nusername tom privilege 15 password 0 secret\n"
    typed(scenario, aaa)
    typed(scenario_of_level_15, f"{aaa}aaa authorization exec default local\n")


async def scenario_of_level_15(router: Router, write: Type, expect: Expect) -> None:
    await expect(b"Username: ")
    write(b"tom\rsecret\r")
    await expect(b"gw#")


def test_whom_exec_authorization_refuses_is_told_and_cut_off() -> None:
    async def scenario(router: Router, write: Type, expect: Expect) -> None:
        await expect(b"Username: ")
        write(b"tom\rsecret\r")
        await expect(b"% Authorization failed.\r\n")

    typed(
        scenario,
        "aaa new-model\nusername tom password 0 secret\naaa authorization exec default group radius\n",
    )
