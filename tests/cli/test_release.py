"""Releases stand in the order in which they took over what others had."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli.catalogue import Catalogue, CatalogueError
from iosemu.cli.release import BadRelease, Release, disjoint

IN_ORDER = ["12.1", "12.1(22)", "12.1(5)T", "12.2", "12.2(13)", "12.2(13b)", "12.2(26)", "12.2(2)T", "12.2(2)XB"]
IN_ORDER += ["12.2(13)T", "12.2(13.7)T", "12.2(15)T", "12.2(15)T9", "12.2(15)ZJ", "12.3(9)", "12.3(4)T", "12.4(1)"]

TEXT = """mode config (config) "Configure commands:"
group ..12.3
aaa new-model
    .default no aaa new-model
    .shown 12.3(4)T..
archive
    .since 12.3(4)T
x25 remote-red
    .until 12.3
moved 12.3(4)T ip http server
ip classless
ip http server
version release:WORD
    .default version {version}
"""


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(IN_ORDER)))
def test_the_order_of_releases(earlier: str, later: str) -> None:
    assert Release.of(earlier) < Release.of(later)


def test_a_release_tells_its_version_and_how_images_write_it() -> None:
    assert (Release.of("12.2(15)T9").version, Release.of("12.2(15)T9").file_form) == ("12.2", "122-15.T9")
    assert Release.of("12.3(9)").file_form == "123-9"
    assert Release.of("12.3").is_version
    assert not Release.of("12.3(9)").is_version


@given(st.text())
def test_any_text_is_a_release_or_told_to_be_none_in_one_line(text: str) -> None:
    try:
        name = Release.of(text).name
    except BadRelease as error:
        name, told = text, str(error)
        assert "\n" not in told
    assert name == text


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("..12.3", "12.3..", True), ("12.3..", "12.2..", False), ("", "..12.3", False), ("12.1..12.2", "12.3..", True)],
)
def test_spans_that_share_no_release(one: str, other: str, apart: bool) -> None:
    assert disjoint(one, other) is apart
    assert disjoint(other, one) is apart


def layout(release: str) -> list[str]:
    """What the mode of TEXT has in a release, up to its last own command; `*` behind what is printed by itself."""
    mode = Catalogue.parse(TEXT).for_platform(release=Release.of(release)).mode("config")
    ids = [f"{one.id}{'*' * one.shown}" if not isinstance(one, str) else "!" for one in mode.layout]
    return ids[: ids.index("version") + 1]


def test_a_release_has_its_commands_at_their_places() -> None:
    early = ["!", "aaa new-model", "x25 remote-red", "ip classless", "ip http server", "version"]
    assert layout("12.2(15)T9") == early
    assert layout("12.3(9)") == ["aaa new-model", "ip classless", "ip http server", "version"]
    assert layout("12.3(4)T") == ["aaa new-model*", "archive", "ip http server", "ip classless", "version"]


MOVES = """
mode config (config) "Configure commands:"
ip tcp synwait-time seconds:<5-300>
ip tcp ecn
    .since 12.4
ip cef
moved 12.4(2)T ip tcp *
archive
moved 12.4(7) ip tcp *
moved 12.4(11)T ip tcp *
version release:WORD
"""


@pytest.mark.parametrize(
    ("release", "order"),
    [
        ("12.3(9)", ["ip tcp synwait-time", "ip cef", "archive"]),
        ("12.4(1)", ["ip tcp synwait-time", "ip tcp ecn", "ip cef", "archive"]),
        ("12.4(25)", ["ip cef", "archive", "ip tcp synwait-time", "ip tcp ecn"]),
        ("12.4(6)T2", ["ip cef", "ip tcp synwait-time", "ip tcp ecn", "archive"]),
        ("12.4(15)T", ["ip cef", "archive", "ip tcp synwait-time", "ip tcp ecn"]),
    ],
)
def test_a_family_of_commands_may_move_several_times(release: str, order: list[str]) -> None:
    commands = Catalogue.parse(MOVES).for_platform(release=Release.of(release)).mode("config").commands
    assert [command.id for command in commands][: len(order) + 1] == [*order, "version"]


def test_a_mode_is_read_once_for_several_releases() -> None:
    releases = [Release.of(name) for name in ("12.3(9)", "12.4(25)")]
    early, late = Catalogue.parse(MOVES).in_releases("config", releases)
    assert [mode.commands[0].id for mode in (early, late)] == ["ip tcp synwait-time", "ip cef"]


def test_the_default_may_hold_the_version() -> None:
    command = Catalogue.parse(TEXT).for_platform(release=Release.of("12.4(1)")).command("version")
    assert command.default == "version 12.4"


@pytest.mark.parametrize(
    "line", ["    .since twelve", "    .shown 12.3", "group 12.x..", "moved 12.3 archive", "moved 12.3 ip *"]
)
def test_what_is_no_release_is_told_with_its_line(line: str) -> None:
    with pytest.raises(CatalogueError, match=r"^x\.ios:3: "):
        Catalogue.parse(f'mode config "C"\nhostname name:WORD\n{line}\n', "x.ios")
