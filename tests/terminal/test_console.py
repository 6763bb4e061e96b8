"""The local console, with prompt_toolkit on a pipe for a keyboard."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import Awaitable, Callable

from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from iosemu.terminal.console import LocalConsole, LocalTerminal, PlainTerminal, run_plain, serve_local
from iosemu.terminal.line_settings import LineSettings, Login, password_check

from .fakes import FakeSession

Scenario = Callable[[PipeInput, FakeSession, LocalTerminal, Callable[[str], Awaitable[None]]], Awaitable[None]]


def console_test(scenario: Scenario) -> str:
    """Run a console while `scenario` types; gives the screen's text."""
    screen = io.StringIO()

    async def seen(text: str) -> None:
        while text not in screen.getvalue():  # noqa: ASYNC110 - a string buffer tells nobody
            await asyncio.sleep(0.005)

    async def run() -> None:
        with create_pipe_input() as keyboard:
            output = Vt100_Output(screen, lambda: Size(rows=24, columns=80), term="dumb", enable_cpr=False)
            terminal = LocalTerminal(keyboard, output)
            session = FakeSession(terminal)
            async with asyncio.timeout(20):
                console = asyncio.create_task(LocalConsole(terminal, session).run())
                await scenario(keyboard, session, terminal, seen)
                await console

    asyncio.run(run())
    return screen.getvalue()


def test_commands_run_until_exit_and_up_brings_them_back() -> None:
    async def scenario(
        keyboard: PipeInput, session: FakeSession, terminal: LocalTerminal, seen: Callable[[str], Awaitable[None]]
    ) -> None:
        keyboard.send_text("show\r")
        await seen("shown")
        keyboard.send_text("\x1b[A\rexit\r")
        while not session.closed:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        assert session.lines == ["show", "show", "exit"]

    console_test(scenario)


def test_a_text_over_several_lines_is_typed_without_help() -> None:
    async def scenario(
        keyboard: PipeInput, session: FakeSession, terminal: LocalTerminal, seen: Callable[[str], Awaitable[None]]
    ) -> None:
        keyboard.send_text("text\r\rwho?\r.\rexit\r")
        while not session.closed:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        assert session.lines == ["text", "", "who?", ".", "exit"]

    console_test(scenario)


def test_question_mark_helps_at_once_and_tab_completes() -> None:
    async def scenario(
        keyboard: PipeInput, session: FakeSession, terminal: LocalTerminal, seen: Callable[[str], Awaitable[None]]
    ) -> None:
        keyboard.send_text("sh?")
        await seen("help of <sh>")
        keyboard.send_text("\tip\rexit\r")
        while not session.closed:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        assert session.lines == ["show ip", "exit"]

    assert "R1#sh?" in console_test(scenario)


def test_more_waits_for_a_key_and_secrets_do_not_show() -> None:
    async def scenario(
        keyboard: PipeInput, session: FakeSession, terminal: LocalTerminal, seen: Callable[[str], Awaitable[None]]
    ) -> None:
        keyboard.send_text("rows 60\r")
        await seen("--More--")
        keyboard.send_text("q")
        await asyncio.sleep(0.05)
        keyboard.send_text("secret\r")
        await seen("Password:")
        keyboard.send_text("xyzzy\r")
        await seen("got xyzzy")
        keyboard.send_text("exit\r")

    text = console_test(scenario)
    assert "row 22" in text
    assert "row 30" not in text
    assert text.count("xyzzy") == 1


def test_control_z_and_control_c_leave_configuration_and_control_d_the_console() -> None:
    async def scenario(
        keyboard: PipeInput, session: FakeSession, terminal: LocalTerminal, seen: Callable[[str], Awaitable[None]]
    ) -> None:
        keyboard.send_text("configure\r")
        await seen("R1(config)#")
        keyboard.send_text("hostname X\x1a")
        while session.configuring:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        keyboard.send_text("configure\r")
        while not session.configuring:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        keyboard.send_text("junk\x03")
        while session.configuring:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        assert session.lines == ["configure", "hostname X\x1a", "configure", "\x1a"]
        await asyncio.sleep(0.05)
        keyboard.send_text("\x04")

    console_test(scenario)


def test_control_c_breaks_a_running_command_off_and_not_the_console() -> None:
    async def scenario(
        keyboard: PipeInput, session: FakeSession, terminal: LocalTerminal, seen: Callable[[str], Awaitable[None]]
    ) -> None:
        keyboard.send_text("sleep 60\r")
        while not session.lines:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)
        while not session.cancelled:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        keyboard.send_text("show\rexit\r")
        await seen("shown")

    console_test(scenario)


def test_piped_lines_run_without_a_terminal() -> None:
    out = io.StringIO()
    terminal = PlainTerminal(io.StringIO("show\nask\nWho\nrows 100\n"), out)
    session = FakeSession(terminal)
    asyncio.run(run_plain(terminal, session))
    text = out.getvalue()
    assert text.startswith("R1#show\nshown\nR1#ask\nName? Who\ngot Who\nR1#rows 100\nrow 0\n")
    assert text.endswith("row 99\nR1#\n")


def test_blank_lines_of_a_piped_text_belong_to_it() -> None:
    session = FakeSession(None)
    asyncio.run(run_plain(PlainTerminal(io.StringIO("\ntext\n\na\n.\n"), io.StringIO()), session))
    assert session.lines == ["text", "", "a", "."]


def test_the_console_asks_who_is_there_and_waits_for_return_after_exit() -> None:
    screen = io.StringIO()
    line = LineSettings(Login.PASSWORD, password_check("maui"), banner="Today\n", exec_banner="Welcome\n", length=7)

    async def run() -> None:
        with create_pipe_input() as keyboard:
            output = Vt100_Output(screen, lambda: Size(rows=24, columns=80), term="dumb", enable_cpr=False)
            terminal = LocalTerminal(keyboard, output)
            sessions: list[FakeSession] = []
            ended: list[str] = []

            def open_session(at: object) -> FakeSession:
                terminal.at_session_end.append(lambda: ended.append("closed"))
                sessions.append(FakeSession(at))
                return sessions[-1]

            async with asyncio.timeout(20):
                for typed, left in (("\rno\rmaui\rexit\r", True), ("\rmaui\r\x04", False), ("x\x04", False)):
                    serving = asyncio.create_task(serve_local(terminal, open_session, lambda: line))
                    for key in typed:
                        keyboard.send_text(key)
                        await asyncio.sleep(0.02)
                    assert await serving is left
            assert [session.lines for session in sessions] == [["exit"], []]
            assert ended == ["closed", "closed"]
            assert terminal.length == 7

    asyncio.run(run())
    text = screen.getvalue()
    assert text.index("Today") < text.index("User Access Verification") < text.index("Welcome")
    assert "maui" not in text
