"""A configuration as text: what is refused, where it ends, and that nothing else of the program changes."""

from __future__ import annotations

import gc

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
