"""Argument types: values, canonical texts and where the caret goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli import arguments

TYPES = [
    "<1-100>", "A.B.C.D", "WORD", "LINE", "STRING", "HOST", "DIGITS", "MAILTO", "INTERFACE", "UNIT", "TIME", "MONTH",
    "URL", "TIMESLOTS", "BANNER",
]  # fmt: skip


@pytest.mark.parametrize(
    ("type_name", "text", "value", "canonical"),
    [
        ("<1-100>", "007", 7, "7"),
        ("<1-100>", "1", 1, "1"),
        ("<1-100>", "100", 100, "100"),
        ("<1-100>", "00000000000000000005", 5, "5"),
        ("<-5-5>", "-5", -5, "-5"),
        ("<-5-5>", "5", 5, "5"),
        ("<0x10-0xFFFF>", "0x10", 16, "0x0010"),
        ("<0x10-0xFFFF>", "0xffff", 0xFFFF, "0xFFFF"),
        ("A.B.C.D", "10.0.0.255", "10.0.0.255", "10.0.0.255"),
        ("A.B.C.D", "010.000.001.255", "10.0.1.255", "10.0.1.255"),
        ("H.H.H", "0.C.1f2E", "0000.000c.1f2e", "0000.000c.1f2e"),
        ("LINE", "a  b  ", "a  b", "a  b"),
        ("STRING", '"Cisco Fax"', "Cisco Fax", '"Cisco Fax"'),
        ("STRING", '"Fax"', "Fax", "Fax"),
        ("STRING", '""', "", '""'),
        ("STRING", "plain", "plain", "plain"),
        ("HOST", "[10.1.1.1]", "[10.1.1.1]", "[10.1.1.1]"),
        ("DIGITS", "9[2-9]..%T", "9[2-9]..%T", "9[2-9]..%T"),
        ("DIGITS", "+1408T", "+1408T", "+1408T"),
        ("MAILTO", "mailto:$d$@fax.example.com", "mailto:$d$@fax.example.com", "mailto:$d$@fax.example.com"),
        ("INTERFACE", "fa 0/1", "FastEthernet0/1", "FastEthernet0/1"),
        ("INTERFACE", "se0:23", "Serial0:23", "Serial0:23"),
        ("UNIT", "3/0:d", "3/0:D", "3/0:D"),
        ("TIME", "9:05:00", "09:05:00", "09:05:00"),
        ("HOUR", "08:05", "8:05", "8:05"),
        ("MONTH", "febr", 2, "Feb"),
        ("MONTH", "JUL", 7, "Jul"),
        ("TIMESLOTS", "1-3,7", (1, 2, 3, 7), "1-3,7"),
        ("URL", "flash:app_onramp.tcl", "flash:app_onramp.tcl", "flash:app_onramp.tcl"),
    ],
)
def test_a_text_becomes_a_value(type_name: str, text: str, value: object, canonical: str) -> None:
    assert arguments.reader(type_name)(f'" {text}', 2) == (value, canonical, 2 + len(text))


@pytest.mark.parametrize(
    ("type_name", "text", "column"),
    [
        ("<1-100>", "101", 0),
        ("<1-100>", "0", 0),
        ("<1-100>", "1x", 1),
        ("<1-100>", "-1", 0),
        ("<1-100>", "x1", 0),
        ("<1-100>", "X1", 0),
        ("<1-100>", "1\u0663", 1),
        ("<1-100>", "000000000000000000005", 0),
        ("<-5-5>", "-6", 0),
        ("<-5-5>", "-", 1),
        ("<-5-5>", "-x", 1),
        ("<0-5>", "-0", 0),
        ("<0x10-0xFFFF>", "0xF", 0),
        ("<0x20-0xFFFF>", "0x10", 0),
        ("<0x10-0xFFFF>", "0x10000", 0),
        ("<0x10-0xFFFF>", "0x1g", 3),
        ("<0x10-0xFFFF>", "0x", 2),
        ("<0x10-0xFFFF>", "16", 0),
        ("A.B.C.D", "10.0.256.1", 5),
        ("A.B.C.D", "10.0.0", 6),
        ("A.B.C.D", "0001.2.3.4", 0),
        ("A.B.C.D", "1.2.3.4.5", 8),
        ("H.H.H", "x", 0),
        ("H.H.H", "0.C", 3),
        ("H.H.H", "0..C", 2),
        ("H.H.H", "0.C.1f2Eg", 8),
        ("LINE", "  ", 0),
        ("STRING", '"Fax', 0),
        ("HOST", "!x", 0),
        ("HOST", "a!b", 1),
        ("DIGITS", "55[1-", 2),
        ("MAILTO", "http:x", 0),
        ("MAILTO", "mailto:$q$@x", 7),
        ("INTERFACE", "fastx0/0", 4),
        ("INTERFACE", "fa0x1", 3),
        ("UNIT", "0:x", 1),
        ("TIME", "25:00:00", 0),
        ("HOUR", "24:00", 0),
        ("MONTH", "fe", 0),
        ("TIMESLOTS", "7,3", 0),
        ("TIMESLOTS", "1-32", 1),
    ],
)
def test_the_caret_goes_to_the_first_character_that_cannot_be_right(type_name: str, text: str, column: int) -> None:
    assert arguments.reader(type_name)(f'" {text}', 2) == 2 + column


def test_ranges_are_tried_before_other_types_and_what_takes_a_whole_line_last() -> None:
    assert arguments.rank("<3-7>") < arguments.rank("A.B.C.D") < arguments.rank("WORD") < arguments.rank("LINE")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("<7-7>", True),
        ("<7-6>", False),
        ("<-6--7>", False),
        ("<0x10-0xF>", False),
        ("<0xF-0x10>", True),
        ("HOST", True),
        ("GUEST", False),
    ],
)
def test_a_type_has_a_name_or_is_a_range_with_its_ends_in_order(name: str, known: bool) -> None:
    assert arguments.is_type(name) == known


@pytest.mark.parametrize("type_name", TYPES)
@given(text=st.text(max_size=40))
def test_any_text_gives_a_value_or_a_column_within_it(type_name: str, text: str) -> None:
    read = arguments.reader(type_name)(text, 0)
    assert 0 <= (read if isinstance(read, int) else read[2]) <= len(text)


@given(number=st.integers(0, 10**30))
def test_a_range_holds_exactly_its_numbers(number: int) -> None:
    read = arguments.reader("<20-48>")(str(number), 0)
    assert (not isinstance(read, int)) == (20 <= number <= 48)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("^Chello^C", "hello"),
        ("^CC\nhello\n^C", "C\nhello\n"),
        ("\x03hello\x03", "hello"),
        ("# a # dropped", " a "),
        ("^a^", "a"),
        ("##", ""),
    ],
)
def test_a_banner_is_what_stands_between_its_delimiters(typed: str, text: str) -> None:
    assert arguments.reader("BANNER")(f"x {typed}", 2) == (text, f"^C{text}^C", len(typed) + 2)


def test_a_banner_without_its_end_says_what_will_end_it() -> None:
    read = arguments.reader("BANNER")("^Chello", 0)
    assert read == (arguments.Unended("^C"), "^Chello", 7)
    assert arguments.Unended("^C").ends_in("bye^C")
    assert arguments.Unended("^C").ends_in("\x03")
    assert not arguments.Unended("#").ends_in("bye^C")
