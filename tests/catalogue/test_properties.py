"""What holds for every line of the corpus: `no` takes it back, NVRAM keeps it, the order of pasting does not show.

Rule: the lines are those that a router prints after a file of the corpus was loaded, so every one of them is legal.
"""

from __future__ import annotations

import random

import pytest

from iosemu.config import nvgen
from iosemu.config.store import FileStore
from iosemu.config.tree import Block, RunningConfig
from iosemu.router import Router
from tests.catalogue.test_corpus import CORPUS, KEPT, router_for
from tests.commands.routers import User

# `no` of it is a timeout of nought.
STATES = {"exec-timeout"}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the source tree")


def loaded(name: str) -> tuple[Router, Router]:
    """A router with a file of the corpus, and a blank one of the same kind."""
    text = (CORPUS / name).read_text("utf-8")
    full, blank = router_for(name, text), router_for(name, text)
    full.load(text)
    return full, blank


def enter(user: User, block: Block) -> None:
    """Go to a block from wherever the user is."""
    if block.header is None or block.parent is None:
        user.session.configure()
    else:
        enter(user, block.parent)
        user.type(block.header.text)


def counterpart(blank: RunningConfig, block: Block) -> Block | None:
    """The same block in another configuration."""
    if block.header is None or block.parent is None:
        return blank.root
    parent = counterpart(blank, block.parent)
    return parent.child(block.header.command.id, block.header.identity) if parent is not None else None


def take_back(user: User, block: Block, blank: RunningConfig) -> list[str]:
    """Undo each line of a block and of those in it, last ones first; what was refused.

    A line that is a `no`, or whose `no` is a state of its own, goes back by `default`; what a blank router comes with
    is said again where it is otherwise.
    """
    refused: list[str] = []

    def say(where: Block, text: str) -> None:
        enter(user, where)
        user.type(text)
        if user.session.refused:
            refused.append(text)

    twin = counterpart(blank, block)
    flat = block.header is not None and block.header.command.flat
    for inner in reversed(block.blocks):
        refused += take_back(user, inner, blank)
    for line in () if flat else reversed(block.lines):
        own = twin.line(line.command.id, line.identity) if twin is not None else None
        if own is None:
            back = line.negated or line.command.negatable or line.command.id in STATES
            say(block, f"{'default' if back else 'no'} {' '.join(line.tokens)}")
    for own in twin.lines if twin is not None else ():
        kept = block.line(own.command.id, own.identity)
        if kept is None or kept.text != own.text:
            say(block, own.text)
    if block.header is not None and block.parent is not None and twin is None and not block.builtin:
        say(block.parent, f"no {block.header.text}")
    return refused


@pytest.mark.parametrize("name", KEPT)
def test_no_of_every_line_leaves_a_blank_router(name: str) -> None:
    full, blank = loaded(name)
    user = User(full.device)
    assert take_back(user, full.device.config.root, blank.device.config) == []
    assert nvgen.render(full.device.config) == nvgen.render(blank.device.config)


@pytest.mark.parametrize("name", KEPT)
def test_a_saved_configuration_is_there_after_a_restart(name: str) -> None:
    text = (CORPUS / name).read_text("utf-8")
    store = FileStore(None)
    before = router_for(name, text, store)
    before.load(text)
    user = User(before.device)
    assert user.type("write memory") == "Building configuration...\n[OK]\n"
    printed = nvgen.render(before.device.config)
    assert user.type("show startup-config").partition("\n")[2] == nvgen.kept(before.device.config)
    after = router_for(name, text, store)
    assert nvgen.render(after.device.config) == printed
    _, _, shown = User(after.device).type("show running-config").partition("Current configuration : ")
    size, _, kept = shown.partition(" bytes\n")
    assert int(size) == len(kept.encode())


def chunks(text: str) -> list[str]:
    """The lines at the margin, each with the indented lines under it; separators left out."""
    found: list[str] = []
    for line in text.splitlines()[:-1]:
        if line.startswith(" "):
            found[-1] += f"\n{line}"
        elif line != "!":
            found.append(line)
    return found


def family(chunk: str) -> tuple[str, ...]:
    """The words by which a chunk belongs with others whose order among each other counts."""
    words = chunk.split("\n")[0].removeprefix("no ").split()
    return tuple(words[: 2 if words[0] in ("ip", "voice", "service", "call") else 1])


@pytest.mark.parametrize("name", KEPT)
def test_the_order_of_pasting_does_not_show(name: str) -> None:
    full, again = loaded(name)
    text = nvgen.render(full.device.config)
    if "^C" in text or "certificate" in text:
        pytest.skip("texts over several lines are no chunks")
    families: dict[tuple[str, ...], list[str]] = {}
    for chunk in chunks(text):
        families.setdefault(family(chunk), []).append(chunk)
    # What makes hardware, or says how passwords are kept, goes first; the rest in any order.
    first = [key for key in families if key[0] in ("controller", "isdn", "service", "card", "aaa")]
    rest = [key for key in families if key not in first]
    random.Random(name).shuffle(rest)
    # A block is left, so that no abbreviation of a command in it is met by the next line at the margin.
    headers = {block.header.text for block in full.device.config.root.blocks if block.header is not None}
    ordered = [chunk for key in (*first, *rest) for chunk in families[key]]
    pasted = "\n".join(f"{chunk}\nexit" if chunk.split("\n")[0] in headers else chunk for chunk in ordered)
    assert again.load(pasted) == []
    assert nvgen.render(again.device.config).splitlines() == text.splitlines()
