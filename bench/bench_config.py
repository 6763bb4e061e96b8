"""A configuration applied and printed, beside what other tools need to read one.

One text is made, and of lines that are all different; the other one is the corpus of real configurations, where it is
beside the source tree, file after file, so that lines come again and some are refused. ciscoconfparse2 and hier_config
read the same text and check nothing. FRR's vtysh, in C, checks each line; it does not
know every command of ours, so it is given as many lines of its own dialect, and its start is taken off.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bench.figures import QUICK, cpu_s, tell, tell_ms, tell_rate
from iosemu.clock import ManualClock
from iosemu.commands.loading import load
from iosemu.config import nvgen
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "configs"
SIZES = [1000] if QUICK else [10_000, 100_000]
DOUBLED = [SIZES[0] << times for times in range(2 if QUICK else 4)]
ROUNDS = 1 if QUICK else 3
LINES_A_SECOND, PRINTED_MS, STEADY = 50_000, 100, 80
"""Targets: lines applied a second, ms to print 10,000, and of the pace what is left when there are many, %."""


def configuration(lines: int) -> str:
    """A router's configuration of so many lines: interfaces, dial peers, routes and access lists, all different."""
    text: list[str] = []
    number = 0
    while len(text) < lines:
        number += 1
        high, low = divmod(number, 250)
        if number % 10 == 1:
            text += [f"interface Loopback{number}", f" description loop {number}"]
            text += [f" ip address 10.{high}.{low}.1 255.255.255.255", "!"]
        text += [f"dial-peer voice {number} voip", f" destination-pattern {number}...", " codec g711ulaw"]
        text += [f" session target ipv4:10.{high}.{low}.2", " no vad", "!"]
        text += [f"ip route 172.{16 + high % 16}.{low}.0 255.255.255.0 10.0.{high % 250}.{low}"]
        text += [f"access-list {100 + number % 100} permit tcp host 10.{high}.{low}.1 any eq {number % 60000 + 1}"]
        text += [f"access-list {1 + number % 99} permit 10.{high}.{low}.0 0.0.0.255"]
    return "\n".join([*text[:lines], "end", ""])


def corpus(lines: int) -> str:
    """So many lines of real configurations."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the source tree")
    files = (file.read_text("utf-8") for file in sorted(CORPUS.glob("*.cfg")))
    real = [line for text in files for line in text.splitlines() if line.strip() != "end"]
    return "\n".join([*(real * (lines // len(real) + 1))[:lines], "end", ""])


SOURCES = {"made": configuration, "corpus": corpus}


def router() -> Router:
    return Router("3660", clock=ManualClock(), network=NoNetwork(), store=FileStore(None))


def what(source: str, lines: int) -> str:
    return f"{lines:,} lines, {source}"


@pytest.mark.parametrize("lines", SIZES)
@pytest.mark.parametrize("source", SOURCES)
def test_apply(benchmark, source: str, lines: int) -> None:  # type: ignore[no-untyped-def]
    text = SOURCES[source](lines)

    def blank() -> tuple[tuple[object, str], dict[str, object]]:
        return (router().device, text), {}

    refused = benchmark.pedantic(load, setup=blank, rounds=ROUNDS, warmup_rounds=1)
    assert source == "corpus" or refused == []
    tell_rate(benchmark, what(source, lines), "lines/s", lines, at_least=LINES_A_SECOND)


def test_apply_more_and_more(benchmark) -> None:  # type: ignore[no-untyped-def]
    """The pace with ever more lines, beside the pace with the fewest."""
    rates: dict[int, float] = {}

    def apply() -> None:
        for lines in DOUBLED:
            device, text = router().device, configuration(lines)
            begun = cpu_s()
            load(device, text)
            rates[lines] = max(rates.get(lines, 0), lines / (cpu_s() - begun))

    benchmark.pedantic(apply, rounds=ROUNDS)
    for lines in DOUBLED[1:]:
        share = 100 * rates[lines] / rates[DOUBLED[0]]
        tell(benchmark, f"pace with {lines:,} lines, of that with {DOUBLED[0]:,}", "%", [share], at_least=STEADY)


@pytest.mark.parametrize("lines", SIZES)
def test_apply_again(benchmark, lines: int) -> None:  # type: ignore[no-untyped-def]
    text = configuration(lines)
    device = router().device
    load(device, text)
    benchmark.pedantic(load, [device, text], rounds=ROUNDS)
    tell_rate(benchmark, f"{what('made', lines)}, once more", "lines/s", lines)


@pytest.mark.parametrize("lines", SIZES)
def test_print(benchmark, lines: int) -> None:  # type: ignore[no-untyped-def]
    device = router().device
    load(device, configuration(lines))
    text = benchmark.pedantic(nvgen.running_config, [device.config], rounds=ROUNDS, warmup_rounds=1)
    target = {"at_most": PRINTED_MS} if lines <= SIZES[0] else {}
    tell_ms(benchmark, f"show running-config, {lines:,} lines", **target)
    # Nothing that was typed is missing but the `!` between the access lists of one number, and the `!` of the text.
    assert text.count("\n") > lines * 0.85


@pytest.mark.parametrize("lines", SIZES)
@pytest.mark.parametrize("source", SOURCES)
def test_ciscoconfparse2(benchmark, source: str, lines: int) -> None:  # type: ignore[no-untyped-def]
    parser = pytest.importorskip("ciscoconfparse2")
    text = SOURCES[source](lines).splitlines()
    benchmark.pedantic(lambda: parser.CiscoConfParse(text, syntax="ios"), rounds=ROUNDS)
    tell_rate(benchmark, what(source, lines), "lines/s", lines, "ciscoconfparse2, parsing", times=1)


@pytest.mark.parametrize("lines", SIZES)
@pytest.mark.parametrize("source", SOURCES)
def test_hier_config(benchmark, source: str, lines: int) -> None:  # type: ignore[no-untyped-def]
    hier = pytest.importorskip("hier_config")
    if not hasattr(hier, "Host"):
        pytest.skip("this hier_config is newer than version 2")
    text = SOURCES[source](lines)
    benchmark.pedantic(lambda: hier.Host("router", "ios").load_running_config(text), rounds=ROUNDS)
    tell_rate(benchmark, what(source, lines), "lines/s", lines, "hier_config, parsing", times=1)


def frr_configuration(lines: int) -> str:
    """As many lines that FRR knows: interfaces, routes, access and prefix lists, all different."""
    text: list[str] = []
    number = 0
    while len(text) < lines:
        number += 1
        high, low = divmod(number, 250)
        text += [f"interface lo{number}", f" description loop {number}", f" ip address 10.{high}.{low}.1/32", "!"]
        text += [f"ip route 172.{16 + high % 16}.{low}.0/24 10.0.{high % 250}.{low}"]
        text += [f"access-list a{number % 99} permit 10.{high}.{low}.0 0.0.0.255"]
        text += [f"ip prefix-list p{number % 99} seq {number} permit 10.{high}.{low}.0/24"]
    return "\n".join([*text[:lines], "end", ""])


@pytest.mark.parametrize("lines", SIZES)
def test_vtysh(benchmark, tmp_path: Path, lines: int) -> None:  # type: ignore[no-untyped-def]
    if shutil.which("vtysh") is None:
        pytest.skip("FRR's vtysh is not installed")

    def check(name: str, count: int) -> None:
        file = tmp_path / name
        if not file.exists():
            file.write_text(frr_configuration(count))
        subprocess.run(["vtysh", "-C", "-f", str(file)], check=True, capture_output=True)

    check("empty", 0)
    begun = cpu_s()
    check("empty", 0)
    start_s = cpu_s() - begun
    benchmark.pedantic(check, ["full", lines], rounds=ROUNDS, warmup_rounds=1)
    tell_rate(benchmark, what("made", lines), "lines/s", lines, "FRR vtysh -C, its own lines", start_s)
