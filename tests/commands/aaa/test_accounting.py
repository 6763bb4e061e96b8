"""Accounts of EXEC sessions: who hears of them, and what `show accounting` says meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from iosemu.commands.aaa.accounting import (
    COMMANDS,
    OFF,
    ON,
    AccountingList,
    account_system,
    follow_connection,
    follow_exec,
    heard_on_line,
    list_called,
)
from iosemu.commands.aaa.login import MethodName
from tests.commands.radius_server import LINES, RadiusServer
from tests.commands.routers import User, device

RADIUS = MethodName("radius", "radius")
EXEC = "aaa accounting exec default start-stop group radius"


def listed(*lines: str) -> AccountingList | None:
    router = device()
    assert User(router).configure(*lines) == ""
    return list_called(router.config, "exec", "default")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("start-stop group radius", AccountingList("default", True, (RADIUS,))),
        ("stop-only group radius", AccountingList("default", False, (RADIUS,))),
        ("wait-start group radius", AccountingList("default", True, (RADIUS,))),
        (
            "start-stop group tacacs+ group radius",
            AccountingList("default", True, (MethodName("tacacs+", "tacacs+"), RADIUS)),
        ),
        (
            "start-stop broadcast group a group radius",
            AccountingList("default", True, (MethodName("radius", "a"), RADIUS), True),
        ),
        ("none", None),
    ],
)
def test_a_list_says_who_hears_of_what(said: str, expected: AccountingList | None) -> None:
    group = ("aaa new-model", "aaa group server radius a", "exit")
    assert listed(*group, f"aaa accounting exec default {said}") == expected


def test_without_aaa_nobody_hears() -> None:
    assert listed("aaa new-model", EXEC) is not None
    assert listed("aaa new-model", EXEC, "no aaa new-model") is None
    assert listed("aaa new-model", "aaa accounting exec other start-stop group radius") is None


class Session:
    """A session on vty 0 whose terminal calls at its end."""

    def __init__(self, *lines: str, silent: bool = False) -> None:
        self.server = RadiusServer(silent=silent)
        self.router = self.server.serve(device())
        assert User(self.router).configure(*LINES, *lines) == ""
        self.user = User(self.router, line="vty 0")
        self.user.session.user = "tom"
        self.ends: list[Callable[[], object]] = []
        self.user.terminal.at_session_end = self.ends  # type: ignore[attr-defined]
        follow_exec(self.router, self.user.session)

    def end(self, *, closed: bool = True) -> None:
        self.user.session.closed = closed
        for call in self.ends:
            call()


def test_a_session_has_a_start_and_a_stop() -> None:
    session = Session(EXEC)
    start = session.server.told()
    assert (start["Acct-Status-Type"], start["User-Name"], start["Acct-Session-Id"]) == (1, "tom", "00000001")
    assert (start["Service-Type"], start["Acct-Authentic"], start["NAS-Port"]) == (7, 2, 2)
    session.router.clock.run(until_s=90)  # type: ignore[attr-defined]
    session.end()
    stop = session.server.told()
    assert (stop["Acct-Status-Type"], stop["Acct-Session-Id"], stop["Acct-Session-Time"]) == (2, "00000001", 90)
    assert stop["Acct-Terminate-Cause"] == 1
    assert len(session.server.requests) == 2


def test_a_line_that_was_lost_is_told_from_one_that_was_left() -> None:
    session = Session(EXEC)
    session.end(closed=False)
    assert session.server.told()["Acct-Terminate-Cause"] == 2


def test_stop_only_tells_no_start() -> None:
    session = Session("aaa accounting exec default stop-only group radius")
    assert not session.server.requests
    session.end()
    assert session.server.told()["Acct-Status-Type"] == 2


def test_a_line_may_name_its_list() -> None:
    lines = ("aaa accounting exec far start-stop group radius", "line vty 0 4", "accounting exec far")
    assert Session(*lines).server.requests
    assert not Session(*lines[:1]).server.requests


def test_groups_are_told_in_turn_or_all() -> None:
    groups = (
        "radius-server host 10.9.9.8 key k",
        "radius-server retransmit 0",
        "aaa group server radius a",
        "server 10.9.9.9",
        "aaa group server radius b",
        "server 10.9.9.8",
    )
    first, second = "10.9.9.9", "10.9.9.8"

    def asked(how: str, *, silent: bool = False) -> list[str]:
        session = Session(*groups, f"aaa accounting exec default start-stop {how} group a group b", silent=silent)
        return [server.address for server in session.server.asked]

    assert asked("") == [first]
    assert asked("", silent=True) == [first, second]
    assert asked("broadcast") == [first, second]


def test_show_accounting_has_what_is_under_way_and_what_was() -> None:
    session = Session(EXEC)
    session.router.clock.run(until_s=3725)  # type: ignore[attr-defined]
    shown = User(session.router).type("show accounting")
    assert shown.startswith(
        "Active Accounted actions on tty2, User tom Priv 15\n Task ID 1, Exec Accounting record, 01:02:05 Elapsed\n"
    )
    assert "\nExec          1       0        0       1      0\n" in shown
    session.end()
    shown = User(session.router).type("show accounting")
    assert "Active Accounted" not in shown
    assert "\nExec          1       1        0       0      0\n" in shown


def test_a_record_that_nobody_takes_is_dropped() -> None:
    session = Session(EXEC, silent=True)
    assert "\nExec          1       0        0       1      1\n" in User(session.router).type("show accounting")


def test_what_is_under_way_is_told_again_every_so_often() -> None:
    session = Session(EXEC, "aaa accounting update periodic 5")
    session.router.clock.run(until_s=660)  # type: ignore[attr-defined]
    told = [dict(request.attributes) for request in session.server.requests]
    assert [one["Acct-Status-Type"] for one in told] == [1, 3, 3]
    assert [one.get("Acct-Session-Time") for one in told] == [None, 300, 600]
    assert "\nExec          1       0        2       1      0\n" in User(session.router).type("show accounting")
    session.end()
    session.router.clock.run(until_s=6600)  # type: ignore[attr-defined]
    assert session.server.told()["Acct-Status-Type"] == 2


@pytest.mark.parametrize("user", ["", "tom"])
def test_who_has_no_name_may_be_left_out(user: str) -> None:
    session = Session("aaa accounting suppress null-username")
    assert User(session.router).configure(EXEC) == ""
    session.user.session.user = user
    follow_exec(session.router, session.user.session)
    assert bool(session.server.requests) is bool(user)


@pytest.mark.parametrize("user", ["", "tom"])
def test_the_commands_of_who_has_no_name_may_be_left_out_too(user: str) -> None:
    router = device()
    lines = ("aaa new-model", "aaa accounting commands 15 default stop-only group tacacs+")
    assert User(router).configure(*lines, "aaa accounting suppress null-username") == ""
    _, heard_by = heard_on_line(router, "vty 0", user, COMMANDS, 15)
    assert (heard_by is not None) is bool(user)
    assert heard_on_line(router, "vty 0", user, COMMANDS, 1)[1] is None


def test_a_connection_out_of_the_router_has_a_start_and_a_stop() -> None:
    session = Session("aaa accounting connection default start-stop group radius")
    connection = Outbound("10.0.0.2")
    follow_connection(session.router, session.user.session, connection, 23)  # type: ignore[arg-type]
    start = session.server.told()
    assert (start["Acct-Status-Type"], start["Service-Type"], start["Login-Service"]) == (1, 1, 0)
    assert (start["Login-IP-Host"], start["Login-TCP-Port"], start["User-Name"]) == ("10.0.0.2", 23, "tom")
    shown = User(session.router).type("show accounting")
    assert "Active Accounted actions on tty2, User tom Priv 15\n Task ID 1, Connect Accounting record" in shown
    for call in connection.at_end:
        call()
    assert session.server.told()["Acct-Status-Type"] == 2


@pytest.mark.parametrize(("how", "told"), [("start-stop", [7, 8]), ("stop-only", [8]), ("none", [])])
def test_the_system_tells_when_it_is_there_and_when_it_goes(how: str, told: list[int]) -> None:
    session = Session(f"aaa accounting system default {how}{'' if how == 'none' else ' group radius'}")
    account_system(session.router, ON)
    account_system(session.router, OFF)
    assert [dict(request.attributes)["Acct-Status-Type"] for request in session.server.requests] == told


class Outbound:
    """A connection out of a router."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.at_end: list[Callable[[], object]] = []
