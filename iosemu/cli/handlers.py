"""What a device gives its command line: handlers by name, the hooks of a session, and the word that refuses.

Rule: nothing here knows a session or a command; a handler is found when its command is first given.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from iosemu.cli import filters

D = TypeVar("D")
H = TypeVar("H", bound=Callable[..., Any])
T = TypeVar("T")


class Refused(Exception):
    """A handler will not do what the line asks; `str()` is what the router prints, usually starting with `%`."""


class Handlers(Generic[D]):
    """Handlers by the name that the catalogue gives: of commands (`.run`) and of configuration lines.

    Each takes the `Invocation[D]` of its line, and may be a coroutine function.
    """

    def __init__(self, find: Callable[[str], object] | None = None) -> None:
        self._handlers: dict[str, Callable[..., Any]] = {}
        self._find = find
        """Called once for a name that is not registered yet: imports the module that registers it."""

    def register(self, name: str) -> Callable[[H], H]:
        """Decorate the handler called `name`; raises ValueError where that name is taken."""

        def add(handler: H) -> H:
            if name in self._handlers:
                raise ValueError(f"handler {name} is registered twice")
            self._handlers[name] = handler
            return handler

        return add

    def get(self, name: str) -> Callable[..., Any] | None:
        handler = self._handlers.get(name)
        if handler is None and self._find is not None:
            self._find(name)
            handler = self._handlers.get(name)
        return handler


def _no_aliases(mode: str) -> Mapping[str, str]:
    return {}


Guard = Callable[[Any, Any, str], Awaitable[None]]
"""Given the `Session[D]`, the `Mode` and a line that is about to be done there; raises Refused where it may not be."""


def _no_guard() -> Guard | None:
    return None


@dataclass(slots=True)
class Hooks(Generic[D]):
    """What the router adds to a session; the functions that are given a session get the `Session[D]`."""

    hostname: Callable[[], str] = lambda: "Router"
    configured: Callable[[Any], object] | None = None
    """Called when the session leaves configuration mode (`%SYS-5-CONFIG_I`)."""
    modifiers: filters.Offered = filters.NO_FILES
    save: Callable[[Any, filters.Redirection, str], Awaitable[None]] | None = None
    """Puts the output of a command where a modifier of the session wants it."""
    aliases: Callable[[str], Mapping[str, str]] = _no_aliases
    """Of a mode: its lines by the word that stands for them."""
    guard: Callable[[], Guard | None] = _no_guard
    """Who is asked about commands now, and told of them."""
    unknown: Callable[[Any, str], str] | None = None
    """Given the only word of an EXEC line that is no command: the line to run in its place, "" for none."""


NO_HOOKS: Hooks[Any] = Hooks()
"""Those of a session that a router adds nothing to."""


def run_now(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a session's coroutine to its end without an event loop.

    Raises RuntimeError where a handler really waits.
    """
    try:
        coroutine.send(None)
    except StopIteration as stop:
        value: T = stop.value
        return value
    coroutine.close()
    raise RuntimeError("a handler waits for something, and there is no event loop")
