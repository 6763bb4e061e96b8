"""Logins that a RADIUS server judges: what it is told, and the level that comes of its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from iosemu.cli.session import run_now
from iosemu.commands.lines.lines import configured
from iosemu.commands.lines.numbers import named
from iosemu.management.radius import Kind
from iosemu.terminal.line_settings import NotAuthorized, judged
from tests.commands.radius_server import LINES, RadiusServer
from tests.commands.routers import User, device

LOGIN = (*LINES, "username bob privilege 5 password 0 home")
LEVEL_15 = (("Cisco-AVPair", "shell:priv-lvl=15"),)


class Case:
    """A router with these lines whose server knows tom, with these attributes."""

    def __init__(self, *lines: str, attributes: tuple[tuple[str, object], ...] = (), silent: bool = False) -> None:
        self.server = RadiusServer({"tom": ("tiger", attributes), "$enab15$": ("boss", ())}, silent)
        self.router = self.server.serve(device())
        assert User(self.router).configure(*LOGIN, *lines) == ""

    def login(self, user: str, password: str, line: str = "vty 0") -> int | None:
        check = configured(self.router, named(self.router, line)).check
        assert check is not None
        return run_now(judged(check(user, password)))


RADIUS_FIRST = "aaa authentication login default group radius local"
AUTHORIZED = "aaa authorization exec default group radius local"


def test_the_server_is_told_who_wants_in_and_where() -> None:
    case = Case(RADIUS_FIRST)
    assert case.login("tom", "tiger", "vty 3") == 1
    assert case.server.told() == {
        "User-Name": "tom",
        "User-Password": "tiger",
        "NAS-Port": 5,
        "NAS-Port-Type": 5,
        "NAS-IP-Address": "10.1.1.1",
    }


@dataclass
class Caller:
    """A terminal."""

    name: str
    peer: str


def test_the_server_is_told_where_the_user_calls_from() -> None:
    case = Case(RADIUS_FIRST)
    case.router.lines.open = [Caller("con 0", "10.3.3.3"), Caller("vty 0", "10.2.2.2")]  # type: ignore[list-item]
    for line, address in (("vty 0", "10.2.2.2"), ("vty 1", None)):
        case.login("tom", "tiger", line)
        assert case.server.told().get("Calling-Station-Id") == address


def test_a_refusal_is_the_last_word_and_silence_is_not() -> None:
    refusing = Case(RADIUS_FIRST)
    assert refusing.login("bob", "home") is None
    assert refusing.login("tom", "x") is None
    silent = Case(RADIUS_FIRST, silent=True)
    assert silent.login("bob", "home") == 1
    assert silent.login("tom", "tiger") is None


@pytest.mark.parametrize(
    ("attributes", "level"),
    [
        (LEVEL_15, 15),
        ((("Cisco-AVPair", "shell:priv-lvl*7"),), 7),
        ((("Cisco-AVPair", "ip:route=x"), ("Cisco-AVPair", "shell:priv-lvl=3")), 3),
        ((("Service-Type", 6),), 15),
        ((("Service-Type", 6), ("Cisco-AVPair", "shell:priv-lvl=2")), 2),
        ((("Service-Type", 7),), 1),
        ((("Cisco-AVPair", "shell:priv-lvl=many"),), 1),
        ((), 1),
    ],
)
def test_the_server_gives_the_level(attributes: tuple[tuple[str, object], ...], level: int) -> None:
    assert Case(RADIUS_FIRST, AUTHORIZED, attributes=attributes).login("tom", "tiger") == level
    assert Case(RADIUS_FIRST, attributes=attributes).login("tom", "tiger") == 1, "nobody asked for authorization"


def test_a_user_whom_the_router_let_in_has_the_level_that_it_knows() -> None:
    assert Case(RADIUS_FIRST, AUTHORIZED, silent=True).login("bob", "home") == 5
    unknown = Case(RADIUS_FIRST, "aaa authorization exec default group radius", silent=True)
    with pytest.raises(NotAuthorized):
        unknown.login("bob", "home")


def test_who_is_authenticated_by_a_server_keeps_its_level() -> None:
    """As real routers do, and as `if-authenticated` gives a user of their own level 1."""
    line = "aaa authorization exec default if-authenticated"
    assert Case(RADIUS_FIRST, line, attributes=LEVEL_15).login("tom", "tiger") == 15
    assert Case(RADIUS_FIRST, line, silent=True).login("bob", "home") == 1


def test_a_line_has_lists_of_its_own() -> None:
    case = Case(
        "aaa authentication login default local",
        "aaa authentication login far group radius",
        "aaa authorization exec far group radius",
        "line vty 0 1",
        "login authentication far",
        "authorization exec far",
        attributes=LEVEL_15,
    )
    assert case.login("tom", "tiger", "vty 1") == 15
    assert case.login("tom", "tiger", "vty 2") is None
    assert case.login("bob", "home", "vty 2") == 1


def test_enable_asks_the_server_for_a_user_of_the_level() -> None:
    case = Case("aaa authentication enable default group radius enable", "enable secret own")
    user = User(case.router, "boss", line="vty 0", privilege=1)
    user.type("enable")
    assert user.session.privilege == 15
    assert case.server.told()["User-Name"] == "$enab15$"
    own = User(case.router, "own", "own", "own", line="vty 0", privilege=1)
    assert own.type("enable").endswith("% Access denied\n\n")
    case.server.silent = True
    own = User(case.router, "own", line="vty 0", privilege=1)
    own.type("enable")
    assert own.session.privilege == 15


def test_debug_tells_the_list_and_the_authorization() -> None:
    case = Case(RADIUS_FIRST, AUTHORIZED, attributes=LEVEL_15)
    said: list[str] = []
    case.router.log.attach_console(said.append)
    case.login("tom", "tiger")
    assert not said
    User(case.router).type("debug aaa authentication", "debug aaa authorization")
    case.login("tom", "tiger")
    texts = [line.partition(": ")[2].strip() for line in said]
    assert texts == [
        "AAA/BIND(00000002): Bind i/f",
        "AAA/AUTHEN/LOGIN (00000002): Pick method list 'default'",
        "AAA/AUTHOR/EXEC(00000002): processing AV priv-lvl=15",
        "AAA/AUTHOR/EXEC(00000002): Authorization successful",
    ]
    said.clear()
    case.server.silent = True
    case.login("bob", "home")
    assert [line.partition(": ")[2].strip() for line in said][2:] == [
        "AAA/AUTHOR (0x3): Pick method list 'default'",
        "AAA/AUTHOR/EXEC(00000003): processing AV cmd=",
        "AAA/AUTHOR/EXEC(00000003): processing AV priv-lvl=5",
        "AAA/AUTHOR/EXEC(00000003): Authorization successful",
    ]


def test_debug_follows_an_enable_from_method_to_method() -> None:
    case = Case("aaa authentication enable default group radius enable", "enable secret own", silent=True)
    said: list[str] = []
    case.router.log.attach_console(said.append)
    User(case.router).type("debug aaa authentication")
    User(case.router, "own", line="vty 0", privilege=1).type("enable")
    numbers, texts = zip(*(re.sub(r"^.*?: ", "", line).split(": ", 1) for line in said), strict=True)
    assert [re.sub(r"\d+", "N", number) for number in numbers] == [
        *["AAA/AUTHEN/START (N)"] * 3,
        "AAA/AUTHEN (N)",
        "AAA/AUTHEN/CONT (N)",
        *["AAA/AUTHEN (N)"] * 3,
        *["AAA/AUTHEN/START (N)"] * 3,
        "AAA/AUTHEN (N)",
        "AAA/AUTHEN/CONT (N)",
        "AAA/AUTHEN (N)",
        "AAA/AUTHEN/CONT (N)",
        "AAA/AUTHEN (N)",
    ]
    assert texts == (
        "port='tty2' list='' action=LOGIN service=ENABLE",
        'using "default" list',
        "Method=radius (radius)",
        "status = GETPASS",
        "continue_login (user='(undef)')",
        "status = GETPASS",
        "Method=radius (radius)",
        "status = ERROR",
        "port='tty2' list='' action=LOGIN service=ENABLE",
        "Restart",
        "Method=ENABLE",
        "status = GETPASS",
        "continue_login (user='(undef)')",
        "status = GETPASS",
        "Method=ENABLE",
        "status = PASS",
    )


@pytest.mark.parametrize("wanted", [False, True])
def test_who_is_not_let_in_may_be_accounted(wanted: bool) -> None:
    more = ("aaa accounting send stop-record authentication failure",) if wanted else ()
    case = Case(RADIUS_FIRST, "aaa accounting exec default start-stop group radius", *more)
    assert case.login("tom", "lion") is None
    kinds = [request.kind for request in case.server.requests]
    assert kinds == [Kind.AUTHENTICATION, Kind.ACCOUNTING][: 1 + wanted]
    if wanted:
        told = case.server.told()
        assert (told["User-Name"], told["Acct-Status-Type"], told["Acct-Session-Time"]) == ("tom", 2, 0)
