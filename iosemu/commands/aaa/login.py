"""`aaa new-model`: by which methods a line and `enable` ask who is there, and what they may do.

Rule: the methods of a list are asked in order; one that can give an answer ends it, one that cannot (a server that
does not answer, a password that is not configured, a user whom the router does not know) hands over to the next.
Without a list, the console asks nothing and a vty asks the router's own users. A user's privilege level counts only
where exec authorization says so. The router words the questions itself, a TACACS+ server's wording is not shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from iosemu.commands.aaa.protocols import PROTOCOLS, RADIUS, TACACS
from iosemu.commands.aaa.users import enable_values, opens, user_check, user_values
from iosemu.terminal.line_settings import Login, NotAuthorized, Wording

if TYPE_CHECKING:
    from iosemu.config.tree import Block, RunningConfig
    from iosemu.terminal.line_settings import LineSettings

HIGHEST, LOWEST = 15, 1
DEFAULT = "default"
# What asks for a user name.
_NAMING = ("local", "local-case", *PROTOCOLS)
_OWN_USERS = ("local", "local-case")
# recalled
_FAILED = "% Authentication failed.\n\n"
_UNAUTHORIZED = "% Authorization failed.\n"


class HandedOver(Exception):
    """A method cannot answer; the next one is asked."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A method let somebody in; `protocol` is that of the server that did, `server_level` what it says of his level,
    None where none was asked or it says nothing."""

    level: int = LOWEST
    protocol: str = ""
    server_level: int | None = None


Method = Callable[[str, str], Awaitable[Granted | None]]
"""By user and password: what is granted, None for a wrong answer; raises HandedOver."""


@dataclass(frozen=True, slots=True)
class MethodName:
    """A method of a list: its word, for a group of servers the protocol that they speak and the group's name."""

    word: str
    group: str = ""


class Servers(Protocol):
    """The servers as a terminal line asks them."""

    async def authenticate(
        self, name: MethodName, user: str, password: str, enables: int | None = None
    ) -> Granted | None:
        """What a group says of a login, or of somebody who `enables` a level; raises HandedOver where nothing."""
        ...

    async def shell_level(self, name: MethodName, user: str) -> int | None:
        """The level that a TACACS+ group gives a shell, None where it gives none; raises HandedOver."""
        ...

    def picked(self, method_list: str) -> None:
        """A login begins to ask the methods of that list."""
        ...

    def admitted(self, granted: Granted) -> None:
        """The user was let in."""
        ...

    def refused(self, user: str) -> None:
        """A method said no."""
        ...

    def authorized(self, level: int, method_list: str, protocol: str) -> None:
        """Exec authorization by that list gave that level."""
        ...


class NoServers:
    """Where nobody can be reached."""

    async def authenticate(
        self, name: MethodName, user: str, password: str, enables: int | None = None
    ) -> Granted | None:
        raise HandedOver

    async def shell_level(self, name: MethodName, user: str) -> int | None:
        raise HandedOver

    def picked(self, method_list: str) -> None: ...

    def admitted(self, granted: Granted) -> None: ...

    def refused(self, user: str) -> None: ...

    def authorized(self, level: int, method_list: str, protocol: str) -> None: ...


NO_SERVERS = NoServers()


def login_of(
    config: RunningConfig, kind: str, block: Block | None, settings: LineSettings, servers: Servers = NO_SERVERS
) -> LineSettings:
    """`settings` with the login that AAA gives a line of this kind (`con`, `vty`), or as they are without AAA.

    `block` is the line's own: it may name the lists.
    """
    if not config.root.flag("aaa new-model"):
        return settings
    list_name, names = _login_methods(config, kind, block)
    methods = _handing_on(config, names)
    allowed = _authorization(config, kind, block, servers)
    line = line_password(block)

    async def check(user: str, password: str) -> int | None:
        servers.picked(list_name)
        try:
            granted = await answer([method_called(config, name, line, servers) for name in methods], user, password)
        except HandedOver:
            return None
        if granted is None:
            servers.refused(user)
            return None
        servers.admitted(granted)
        return await allowed(user, granted)

    if [name.word for name in methods[:1]] == ["none"]:
        return replace(settings, login=Login.NONE, check=None, users=check, wording=None)
    wording = wording_of(config, asks_name=not methods or methods[0].word in _NAMING)
    return replace(settings, login=Login.AAA, check=check, users=check, wording=wording)


def _login_methods(config: RunningConfig, kind: str, block: Block | None) -> tuple[str, tuple[MethodName, ...]]:
    """The list that a line uses, and its methods."""
    named = str(block.value("login authentication", "list", DEFAULT)) if block is not None else DEFAULT
    lists = {
        str(line.values["list"]): method_names(config, line.tokens[4:])
        for line in config.root.all("aaa authentication login")
    }
    name = named if named in lists else DEFAULT
    return name, lists.get(name, (MethodName("none" if kind == "con" else "local"),))


def method_names(config: RunningConfig, words: Sequence[str]) -> tuple[MethodName, ...]:
    """The methods that a list's words name; a group of servers by the protocol that its servers speak."""
    own_groups = {
        str(block.header.values["name"]): kind
        for kind in PROTOCOLS
        for block in config.root.children(f"aaa group server {kind}")
        if block.header is not None
    }
    found: list[MethodName] = []
    rest = iter(words)
    for word in rest:
        group = next(rest, "") if word == "group" else ""
        found.append(MethodName(own_groups.get(group, group), group) if group else MethodName(word))
    return tuple(found)


def _handing_on(config: RunningConfig, methods: tuple[MethodName, ...]) -> tuple[MethodName, ...]:
    """The methods without those in front that hand over before anything is asked: groups without a server."""
    from iosemu.commands.aaa.servers import tacacs_servers_of

    while methods and methods[0].word == TACACS and not tacacs_servers_of(config, methods[0].group):
        methods = methods[1:]
    return methods


def method_called(
    config: RunningConfig,
    name: MethodName,
    line: dict[str, object] | None,
    servers: Servers = NO_SERVERS,
    enables: int | None = None,
) -> Method:
    """The method of that name; `line` is what the terminal line keeps as its password, `enables` the level that an
    `enable` opens, None at a login."""

    async def own_users(user: str, password: str) -> Granted | None:
        if user_values(config, user) is None:
            raise HandedOver
        own_level = user_check(config)(user, password)
        return None if own_level is None else Granted(own_level)

    def kept(values: dict[str, object] | None) -> Method:
        async def compare(user: str, password: str) -> Granted | None:
            if values is None:
                raise HandedOver
            return Granted() if opens(values, password) else None

        return compare

    async def server_group(user: str, password: str) -> Granted | None:
        return await servers.authenticate(name, user, password, enables)

    if name.word in _OWN_USERS:
        return own_users
    if name.word == "line":
        return kept(line)
    if name.word == "enable":
        return kept(enable_values(config, HIGHEST if enables is None else enables))
    if name.word in PROTOCOLS:
        return server_group
    return _nobody_asked if name.word == "none" else _not_reached


async def _nobody_asked(user: str, password: str) -> Granted | None:
    return Granted()


async def _not_reached(user: str, password: str) -> Granted | None:
    raise HandedOver


async def answer(methods: Sequence[Method], user: str, password: str) -> Granted | None:
    """What the first method says that can answer; raises HandedOver where none can."""
    for method in methods:
        try:
            return await method(user, password)
        except HandedOver:
            continue
    raise HandedOver


def line_password(block: Block | None) -> dict[str, object] | None:
    """The values of the line that keeps a terminal line's password."""
    line = block.get("password") if block is not None else None
    return line.values if line is not None and not line.negated else None


def _authorization(
    config: RunningConfig, kind: str, block: Block | None, servers: Servers
) -> Callable[[str, Granted], Awaitable[int]]:
    """By user and what the login granted: the level that exec authorization gives; raises NotAuthorized.

    RADIUS has no authorization of its own: what counts is what its server said when it let the user in, also where
    `if-authenticated` alone is asked (as a real router shows).
    """
    named = list_of_line(block, "exec", "authorization")
    lists = {str(entry.values["list"]): entry for entry in config.root.all("aaa authorization exec")}
    entry = lists.get(named)
    asked = kind != "con" or config.root.flag("aaa authorization console")

    async def level(user: str, granted: Granted) -> int:
        if entry is None or not asked:
            return LOWEST
        for method in method_names(config, entry.tokens[4:]):
            try:
                given = await said(method, user, granted)
            except HandedOver:
                continue
            if given is None:
                break
            servers.authorized(given, named, granted.protocol)
            return given
        raise NotAuthorized(_UNAUTHORIZED)

    async def said(method: MethodName, user: str, granted: Granted) -> int | None:
        """The level by one method, None where it gives none; raises HandedOver."""
        if method.word in ("none", "if-authenticated") or (method.word == RADIUS == granted.protocol):
            return granted.server_level if granted.server_level is not None else LOWEST
        if method.word == TACACS:
            return await servers.shell_level(method, user)
        values = user_values(config, user)
        if method.word == "local" and values is not None:
            return int(str(values.get("level", LOWEST)))
        raise HandedOver

    return level


def list_of_line(block: Block | None, service: str, command: str = "accounting", level: str = "") -> str:
    """The list that `accounting SERVICE [LEVEL] LIST` (or `authorization`) of a terminal line names."""
    wanted = (service, level) if level else (service,)
    lines = block.all(command) if block is not None else []
    own = (str(one.values["list"]) for one in lines if one.tokens[1 : 1 + len(wanted)] == wanted and not one.negated)
    return next(own, DEFAULT)


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
