"""A lab file says what is wrong with it before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.lab.errors import TopologyError
from iosemu.lab.topology import digits, load, parse, parse_endpoint

GOOD = """
name = "two"
[[router]]
name = "r1"
platform = "as5300"
address = "15.80.7.11"
[[trunk]]
router = "r1"
controller = "T1 0"
numbers = ["555-0199"]
[[fax]]
number = "555-0100"
[[mail]]
name = "smtp"
address = "172.18.106.36"
domain = "example.com"
users = { tom = "tom" }
[zone]
"r1.example.com" = "15.80.7.11"
"both.example.com" = ["15.80.7.11", "172.18.106.36"]
"""

LINE = """
[[pstn.line]]
number = "555-9999"
"""
T38 = 't38 = { listen = "127.0.0.1:7000", peer = "127.0.0.1:7001" }'


def fails(text: str, tmp_path: Path) -> str:
    with pytest.raises(TopologyError) as caught:
        parse(text.encode(), tmp_path / "lab.toml")
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{tmp_path / 'lab.toml'}: ")
    return message


def test_a_whole_lab_is_read(tmp_path: Path) -> None:
    lab = parse(GOOD.encode(), tmp_path / "lab.toml")
    assert lab.router[0].telnet == "127.0.0.1:0"
    assert lab.mail[0].hostname == "smtp.example.com"
    assert lab.records()["both.example.com"] == ["15.80.7.11", "172.18.106.36"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("15.80.7.11", "15.80.7.999", "not an IPv4 address"),
        ('router = "r1"', 'router = "r2"', "no router 'r2'"),
        ('name = "smtp"', 'name = "r1"', "name 'r1' is used twice"),
        ("[[fax]]", '[[fax]]\nnumber = "5550100"\n[[fax]]', "telephone number '5550100' is used twice"),
        ('platform = "as5300"', 'platfrom = "as5300"', "platfrom"),
        ('platform = "as5300"', 'platform = "as5300"\nconfig = "none.cfg"', "no file 'none.cfg'"),
        ('platform = "as5300"', 'platform = "as5300"\ntelnet = "here"', "'here' is not [HOST:]PORT"),
        ('name = "two"', "name = two", "line 2"),
        ('number = "555-0100"', "number = 5550100", "Expected `str`"),
        ('number = "555-0100"', 'number = "555-0100"\nlies = "often"', "'often'"),
    ],
)
def test_a_mistake_is_told_in_one_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert told in fails(GOOD.replace(old, new), tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LINE, "line '555-9999': no fax machine has this number"),
        (LINE.replace("9999", "0100") + 'calls = "5550199"', "only a line with t38 calls"),
        (LINE.replace("9999", "0100") + T38, "a fax machine has this number"),
        (LINE + T38.replace("7000", "70000"), "line 555-9999: '127.0.0.1:70000' is not [HOST:]PORT"),
        (LINE + "t38 = { listen = '7000' }", "peer"),
        (2 * (LINE + T38), "line '5559999' is used twice"),
        (LINE + "bit_error_rate = 0.6", "bit_error_rate"),
        (LINE + 'hang_up = "never"', "'never'"),
        (LINE + "echo = 1", "echo"),
    ],
)
def test_a_mistake_about_a_line_is_told_in_one_line(text: str, told: str, tmp_path: Path) -> None:
    assert told in fails(GOOD.replace("[zone]", f"{text}\n[zone]"), tmp_path)


def test_lines_are_read(tmp_path: Path) -> None:
    text = LINE + T38 + LINE.replace("9999", "0100") + "bit_error_rate = 1e-4\ndropout_every_s = 9"
    good, bad = parse(GOOD.replace("[zone]", f"{text}\n[zone]").encode(), tmp_path / "lab.toml").pstn.line
    assert good.t38 is not None
    assert (good.t38.listen, good.t38.version, good.hang_up) == ("127.0.0.1:7000", 0, "")
    assert (bad.t38, bad.bit_error_rate, bad.dropout_every_s) == (None, 1e-4, 9.0)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TopologyError, match=r"none\.toml: no such file or directory"):
        load(tmp_path / "none.toml")


@given(st.binary(max_size=200))
def test_any_bytes_end_in_one_line(data: bytes) -> None:
    with pytest.raises(TopologyError) as caught:
        parse(data, Path("lab.toml"))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("number", ["555-8354", "5558354", "(555) 8354", "555.8354"])
def test_punctuation_of_a_number_does_not_count(number: str) -> None:
    assert digits(number) == "5558354"


def test_endpoints() -> None:
    assert parse_endpoint("2323") == ("127.0.0.1", 2323)
    assert parse_endpoint("0.0.0.0:23") == ("0.0.0.0", 23)
    with pytest.raises(ValueError, match="70000"):
        parse_endpoint("70000")
