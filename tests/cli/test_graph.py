"""The command graph: shared states, words said again, types of number."""

from __future__ import annotations

import pytest

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.match import Incomplete, InvalidInput, match

TEXT = """
mode config (config) "Configure commands:"
mode tag:WORD
permit {ahp | esp | gre | ospf} [log] [tos tos:<0-15>]
match tag tag:<0-99>... [exact]
traps [linkdown | linkup | rate rate:<1-9>]...
route {address:A.B.C.D}...
gain decibels:<-6-14>
type code:<0x0-0xFFFF>
mac address:H.H.H
until time:HOUR
"""
MODE = Catalogue.parse(TEXT).mode("config")


def test_ways_to_the_same_places_lead_to_one_state() -> None:
    permit = MODE.start().keywords["permit"].target
    assert len({id(permit.keywords[protocol].target) for protocol in ("ahp", "esp", "gre", "ospf")}) == 1


def test_a_command_may_start_with_the_word_mode() -> None:
    assert match(MODE, "mode flexible").values == {"tag": "flexible"}


def test_an_argument_said_several_times_gives_a_tuple() -> None:
    assert match(MODE, "match tag 1").values == {"tag": (1,)}
    assert match(MODE, "match tag 1 2 3 exact").values == {"tag": (1, 2, 3), "exact": True}
    with pytest.raises(Incomplete):
        match(MODE, "match tag")
    with pytest.raises(InvalidInput):
        match(MODE, "match tag 1 200")


def test_repeated_options_may_come_in_any_order_or_not_at_all() -> None:
    assert match(MODE, "traps").values == {}
    assert match(MODE, "traps rate 3 linkup").values == {"rate": 3, "linkup": True}
    assert match(MODE, "route 10.0.0.1 10.0.0.2").tokens == ("route", "10.0.0.1", "10.0.0.2")
    with pytest.raises(Incomplete):
        match(MODE, "route")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("gain -6", -6),
        ("gain 14", 14),
        ("type 0x60fe", 0x60FE),
        ("mac 30.94C2.5d00", "0030.94c2.5d00"),
        ("until 08:05", "8:05"),
    ],
)
def test_values_of_the_further_types(line: str, value: object) -> None:
    assert list(match(MODE, line).values.values()) == [value]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("gain -7", 5),
        ("gain -x", 6),
        ("gain x", 5),
        ("type 60", 5),
        ("type 0x60g", 9),
        ("mac 30.94c2", 11),
        ("mac 30.94c2.5dx0", 14),
        ("until 24:00", 6),
    ],
)
def test_the_caret_stands_under_what_cannot_be_right(line: str, column: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        match(MODE, line)
    assert caught.value.column == column


def test_a_line_read_again_is_the_same_match_and_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iosemu.cli.match.REMEMBERED", 3)
    mode = Catalogue.parse(TEXT).mode("config")
    assert match(mode, "gain 1") is match(mode, "gain 1")
    for decibels in range(10):
        match(mode, f"gain {decibels}")
        assert len(mode.read) <= 3
