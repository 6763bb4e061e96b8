"""The telnet server over real loopback sockets, spoken to with raw octets."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from iosemu.clock import ManualClock
from iosemu.management.logging import Logging
from iosemu.terminal.line_settings import LineSettings, Login, password_check
from iosemu.terminal.pager import ERASE_MORE, MORE
from iosemu.terminal.telnet import TelnetServer
from iosemu.terminal.vty import Vty
from tests.waiting import until

from .fakes import FakeSession

GREETING = bytes.fromhex("fffb01fffb03fffd18fffd1f")


class Lab:
    """A server and what its clients opened."""

    def __init__(self, settings: LineSettings | None = None, lines: int = 1000, console: bool = False) -> None:
        self.sessions: list[FakeSession] = []
        self.log = Logging(ManualClock(), lambda kind: "")
        line = settings or LineSettings()
        self.writers: list[asyncio.StreamWriter] = []
        self.server = TelnetServer(
            self.open,
            lambda number: line if number < lines else None,
            attach_log=lambda vty: self.log.attach_monitor(vty.notify, lambda: vty.monitor or console),
            console=console,
            hostname=lambda: "R1",
        )

    def open(self, vty: Vty) -> FakeSession:
        self.sessions.append(FakeSession(vty))
        return self.sessions[-1]

    async def client(self) -> Client:
        reader, writer = await asyncio.open_connection(*self.endpoint)
        self.writers.append(writer)
        return Client(reader, writer)


class Client:
    """A raw socket; `got` is all that came so far, without what was expected before."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.got = b""

    def send(self, octets: bytes) -> None:
        self.writer.write(octets)

    async def expect(self, octets: bytes) -> bytes:
        """Read until `octets` came; gives everything up to their end."""
        async with asyncio.timeout(5):
            while octets not in self.got:
                more = await self.reader.read(65536)
                assert more, f"closed before {octets!r}: {self.got!r}"
                self.got += more
        end = self.got.index(octets) + len(octets)
        taken, self.got = self.got[:end], self.got[end:]
        return taken

    async def rest(self) -> bytes:
        """Everything until the server closes."""
        async with asyncio.timeout(5):
            return self.got + await self.reader.read()

    async def quiet(self) -> None:
        """Nothing more comes."""
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.08):
                raise AssertionError(await self.reader.read(100))
        assert self.got == b""


def lab_test(scenario: Callable[[Lab], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        lab = Lab(**options)
        lab.endpoint = await lab.server.start()  # type: ignore[attr-defined]
        try:
            async with asyncio.timeout(20):
                await scenario(lab)
        finally:
            for writer in lab.writers:
                writer.close()
            await lab.server.close()

    asyncio.run(run())


def test_a_client_that_answers_no_option_works_at_once_and_hears_each_character() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        assert await client.expect(b"R1#") == GREETING + b"\r\nR1#"
        await client.quiet()
        for character in b"show":
            client.send(bytes([character]))
            assert await client.expect(bytes([character])) == bytes([character])
        client.send(b"\r\n")
        assert await client.expect(b"R1#") == b"\r\nshown\r\nR1#"
        await client.quiet()

    lab_test(scenario)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\0"])
def test_each_line_end_is_one(end: bytes) -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"#")
        client.send(b"show" + end)
        assert await client.expect(b"shown\r\nR1#") == b"show\r\nshown\r\nR1#"
        await client.quiet()

    lab_test(scenario)


def test_a_paste_of_500_lines_is_complete_and_in_order_though_the_session_is_busy() -> None:
    lines = [f"interface Serial{n}" for n in range(500)]

    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        client.send(b"sleep 0.1\r" + "".join(line + "\r\n" for line in lines).encode() + b"show\r")
        await client.expect(b"shown")
        assert lab.sessions[0].lines == ["sleep 0.1", *lines, "show"]

    lab_test(scenario)


def test_a_paste_beyond_the_type_ahead_waits_in_the_socket_and_loses_nothing() -> None:
    lines = [f"line {n} " + "x" * 90 for n in range(5000)]

    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        client.send(b"sleep 0.2\r" + "".join(line + "\r" for line in lines).encode() + b"show\r")
        await client.expect(b"shown")
        assert lab.sessions[0].lines[1:-1] == lines

    lab_test(scenario)


def test_more_pages_and_space_return_and_q() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        client.send(b"rows 60\r")
        assert (await client.expect(MORE.encode())).count(b"row ") == 23
        client.send(b"\r\n")
        assert await client.expect(MORE.encode()) == f"{ERASE_MORE}row 23\r\n{MORE}".encode()
        client.send(b" ")
        assert (await client.expect(MORE.encode())).count(b"row ") == 23
        client.send(b"q")
        assert await client.expect(b"R1#") == f"{ERASE_MORE}R1#".encode()

    lab_test(scenario)


def test_the_length_of_the_window_counts_until_a_command_sets_another() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        client.send(bytes.fromhex("fffb1f fffa1f00640006fff0"))
        await client.expect(b"R1#")
        client.send(b"rows 60\r")
        assert (await client.expect(MORE.encode())).count(b"row ") == 5
        client.send(bytes.fromhex("fffa1f0064000afff0") + b" ")
        await client.expect(MORE.encode())
        client.send(b"q")
        await client.expect(b"R1#")
        lab.sessions[0].terminal.length = 0
        client.send(bytes.fromhex("fffa1f00640006fff0") + b"rows 60\r")
        assert (await client.expect(b"R1#")).count(b"row ") == 60

    lab_test(scenario)


@pytest.mark.parametrize("answer", [b"q", b" ", b"/word 39\r"])
def test_long_help_is_paged_and_gives_the_line_back_all_the_same(answer: bytes) -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        client.send(b"long?")
        await client.expect(b" --More-- ")
        client.send(answer)
        await client.expect(b"R1#long")
        client.send(b"er\r")
        await client.expect(b"R1#")
        assert lab.sessions[0].lines == ["longer"]

    lab_test(scenario)


def test_help_comes_without_return_and_gives_the_line_back() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        client.send(b"sh?")
        assert await client.expect(b"\r\n\r\nR1#sh") == b"sh?\r\n  help of <sh>\r\n\r\nR1#sh"
        client.send(b"\t")
        assert await client.expect(b"show ") == b"\r\nR1#show "
        client.send(b"\r")
        await client.expect(b"shown")

    lab_test(scenario)


def test_control_z_leaves_configuration_after_running_the_line_and_control_c_without() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        client.send(b"configure\rhostname X\x1a")
        await client.expect(b"(config)#hostname X^Z\r\nR1#")
        client.send(b"configure\rhostname Y\x03")
        await client.expect(b"(config)#hostname Y^C\r\nR1#")
        assert lab.sessions[0].lines == ["configure", "hostname X\x1a", "configure", "\x1a"]

    lab_test(scenario)


def test_a_log_line_breaks_into_what_is_typed_and_takes_nothing_of_it() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        lab.sessions[0].terminal.monitor = True
        client.send(b"sho")
        await client.expect(b"sho")
        lab.log.debug("one")
        assert await client.expect(b"one\r\n") == b"\r\none\r\n"
        client.send(b"w\r")
        assert await client.expect(b"shown") == b"w\r\nshown"

    lab_test(scenario)


def test_a_text_over_several_lines_is_typed_without_prompt_help_or_history() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        client.send(b"text\r\r a?\tb\r.\r")
        assert await client.expect(b"R1#") == b"text\r\n\r\n a? b\r\n.\r\nR1#"
        assert lab.sessions[0].lines == ["text", "", " a?\tb", "."]
        client.send(b"\x10")
        assert await client.expect(b"text") == b"text"
        client.send(b"\rhalf\x03")
        await client.expect(b"half^C\r\n")
        client.send(b"rest\x1a")
        await client.expect(b"rest^Z\r\n")
        assert lab.sessions[0].lines[-2:] == ["half\x03", "rest\x1a"]

    lab_test(scenario)


def test_banners_stand_before_the_question_and_behind_the_login() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        seen = await client.expect(b"Password: ")
        asked = b"\r\n\r\nUser Access Verification\r\n\r\nPassword: "
        assert seen == GREETING + b"\r\n\r\nToday\r\n\r\nWho?\r\n" + asked
        client.send(b"cisco\r")
        assert await client.expect(b"R1#") == b"\r\nWelcome\r\nR1#"

    banners = {"banner": "\nToday\n", "login_banner": "Who?\n", "exec_banner": "Welcome\n"}
    lab_test(scenario, settings=LineSettings(Login.PASSWORD, password_check("cisco"), **banners))  # type: ignore[arg-type]


def test_nobody_is_asked_so_the_login_banner_is_not_shown() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        assert await client.expect(b"R1#") == GREETING + b"\r\nToday\r\n\r\nWelcome\r\nR1#"

    lab_test(scenario, settings=LineSettings(banner="Today\n", login_banner="Who?\n", exec_banner="Welcome\n"))


def test_on_a_synchronous_line_a_log_line_stands_alone_and_the_typed_line_is_printed_again() -> None:
    async def scenario(lab: Lab) -> None:
        quiet, client = await lab.client(), await lab.client()
        await quiet.expect(b"R1#")
        await client.expect(b"R1#")
        lab.sessions[1].terminal.monitor = True
        client.send(b"sho")
        await client.expect(b"sho")
        lab.log.event("SYS", 5, "X", "one")
        lab.log.debug("two")
        assert await client.expect(b"R1#sho") == b"\r\n%SYS-5-X: one\r\ntwo\r\nR1#sho"
        client.send(b"w\r")
        await client.expect(b"shown")
        await quiet.quiet()

    lab_test(scenario, settings=LineSettings(synchronous=True))


def test_a_log_line_at_more_gives_the_question_back() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        lab.sessions[0].terminal.monitor = True
        client.send(b"rows 60\r")
        await client.expect(MORE.encode())
        lab.log.debug("news")
        assert await client.expect(MORE.encode()) == f"{ERASE_MORE}news\r\n{MORE}".encode()

    lab_test(scenario)


def test_questions_and_secrets() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        client.send(b"ask\rw?o\rsecret\rxyz\r")
        assert b"ask\r\nName? w?o\r\ngot w?o\r\nR1#secret\r\nPassword: \r\ngot xyz\r\nR1#" in (
            await client.expect(b"got xyz\r\nR1#")
        )
        client.send(b"ask\rabc\x03show\r")
        assert await client.expect(b"shown") == b"ask\r\nName? abc^C\r\nR1#show\r\nshown"

    lab_test(scenario)


def test_hanging_up_cancels_the_running_command_and_frees_the_session() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        client.send(b"sleep 60\r")
        await until(lambda: lab.sessions and lab.sessions[0].lines)
        client.writer.transport.abort()
        await until(lambda: lab.sessions[0].cancelled and not lab.server.lines)
        session = weakref.ref(lab.sessions.pop())
        await asyncio.sleep(0)
        gc.collect()
        assert session() is None

    lab_test(scenario)


def test_a_client_that_closes_its_sending_side_still_gets_its_answers() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        client.send(b"show\rshow\r")
        client.writer.write_eof()
        assert (await client.rest()).count(b"shown") == 2
        await until(lambda: not lab.server.lines)

    lab_test(scenario)


def test_control_shift_6_breaks_a_command_off_and_the_session_goes_on() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        client.send(b"sleep 60\r")
        await until(lambda: lab.sessions and lab.sessions[0].lines)
        client.send(b"\x1e")
        await until(lambda: lab.sessions[0].cancelled)
        client.send(b"show\r")
        await client.expect(b"shown\r\nR1#")

    lab_test(scenario)


def test_a_command_that_fails_leaves_the_session_usable() -> None:
    async def scenario(lab: Lab) -> None:
        reported: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context["exception"]))
        client = await lab.client()
        client.send(b"fail\rshow\r")
        await client.expect(b"shown")
        assert isinstance(reported[0], ZeroDivisionError)

    lab_test(scenario)


def test_exit_closes_the_connection_after_its_output() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        client.send(b"show\rexit\r")
        assert (await client.rest()).endswith(b"R1#exit\r\n")
        await until(lambda: not lab.server.lines)

    lab_test(scenario)


def test_a_client_that_never_reads_holds_up_nobody_and_costs_bounded_memory() -> None:
    async def scenario(lab: Lab) -> None:
        stuck, client = await lab.client(), await lab.client()
        stuck.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await client.expect(b"R1#")
        await until(lambda: len(lab.sessions) == 2)
        for session in lab.sessions:
            session.terminal.length = 0
            session.terminal.monitor = True
        stuck.send(b"rows 2000000\r" + b"show\r" * 1000)
        vty = lab.sessions[0].terminal
        await until(lambda: vty.blocked)
        for n in range(2000):
            lab.log.debug(f"message {n}")
        client.send(b"show\r")
        await client.expect(b"shown\r\n")
        assert vty.dropped_notices >= 2000
        assert lab.server.lines[0]._transport.get_write_buffer_size() < 1_000_000  # type: ignore[union-attr]
        assert lab.sessions[0].lines == ["rows 2000000"]
        stuck.writer.transport.abort()
        await until(lambda: len(lab.server.lines) == 1)

    lab_test(scenario)


@pytest.mark.parametrize("noise", [b"\xff", b"\xff\xfa\x18", bytes(range(256)), b"\x1b[", b"\xff\xfb" * 50])
def test_noise_from_one_client_leaves_its_session_usable(noise: bytes) -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        client.send(noise + b"\xff\xf0\xff\xf0x\x03\rqqqqqqq\x03")
        client.send(b"\rshow\r")
        await client.expect(b"shown")

    lab_test(scenario)


def test_a_line_password_is_asked_three_times() -> None:
    settings = LineSettings(login=Login.PASSWORD, check=password_check("cisco"))

    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        assert await client.expect(b"Password: ") == GREETING + b"\r\n\r\nUser Access Verification\r\n\r\nPassword: "
        client.send(b"a\rb\rc\r")
        assert await client.rest() == b"\r\nPassword: \r\nPassword: \r\n% Bad passwords\r\n"
        client = await lab.client()
        client.send(b"x\rcisco\r")
        assert (await client.expect(b"R1#")).endswith(b"Password: \r\nPassword: \r\nR1#")

    lab_test(scenario, settings=settings)


def test_a_line_without_a_password_lets_nobody_in() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        assert await client.rest() == GREETING + b"\r\n\r\nPassword required, but none set\r\n"

    lab_test(scenario, settings=LineSettings(login=Login.PASSWORD))


def test_local_users_are_asked_for_name_and_password() -> None:
    settings = LineSettings(
        login=Login.LOCAL, check=lambda user, secret: 15 if (user, secret) == ("tom", "tom") else None
    )

    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        client.send(b"tom\rbad\rtom\rtom\r")
        text = await client.expect(b"R1#")
        assert b"Username: tom\r\nPassword: \r\n% Login invalid\r\n\r\nUsername: tom" in text
        assert (lab.sessions[0].terminal.user, lab.sessions[0].terminal.privilege) == ("tom", 15)

    lab_test(scenario, settings=settings)


def test_an_idle_line_is_closed_and_a_busy_or_typing_one_is_not() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        await client.expect(b"R1#")
        client.send(b"sleep 0.5\r")
        await client.expect(b"\r\nR1#")
        for _ in range(4):
            await asyncio.sleep(0.1)
            client.send(b"x")
            await client.expect(b"x")
        assert await client.rest() == b""
        assert not lab.server.lines

    lab_test(scenario, settings=LineSettings(exec_timeout_s=0.3))


def test_a_client_beyond_the_configured_lines_is_refused() -> None:
    async def scenario(lab: Lab) -> None:
        first = await lab.client()
        await first.expect(b"R1#")
        with pytest.raises((ConnectionResetError, AssertionError)):
            await (await lab.client()).expect(b"R1#")
        first.send(b"exit\r")
        await first.rest()
        await until(lambda: not lab.server.lines)
        await (await lab.client()).expect(b"R1#")

    lab_test(scenario, lines=1)


def test_the_console_waits_for_return_and_comes_back_after_exit() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        assert await client.expect(b"started.\r\n") == GREETING + b"\r\n\r\nPress RETURN to get started.\r\n"
        client.send(b"xyz\r\n")
        await client.expect(b"\r\n\r\nR1#")
        lab.log.event("SYS", 5, "CONFIG_I", "done")
        await client.expect(b"%SYS-5-CONFIG_I: done\r\n")
        client.send(b"exit\r")
        await client.expect(b"R1 con0 is now available")
        client.send(b"\r")
        await client.expect(b"R1#")
        assert len(lab.sessions) == 2

    lab_test(scenario, console=True)


def test_a_restart_cuts_vtys_and_greets_consoles_anew() -> None:
    async def vty(lab: Lab) -> None:
        client = await lab.client()
        client.send(b"show\r")
        await client.expect(b"shown\r\nR1#")
        lab.server.restart()
        assert await client.rest() == b""
        await (await lab.client()).expect(b"R1#")

    async def console(lab: Lab) -> None:
        client = await lab.client()
        client.send(b"\rsleep 60\r")
        await until(lambda: lab.sessions and lab.sessions[0].lines)
        lab.server.restart()
        await client.expect(b"Press RETURN to get started.\r\n")
        client.send(b"\rshow\r")
        await client.expect(b"shown\r\nR1#")
        assert (len(lab.sessions), lab.sessions[0].cancelled, len(lab.server.lines)) == (2, True, 1)

    lab_test(vty)
    lab_test(console, console=True)


def test_a_console_whose_session_restarts_the_router_is_not_free_before() -> None:
    async def scenario(lab: Lab) -> None:
        client = await lab.client()
        client.send(b"\r")
        await client.expect(b"R1#")
        session = lab.sessions[0]

        async def reload(line: str) -> None:
            asyncio.get_running_loop().call_soon(lab.server.restart)
            session.closed = True

        session.execute = reload  # type: ignore[method-assign]
        client.send(b"reload\r")
        assert b"available" not in await client.expect(b"Press RETURN to get started.")

    lab_test(scenario, console=True)


def test_a_console_is_one_line_for_everybody_who_looks_at_it() -> None:
    async def scenario(lab: Lab) -> None:
        for client in (await lab.client(), await lab.client()):
            client.send(b"\r")
            await client.expect(b"R1#")
        assert [session.terminal.name for session in lab.sessions] == ["con 0", "con 0"]

    lab_test(scenario, console=True, lines=1)


def test_a_client_is_known_by_the_address_that_the_network_tells() -> None:
    async def scenario(lab: Lab) -> None:
        lab.server.source_of = lambda peername: "172.18.106.36"
        await (await lab.client()).expect(b"R1#")
        assert lab.sessions[0].terminal.peer == "172.18.106.36"

    lab_test(scenario)


def test_a_socket_that_somebody_else_accepted_is_served_too() -> None:
    import socket

    async def scenario(lab: Lab) -> None:
        ours, theirs = socket.socketpair()
        serving = asyncio.create_task(lab.server.serve(theirs, "15.80.7.11"))
        reader, writer = await asyncio.open_connection(sock=ours)
        lab.writers.append(writer)
        client = Client(reader, writer)
        await client.expect(b"R1#")
        assert lab.server.lines[0].vty is not None
        assert lab.server.lines[0].vty.peer == "15.80.7.11"
        client.send(b"exit\r")
        await client.rest()
        await serving

    lab_test(scenario)
