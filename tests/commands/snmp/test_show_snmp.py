"""Who may ask the agent, and what `show snmp` says of it."""

from __future__ import annotations

import pytest

from iosemu.commands.snmp import traps as snmp_traps
from tests.commands.routers import User, device
from tests.management.snmp_messages import read, request

pytest.importorskip("pysnmp")

from iosemu.commands.snmp.agent import answer

NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
SPEED = (1, 3, 6, 1, 2, 1, 2, 2, 1, 5, 1)


def ask(user: User, community: str, sender: str = "10.0.0.1") -> bytes | None:
    return answer(user.session.device, request("Get", NAME, SPEED, community=community), sender)


def test_without_configuration_there_is_no_agent() -> None:
    user = User(device())
    assert user.type("show snmp") == user.type("show snmp group") == "%SNMP agent not enabled\n"
    assert ask(user, "public") is None
    user.configure("snmp-server community public RO")
    assert ask(user, "public") is not None
    user.configure("no snmp-server community public")
    assert ask(user, "public") is None


def test_an_access_list_and_a_view_bound_a_community() -> None:
    user = User(device())
    user.configure("access-list 9 permit 10.0.0.1", "snmp-server view names system included")
    user.configure("snmp-server community lab view names RO 9", "snmp-server community lost view nowhere RO")
    told = ask(user, "lab")
    assert told is not None
    (_, name), (_, speed) = read(told)[1]
    assert str(name) == "Router"
    assert speed.prettyPrint().startswith("No Such Object")
    assert ask(user, "lab", "10.0.0.2") is None
    hidden = ask(user, "lost")
    assert hidden is not None
    assert all(value.prettyPrint().startswith("No Such Object") for _, value in read(hidden)[1])


def test_show_snmp_counts_what_came() -> None:
    user = User(device())
    user.configure("snmp-server community public RO", "snmp-server chassis-id 7", "snmp-server packetsize 2048")
    ask(user, "public")
    ask(user, "wrong")
    answer(user.session.device, b"\x30\x03\x02\x01", "10.0.0.1")
    lines = user.type("show snmp").splitlines()
    assert lines[:2] == ["Chassis: 7", "3 SNMP packets input"]
    for line in (
        "1 Unknown community name",
        "1 Encoding errors",
        "2 Number of requested variables",
        "1 Get-request PDUs",
    ):
        assert f"    {line}" in lines
    assert "1 SNMP packets output" in lines
    assert "    0 Too big errors (Maximum packet size 2048)" in lines
    assert lines[-1] == "SNMP logging: disabled"


def test_a_stranger_is_logged_where_that_is_asked_for() -> None:
    user = User(device())
    snmp_traps.attach(user.session.device)
    user.configure("snmp-server community public RO", "logging buffered 4096", "logging snmp-authfail")
    ask(user, "wrong", "10.0.0.7")
    assert "%SNMP-3-AUTHFAIL: Authentication failure for SNMP req from host 10.0.0.7" in user.type("show logging")
    user.configure("no logging snmp-authfail")
    ask(user, "wrong", "10.0.0.8")
    assert "10.0.0.8" not in user.type("show logging")


def test_users_groups_and_engine_are_shown_and_users_nowhere_else() -> None:
    user = User(device("3660"))
    user.configure("snmp-server group ops v3 priv read iso write iso", "snmp-server community public RO 9")
    user.configure("snmp-server user bob ops v3 auth sha authpass12 priv des56 privpass12")
    assert "authpass12" not in user.type("show running-config")
    assert "User name: bob\nEngine ID: 00000009" in user.type("show snmp user")
    groups = user.type("show snmp group")
    assert groups.count("groupname: public") == 2
    assert "groupname: ops                              security model:v3 priv \n" in groups
    assert "access-list: 9" in groups
    user.configure("snmp-server engineID local 1234")
    assert "Local SNMP engineID: 123400000000000000000000\n" in user.type("show snmp engineID")
    user.configure("no snmp-server user bob ops v3")
    assert "bob" not in user.type("show snmp user")


def test_views_and_communities_are_shown_by_the_releases_that_have_it() -> None:
    assert "^" in User(device()).type("show snmp view")
