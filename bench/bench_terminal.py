"""Terminal sessions: round trips a second, memory of idle sessions, latency of one more and while many type.

Beside iosemu's telnet and SSH, in the same run: an asyncio protocol that does nothing but echo, and fake-switches,
FRR's vty and fakenos where they are installed (the Python ones for the interpreter that is told). Times are those of a
clock, as somebody at the terminal has them; but for the one row that tells of the server's CPU time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from bench.figures import OURS, PEERS_PYTHON, QUICK, tell
from bench.terminal_servers import SERVERS, Server, missing, running

MANY = 50
"""Sessions that work at the same time."""
KEY_S = 0.05
"""Between two keys of somebody who types fast."""
ANSWER_S = 20.0
IDLE, SECONDS = (20, 0.2) if QUICK else (1000, 2.0)
"""Sessions that do nothing, and how long each measurement takes."""


class Client(Protocol):
    """A session that somebody types at."""

    def when(self, end: bytes, then: Callable[[], object]) -> None: ...

    async def until(self, end: bytes) -> None: ...

    def type(self, keys: bytes) -> None: ...

    def close(self) -> None: ...


class Screen:
    """What came last from the server, and whoever waits for an end of it."""

    def __init__(self) -> None:
        self._tail = b""
        self._end = b""
        self._then: Callable[[], object] | None = None

    def came(self, octets: bytes) -> None:
        self._tail = (self._tail + octets)[-64:]
        if self._then is not None and self._tail.endswith(self._end):
            then, self._then = self._then, None
            then()

    def when(self, end: bytes, then: Callable[[], object]) -> None:
        """Call `then` once, as soon as something comes after which what came since the last keys ends so."""
        self._end, self._then = end, then

    async def until(self, end: bytes) -> None:
        """Wait until what came since the last keys ends so."""
        if not self._tail.endswith(end):
            there = asyncio.get_running_loop().create_future()
            self.when(end, lambda: there.done() or there.set_result(None))
            async with asyncio.timeout(ANSWER_S):
                await there

    def forget(self) -> None:
        self._tail = b""


class TelnetClient(Screen, asyncio.Protocol):
    """Answers no option."""

    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.came(data)

    def type(self, keys: bytes) -> None:
        self.forget()
        self.transport.write(keys)

    def close(self) -> None:
        self.transport.abort()


class SshClient(Screen):
    """A shell over asyncssh, as octets; the face of `asyncssh.SSHClientSession` as far as it is used."""

    connection: Any
    channel: Any

    def connection_made(self, channel: Any) -> None:
        self.channel = channel

    def data_received(self, data: bytes, datatype: object) -> None:
        self.came(data)

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *told: None

    def type(self, keys: bytes) -> None:
        self.forget()
        self.channel.write(keys)

    def close(self) -> None:
        self.connection.abort()


async def opened(server: Server, port: int) -> Client:
    """A session, logged in."""
    async with asyncio.timeout(ANSWER_S):
        client: SshClient | TelnetClient
        if server.ssh:
            import asyncssh

            connection = await asyncssh.connect(
                "127.0.0.1", port, username="bench", password="bench", known_hosts=None, client_keys=None, config=None
            )
            _, client = await connection.create_session(SshClient, term_type="vt100", encoding=None)
            client.connection = connection
        else:
            _, client = await asyncio.get_running_loop().create_connection(TelnetClient, "127.0.0.1", port)
        for end, answer in server.login:
            await client.until(end)
            client.type(answer + server.end)
        await client.until(server.prompt)
        return client


@dataclass
class Figures:
    """What was measured of one server; None where it was not, or could not be."""

    clock_1: float | None = None
    clock_many: float | None = None
    version_1: float | None = None
    version_many: float | None = None
    version_core: float | None = None
    idle_kb: float | None = None
    one_more_ms: float | None = None
    typing_p99_ms: float | None = None


ROWS: dict[str, tuple[str, str, dict[str, float], dict[str, float]]] = {
    "clock_1": ("show clock, 1 session", "answers/s", {}, {}),
    "clock_many": (f"show clock, {MANY} sessions", "answers/s", {}, {}),
    "version_1": ("show version, 1 session", "answers/s", {"at_least": 1000}, {}),
    "version_many": (f"show version, {MANY} sessions", "answers/s", {}, {}),
    "version_core": ("the same, a second of the server's CPU time", "answers/s", {"at_least": 4000}, {}),
    "idle_kb": ("memory of an idle session", "KB", {"at_most": 10}, {"at_most": 30}),
    "one_more_ms": (f"show version of one more beside {IDLE:,} idle ones, median", "ms", {}, {}),
    "typing_p99_ms": (
        f"keys while {MANY} of them type, 99th of 100",
        "ms",
        {"at_most": 50},
        {"at_most": 50},
    ),
}
"""By field of the figures: what it is, its unit, and the targets of iosemu over telnet and over SSH."""


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def private_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


class Measuring:
    """All measurements of one running server."""

    def __init__(self, server: Server, port: int, pid: int, seconds: float) -> None:
        self._server, self._port, self._pid, self._seconds = server, port, pid, seconds
        self._ready = b"\n" + server.prompt
        self.figures = Figures()

    async def command(self, client: Client, line: str) -> float:
        """Seconds until its answer is there."""
        start = time.perf_counter()
        client.type(line.encode() + self._server.end)
        await client.until(self._ready)
        return time.perf_counter() - start

    async def round_trips(self, clients: list[Client], line: str) -> tuple[float, float]:
        """Answers a second, and a second of the server's CPU time. No future or timer is spent on an answer here."""
        for client in clients:
            await self.command(client, line)
        answers = 0
        keys, over = line.encode() + self._server.end, False

        def again(client: Client) -> None:
            nonlocal answers
            answers += 1
            if not over:
                client.when(self._ready, lambda: again(client))
                client.type(keys)

        before, start = cpu_s(self._pid), time.perf_counter()
        for client in clients:
            again(client)
        await asyncio.sleep(self._seconds)
        over = True
        answers -= len(clients)
        rate = answers / (time.perf_counter() - start)
        core = answers / (cpu_s(self._pid) - before)
        for client in clients:
            await client.until(self._ready)
        return rate, core

    async def typing(self, client: Client, latencies: list[float], delay: float) -> None:
        """Type a command key by key at a person's pace; how long the echo of each, and the answer, take."""
        await asyncio.sleep(delay)
        end = time.perf_counter() + self._seconds
        while time.perf_counter() < end:
            for key in "show version":
                start = time.perf_counter()
                client.type(key.encode())
                await client.until(key.encode())
                latencies.append(time.perf_counter() - start)
                await asyncio.sleep(KEY_S)
            latencies.append(await self.command(client, ""))

    async def all(self, idle: int) -> None:
        """One session, many, then the idle ones with one more, and many of them that type."""
        server, figures = self._server, self.figures
        first = await opened(server, self._port)
        clients = [first]
        for sessions, suffix in ((1, "1"), (MANY, "many")):
            while len(clients) < sessions:
                clients.append(await opened(server, self._port))
            for line in server.commands:
                rate, core = await self.round_trips(clients, line)
                setattr(figures, f"{line.split()[1]}_{suffix}", rate)
                if line == "show version" and sessions == MANY:
                    figures.version_core = core
        before, wanted = private_kb(self._pid), min(idle, server.most)
        more = [await opened(server, self._port) for _ in range(wanted)]
        figures.idle_kb = (private_kb(self._pid) - before) / wanted
        one_more = await opened(server, self._port)
        figures.one_more_ms = 1e3 * statistics.median(
            [await self.command(one_more, "show version") for _ in range(100)]
        )
        latencies: list[float] = []
        typists = [self.typing(client, latencies, KEY_S * n / MANY) for n, client in enumerate(clients)]
        await asyncio.gather(*typists)
        figures.typing_p99_ms = 1e3 * statistics.quantiles(latencies, n=100)[98]
        for client in [*clients, *more, one_more]:
            client.close()


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.name)
def test_terminal(benchmark: Any, server: Server) -> None:
    python = PEERS_PYTHON if PEERS_PYTHON and server.module in ("fake_switches", "fakenos") else sys.executable
    if missing(server, python):
        pytest.skip(f"{server.module} is not installed")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with running(server, python) as (port, pid):
        measuring = Measuring(server, port, pid, SECONDS)

        async def measure() -> None:
            # What fails is told, and the rest stays unknown.
            with contextlib.suppress(TimeoutError, OSError, ZeroDivisionError):
                await measuring.all(IDLE)

        benchmark.pedantic(lambda: asyncio.run(measure()), rounds=1)
    ours, protocol = server.module == "iosemu" or server.name == "iosemu ssh", "ssh" if server.ssh else "telnet"
    for key, (what, unit, telnet_target, ssh_target) in ROWS.items():
        value = getattr(measuring.figures, key)
        if value is not None:
            target = (ssh_target if server.ssh else telnet_target) if ours else {}
            tell(benchmark, f"{protocol}: {what}", unit, [value], OURS if ours else server.name, **target)
    if ours:
        assert measuring.figures.typing_p99_ms is not None
