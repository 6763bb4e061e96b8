"""TACACS+: logins, `enable`, the level of a shell, accounts, and what the router shows of its conversations."""

from __future__ import annotations

import pytest

from iosemu.cli.session import run_now
from iosemu.commands.aaa import tacacs_debug as aaa_tacacs_debug
from iosemu.commands.lines.lines import configured
from iosemu.commands.lines.numbers import named
from iosemu.terminal.line_settings import Login, NotAuthorized, judged
from tests.commands.routers import User, device
from tests.commands.tacacs_server import LINES, Question, TacacsServer

FIRST = "aaa authentication login default group tacacs+ local"
SHELL = "aaa authorization exec default group tacacs+ local"
LEVEL_15 = ("priv-lvl=15",)


class Case:
    """A router with these lines whose server knows tom, with these arguments for a shell."""

    def __init__(self, *lines: str, shell: tuple[str, ...] = LEVEL_15, **server: object) -> None:
        self.server = TacacsServer({"tom": ("tiger", shell)}, **server)  # type: ignore[arg-type]
        self.router = self.server.serve(device())
        aaa_tacacs_debug.attach(self.router)
        self.user = User(self.router, line="vty 0")
        assert self.user.configure(*LINES, "username bob privilege 5 password 0 home", FIRST, *lines) == ""

    def login(self, user: str, password: str, line: str = "vty 0") -> int | None:
        check = configured(self.router, named(self.router, line)).check
        assert check is not None
        return run_now(judged(check(user, password)))


def test_the_server_is_told_who_wants_in_and_where() -> None:
    case = Case()
    assert case.login("tom", "tiger", "vty 3") == 1
    assert case.server.questions == [Question(1, "tom", "tty5", "async", 1, 1)]
    assert [(server.address, server.port, server.source) for server in case.server.connections] == [
        ("10.9.9.9", 49, "10.1.1.1")
    ]


def test_a_server_that_asks_for_the_name_is_told_it_again() -> None:
    assert Case(asks_name=True).login("tom", "tiger") == 1


def test_a_refusal_is_the_last_word_and_silence_is_not() -> None:
    assert Case().login("tom", "x") is None
    assert Case().login("bob", "home") is None
    silent = Case(silent=True)
    assert silent.login("bob", "home") == 1
    assert silent.login("tom", "tiger") is None


def test_another_key_is_no_answer() -> None:
    case = Case(key="other")
    assert case.login("bob", "home") == 1
    assert case.router.aaa.tacacs.counters[("10.9.9.9", 49)].aborts == 1


@pytest.mark.parametrize(
    ("shell", "level"), [(LEVEL_15, 15), (("priv-lvl*7", "idletime=5"), 7), ((), 1), (("priv-lvl=99",), 15)]
)
def test_the_shell_has_the_level_that_its_authorization_gives(shell: tuple[str, ...], level: int) -> None:
    case = Case(SHELL, shell=shell)
    assert case.login("tom", "tiger") == level
    assert case.server.questions[-1].arguments == ("service=shell", "cmd=")


def test_who_may_have_no_shell_is_not_let_in() -> None:
    case = Case(SHELL, "aaa authentication login default local")
    with pytest.raises(NotAuthorized):
        case.login("bob", "home")


def test_a_silent_server_leaves_the_shell_to_the_next_method() -> None:
    assert Case(SHELL, silent=True).login("bob", "home") == 5


def test_groups_have_servers_of_their_own_in_their_order() -> None:
    group = ("tacacs-server host 10.9.9.8 port 4949 timeout 9", "tacacs-server key 7 1218011A1B05")
    case = Case(*group, "aaa group server tacacs+ mine", "server 10.9.9.8", "server 10.9.9.9", "exit")
    case.user.configure("aaa authentication login default group mine")
    case.server.silent = True
    assert case.login("tom", "tiger") is None
    found = [(one.address, one.port, one.timeout_s, one.key) for one in case.server.connections]
    assert found == [("10.9.9.8", 4949, 9.0, "admin"), ("10.9.9.9", 49, 5.0, "k")]


def test_a_name_is_asked_for_only_where_somebody_may_want_it() -> None:
    line = configured(Case().router, named(Case().router, "vty 0"))
    assert line.login is Login.AAA
    assert line.wording is not None
    assert line.wording.user_prompt == "Username: "
    without = device()
    User(without).configure("aaa new-model", "aaa authentication login default group tacacs+ enable")
    wording = configured(without, named(without, "vty 0")).wording
    assert wording is not None
    assert wording.user_prompt == ""


def test_enable_asks_for_the_user_and_the_level() -> None:
    case = Case("aaa authentication enable default group tacacs+ enable", "enable secret boss")
    user = User(case.router, "tiger", line="vty 0", privilege=1)
    user.session.user = "tom"
    user.type("enable 7")
    assert user.session.privilege == 7
    assert case.server.questions == [Question(1, "tom", "tty2", "async", 7, 2)]


def test_an_exec_is_accounted_in_words_of_tacacs() -> None:
    case = Case("aaa accounting exec default start-stop group tacacs+", "clock timezone CET 1")
    from iosemu.commands.aaa.accounting import EXEC, list_called, open_account

    heard_by = list_called(case.router.config, EXEC, "default")
    assert heard_by is not None
    account = open_account(case.router, heard_by, EXEC, "tty2", "tom", 15)
    account.start((("Service-Type", "NAS Prompt"),))
    account.stop((("Service-Type", "NAS Prompt"), ("Acct-Terminate-Cause", "user-request")))
    start, stop = case.server.told(3)
    number = start.arguments[0]
    assert (start.flag, start.user, start.port, start.level) == (2, "tom", "tty2", 15)
    assert start.arguments == (number, "timezone=CET", "service=shell")
    assert (stop.flag, stop.arguments) == (4, (*start.arguments, "disc-cause=1", "elapsed_time=0"))


def test_the_counters_of_a_server() -> None:
    case = Case(SHELL)
    case.login("tom", "tiger")
    shown = case.user.type("show tacacs")
    assert "Tacacs+ Server            : 10.9.9.9/49\n              Socket opens:          2\n" in shown
    assert "        Total Packets Sent:          3\n        Total Packets Recv:          3\n" in shown
    case.server.silent = True
    case.login("tom", "tiger")
    assert "   Failed Connect Attempts:          1\n" in case.user.type("show tacacs")


def test_a_server_is_tried() -> None:
    user = Case().user
    assert user.type("test aaa group tacacs+ tom tiger legacy").endswith("User was successfully authenticated.\n\n")
    assert user.type("test aaa group tacacs+ tom x legacy").endswith("request was rejected by server.\n\n")


def test_a_conversation_is_told_by_debug() -> None:
    case = Case(SHELL)
    said: list[str] = []
    case.router.log.attach_console(said.append)
    case.user.type("debug tacacs")
    said.clear()
    case.login("tom", "tiger")
    told = [line.partition(": ")[2] for line in said]
    assert [line for line in told if line.startswith("TPLUS: ")] == [
        "TPLUS: Queuing AAA Authentication request 1 for processing",
        "TPLUS: processing authentication start request id 1",
        "TPLUS: Authentication start packet created for 1(tom)",
        "TPLUS: Using server 10.9.9.9",
        "TPLUS: Received authen response status GET_PASSWORD (8)",
        "TPLUS: Received authen response status PASS (2)",
        "TPLUS: Queuing AAA Authorization request 2 for processing",
        "TPLUS: processing authorization request id 2",
        "TPLUS: Authorization request created for 2(tom)",
        "TPLUS: Using server 10.9.9.9",
        "TPLUS: Processed AV priv-lvl=15",
        "TPLUS: received authorization response for 2: PASS",
    ]
