"""Clients that do what no client should: they harm nobody else, and whoever goes on typing finds his session usable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.terminal.line_settings import LineSettings
from iosemu.terminal.telnet import TelnetServer
from iosemu.terminal.telnet_options import Data, TelnetOptions
from iosemu.terminal.vty import Vty
from tests.waiting import until

from .fakes import FakeSession


class Place:
    """A router's vtys with sessions that know a few commands."""

    def __init__(self) -> None:
        self.sessions: list[FakeSession] = []
        self.server = TelnetServer(self._open, lambda number: LineSettings() if number < 20 else None)
        self.endpoint = ("", 0)
        self.writers: list[asyncio.StreamWriter] = []

    def _open(self, vty: Vty) -> FakeSession:
        self.sessions.append(FakeSession(vty))
        return self.sessions[-1]

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(*self.endpoint)
        self.writers.append(writer)
        return reader, writer


def somewhere(scenario: Callable[[Place], Awaitable[None]]) -> None:
    async def run() -> None:
        place = Place()
        place.endpoint = await place.server.start()
        try:
            async with asyncio.timeout(20):
                await scenario(place)
        finally:
            for writer in place.writers:
                writer.close()
            await place.server.close()

    asyncio.run(run())


async def answers(place: Place) -> None:
    """A new client is served as ever."""
    reader, writer = await place.connect()
    writer.write(b"show\r")
    await reader.readuntil(b"shown\r\n")
    writer.close()


def test_100_kb_without_a_line_end_are_one_bounded_line() -> None:
    async def scenario(place: Place) -> None:
        reader, writer = await place.connect()
        writer.write(b"x" * 100_000)
        await answers(place)
        writer.write(b"\x15show\r")
        await reader.readuntil(b"shown\r\n")
        assert place.sessions[0].lines == ["show"]
        writer.close()

    somewhere(scenario)


def test_a_client_that_floods_and_never_reads_is_held_back_and_freed_when_it_goes() -> None:
    async def scenario(place: Place) -> None:
        _, writer = await place.connect()
        transport = writer.transport
        transport.pause_reading()  # type: ignore[attr-defined]
        await until(lambda: place.sessions)
        place.sessions[0].terminal.length = 0
        for _ in range(40):
            writer.write(b"rows 100000\r" * 2000)
            await asyncio.sleep(0)
        await until(lambda: place.sessions[0].terminal.blocked)
        await answers(place)
        assert len(place.sessions[0].terminal.editor.keys) < 200_000
        transport.abort()
        await until(lambda: not place.server.lines)

    somewhere(scenario)


@pytest.mark.parametrize("left", [b"", b"sh", b"rows 5000\r", b"sleep 60\r", b"ask\r", b"\xff\xfa\x18", b"text\rhalf"])
def test_a_client_that_drops_mid_line_leaves_nothing_behind(left: bytes) -> None:
    async def scenario(place: Place) -> None:
        reader, writer = await place.connect()
        await reader.readuntil(b"R1#")
        writer.write(left)
        await writer.drain()
        await asyncio.sleep(0.01)
        writer.transport.abort()
        await until(lambda: not place.server.lines)
        await answers(place)

    somewhere(scenario)


def test_half_closed_clients_are_answered_and_let_go() -> None:
    async def scenario(place: Place) -> None:
        clients = [await place.connect() for _ in range(5)]
        for _, writer in clients:
            writer.write(b"show\rsleep 60\r")
            writer.write_eof()
        for reader, writer in clients:
            assert (await reader.read()).count(b"shown\r\n") == 1
            writer.close()
        await until(lambda: not place.server.lines)

    somewhere(scenario)


class Keeper:
    """A channel that keeps what is sent."""

    def __init__(self) -> None:
        self.sent = b""

    def send(self, octets: bytes) -> None:
        self.sent += octets

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=12))
def test_whatever_octets_come_in_whatever_pieces_the_next_line_is_read(pieces: list[bytes]) -> None:
    async def run() -> None:
        options, channel = TelnetOptions(), Keeper()
        vty = Vty(channel)

        def arrive(octets: bytes) -> None:
            for event in options.receive(octets):
                if isinstance(event, Data):
                    vty.receive(event.octets)

        for piece in pieces:
            arrive(piece)
        # Whatever telnet command, escape sequence or line is under way ends; then ^C leaves what was typed.
        arrive(b"\xff\xf0\xff\xf0\r\r~\x03\x03")
        vty.receive(b"the end\r")
        async with asyncio.timeout(5):
            entered: list[str] = []
            while "the end" not in entered:
                entered.append(getattr(await vty.read_command("R1#"), "text", ""))
        assert len(entered) < 600

    asyncio.run(run())
