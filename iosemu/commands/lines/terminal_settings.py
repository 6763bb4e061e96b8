"""`terminal ...`: what a user sets for the own session, gone when it ends; `terminal no` and `default` take it back.

Rule: a setting is taken back to what every router starts with, whatever the line is configured to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from iosemu.commands.lines.lines import settings_of
from iosemu.commands.registry import handlers
from iosemu.terminal.line_settings import LineSettings, escape_character

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

DEFAULT_LENGTH, DEFAULT_WIDTH, DEFAULT_HISTORY = 24, 80, 10
_PLAIN = LineSettings()


def _number(call: Invocation[Device], name: str) -> int:
    return int(str(call.values[name]))


@handlers.register("terminal_length")
def _length(call: Invocation[Device]) -> None:
    call.terminal.length = _number(call, "lines")


@handlers.register("terminal_width")
def _width(call: Invocation[Device]) -> None:
    call.terminal.width = _number(call, "columns")


@handlers.register("terminal_monitor")
def _monitor(call: Invocation[Device]) -> None:
    if call.session.line.startswith("con"):
        call.write("% Console already monitors\n")
    else:
        call.terminal.monitor = True


@handlers.register("terminal_history")
def _history(call: Invocation[Device]) -> None:
    _keep(call, int(str(call.values.get("lines", DEFAULT_HISTORY))))


def _keep(call: Invocation[Device], lines: int) -> None:
    """Set how many lines the terminal remembers; a file of commands remembers none."""
    history = getattr(call.session.terminal, "history", None)
    if history is not None:
        history.size = lines


@handlers.register("terminal_editing")
def _editing(call: Invocation[Device]) -> None:
    _edit(call, True)


def _edit(call: Invocation[Device], on: bool) -> None:
    editor = getattr(call.session.terminal, "editor", None)
    if editor is not None:
        editor.editing = on


def _set(call: Invocation[Device], **changes: Any) -> None:
    """Change the session's copy of its line's settings; a file of commands has none."""
    terminal = call.session.terminal
    if hasattr(terminal, "settings"):
        terminal.settings = replace(settings_of(call.device, call.session), **changes)


@handlers.register("terminal_escape")
def _escape(call: Invocation[Device]) -> None:
    key = escape_character(str(call.values["character"]))
    _set(call, escape=key)
    call.write(f'"{_key_name(key)}" is the escape character\n' if key else "")


def _key_name(key: str) -> str:
    return f"^{chr(ord(key) + 64)}" if key < " " else key


@handlers.register("terminal_transport")
def _transport(call: Invocation[Device]) -> None:
    _set(call, preferred=str(call.values["protocol"]))


@handlers.register("terminal_type")
def _type(call: Invocation[Device]) -> None:
    _name_type(call, str(call.values["name"]))


def _name_type(call: Invocation[Device], name: str) -> None:
    if hasattr(call.session.terminal, "terminal_type"):
        call.session.terminal.terminal_type = name


@handlers.register("terminal_unused")
def _unused(call: Invocation[Device]) -> None:
    """Bits, speeds and flow control: no terminal here hangs on a serial cable."""


def _unmonitor(call: Invocation[Device]) -> None:
    call.terminal.monitor = False


def _default_length(call: Invocation[Device]) -> None:
    call.terminal.length = DEFAULT_LENGTH


def _default_width(call: Invocation[Device]) -> None:
    call.terminal.width = DEFAULT_WIDTH


_UNSET: dict[str, Callable[[Invocation[Device]], None]] = {
    "editing": lambda call: _edit(call, "default" in call.tokens),
    "escape-character": lambda call: _set(call, escape=_PLAIN.escape),
    "history": lambda call: _keep(call, 0 if call.tokens[1:] == ("no", "history") else DEFAULT_HISTORY),
    "length": _default_length,
    "monitor": _unmonitor,
    "terminal-type": lambda call: _name_type(call, ""),
    "transport": lambda call: _set(call, preferred=_PLAIN.preferred),
    "width": _default_width,
}
"""By setting: how `terminal no` and `terminal default` take it back."""


@handlers.register("terminal_unset")
def _unset(call: Invocation[Device]) -> None:
    _UNSET.get(str(call.values["setting"]), _unused)(call)
