"""`configure replace` makes the running configuration that of a file, and touches nothing that stays."""

from __future__ import annotations

import pytest

from iosemu.cli.release import Release
from iosemu.clock import ManualClock
from iosemu.commands.config.replace import outline
from iosemu.config import nvgen
from iosemu.config.store import FileStore
from iosemu.config.tree import Changed
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import CARET, START, User, device

KEPT = ["hostname Lab1", "ip host a 192.0.2.1", "no ip domain lookup", "banner motd #hello", "there#"]
KEPT += ["interface FastEthernet0/0", "ip address 192.0.2.9 255.255.255.0", "no shutdown"]
KEPT += ["access-list 1 permit 192.0.2.0 0.0.0.255", "access-list 1 deny any"]
KEPT += ["router ospf 1", "network 192.0.2.0 0.0.0.255 area 0", "ip route 0.0.0.0 0.0.0.0 192.0.2.1"]


def lab(*answers: str) -> User:
    release = Release.of("12.4(9)T")
    made = Router("3660", clock=ManualClock(START), network=NoNetwork(), store=FileStore(None), release=release)
    user = User(made.device, *answers)
    user.configure(*KEPT)
    user.type("copy running-config startup-config")
    return user


@pytest.mark.parametrize(
    "changes",
    [
        ["hostname other", "ip host b 192.0.2.2", "ip domain lookup", "no banner motd"],
        ["interface Loopback7", "ip address 10.7.0.1 255.0.0.0", "interface FastEthernet0/0", "shutdown", "mtu 1000"],
        ["access-list 1 permit any", "access-list 2 deny any", "no ip route 0.0.0.0 0.0.0.0 192.0.2.1"],
        ["router ospf 1", "network 10.0.0.0 0.255.255.255 area 1", "router rip", "banner exec #one", "two#"],
        ["line vty 0 4", "password x", "line con 0", "exec-timeout 0 0", "no ip classless"],
    ],
)
def test_whatever_was_changed_is_changed_back(changes: list[str]) -> None:
    user = lab("")
    kept = nvgen.render(user.session.device.config)
    user.configure(*changes)
    assert nvgen.render(user.session.device.config) != kept
    assert user.type("configure replace nvram:startup-config force").endswith(
        "Total number of passes: 1\nRollback Done\n\n"
    )
    assert nvgen.render(user.session.device.config) == kept


def test_what_stays_is_not_touched() -> None:
    user = lab("")
    user.configure("ip host b 192.0.2.2")
    changes: list[Changed] = []
    user.session.device.config.follow(changes.append)
    user.type("configure replace nvram:startup-config force")
    assert [(change.line.text, change.removed) for change in changes] == [("ip host b 192.0.2.2", True)]
    assert "passes: 0\n" in user.type("configure replace nvram:startup-config force")


@pytest.mark.parametrize(("answer", "name"), [("y", "Lab1"), ("n", "other"), ("", "other")])
def test_it_asks_first(answer: str, name: str) -> None:
    user = lab("", answer)
    user.configure("hostname other")
    assert "Enter Y if you are sure you want to proceed" in user.type("configure replace nvram:startup-config")
    assert user.session.device.hostname == name


def test_a_file_that_is_not_there_changes_nothing() -> None:
    user = lab("")
    assert "%Error opening flash:none" in user.type("configure replace flash:none force")
    assert user.session.device.hostname == "Lab1"


def test_older_releases_have_no_such_command() -> None:
    assert CARET in User(device("3660")).type("configure replace nvram:startup-config")


def test_an_outline_follows_the_indentation() -> None:
    text = "a\n b\n  c\n d\n!\ne\nend\nf\n"
    assert outline(text) == {"a": {"b": {"c": {}}, "d": {}}, "e": {}}
