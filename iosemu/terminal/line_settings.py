"""What the configuration of a line (`line con 0`, `line vty 0 4`) says about its terminal, as one frozen value.

Rule: a line is read anew for each connection; defaults are those of a router with nothing configured under the line.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

Check = Callable[[str, str], int | Awaitable[int | None] | None]
"""By user name and password: the privilege level that they open, now or when a server has been asked; None: none."""


async def judged(verdict: int | Awaitable[int | None] | None) -> int | None:
    """What a check says, waited for where it has to ask a server."""
    return verdict if verdict is None or isinstance(verdict, int) else await verdict


class NotAuthorized(Exception):
    """A check knows the user, who may nevertheless not use the line; `str()` is what is printed."""


class Watch(Protocol):
    """Who counts a router's logins. A client is told by its address, "" at the console, and the port it came to (0)."""

    def accepted(self, user: str, source: str, port: int) -> None: ...

    def refused(self, user: str, source: str, port: int) -> float:
        """A try has failed; gives the seconds before the next one may be made."""
        ...


class Transport(Enum):
    """How a client reaches a vty."""

    TELNET = "telnet"
    SSH = "ssh"


class Login(Enum):
    """How a line asks who is there."""

    NONE = auto()
    """`no login`: nobody is asked."""
    PASSWORD = auto()
    """`login`: the line's own password."""
    LOCAL = auto()
    """`login local`: user name and password of the router's own list."""
    AAA = auto()
    """`aaa new-model`: as the list of methods says; `wording` tells whether a user name is asked."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a login dialogue: `greeting` opens it, `user_prompt` "" asks for no user name, `refused` follows
    every wrong answer, `closed` the last one."""

    user_prompt: str = "Username: "
    password_prompt: str = "Password: "
    refused: str = ""
    closed: str = ""
    greeting: str = "\n\nUser Access Verification\n\n"


WORDINGS = {
    Login.PASSWORD: Wording(user_prompt="", closed="% Bad passwords\n"),
    Login.LOCAL: Wording(refused="% Login invalid\n\n"),
    # recalled
    Login.AAA: Wording(refused="% Authentication failed.\n\n"),
}
"""What each login says where `LineSettings.wording` does not tell."""


ESCAPE = "\x1e"
"""The escape character of a router, Ctrl-Shift-6."""
ESCAPE_WORDS = {"DEFAULT": ESCAPE, "NONE": "", "BREAK": ESCAPE, "SOFT": ESCAPE}
"""What `escape-character` takes beside a character or its decimal; telnet's BREAK arrives as Ctrl-^ too."""


@dataclass(frozen=True, slots=True)
class LineSettings:
    """One line.

    `check(user, password)` gives the privilege level that they open, or None; the user is "" where only a password is
    asked. `check` None with a login means that no password is configured: the line lets nobody in. `users` is the same
    check for a transport that brings user name and password with it; None where the line knows no users. `admits` is
    asked with a client's address before it is let on the line; `watch` counts who was let in and who was not. Times are
    seconds, 0 means never. `width` and `length` (0 = endless) are None where the client's window rules. `synchronous`:
    a log line is followed by the line being typed. `banner` (message of the day) is shown to everybody, `login_banner`
    before the question who is there, `exec_banner` to those who were let in (where the line `shows_` them), `vacant` at
    a console that nobody uses, `refusal` to whom the line, being in use, cannot serve.
    `transports` may use it, and `preferred` is the protocol of a word that is no command; `escape` is the escape
    character, "" for none. Without `exec` the line runs no commands; with `autohangup` it closes with the last of its
    connections, of which there may be `session_limit` (0 = any number).
    """

    login: Login = Login.NONE
    check: Check | None = None
    users: Check | None = None
    wording: Wording | None = None
    admits: Callable[[str], bool] | None = None
    watch: Watch | None = None
    privilege: int = 1
    login_timeout_s: float = 30.0
    exec_timeout_s: float = 600.0
    absolute_timeout_s: float = 0.0
    logout_warning_s: float = 20.0
    session_timeout_s: float = 0.0
    session_timeout_output: bool = False
    width: int | None = None
    length: int | None = None
    history_size: int = 10
    editing: bool = True
    escape: str = ESCAPE
    exec: bool = True
    monitor: bool = False
    synchronous: bool = False
    lockable: bool = False
    autohangup: bool = False
    session_limit: int = 0
    location: str = ""
    autocommand: str = ""
    stays: bool = False
    """Does the session go on behind the `autocommand`?"""
    way_out: str = ""
    """The access list of the hosts that the user may call; "" for that of the line."""
    of_user: Callable[[LineSettings, str], LineSettings] | None = None
    """What they become for a user."""
    banner: str = ""
    login_banner: str = ""
    exec_banner: str = ""
    shows_motd: bool = True
    shows_exec_banner: bool = True
    vacant: str = ""
    refusal: str = ""
    transports: frozenset[Transport] = frozenset(Transport)
    preferred: str = "telnet"

    def lets_in(self, transport: Transport, peer: str) -> bool:
        """May a client from this address come by this transport?"""
        return transport in self.transports and (self.admits is None or self.admits(peer))

    def used_by(self, user: str) -> LineSettings:
        """The settings for a user who was let in, "" where nobody asked."""
        return self.of_user(self, user) if self.of_user is not None else self


class ConfiguredLine(Protocol):
    """What is read of one line of a block (`config.tree.Line`)."""

    @property
    def values(self) -> dict[str, object]: ...
    @property
    def negated(self) -> bool: ...


class LineBlock(Protocol):
    """What is read of a `line ...` block (`config.tree.Block`)."""

    @property
    def mode(self) -> str: ...
    def get(self, command_id: str) -> Any: ...
    def all(self, command_id: str) -> Sequence[Any]: ...
    def value(self, command_id: str, name: str, default: object = None) -> object: ...


def password_check(password: str, privilege: int = 1) -> Check:
    """The `check` of a line with one plain password."""

    def check(user: str, typed: str) -> int | None:
        return privilege if typed == password else None

    return check


def read_line_settings(block: LineBlock, *, reveal: Callable[[str], str], users: Check) -> LineSettings:
    """The settings under a `line` block.

    `reveal` turns a type 7 password into its text (what it raises is raised here), `users` checks the router's own list
    of user names.
    """
    login = _login(block)
    check: Check | None = users if login is Login.LOCAL else None
    password: ConfiguredLine | None = block.get("password")
    if login is Login.PASSWORD and password is not None and not password.negated:
        hidden = password.values.get("hidden")
        check = password_check(reveal(str(hidden)) if hidden else str(password.values.get("text", "")))
    minutes, seconds = (_number(block.value("exec-timeout", unit, 0)) for unit in ("minutes", "seconds"))
    history = block.get("history")
    return LineSettings(
        login=login,
        check=check,
        users=users if login is Login.LOCAL else None,
        privilege=_number(block.value("privilege level", "level", 1)),
        login_timeout_s=float(_number(block.value("timeout login response", "seconds", 30))),
        exec_timeout_s=minutes * 60.0 + seconds,
        absolute_timeout_s=_number(block.value("absolute-timeout", "minutes", 0)) * 60.0,
        logout_warning_s=float(_number(block.value("logout-warning", "seconds", 20))),
        session_timeout_s=_number(block.value("session-timeout", "minutes", 0)) * 60.0,
        session_timeout_output=bool(block.value("session-timeout", "output", False)),
        width=_set_number(block, "width", "columns"),
        length=_set_number(block, "length", "lines"),
        history_size=0 if history is not None and history.negated else _number(block.value("history size", "lines", 0)),
        editing=_on(block, "editing"),
        escape=escape_character(str(block.value("escape-character", "character", "DEFAULT"))),
        exec=_on(block, "exec"),
        monitor=bool(block.all("monitor")),
        synchronous=bool(block.all("logging synchronous")),
        lockable=bool(block.all("lockable")),
        autohangup=bool(block.all("autohangup")),
        session_limit=_number(block.value("session-limit", "sessions", 0)),
        location=str(block.value("location", "text", "")),
        autocommand=str(block.value("autocommand", "command", "")),
        shows_motd=_on(block, "motd-banner"),
        shows_exec_banner=_on(block, "exec-banner"),
        vacant=str(block.value("vacant-message", "text", "")),
        refusal=str(block.value("refuse-message", "text", "")),
        transports=_transports(block),
        preferred=str(block.value("transport preferred", "protocol", "none")),
    )


def _login(block: LineBlock) -> Login:
    line: ConfiguredLine | None = block.get("login")
    if line is None:
        return Login.PASSWORD if block.mode == "line-vty" else Login.NONE
    if line.negated:
        return Login.NONE
    return Login.LOCAL if line.values.get("local") else Login.PASSWORD


def _transports(block: LineBlock) -> frozenset[Transport]:
    """`transport input`; without the line, and with `all`, every one."""
    line: ConfiguredLine | None = block.get("transport input")
    if line is None or "all" in line.values:
        return frozenset(Transport)
    return frozenset(transport for transport in Transport if transport.value in line.values)


def _on(block: LineBlock, command_id: str) -> bool:
    """Is a switch in its place that is on by default?"""
    line: ConfiguredLine | None = block.get(command_id)
    return line is None or not line.negated


def escape_character(said: str) -> str:
    """The key that `escape-character` means by a decimal, a character or a word; "" for none."""
    if said.upper() in ESCAPE_WORDS:
        return ESCAPE_WORDS[said.upper()]
    return chr(int(said) % 256) if said.isdecimal() else said[:1]


def _set_number(block: LineBlock, command_id: str, name: str) -> int | None:
    """A number that was configured, None where only its default is in force."""
    return _number(block.value(command_id, name)) if block.all(command_id) else None


def _number(value: object) -> int:
    return int(str(value))
