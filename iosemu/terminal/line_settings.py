"""What the configuration of a line (`line con 0`, `line vty 0 4`) says about its terminal, as one frozen value.

Rule: a line is read anew for each connection; defaults are those of a router with nothing configured under the line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

Check = Callable[[str, str], int | None]


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


@dataclass(frozen=True, slots=True)
class LineSettings:
    """One line. `check(user, password)` gives the privilege level that they open, or None; the user is "" where only a
    password is asked. `check` None with a login means that no password is configured: the line lets nobody in.
    `users` is the same check for a transport that brings user name and password with it; None where the line knows no
    users. `exec_timeout_s` 0 means never. `width` and `length` (0 = endless) are None where the client's window rules.
    `synchronous`: a log line is followed by the line being typed. `banner` (message of the day) is shown to everybody,
    `login_banner` before the question who is there, `exec_banner` to those who were let in. `transports` may use it."""

    login: Login = Login.NONE
    check: Check | None = None
    users: Check | None = None
    privilege: int = 1
    exec_timeout_s: float = 600.0
    width: int | None = None
    length: int | None = None
    history_size: int = 10
    synchronous: bool = False
    banner: str = ""
    login_banner: str = ""
    exec_banner: str = ""
    transports: frozenset[Transport] = frozenset(Transport)


class ConfiguredLine(Protocol):
    """What is read of one line of a block (`config.tree.Line`)."""

    @property
    def values(self) -> dict[str, object]: ...
    @property
    def negated(self) -> bool: ...


class LineBlock(Protocol):
    """What is read of a `line ...` block (`config.tree.Block`)."""

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
    return LineSettings(
        login=login,
        check=check,
        users=users if login is Login.LOCAL else None,
        privilege=_number(block.value("privilege level", "level", 1)),
        exec_timeout_s=minutes * 60.0 + seconds,
        width=_set_number(block, "width", "columns"),
        length=_set_number(block, "length", "lines"),
        history_size=_number(block.value("history size", "lines", 0)),
        synchronous=bool(block.all("logging synchronous")),
        transports=_transports(block),
    )


def _login(block: LineBlock) -> Login:
    line: ConfiguredLine | None = block.get("login")
    if line is None or line.negated:
        return Login.NONE
    return Login.LOCAL if line.values.get("local") else Login.PASSWORD


def _transports(block: LineBlock) -> frozenset[Transport]:
    """`transport input`; without the line, and with `all`, every one."""
    line: ConfiguredLine | None = block.get("transport input")
    if line is None or "all" in line.values:
        return frozenset(Transport)
    return frozenset(transport for transport in Transport if transport.value in line.values)


def _set_number(block: LineBlock, command_id: str, name: str) -> int | None:
    """A number that was configured, None where only its default is in force."""
    return _number(block.value(command_id, name)) if block.all(command_id) else None


def _number(value: object) -> int:
    return int(str(value))
