"""Telnet sessions against the terminal server: round trips a second, memory of idle sessions, latency of one more.

    python bench/bench_terminal.py [--idle 1000] [--seconds 2]

The server runs in a process of its own, so its CPU time and memory are its own; `show clock` goes through the real
command line (`--echo` measures the terminal alone, with a session that prints one line).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from iosemu.terminal.line_settings import LineSettings
from iosemu.terminal.telnet import TelnetServer

COMMAND = b"show clock\r"


class EchoSession:
    """Prints one line for every command."""

    def __init__(self, terminal: Any) -> None:
        self.terminal = terminal
        self.prompt = "R1#"
        self.closed = False

    async def execute(self, line: str) -> None:
        self.terminal.write("*00:00:00.000 UTC Mon Mar 1 1993\n")

    def help(self, line: str) -> str:
        return ""

    def complete(self, line: str) -> str:
        return line


def real_sessions() -> Any:
    """What opens privileged sessions on a blank router."""
    from iosemu.clock import ManualClock
    from iosemu.config.store import FileStore
    from iosemu.network import NoNetwork
    from iosemu.router import Router

    router = Router("as5300", clock=ManualClock(), network=NoNetwork(), store=FileStore(None))
    router.load("hostname R1")
    return lambda vty: router.open_session(vty, 15)


async def serve(echo: bool) -> None:
    server = TelnetServer(EchoSession if echo else real_sessions(), lambda number: LineSettings())
    print((await server.start())[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.close()


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def private_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


async def session(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readuntil(b"R1#")
    return reader, writer


async def type_until(port: int, end: float, latencies: list[float]) -> None:
    reader, writer = await session(port)
    while (start := time.perf_counter()) < end:
        writer.write(COMMAND)
        await reader.readuntil(b"\nR1#")
        latencies.append(time.perf_counter() - start)
    writer.close()


async def round_trips(port: int, pid: int, sessions: int, seconds: float) -> None:
    latencies: list[float] = []
    before, end = cpu_s(pid), time.perf_counter() + seconds
    await asyncio.gather(*(type_until(port, end, latencies) for _ in range(sessions)))
    latencies.sort()
    middle, high = (1e3 * latencies[len(latencies) * part // 100] for part in (50, 99))
    print(
        f"{sessions:5} sessions: {len(latencies) / seconds:8.0f} round trips/s,"
        f" server {1e6 * (cpu_s(pid) - before) / len(latencies):6.0f} us each,"
        f" p50 {middle:6.2f} ms, p99 {high:6.2f} ms"
    )


async def paste(port: int, pid: int, lines: int) -> None:
    reader, writer = await session(port)
    before, start = cpu_s(pid), time.perf_counter()
    writer.write(COMMAND * lines)
    for _ in range(lines):
        await reader.readuntil(b"\nR1#")
    rate, each = lines / (time.perf_counter() - start), 1e6 * (cpu_s(pid) - before) / lines
    print(f"     one paste: {rate:8.0f} lines/s, server {each:6.0f} us each")
    writer.close()


async def idle(port: int, pid: int, sessions: int) -> None:
    before = private_kb(pid)
    clients = [await session(port) for _ in range(sessions)]
    kept = private_kb(pid) - before
    reader, writer = await session(port)
    times = []
    for _ in range(200):
        start = time.perf_counter()
        writer.write(COMMAND)
        await reader.readuntil(b"\nR1#")
        times.append(time.perf_counter() - start)
    times.sort()
    print(
        f"{sessions:5} idle sessions: {kept / sessions:6.1f} KB each;"
        f" one more: p50 {1e3 * times[100]:.2f} ms, p99 {1e3 * times[198]:.2f} ms"
    )
    for _, client in [*clients, (reader, writer)]:
        client.close()


async def measure(port: int, pid: int, options: argparse.Namespace) -> None:
    await round_trips(port, pid, 1, options.seconds)
    await round_trips(port, pid, 50, options.seconds)
    await paste(port, pid, 5000)
    await idle(port, pid, options.idle)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--echo", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.echo))
        return
    arguments = [sys.executable, __file__, "--serve", *(["--echo"] if options.echo else [])]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        asyncio.run(measure(int(server.stdout.readline()), server.pid, options))


if __name__ == "__main__":
    main()
