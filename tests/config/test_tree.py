"""The configuration tree: identity, defaults, `no`, blocks."""

from __future__ import annotations

import pytest

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.match import Incomplete, match
from iosemu.config.nvgen import render
from iosemu.config.tree import Block, Changed, RunningConfig

TEXT = """
mode config (config) "Configure commands:"
hostname name:WORD
    .default hostname Router
    .shown
group
ip subnet-zero
    .default ip subnet-zero
    .shown
ip http server
    .default no ip http server
    .shown
ip source-route
    .default ip source-route
logging console [level:{errors | debugging}]
    .default logging console debugging
    .negatable
ip name-server address:A.B.C.D!
vlan number:<1-4094>!
    .sorted
group
interface name:INTERFACE!
    .enters interface
dial-peer voice tag:<1-999>! type:{pots | voip}
    .enters peer-{type}
group
line kind:{con | vty}! first:<0-99>!
    .enters line
    .joined
mode interface (config-if) "Interface configuration commands:"
description text:LINE
ip address address:A.B.C.D mask:A.B.C.D
    .default no ip address
    .shown
shutdown
duplex mode:{auto | full}
    .default duplex auto
    .shown
mode peer-pots (config-dial-peer) "Dial peer configuration commands:"
dsn event:{delay | failure | success}!
    .default dsn failure
port port:UNIT
mode peer-voip (config-dial-peer) "Dial peer configuration commands:"
session target target:WORD
mode line (config-line) "Line configuration commands:"
login
"""
CATALOGUE = Catalogue.parse(TEXT)


class Editor:
    """A configuration, and the block in which the next line goes."""

    def __init__(self) -> None:
        self.config = RunningConfig(CATALOGUE)
        self.changes: list[Changed] = []
        self.config.follow(self.changes.append)

    def __call__(self, *lines: str) -> Editor:
        """Lines as a running-config writes them: those of a block are indented."""
        block: Block | None = None
        for line in lines:
            within = block if line.startswith(" ") and block is not None else self.config.root
            opened = self.config.apply(within, match(CATALOGUE.mode(within.mode), line))
            block = block if within is block else opened
        return self

    def printed(self) -> list[str]:
        return [line for line in render(self.config).splitlines() if line != "!" and line not in BLANK]


BLANK: list[str] = []
BLANK += Editor().printed()


@pytest.mark.parametrize(
    ("lines", "printed"),
    [
        (["ip name-server 1.1.1.1", "ip name-server 2.2.2.2"], ["ip name-server 1.1.1.1", "ip name-server 2.2.2.2"]),
        (["ip name-server 1.1.1.1", "ip name-server 2.2.2.2", "no ip name-server 1.1.1.1"], ["ip name-server 2.2.2.2"]),
        (["hostname a", "hostname b"], ["hostname b"]),
        (["hostname a", "no hostname"], []),
        (["hostname a", "default hostname"], []),
        (["no ip subnet-zero"], ["no ip subnet-zero"]),
        (["no ip subnet-zero", "ip subnet-zero"], []),
        (["no ip source-route"], ["no ip source-route"]),
        (["no ip source-route", "default ip source-route"], []),
        (["ip http server"], ["ip http server"]),
        (["ip http server", "no ip http server"], []),
        (["no logging console"], ["no logging console debugging"]),
        (["logging console errors"], ["logging console errors"]),
        (
            ["interface Ethernet0", " duplex full", " no duplex"],
            ["interface Ethernet0", " no ip address", " duplex auto"],
        ),
        (["dial-peer voice 1 pots", " no dsn failure"], ["dial-peer voice 1 pots", " no dsn failure"]),
        (["dial-peer voice 1 pots", " dsn failure"], ["dial-peer voice 1 pots"]),
        (["dial-peer voice 1 pots", " dsn delay", " no dsn delay"], ["dial-peer voice 1 pots"]),
        (["dial-peer voice 1 pots", " port 0:D", "no dial-peer voice 1"], []),
        (["dial-peer voice 1 pots", " port 0:D", "dial-peer voice 1 voip"], ["dial-peer voice 1 voip"]),
        (["vlan 10", "vlan 2"], ["vlan 2", "vlan 10"]),
    ],
)
def test_what_is_kept(lines: list[str], printed: list[str]) -> None:
    assert Editor()(*lines).printed() == printed


def test_entering_a_block_again_keeps_what_is_in_it() -> None:
    config = Editor()("dial-peer voice 1 pots", " port 0:D", "dial-peer voice 1 pots", " dsn delay").config
    (peer,) = config.root.children("dial-peer voice")
    assert [line.text for line in peer.lines] == ["dsn delay", "port 0:D"]


def test_reading_sees_what_is_set_and_what_is_in_force_by_default() -> None:
    config = Editor()("interface Ethernet0", " ip address 10.0.0.1 255.0.0.0").config
    interface = config.root.block("interface", name="Ethernet0")
    assert interface is not None
    assert interface.value("ip address", "address") == "10.0.0.1"
    assert interface.value("duplex", "mode") == "auto"
    assert (interface.flag("shutdown"), interface.flag("duplex")) == (False, True)
    assert config.root.flag("ip subnet-zero")
    assert not config.root.flag("ip http server")
    assert config.root.value("hostname", "name") == "Router"
    assert config.root.value("ip http server", "port", 80) == 80
    assert config.root.block("interface", name="Ethernet1") is None


def test_a_built_in_block_is_emptied_and_stays() -> None:
    editor = Editor()
    editor.config.ensure("interface Ethernet0", "shutdown")
    editor("no interface Ethernet0")
    assert editor.printed() == ["interface Ethernet0", " no ip address", " duplex auto"]
    (interface,) = editor.config.root.blocks
    editor.config.discard(interface, force=True)
    assert editor.printed() == []


def test_a_new_block_must_say_its_kind() -> None:
    config = Editor().config
    found = match(CATALOGUE.mode("config"), "dial-peer voice 1 pots")
    with pytest.raises(Incomplete):
        config.apply(config.root, found._replace(values={"tag": 1}))


def test_changes_are_told_and_counted() -> None:
    editor = Editor()("hostname a", "hostname a", "no hostname", "no hostname")
    assert [(change.line.text, change.removed) for change in editor.changes] == [
        ("hostname a", False),
        ("hostname a", True),
    ]
    assert editor.config.generation == 2


def test_removing_a_block_tells_of_each_line_in_it() -> None:
    editor = Editor()("dial-peer voice 1 pots", " port 0:D")
    editor.changes.clear()
    editor("no dial-peer voice 1")
    assert [(change.line.text, change.removed) for change in editor.changes] == [
        ("port 0:D", True),
        ("dial-peer voice 1 pots", True),
    ]


def test_default_empties_a_block_that_stays_and_takes_others_out() -> None:
    catalogue = Catalogue.parse(TEXT.replace("    .enters interface\n", "    .enters interface\n    .stays\n"))
    config = RunningConfig(catalogue)
    mode = catalogue.mode("config")
    for header in ("interface Ethernet0", "dial-peer voice 1 pots"):
        block = config.apply(config.root, match(mode, header))
        assert block is not None
    interface = config.root.children("interface")[0]
    config.apply(interface, match(catalogue.mode("interface"), "shutdown"))
    for line in ("default interface Ethernet0", "default dial-peer voice 1"):
        config.apply(config.root, match(mode, line))
    assert (config.root.children("interface"), interface.lines) == ([interface], ())
    assert config.root.children("dial-peer voice") == []
