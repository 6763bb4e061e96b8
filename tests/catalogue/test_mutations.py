"""Lines of real configurations with one thing wrong in them: they are refused, and the caret stands where IOS puts it.

Rule: of each accepted line of the corpus a keyword is misspelt, a number put out of its range, an argument left out, a
word added behind the end. What free text takes (a name, a password, a description) is another valid line and does not
count. The rest goes through a session at its place in the configuration, and at least 99 of 100 are refused.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from iosemu.cli.declaration import CONFIG, Mode
from iosemu.cli.graph import State
from iosemu.cli.match import Incomplete, InvalidInput, MatchError, follow, match
from iosemu.cli.session import Session, run_now
from iosemu.cli.terminal import Transcript
from iosemu.commands.loading import load
from iosemu.commands.registry import handlers
from iosemu.config.tree import Block, Line
from iosemu.router import Router
from tests.catalogue.test_corpus import CORPUS, KEPT, router_for

WANTED = 10_000
ROUNDS, SEED = 6, 1968
SHOWN = 20
"""Commands that the table names."""
FREE = {"WORD", "LINE", "STRING", "BANNER", "URL", "HOST", "MAILTO", "DIGITS"}
"""Types that take what the user likes."""
RANGE = re.compile(r"<(-?\d+)-(-?\d+)>|<0x([0-9A-F]+)-0x([0-9A-F]+)>")


class Said(NamedTuple):
    """A line of a configuration, where it stands."""

    path: tuple[str, ...]
    """The headers of the blocks around it."""
    mode: Mode
    line: Line


class Mutation(NamedTuple):
    """One wrong line."""

    kind: str
    text: str
    column: int
    """Where the caret belongs; -1 for `% Incomplete command.`."""


def lines_of(router: Router, block: Block, path: tuple[str, ...] = ()) -> Iterator[Said]:
    mode = router.device.catalogue.mode(block.mode)
    for line in block.lines:
        yield Said(path, mode, line)
    for inner in block.blocks:
        if inner.header is not None:
            yield Said(path, mode, inner.header)
            yield from lines_of(router, inner, (*path, inner.header.text))


def mutations(mode: Mode, words: tuple[str, ...], pick: random.Random) -> Iterator[Mutation]:
    """One of each kind, where the line has a place for it; words that free text would take are left alone."""
    columns = [sum(len(word) + 1 for word in words[:at]) for at in range(len(words))]
    text = " ".join(words)
    try:
        *states, last = (follow(mode.start(), text[:column], 0) for column in (*columns, len(text)))
    except MatchError:  # a name that is also a keyword: help does not look behind it either
        return
    keywords = [at for at, word in enumerate(words) if word.lower() in states[at].keywords and not is_free(states[at])]
    if keywords:
        at = pick.choice(keywords)
        wrong = misspelt(words[at], pick)
        if not states[at].find(wrong):
            yield Mutation("misspelt", replaced(words, at, wrong), columns[at] + agreed(states[at], wrong))
    numbers = [at for at in range(len(words)) if words[at].lower() not in states[at].keywords and bounds(states[at])]
    if numbers:
        at = pick.choice(numbers)
        wrong = str(bounds(states[at])[1] + pick.randint(1, 9))
        yield Mutation("out of range", replaced(words, at, wrong), columns[at])
    cuts = [at for at in range(1, len(words)) if not states[at].ends]
    if cuts:
        at = pick.choice(cuts)
        yield Mutation("missing", " ".join(words[:at]), -1)
    if not any(edge.type == "LINE" for edge in states[-1].arguments) and not is_free(last):
        yield Mutation("trailing", f"{text} zzz", len(text) + 1)


def is_free(state: State) -> bool:
    return any(edge.type in FREE for edge in state.arguments)


def bounds(state: State) -> list[int]:
    """The lowest and the highest number of the ranges that may stand here; empty where something else may, too."""
    if not state.arguments or not all(RANGE.fullmatch(edge.type) for edge in state.arguments):
        return []
    ends = [end for edge in state.arguments for end in RANGE.findall(edge.type)[0][:2] if end]
    return [min(map(int, ends)), max(map(int, ends))] if len(ends) == 2 * len(state.arguments) else []


def misspelt(word: str, pick: random.Random) -> str:
    """Two neighbours swapped, or a letter that no command has at this place."""
    at = pick.randrange(len(word))
    swapped = word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    return swapped if swapped != word and pick.random() < 0.5 else f"{word[:at]}~{word[at + 1 :]}"


def agreed(state: State, word: str) -> int:
    """How far `word` may be right: the longest beginning it shares with a keyword, or an argument can read."""
    longest = 0
    for keyword in state.keywords:
        while longest < len(word) and keyword.startswith(word[: longest + 1].lower()):
            longest += 1
    reads = [edge.read(word, 0) for edge in state.arguments if edge.read is not None]
    return max(longest, *(read for read in reads if isinstance(read, int)), 0)


def replaced(words: tuple[str, ...], at: int, wrong: str) -> str:
    return " ".join((*words[:at], wrong, *words[at + 1 :]))


def fault(router: Router, said: Said, text: str) -> MatchError | str | None:
    """Why the router refuses `text` in place of the line; None where it takes it."""
    modes = [said.mode] if said.mode.name == CONFIG else [said.mode, router.device.catalogue.mode(CONFIG)]
    first: MatchError | None = None
    for mode in modes:
        try:
            match(mode, text)
            break
        except MatchError as error:
            first = first or error
    else:
        return first
    terminal = Transcript()
    session = Session(router.device, router.device.catalogue, handlers, router.device.config, terminal, privilege=15)
    session.configure()
    for line in (*said.path, text):
        terminal.take()
        run_now(session.execute(line))
    return terminal.take() if session.refused else None


def is_misplaced(why: MatchError | str, wrong: Mutation) -> bool:
    """Does the refusal of a line that is no command point elsewhere? What a check says is its own affair."""
    if isinstance(why, InvalidInput):
        return why.column != wrong.column
    return isinstance(why, Incomplete) and wrong.column >= 0


def test_one_thing_wrong_is_refused(corpus_row: list[str]) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the source tree")
    routers = []
    for name in KEPT:
        text = (CORPUS / name).read_text("utf-8")
        router = router_for(name, text)
        load(router.device, text)
        routers.append((router, list(lines_of(router, router.device.config.root))))
    pick = random.Random(SEED)
    tried, taken, misplaced = Counter[str](), Counter[str](), Counter[str]()
    seen: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        for router, said in ((router, said) for router, lines in routers for said in lines):
            for wrong in mutations(said.mode, said.line.tokens, pick):
                if (said.mode.name, wrong.text) in seen:
                    continue
                seen.add((said.mode.name, wrong.text))
                tried[wrong.kind] += 1
                why = fault(router, said, wrong.text)
                if why is None:
                    taken[f"{wrong.kind}: {said.mode.name}: {said.line.command.id}"] += 1
                elif is_misplaced(why, wrong):
                    misplaced[f"{wrong.kind}: {said.mode.name}: {said.line.command.id}"] += 1
    total = sum(tried.values())
    corpus_row.append(f"mutations: {', '.join(f'{count} {kind}' for kind, count in tried.items())}")
    for what, counts in (("taken", taken), ("caret elsewhere", misplaced)):
        corpus_row.append(f"{what}: {sum(counts.values())} of {total}")
        corpus_row += [f"{count:6} {at}" for at, count in counts.most_common(SHOWN)]
    assert total >= WANTED
    assert sum(taken.values()) * 100 <= total, "\n".join(taken)
    assert sum(misplaced.values()) * 100 <= total, "\n".join(misplaced)
