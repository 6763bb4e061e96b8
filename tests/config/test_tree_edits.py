"""Editing the configuration tree: lists of one command, blocks edited as one, followers, order, what is read back."""

from __future__ import annotations

import pytest

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.match import match
from iosemu.config.nvgen import block_config, render
from iosemu.config.tree import Block, Changed, RunningConfig

TEXT = """
mode config (config) "Configure commands:"
hostname name:WORD
    .privilege 7
access-list list:<1-99>! {action:{permit | deny} source:WORD! | remark text:LINE!}
    .enters acl
    .flat
    .whole
    .sorted
ip community-list list:<1-99>! action:{permit | deny}! pair:WORD!
    .whole
route-map name:WORD! action:{permit | deny} sequence:<0-65535>!
    .enters route-map
    .whole
interface name:INTERFACE!
    .enters interface
    .privilege 7
line kind:{con | vty}! first:<0-99>!
    .enters line
banner text:WORD
mode acl (config-acl) "ACL commands:"
{action:{permit | deny} source:WORD! | remark text:LINE!}
mode route-map (config-route-map) "Route map commands:"
match length:<1-9>!
mode interface (config-if) "Interface commands:"
description text:LINE
    .privilege 7
mtu octets:<64-18000>
    .default mtu 1500
mode line (config-line) "Line commands:"
login
password text:WORD
"""
CATALOGUE = Catalogue.parse(TEXT)


class Editor:
    def __init__(self) -> None:
        self.config = RunningConfig(CATALOGUE)

    def __call__(self, *lines: str) -> list[str]:
        """Do these lines (those of a block are indented); the running-config without separators."""
        block: Block | None = None
        for line in lines:
            within = block if line.startswith(" ") and block is not None else self.config.root
            opened = self.config.apply(within, match(CATALOGUE.mode(within.mode), line))
            block = block if within is block else opened
        return [line for line in render(self.config).splitlines() if line not in ("!", "end")]


@pytest.fixture
def edit() -> Editor:
    return Editor()


LISTS = ["access-list 2 permit a", "access-list 1 deny b", "access-list 1 permit any", "access-list 1 remark last"]


def test_lines_of_a_flat_list_stand_together_and_in_the_order_of_their_entry(edit: Editor) -> None:
    assert edit(*LISTS) == [*LISTS[1:], LISTS[0]]
    assert edit("access-list 1 deny b")[0] == "access-list 1 deny b"


@pytest.mark.parametrize("no", ["no access-list 1", "default access-list 1", "no access-list 1 deny b"])
def test_no_takes_the_whole_of_a_flat_list_whatever_of_it_is_said(edit: Editor, no: str) -> None:
    edit(*LISTS)
    assert edit(no) == [LISTS[0]]
    assert edit(no) == [LISTS[0]]


def test_the_beginning_of_a_flat_list_enters_it(edit: Editor) -> None:
    edit(*LISTS)
    header = match(CATALOGUE.mode("config"), "access-list 1 permit x")
    block = edit.config.apply(edit.config.root, header._replace(tokens=header.tokens[:2], identity=header.identity[:1]))
    assert block is edit.config.root.child("access-list", ("1",))
    assert block is not None
    assert [line.text for line in block.lines] == ["deny b", "permit any", "remark last"]


COMMUNITIES = ["ip community-list 1 permit 1:1", "ip community-list 1 deny 1:2", "ip community-list 2 permit 1:1"]


@pytest.mark.parametrize(
    ("no", "left"),
    [
        ("no ip community-list 1", [2]),
        ("default ip community-list 1", [2]),
        ("no ip community-list 1 permit", [1, 2]),
        ("no ip community-list 1 deny 1:2", [0, 2]),
        ("no ip community-list 3", [0, 1, 2]),
    ],
)
def test_no_takes_all_lines_that_begin_so(edit: Editor, no: str, left: list[int]) -> None:
    edit(*COMMUNITIES)
    assert edit(no) == [COMMUNITIES[number] for number in left]


def test_no_takes_all_blocks_that_begin_so(edit: Editor) -> None:
    edit("route-map A permit 10", " match 1", "route-map A deny 20", "route-map B permit 10")
    assert edit("no route-map A permit 20") == ["route-map A permit 10", " match 1", "route-map B permit 10"]
    assert edit("no route-map A") == ["route-map B permit 10"]


def test_blocks_that_are_edited_as_one_have_the_same_lines(edit: Editor) -> None:
    edit("line vty 0", " login", "line vty 1", " login", "line con 0")
    first, second, console = edit.config.root.children("line")
    edit.config.together[first] = (second,)
    for text in ("password x", "no login"):
        edit.config.apply(first, match(CATALOGUE.mode("line"), text))
    assert [[line.text for line in block.lines] for block in (first, second, console)] == [
        ["password x"],
        ["password x"],
        [],
    ]


def test_followers_hear_of_what_begins_so_until_they_are_told_to_stop(edit: Editor) -> None:
    heard: dict[str, list[str]] = {"all": [], "ip": [], "two": []}

    def follower(name: str) -> object:
        return lambda changed: heard[name].append(f"{changed.line.text}{' gone' if changed.removed else ''}")

    everything = follower("all")
    edit.config.follow(everything)  # type: ignore[arg-type]
    edit.config.follow(follower("ip"), "ip ")  # type: ignore[arg-type]
    edit.config.follow(follower("two"), "host", "banner")  # type: ignore[arg-type]
    edit("hostname a", "ip community-list 1 permit 1:1", "banner b")
    edit.config.unfollow(everything)  # type: ignore[arg-type]
    edit("hostname b", "no banner")
    assert heard == {
        "all": ["hostname a", "ip community-list 1 permit 1:1", "banner b"],
        "ip": ["ip community-list 1 permit 1:1"],
        "two": ["hostname a", "banner b", "hostname b", "banner b gone"],
    }


def test_an_index_is_made_once_and_is_the_same_for_all_who_ask(edit: Editor) -> None:
    made = []

    def kind(config: RunningConfig) -> list[Changed]:
        made.append(config)
        return []

    assert edit.config.index(kind) is edit.config.index(kind)
    assert made == [edit.config]


def test_lines_and_blocks_may_be_put_in_another_order_than_that_of_their_entry(edit: Editor) -> None:
    edit(*COMMUNITIES, "interface Ethernet1", " mtu 200", "interface Ethernet0", " mtu 100")
    edit.config.arrange(edit.config.root, "ip community-list", lambda line: -int(line.values["list"]))  # type: ignore[call-overload]
    edit.config.arrange(edit.config.root, "interface", lambda line: int(str(line.values["name"])[-1]))
    assert edit() == [
        COMMUNITIES[2],
        *COMMUNITIES[:2],
        *["interface Ethernet0", " mtu 100"],
        *["interface Ethernet1", " mtu 200"],
    ]
    last = edit.config.root.last("ip community-list")
    assert last is not None
    assert last.text == COMMUNITIES[1]
    edit("ip community-list 9 permit 9:9")
    assert edit()[2] == COMMUNITIES[1]  # the order was for once


def test_what_was_set_is_found_by_its_identity(edit: Editor) -> None:
    edit("interface Ethernet0", " mtu 1500", "ip community-list 1 permit 1:1")
    root = edit.config.root
    line = root.line("ip community-list", ("1", "permit", "1:1"))
    assert line is not None
    assert line.text == COMMUNITIES[0]
    assert root.line("ip community-list", ("1", "permit", "1:2")) is None
    assert root.line("no such command", ()) is None
    assert root.last("hostname") is None
    assert root.child("interface", ("Ethernet1",)) is None
    interface = root.block("interface", name="Ethernet0")
    assert interface is root.child("interface", ("Ethernet0",))
    assert interface is not None
    assert interface.parent is root
    assert interface.lines == ()  # said, and no different from the default
    default = interface.get("mtu")
    assert default is not None
    assert default.text == "mtu 1500"
    assert interface.value("mtu", "octets") == 1500
    assert interface.value("mtu", "no such value", 7) == 7
    assert interface.get("description") is None
    assert list(interface.blocks_at(0)) == list(interface.lines_at(0)) == []


def test_a_block_is_found_by_some_of_what_its_header_says(edit: Editor) -> None:
    edit("route-map A permit 10", "route-map A deny 20")
    root = edit.config.root
    first, second = root.children("route-map")
    assert root.block("route-map", name="A") is first
    assert root.block("route-map", sequence=20) is second
    assert root.block("route-map", name="A", action="permit", sequence=20) is None
    assert root.block("route-map", name="A", sequence=20) is second
    assert root.block("route-map", name="B", sequence=20) is None


def test_a_changed_header_is_the_block_s_new_one(edit: Editor) -> None:
    assert edit("route-map A permit 10", " match 1", "route-map A deny 10") == ["route-map A deny 10", " match 1"]


def test_the_root_is_no_block_that_can_be_taken_out_and_a_line_opens_none(edit: Editor) -> None:
    with pytest.raises(ValueError, match="root"):
        edit.config.discard(edit.config.root)
    with pytest.raises(ValueError, match="hostname"):
        edit.config.ensure("hostname a")
    block = edit.config.ensure("interface Ethernet0", "mtu 64")
    assert edit() == ["hostname a", "interface Ethernet0", " mtu 64"]
    edit.config.discard(block)
    assert edit() == ["hostname a", "interface Ethernet0"]
    edit.config.discard(block, force=True)
    edit.config.discard(block, force=True)
    assert edit() == ["hostname a"]


# What NVGEN prints of it.


def test_one_block_is_printed_with_its_size(edit: Editor) -> None:
    edit("interface Ethernet0", " mtu 64", "interface Ethernet1")
    block = edit.config.root.children("interface")[0]
    text = "!\ninterface Ethernet0\n mtu 64\nend\n"
    assert block_config(edit.config, block) == (
        f"Building configuration...\n\nCurrent configuration : {len(text) + 1} bytes\n{text}\n"
    )


def test_who_may_not_say_a_line_does_not_see_it(edit: Editor) -> None:
    edit("hostname a", "banner b", "interface Ethernet0", " description c", " mtu 64", "line con 0", " login")
    assert render(edit.config, 7) == "hostname a\ninterface Ethernet0\n description c\n!\nend\n"
    assert " mtu 64\n" in render(edit.config, 15)
