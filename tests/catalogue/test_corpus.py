"""Configurations of real routers: what is refused of them, and what comes back otherwise than it went in.

Rule: `corpus.toml` says for each file which router it is loaded into, what the document that it was taken from has
done to it, and how many lines were refused and differed last time; more than that is a failure, fewer is a number to
lower there. Each such line has its reason there; a line without one is a failure, and so is a reason without a line.
A file that is whole `show running-config` output is compared with what is printed, `!` included, line by
line: but for the indentation that a document has lost, and for the `!` that it made one of several. `identical` is
said where every octet is the same.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, NotRequired, TypedDict

import pytest

from iosemu.chassis.inference import modules_for
from iosemu.chassis.releases import release_for
from iosemu.cli.declaration import Mode
from iosemu.cli.match import MatchError, match
from iosemu.clock import ManualClock
from iosemu.commands.loading import load
from iosemu.config import nvgen
from iosemu.config.store import FileStore
from iosemu.config.tree import Block, Line
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "configs"
KEPT = tomllib.loads((Path(__file__).with_name("corpus.toml")).read_text("utf-8"))

# Commands whose last argument is the rest of the line.
TO_THE_END = re.compile(r":(LINE|BANNER|STRING|TEXT)\b|^remark")


# What stands in front of the configuration: when it was changed and saved.
COMMENTS = re.compile(r"\A(?:(?:!.*)?\n)*(?=version )")


class Reason(TypedDict):
    """Why lines are refused or differ, as `corpus.toml` gives it."""

    reason: str
    lines: NotRequired[list[str]]
    """Regular expressions: of a refused line, of one of the diff with its `+` or `-`."""
    order: NotRequired[bool]
    """Does it speak of `!` and of lines that stand elsewhere?"""
    defaults: NotRequired[bool]
    """Does it speak of what a router prints of which nothing is configured?"""


class Result(NamedTuple):
    """What became of a file."""

    release: str
    lines: int
    refused: list[str]
    differing: list[str]
    identical: bool
    untold: list[str]
    """Lines refused or differing of which no reason speaks, and reasons that speak of none."""


def router_for(name: str, text: str, store: FileStore | None = None) -> Router:
    """A router of the file's platform with the cards that `text` names; a blank one where nothing was stored."""
    platform = KEPT[name]["platform"]
    modules = modules_for(platform, {}, text)
    return Router(
        platform,
        clock=ManualClock(START),
        network=NoNetwork(),
        store=store or FileStore(None),
        modules=modules,
        release=release_for(platform, None, text),
    )


def load_file(name: str) -> Result:
    """Load a file of the corpus into a router of its platform."""
    kept = KEPT[name]
    text = (CORPUS / name).read_text("utf-8")
    router = router_for(name, text)
    typed = text.splitlines()
    told = router.load(text)
    refused = [f"{number}: {typed[number - 1]}" for number, _ in told]
    printed = nvgen.render(router.device.config)
    body = COMMENTS.sub("", text)
    wanted = [line for line in typed if line.strip() not in ("", "!")]
    differing = [] if kept.get("fragment") else differences(body, printed, kept.get("lost", []))
    blank = {line.strip() for line in nvgen.render(router_for(name, text).device.config).splitlines()}
    untold = list(without_reason(kept.get("because", []), [typed[at - 1] for at, _ in told], differing, blank))
    return Result(router.device.chassis.platform.version, len(wanted), refused, differing, printed == body, untold)


def without_reason(reasons: list[Reason], refused: list[str], differing: list[str], blank: set[str]) -> Iterator[str]:
    """The lines that no reason speaks of, and the reasons that speak of no line; `blank` is what a router prints of
    which nothing is configured."""
    missed = Counter(line[1:].strip() for line in differing if line[0] == "-")
    elsewhere = missed & Counter(line[1:].strip() for line in differing if line[0] == "+")
    gone = {line.strip() for line in refused}
    used: set[str] = set()
    for line in (*gone, *differing):
        text = line[1:].strip()
        if line in differing and line[0] == "-" and text in gone:
            continue  # it was refused, and told of as such
        said = [
            reason["reason"] for reason in reasons if any(re.fullmatch(one, line) for one in reason.get("lines", ()))
        ]
        if line not in gone:
            moved = text in ("", "!") or text in elsewhere
            said += [reason["reason"] for reason in reasons if moved and reason.get("order")]
            added = line[0] == "+" and text in blank
            said += [reason["reason"] for reason in reasons if added and reason.get("defaults")]
        used.update(said)
        if not said:
            yield line
    yield from (reason["reason"] for reason in reasons if reason["reason"] not in used)


def differences(wanted: str, printed: str, lost: list[str]) -> list[str]:
    """The lines of a unified diff that were added or taken away, what the document has `lost` left out of it."""
    before, after = ([line.rstrip() for line in text.splitlines()] for text in (wanted, printed))
    if "indentation" in lost:
        before, after = [line.lstrip() for line in before], [line.lstrip() for line in after]
    if "bars" in lost:
        before, after = one_of_several(before), one_of_several(after)
    diff = list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]
    return [line for line in diff if not line.startswith("@@")]


def one_of_several(lines: list[str]) -> list[str]:
    """The lines, with one `!` for each run of them, and without blank lines."""
    lines = [line for line in lines if line]
    follows = zip(lines, ["", *lines], strict=False)
    return [line for line, before in follows if not line.strip() == before.strip() == "!"]


def test_every_file_of_the_corpus_is_listed() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the source tree")
    assert {file.name for file in CORPUS.glob("*.cfg")} == set(KEPT)


@pytest.mark.parametrize("name", KEPT)
def test_no_more_is_refused_or_differs_than_before(name: str, corpus_row: list[str]) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the source tree")
    kept, result = KEPT[name], load_file(name)
    if not corpus_row:
        corpus_row.append(
            f"{'file':<34}{'platform':<9}{'release':<11}{'lines':>6}{'refused':>9}{'differing':>11}  comes back"
        )
    differing = "-" if kept.get("fragment") else len(result.differing)
    verdict = "identical" if result.identical else "" if result.differing or "lost" not in kept else "but for the lost"
    corpus_row.append(
        f"{name:<34}{kept['platform']:<9}{result.release:<11}{result.lines:>6}{len(result.refused):>9}{differing:>11}"
        f"  {verdict}".rstrip()
    )
    if lost := kept.get("lost"):
        corpus_row.append(f"    the document has lost: {', '.join(lost)}")
    corpus_row.extend(f"    {because['reason']}" for because in kept.get("because", []))
    assert len(result.refused) <= kept["refused"], "\n".join(result.refused)
    assert len(result.differing) <= kept["differing"], "\n".join(result.differing)
    assert result.untold == []


def test_a_line_without_a_reason_and_a_reason_without_a_line_are_told() -> None:
    reasons: list[Reason] = [
        {"reason": "a switch", "lines": ["switchport", "-duplex full"]},
        {"reason": "shuffled", "order": True},
        {"reason": "left out", "defaults": True},
    ]
    diff = ["-switchport", "-duplex full", "+!", "-ip cef", "+ip cef", "+ip classless"]
    assert list(without_reason(reasons, [" switchport"], diff, {"ip classless"})) == []
    assert list(without_reason(reasons[:1], [" switchport", "dot11"], diff, set())) == ["dot11", *diff[2:]]
    assert list(without_reason(reasons[1:], [], [], set())) == ["shuffled", "left out"]


@pytest.mark.parametrize("name", KEPT)
def test_what_is_printed_is_taken_again_and_printed_the_same(name: str) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the source tree")
    text = (CORPUS / name).read_text("utf-8")
    first, second = router_for(name, text), router_for(name, text)
    first.load(text)
    printed = nvgen.render(first.device.config)
    assert second.load(printed) == []
    assert nvgen.render(second.device.config) == printed
    assert load(second.device, printed) == []
    assert nvgen.render(second.device.config) == printed


def lines_of(router: Router, block: Block) -> Iterator[tuple[Mode, Line]]:
    """Every line that is set in a block or in those under it, with its mode."""
    mode = router.device.catalogue.mode(block.mode)
    yield from ((mode, line) for line in block.lines)
    for inner in block.blocks:
        if inner.header is not None:
            yield mode, inner.header
        yield from lines_of(router, inner)


def test_misspelt_words_and_words_behind_the_end_are_refused() -> None:
    """Some lines do end in a word of the user's choice (`scripting tcl init FILE`): one in a hundred may be taken."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the source tree")
    tried = 0
    taken = []
    for name in KEPT:
        text = (CORPUS / name).read_text("utf-8")
        router = router_for(name, text)
        router.load(text)
        for mode, line in lines_of(router, router.device.config.root):
            first = line.tokens[0]
            wrong = [" ".join((f"{first[:-1]}qz", *line.tokens[1:]))]
            if not TO_THE_END.search(line.command.notation):
                wrong.append(f"{' '.join(line.tokens)} zzz")
            tried += len(wrong)
            taken += [f"{mode.name}: {said}" for said in wrong if is_taken(mode, said)]
    assert len(taken) * 100 <= tried, "\n".join(taken)


def is_taken(mode: Mode, said: str) -> bool:
    try:
        match(mode, said)
    except MatchError:
        return False
    return True
