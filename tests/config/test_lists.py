"""Lists in the tree and in print: flat blocks, whole removal, orders, closing lines, and `no` as a line of its own."""

from __future__ import annotations

import pytest

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.match import Incomplete, match
from iosemu.config.nvgen import render
from iosemu.config.tree import Block, RunningConfig

TEXT = """
mode config (config) "Configure commands:"
router process:<1-99>!
    .enters router
filter name:WORD!
    .enters list
    .alike
prefix name:WORD! seq number:<1-99>! to:WORD
    .apart
    .sorted
    .whole
list number:<1-99>! entry:{permit | deny}! source:WORD!
    .enters list
    .flat
    .whole
    .sorted
map name:WORD! [number:<1-99>!]
    .enters map
    .whole
mode list (config-list) "List commands:"
entry:{permit | deny}! source:WORD!
    .column 6
mode map (config-map) "Map commands:"
match tag:<0-9>
mode router (config-router) "Router commands:"
passive name:WORD!
    .negatable
family name:WORD!
    .enters family
    .closed exit-family
    .indent 0
mode family (config-family) "Family commands:"
redistribute what:WORD!
exit-family
    .run exit
"""
CATALOGUE = Catalogue.parse(TEXT)


def configured(*lines: str) -> RunningConfig:
    """Lines as they are pasted: one blank of indentation goes into the block opened last at the margin."""
    config = RunningConfig(CATALOGUE)
    blocks: list[Block] = [config.root]
    for line in lines:
        depth = len(line) - len(line.lstrip())
        block = blocks[depth]
        opened = config.apply(block, match(CATALOGUE.mode(block.mode), line))
        blocks[depth + 1 :] = [opened if opened is not None else config.root]
    return config


def printed(*lines: str) -> list[str]:
    return render(configured(*lines)).splitlines()[:-1]


def test_a_flat_block_is_said_and_printed_line_by_line() -> None:
    config = configured("list 20 permit a", "list 3 deny b", "list 20 deny c", "list 20 permit a")
    assert render(config).splitlines() == ["list 3 deny   b", "list 20 permit a", "list 20 deny   c", "end"]
    (first, second) = config.root.children("list")
    assert [line.text for line in first.lines] == ["permit a", "deny   c"]
    assert config.root.child("list", ("3",)) is second
    assert config.root.block("list", number=20) is first
    assert config.root.block("list", number=21) is None


@pytest.mark.parametrize("said", ["no list 20", "no list 20 permit a", "no list 20 deny nothing", "default list 20"])
def test_no_of_a_flat_line_takes_the_whole_list(said: str) -> None:
    assert printed("list 20 permit a", "list 3 deny b", "list 20 deny c", said) == ["list 3 deny   b"]


def test_the_beginning_of_a_flat_line_is_no_line() -> None:
    with pytest.raises(Incomplete):
        configured("list 20")
    with pytest.raises(Incomplete):
        configured("no list")


@pytest.mark.parametrize(
    ("said", "left"),
    [("no prefix b", ["a"]), ("no prefix b seq 5 x", ["a", "b"]), ("no prefix b seq 9 x", ["a", "b", "b"])],
)
def test_no_takes_every_line_that_begins_so(said: str, left: list[str]) -> None:
    lines = printed("prefix b seq 10 y", "prefix b seq 5 x", "prefix a seq 5 x", said)
    assert [line.split()[1] for line in lines if line != "!"] == left


def test_no_takes_every_block_that_begins_so() -> None:
    lines = ("map a 10", " match 1", "map b 10", "map a 20")
    assert printed(*lines, "no map a") == ["map b 10", "!"]
    assert printed(*lines, "no map a 10") == ["map b 10", "!", "map a 20", "!"]


def test_lines_that_stand_apart_have_a_separator_in_front_of_each_list() -> None:
    assert printed("prefix b seq 10 y", "prefix b seq 5 x", "prefix a seq 5 x") == [
        *["!", "prefix a seq 5 x", "!", "prefix b seq 5 x", "prefix b seq 10 y"],
    ]


def test_blocks_of_one_command_marked_alike_share_their_separator() -> None:
    assert printed("filter a", " permit x", "filter b", "map c") == [
        *["filter a", " permit x", "filter b", "!", "map c", "!"],
    ]


def test_a_closed_block_stands_in_the_margin_of_its_header() -> None:
    assert printed("router 1", " passive a", " family v", "  redistribute b", " family w") == [
        *["router 1", " passive a", " !", " family v", " redistribute b", " exit-family"],
        *[" !", " family w", " exit-family", "!"],
    ]


def test_no_may_be_a_line_of_its_own() -> None:
    assert printed("router 1", " no passive a", " passive b", " no passive b") == [
        *["router 1", " no passive a", " no passive b", "!"],
    ]
    assert printed("router 1", " no passive a", " passive a", " no passive b", " default passive b") == [
        *["router 1", " passive a", "!"],
    ]


def test_lines_and_blocks_can_be_put_in_another_order() -> None:
    config = configured("filter a", " permit c", " permit b", "filter z", "filter b")
    config.arrange(config.root.children("filter")[0], "entry", lambda line: ord(str(line.values["source"])))
    config.arrange(config.root, "filter", lambda line: -ord(line.identity[0]))
    assert render(config).splitlines() == [
        *["filter z", "filter b", "filter a", " permit b", " permit c", "!", "end"],
    ]
    (first, *_, last) = config.root.children("filter")
    assert (first.last("entry"), last.line("entry", ("permit", "b"))) == (None, next(iter(last.lines)))
