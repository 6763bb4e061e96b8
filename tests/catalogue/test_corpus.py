"""Configurations of real routers: what is refused of them, and what comes back otherwise than it went in.

Rule: `corpus.toml` says for each file which router it is loaded into and how many lines were refused and differed last
time; more than that is a failure, fewer is a number to lower there. A file that is whole `show running-config` output
is also compared with what is printed: separators (`!`) aside, line by line, indentation included unless the document
that it was taken from has lost it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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


class Result(NamedTuple):
    """What became of a file."""

    lines: int
    refused: list[str]
    differing: list[str]
    identical: bool


def router_for(name: str, text: str) -> Router:
    """A blank router of the file's platform with the cards that `text` names."""
    platform = KEPT[name]["platform"]
    modules = modules_for(platform, {}, text)
    return Router(
        platform,
        clock=ManualClock(START),
        network=NoNetwork(),
        store=FileStore(None),
        modules=modules,
        release=release_for(platform, None, text),
    )


def load_file(name: str) -> Result:
    """Load a file of the corpus into a router of its platform."""
    kept = KEPT[name]
    text = (CORPUS / name).read_text("utf-8")
    router = router_for(name, text)
    typed = text.splitlines()
    refused = [f"{number}: {typed[number - 1]}" for number, _ in load(router.device, text)]
    printed = nvgen.render(router.device.config)
    wanted = [line for line in typed if line.strip() not in ("", "!")]
    differing = [] if kept.get("fragment") else differences(wanted, printed, indented=kept.get("indented", True))
    return Result(len(wanted), refused, differing, printed == text or f"!\n{printed}" == text)


def differences(wanted: list[str], printed: str, *, indented: bool) -> list[str]:
    """The lines of a unified diff that were added or taken away; `!` lines do not count."""
    got = [line for line in printed.splitlines() if line.strip() != "!"]
    if not indented:
        wanted, got = [line.strip() for line in wanted], [line.strip() for line in got]
    diff = list(difflib.unified_diff([line.rstrip() for line in wanted], got, lineterm="", n=0))[2:]
    return [line for line in diff if not line.startswith("@@")]


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
        corpus_row.append(f"{'file':<36}{'platform':<10}{'lines':>6}{'refused':>9}{'differing':>11}")
    differing = "-" if kept.get("fragment") else "identical" if result.identical else str(len(result.differing))
    corpus_row.append(f"{name:<36}{kept['platform']:<10}{result.lines:>6}{len(result.refused):>9}{differing:>11}")
    if why := kept.get("why"):
        corpus_row.append(f"    {why}")
    assert len(result.refused) <= kept["refused"], "\n".join(result.refused)
    assert len(result.differing) <= kept["differing"], "\n".join(result.differing)


@pytest.mark.parametrize("name", KEPT)
def test_what_is_printed_is_taken_again_and_printed_the_same(name: str) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the source tree")
    text = (CORPUS / name).read_text("utf-8")
    first, second = router_for(name, text), router_for(name, text)
    load(first.device, text)
    printed = nvgen.render(first.device.config)
    assert load(second.device, printed) == []
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
        load(router.device, text)
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
