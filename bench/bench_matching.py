"""The command set: what compiling it costs, walking all of it once, and lines a second through matching."""

from __future__ import annotations

import pytest

from bench.figures import QUICK, tell_ms, tell_rate
from iosemu.cli import catalogue
from iosemu.cli.catalogue_text import compile_files
from iosemu.cli.declaration import CONFIG, EXEC, Mode
from iosemu.cli.graph import State
from iosemu.cli.match import match

LINES = 1000 if QUICK else 10_000
ROUNDS = 1 if QUICK else 5
SAMPLES = {
    EXEC: ["show ip interface brief", "sh ip int brief", "show access-lists 101", "ping 10.0.0.{n}", "show clock"],
    CONFIG: [
        "access-list 101 permit tcp 10.0.{n}.0 0.0.0.255 any eq www",
        "access-list {n} deny 10.0.0.{n}",
        "ip route 10.{n}.0.0 255.255.0.0 10.0.0.1",
        "snmp-server community c{n} RO",
        "no logging 10.0.0.{n}",
    ],
    "interface": ["ip address 10.0.{n}.1 255.255.255.0", "no shutdown", "ip access-group {n} in", "description to {n}"],
}


def test_compile_all(benchmark) -> None:  # type: ignore[no-untyped-def]
    files = list(catalogue.read_files(catalogue.DIRECTORY))
    benchmark.pedantic(compile_files, [files], rounds=ROUNDS)
    tell_ms(benchmark, "all files compiled")


def test_walk_all(benchmark) -> None:  # type: ignore[no-untyped-def]
    modes = compile_files(catalogue.read_files(catalogue.DIRECTORY))

    def walk() -> int:
        fresh = catalogue.Catalogue.of(modes)
        return sum(_states(fresh.mode(name)) for name in fresh.modes)

    states = benchmark.pedantic(walk, rounds=ROUNDS)
    tell_ms(benchmark, f"every state of it made, {states:,}")


def _states(mode: Mode) -> int:
    todo: list[State] = [mode.start()]
    seen = set(todo)
    while todo:
        state = todo.pop()
        new = {edge.target for edge in (*state.keywords.values(), *state.arguments)} - seen
        seen |= new
        todo.extend(new)
    return len(seen)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("known", [False, True], ids=["first", "again"])
def test_lines(benchmark, name: str, known: bool) -> None:  # type: ignore[no-untyped-def]
    mode = catalogue.load().mode(name)
    samples = SAMPLES[name]
    lines = [samples[n % len(samples)].format(n=1 + n % 99) for n in range(LINES)]

    def forget() -> None:
        if not known:
            mode.read.clear()

    def read() -> None:
        for line in lines:
            match(mode, line)
            if not known:
                mode.read.clear()

    benchmark.pedantic(read, setup=forget, rounds=ROUNDS, warmup_rounds=1)
    tell_rate(benchmark, f"{name} lines matched, {'again' if known else 'for the first time'}", "lines/s", LINES)
