"""Every configuration command of the voice command reference, against the catalogue.

Rule: a command that came by 12.3(14)T is declared in a mode that the reference names, or `voice_commands.toml` tells
why not, or how it is spelt; what is declared does not stand there. The words of a command's title have to be keywords
of one declaration, in that order. What came behind the release that is emulated is not in a mode of that one.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from iosemu.cli import catalogue
from iosemu.cli.release import BadRelease, Release

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "voice-commands.tsv"
TOLD = tomllib.loads(Path(__file__).with_name("voice_commands.toml").read_text("utf-8"))
LAST = Release.of("12.3(14)T")

# What the reference calls a mode, in the order of asking: the modes that it may be.
MODES = {
    "annex g|annexg|nxg|neighbor be": "annexg",
    "backhaul|bsm": "backhaul",
    "call filter": "call-filter",
    "gateway accounting|gw-accounting": "gw-accounting",
    "gatekeeper|config-gk": "gatekeeper",
    "gateway": "gateway config",
    "mgcp.profile": "mgcp-profile",
    "dsp ?farm": "dspfarm config",
    "sccp": "sccp-group",
    "uri class": "voice-class-uri",
    "translation-?rule": "voice-translation-rule translation-rule",
    "translation-profile": "voice-translation-profile",
    "source.group|source-grp": "source-group",
    "cause-code": "voice-cause-code",
    "cptone|dualtone": "custom-cptone cp-dualtone voice-class-dualtone",
    "voice.?class|config-class": "voice-class voice-port voice-service sip-ua",
    "dial.?peer|dal peer": "dial-peer voice-service",
    "voice.?service|voi-serv|voi-srv|h.323|sip config": "voice-service sip-ua",
    "sip": "sip-ua voice-service-sip",
    "voice.?port|voiceport": "voice-port config",
    "voice.?card|voicecard": "voice-card",
    "application": "application config",
    "tgrep": "tgrep",
    "trunk.?group": "trunk-group",
    "iua": "iua",
    "rlm": "rlm",
    "itu": "ss7",
    "settlement": "settlement",
    "telephony|ephone|manager fallback": "telephony-service ephone call-manager-fallback",
    "preauth": "aaa-preauth",
    "enum": "enum-table",
    "dnis": "dnis-map",
    "cas": "cas-custom",
    "resource|service.profile": "service-profile",
    "map-class": "map-class",
    "mediacard": "mediacard",
    "atm.vc|atm-virtual|atm virtual|pvp": "atm-vc interface",
    "controller": "controller",
    "dlci": "fr-dlci",
    "interface": "interface subinterface",
    "": "",
}


class Row(NamedTuple):
    """A command of the reference."""

    title: str
    mode: str
    first: str


def rows() -> list[Row]:
    if not REFERENCE.is_file():
        pytest.skip("the reference is not beside the source tree")
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        read = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    found = [Row(line[0], line[2].lower(), line[4] if len(line) > 4 else "") for line in read]
    return [row for row in found if not re.search(r"\bexec\b", row.mode) and not _later(row.first)]


def _later(first: str, last: Release = LAST) -> bool:
    try:
        return Release.of(first) > last
    except BadRelease:
        return False


def earlier() -> set[tuple[str, ...]]:
    """The titles that some row gives to a command which came by the release that is emulated."""
    return {words(row.title) for row in rows() if not _later(row.first, catalogue.DEFAULT_RELEASE)}


def reachable(emulated: catalogue.Catalogue) -> set[str]:
    """The configuration modes that a user can get to."""
    found: set[str] = set()
    asked = ["config"]
    while asked:
        mode = asked.pop()
        if mode not in found:
            found.add(mode)
            opened = [command.enters for command in emulated.mode(mode).commands if command.enters]
            asked += [name for name in emulated.modes for enters in opened if fnmatch(name, _ANY.sub("*", enters))]
    return found


def words(title: str) -> tuple[str, ...]:
    """The keywords of a title: without what stands in parentheses."""
    return tuple(re.sub(r"\s*\(.*", "", title).lower().split())


_NAME = re.compile(r"\b[a-z][a-z0-9_-]*:(?=[{<\[A-Z])")
_ANY = re.compile(r"\{\w+\}")
_BETWEEN = re.compile(r"[\s{}\[\]|!]+")


@cache
def declared() -> dict[str, list[tuple[str, ...]]]:
    """By mode: the keywords of each command that any release has, in order."""
    whole = catalogue.load().for_platform(release=None)
    return {
        name: [
            tuple(_BETWEEN.split(_NAME.sub("", f"{command.notation} ").lower()))
            for command in whole.mode(name).commands
        ]
        for name in whole.modes
        if name != "exec"
    }


def _is_meant(mode: str, name: str) -> bool:
    """May the reference mean the mode of that name?"""
    starts = next(starts for told, starts in MODES.items() if re.search(told, mode)).split()
    if "global" in mode or not starts:
        starts = [*starts, "config"]
    return any(name == start or name.startswith(f"{start}-") for start in starts)


def places(mode: str) -> Iterator[list[tuple[str, ...]]]:
    """The commands of the modes that the reference may mean."""
    return (commands for name, commands in declared().items() if _is_meant(mode, name))


def is_declared(title: tuple[str, ...], mode: str) -> bool:
    return any(_in_order(title, command) for commands in places(mode) for command in commands)


def _in_order(title: tuple[str, ...], command: tuple[str, ...]) -> bool:
    rest = iter(command)
    return command[0] == title[0] and all(word in rest for word in title)


def test_each_command_is_declared_or_told_of() -> None:
    told = {title for group in TOLD["absent"].values() for title in group["commands"]} | set(TOLD["spelt"])
    missing = [row for row in rows() if row.title not in told and not is_declared(words(row.title), row.mode)]
    assert [f"{row.title} | {row.mode} | {row.first}" for row in missing] == []


def test_what_is_told_to_be_absent_is_in_the_reference_and_not_declared() -> None:
    by_title: dict[str, list[Row]] = {}
    for row in rows():
        by_title.setdefault(row.title, []).append(row)
    told = [title for group in TOLD["absent"].values() for title in group["commands"]]
    assert len(told) == len(set(told))
    assert [title for title in told if title not in by_title] == []
    assert [t for t in told if all(is_declared(words(row.title), row.mode) for row in by_title[t])] == []


def test_what_came_later_is_not_in_the_release_that_is_emulated() -> None:
    emulated = catalogue.load().for_platform()
    modes = {mode: {command.id.lower() for command in emulated.mode(mode).commands} for mode in reachable(emulated)}
    early = {
        row.title
        for row in rows()
        if _later(row.first, catalogue.DEFAULT_RELEASE) and words(row.title) not in earlier()
        for name, ids in modes.items()
        if _is_meant(row.mode, name) and " ".join(words(row.title)) in ids
    }
    assert sorted(early) == []


def test_each_reason_is_given() -> None:
    assert [name for name, group in TOLD["absent"].items() if not group["reason"] or not group["commands"]] == []


@pytest.mark.parametrize("title", TOLD["spelt"])
def test_a_command_that_is_spelt_otherwise_is_declared_so(title: str) -> None:
    said = tuple(TOLD["spelt"][title].lower().split())
    assert any(_in_order(said, command) for commands in declared().values() for command in commands)
