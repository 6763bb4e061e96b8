"""The table of figures: ratios by what is better, targets held and missed, and what could not be measured."""

from __future__ import annotations

from typing import Any

import pytest

from bench.__main__ import Ran, document, rows
from bench.figures import OURS


def figure(what: str, unit: str, value: float, by: str = OURS, **target: float) -> dict[str, Any]:
    return {"what": what, "unit": unit, "values": [value], "by": by, **target}


@pytest.mark.parametrize(("unit", "times"), [("lines/s", "2.00"), ("ms", "0.50")])
def test_a_peer_stands_beside_what_was_measured_of_both(unit: str, times: str) -> None:
    found = rows([figure("a", unit, 20), figure("a", unit, 10, "peer", times=1), figure("b", unit, 5, "peer")])
    assert found == [
        ["a", unit, "20", "", "peer", "10", "", times, "≥ times 1", "yes" if times == "2.00" else "**no**"]
    ]


@pytest.mark.parametrize(
    ("value", "target", "held"),
    [
        (5, {"at_least": 5}, "yes"),
        (4, {"at_least": 5}, "**no**"),
        (5, {"at_most": 5}, "yes"),
        (6, {"at_most": 5}, "**no**"),
        (6, {}, ""),
    ],
)
def test_a_target_is_held_or_not(value: float, target: dict[str, float], held: str) -> None:
    assert rows([figure("a", "ms", value, **target)])[0][-1] == held


def test_the_spread_is_half_of_what_lies_between_least_and_most() -> None:
    assert rows([{**figure("a", "ms", 0), "values": [8, 10, 12]}])[0][2:4] == ["10", "20%"]


def test_our_own_target_has_a_row_of_its_own() -> None:
    found = rows([figure("a", "x/s", 4, at_least=3), figure("a", "x/s", 2, "one"), figure("a", "x/s", 8, "two")])
    assert [row[7:] for row in found] == [["", "≥ 3", "yes"], ["2.00", "", ""], ["0.50", "", ""]]


def test_what_was_not_measured_is_told_with_the_reason() -> None:
    text = document([Ran("Title", [figure("a", "ms", 1, at_most=2)], ["test_peer: skipped: peer is not installed"])])
    assert "1 of 1 targets held." in text
    assert "- not measured: test_peer: skipped: peer is not installed" in text
