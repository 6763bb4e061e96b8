"""The loop that runs commands on a line, with a transport that keeps what it is to send."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from iosemu.terminal.line_settings import LineSettings
from iosemu.terminal.shell import TURN_S, run_line
from iosemu.terminal.vty import Vty

from .fakes import FakeSession


class Wire:
    """A `Channel` whose client reads everything."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, octets: bytes) -> None:
        self.sent.append(octets)

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def test_echo_answer_and_next_prompt_go_out_as_one_piece_however_long_the_line_was_idle() -> None:
    async def scenario() -> None:
        wire = Wire()
        vty = Vty(wire)
        line = asyncio.create_task(run_line(vty, LineSettings(), FakeSession))
        for _ in range(3):
            await asyncio.sleep(2 * TURN_S)
            wire.sent.clear()
            vty.receive(b"show\r")
            await asyncio.sleep(TURN_S)
            assert wire.sent == [b"show\r\nshown\r\nR1#"]
        vty.hung_up()
        with suppress(EOFError):
            await line

    asyncio.run(scenario())


def test_a_line_with_many_commands_waiting_lets_others_have_their_turn() -> None:
    class Slow(FakeSession):
        async def execute(self, line: str) -> None:
            end = asyncio.get_running_loop().time() + TURN_S
            while asyncio.get_running_loop().time() < end:
                pass
            await super().execute(line)

    async def scenario() -> None:
        vty = Vty(Wire())
        sessions: list[FakeSession] = []

        def opened(terminal: Vty) -> FakeSession:
            sessions.append(Slow(terminal))
            return sessions[0]

        line = asyncio.create_task(run_line(vty, LineSettings(), opened))
        await asyncio.sleep(0.01)
        vty.receive(b"show\r" * 10)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert 0 < len(sessions[0].lines) < 10
        vty.hung_up()
        with suppress(EOFError):
            await line

    asyncio.run(scenario())
