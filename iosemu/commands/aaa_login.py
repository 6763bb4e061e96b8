"""`aaa new-model`: by which methods a line and `enable` ask who is there, and what they may do.

Rule: the methods of a list are asked in order; one that can give an answer ends it, one that cannot (a server that is
not reached, a password that is not configured, a user whom the router does not know) hands over to the next. Nothing
here reaches a server: RADIUS and TACACS+ are always handed over. Without a list, the console asks nothing and a vty
asks the router's own users. A user's privilege level counts only where exec authorization says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from iosemu.commands.users import enable_values, opens, user_check, user_values
from iosemu.terminal.line_settings import Login, NotAuthorized, Wording

if TYPE_CHECKING:
    from iosemu.config.tree import Block, RunningConfig
    from iosemu.terminal.line_settings import LineSettings

HIGHEST, LOWEST = 15, 1
DEFAULT = "default"
# What asks for a user name; TACACS+ would too, but hands over before it does, since its server words the questions.
_NAMING = ("local", "local-case", "radius")
_OWN_USERS = ("local", "local-case")
# recalled
_FAILED = "% Authentication failed.\n\n"
_UNAUTHORIZED = "% Authorization failed.\n"


class HandedOver(Exception):
    """A method cannot answer; the next one is asked."""


Method = Callable[[str, str], int | None]
"""By user and password: a level, None for a wrong answer; raises HandedOver."""


def login_of(config: RunningConfig, kind: str, block: Block | None, settings: LineSettings) -> LineSettings:
    """`settings` with the login that AAA gives a line of this kind (`con`, `vty`), or as they are without AAA.

    `block` is the line's own: it may name the lists.
    """
    if not config.root.flag("aaa new-model"):
        return settings
    methods = _handing_on(_login_methods(config, kind, block))
    allowed = _authorization(config, kind, block)
    line = line_password(block)

    def check(user: str, password: str) -> int | None:
        try:
            level = answer([method_called(config, name, line) for name in methods], user, password)
        except HandedOver:
            return None
        return None if level is None else allowed(user)

    if methods[:1] == ("none",):
        return replace(settings, login=Login.NONE, check=None, users=check, wording=None)
    wording = wording_of(config, asks_name=not methods or methods[0] in _NAMING)
    return replace(settings, login=Login.AAA, check=check, users=check, wording=wording)


def _login_methods(config: RunningConfig, kind: str, block: Block | None) -> tuple[str, ...]:
    named = block.value("login authentication", "list", DEFAULT) if block is not None else DEFAULT
    lists = {
        str(line.values["list"]): method_names(config, line.tokens[4:])
        for line in config.root.all("aaa authentication login")
    }
    own = ("none",) if kind == "con" else ("local",)
    return lists.get(str(named), lists.get(DEFAULT, own))


def method_names(config: RunningConfig, words: tuple[str, ...]) -> tuple[str, ...]:
    """The methods that a list's words name, a group of servers by the protocol that its servers speak."""
    own_groups = {
        str(block.header.values["name"]): kind
        for kind in ("radius", "tacacs+")
        for block in config.root.children(f"aaa group server {kind}")
        if block.header is not None
    }
    found: list[str] = []
    rest = iter(words)
    for word in rest:
        group = next(rest, "") if word == "group" else word
        found.append(own_groups.get(group, group) if word == "group" else word)
    return tuple(found)


def _handing_on(methods: tuple[str, ...]) -> tuple[str, ...]:
    """The methods without those in front that hand over before anything is asked."""
    while methods and methods[0] == "tacacs+":
        methods = methods[1:]
    return methods


def method_called(config: RunningConfig, name: str, line: dict[str, object] | None, level: int = HIGHEST) -> Method:
    """The method of that name; `line` is what the terminal line keeps as its password, `level` which `enable` opens."""

    def own_users(user: str, password: str) -> int | None:
        if user_values(config, user) is None:
            raise HandedOver
        return user_check(config)(user, password)

    def kept(values: dict[str, object] | None) -> Method:
        def compare(user: str, password: str) -> int | None:
            if values is None:
                raise HandedOver
            return LOWEST if opens(values, password) else None

        return compare

    if name in _OWN_USERS:
        return own_users
    if name == "line":
        return kept(line)
    if name == "enable":
        return kept(enable_values(config, level))
    return _nobody_asked if name == "none" else _not_reached


def _nobody_asked(user: str, password: str) -> int | None:
    return LOWEST


def _not_reached(user: str, password: str) -> int | None:
    raise HandedOver


def answer(methods: list[Method], user: str, password: str) -> int | None:
    """What the first method says that can answer; raises HandedOver where none can."""
    for method in methods:
        try:
            return method(user, password)
        except HandedOver:
            continue
    raise HandedOver


def line_password(block: Block | None) -> dict[str, object] | None:
    """The values of the line that keeps a terminal line's password."""
    line = block.get("password") if block is not None else None
    return line.values if line is not None and not line.negated else None


def _authorization(config: RunningConfig, kind: str, block: Block | None) -> Callable[[str], int]:
    """By user: the level that exec authorization gives; raises NotAuthorized where it gives none."""
    line = block.get("authorization exec") if block is not None else None
    named = str(line.values["list"]) if line is not None and not line.negated else DEFAULT
    lists = {str(entry.values["list"]): entry for entry in config.root.all("aaa authorization exec")}
    entry = lists.get(named)
    asked = kind != "con" or config.root.flag("aaa authorization console")

    def level(user: str) -> int:
        if entry is None or not asked:
            return LOWEST
        for method in method_names(config, entry.tokens[4:]):
            values = user_values(config, user)
            if method in ("none", "if-authenticated"):
                return LOWEST
            if method == "local" and values is not None:
                return int(str(values.get("level", LOWEST)))
        raise NotAuthorized(_UNAUTHORIZED)

    return level


def wording_of(config: RunningConfig, *, asks_name: bool) -> Wording:
    """The texts of a login with AAA."""

    def text(what: str, otherwise: str) -> str:
        return str(config.root.value(f"aaa authentication {what}", "text", otherwise))

    failed, banner = text("fail-message", ""), text("banner", "")
    return Wording(
        user_prompt=text("username-prompt", "Username: ") if asks_name else "",
        password_prompt=text("password-prompt", "Password: "),
        refused=f"{failed}\n" if failed else _FAILED,
        greeting=f"\n{banner}\n" if banner else Wording().greeting,
    )
