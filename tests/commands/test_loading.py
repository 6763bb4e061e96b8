"""A configuration as text: what is refused, where it ends, and that nothing else of the program changes."""

from __future__ import annotations

import gc
import sys

import pytest

from iosemu.commands.loading import load, merge
from tests.commands.routers import device


def test_refused_lines_are_told_with_their_numbers_and_the_rest_is_done() -> None:
    router = device("3660")
    text = "hostname gate\nfoo\ninterface Loopback0\n ip address 10.0.0.1\n!\n do show clock\nend\nhostname late\n"
    assert load(router, text) == [(2, "% Invalid input detected at '^' marker."), (4, "% Incomplete command.")]
    assert router.hostname == "gate"


def test_a_banner_without_its_end_is_told_at_its_beginning() -> None:
    assert load(device("3660"), "hostname gate\nbanner motd #\nhello\n") == [(2, "% Incomplete command.")]


def test_a_merged_line_is_shown_with_its_caret() -> None:
    assert merge(device("3660"), "interface Loopback0\n ip adress\n")[0].startswith(
        " ip adress\n      ^\n% Invalid input"
    )


@pytest.mark.parametrize("collecting", [True, False])
def test_garbage_is_collected_afterwards_as_before(collecting: bool) -> None:
    router = device("3660")
    try:
        if not collecting:
            gc.disable()
        load(router, "foo\nhostname gate\n")
        assert gc.isenabled() is collecting
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "lines",
    [
        "ip route 10.{high}.{low}.0 255.255.255.0 10.0.0.1",
        "ip prefix-list p seq {number} permit 10.{high}.{low}.0/24",
        "ip prefix-list p permit 10.{high}.{low}.0/24",
        "access-list 1 permit 10.{high}.{low}.1",
        "access-list 101 remark line {number}",
        "ip access-list extended x\n permit tcp host 10.{high}.{low}.1 any eq 25",
        "ip access-list extended x\n {number} permit tcp host 10.{high}.{low}.1 any eq 25",
        "interface Loopback{number}\n ip address 10.{high}.{low}.1 255.255.255.255\n description x{number}",
        "interface Loopback1\n ip address 10.{high}.{low}.1 255.255.255.0 secondary",
        "route-map m permit {number}\n match ip address 1",
        "dial-peer voice {number} voip\n destination-pattern {number}\n session target ipv4:10.{high}.{low}.1",
        "username u{number} password 0 x{number}",
    ],
)
def test_four_times_the_lines_take_four_times_the_steps(lines: str) -> None:
    def steps(first: int, count: int) -> int:
        """How many calls it takes to apply so many lines of their kind, which were not read before."""
        numbers = range(first, first + count)
        text = "\n".join(lines.format(number=n, high=n // 250, low=n % 250) for n in numbers)
        router = device("3660")
        taken = 0

        def step(frame: object, event: str, argument: object) -> None:
            nonlocal taken
            taken += 1

        sys.setprofile(step)
        try:
            refused = load(router, text)
        finally:
            sys.setprofile(None)
        assert refused == []
        return taken

    steps(1, 2)
    assert steps(2000, 160) < 4.5 * steps(1000, 40)
