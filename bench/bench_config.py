"""A configuration applied and printed, beside what other tools need to read the same text (they check nothing)."""

from __future__ import annotations

import pytest

from iosemu.clock import ManualClock
from iosemu.commands.loading import load
from iosemu.config import nvgen
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router

SIZES = [10_000, 100_000]


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


def router() -> Router:
    return Router("3660", clock=ManualClock(), network=NoNetwork(), store=FileStore(None))


@pytest.mark.benchmark(group="configuration")
@pytest.mark.parametrize("lines", SIZES)
def test_apply(benchmark, lines: int) -> None:  # type: ignore[no-untyped-def]
    text = configuration(lines)

    def blank() -> tuple[tuple[object, str], dict[str, object]]:
        return (router().device, text), {}

    refused = benchmark.pedantic(load, setup=blank, rounds=3)
    assert refused == []
    benchmark.extra_info["lines a second"] = round(lines / benchmark.stats.stats.min)


@pytest.mark.benchmark(group="configuration")
@pytest.mark.parametrize("lines", SIZES)
def test_apply_again(benchmark, lines: int) -> None:  # type: ignore[no-untyped-def]
    text = configuration(lines)
    device = router().device
    load(device, text)
    benchmark.pedantic(load, [device, text], rounds=3)
    benchmark.extra_info["lines a second"] = round(lines / benchmark.stats.stats.min)


@pytest.mark.benchmark(group="show running-config")
@pytest.mark.parametrize("lines", SIZES)
def test_print(benchmark, lines: int) -> None:  # type: ignore[no-untyped-def]
    device = router().device
    load(device, configuration(lines))
    text = benchmark.pedantic(nvgen.running_config, [device.config], rounds=5, warmup_rounds=1)
    assert text.count("\n") > lines * 0.9


@pytest.mark.benchmark(group="configuration")
def test_ciscoconfparse2(benchmark) -> None:  # type: ignore[no-untyped-def]
    parser = pytest.importorskip("ciscoconfparse2")
    text = configuration(SIZES[0]).splitlines()
    benchmark.pedantic(lambda: parser.CiscoConfParse(text, syntax="ios"), rounds=3)
    benchmark.extra_info["lines a second"] = round(SIZES[0] / benchmark.stats.stats.min)


@pytest.mark.benchmark(group="configuration")
def test_hier_config(benchmark) -> None:  # type: ignore[no-untyped-def]
    hier = pytest.importorskip("hier_config")
    if not hasattr(hier, "get_hconfig"):
        pytest.skip("this hier_config is older than version 3")
    text = configuration(SIZES[0])
    benchmark.pedantic(lambda: hier.get_hconfig(hier.Platform.CISCO_IOS, text), rounds=3)
    benchmark.extra_info["lines a second"] = round(SIZES[0] / benchmark.stats.stats.min)
