"""`enable` with AAA: the methods of `aaa authentication enable`, in words of their own, and what `debug` says of them.

Rule: each try has a password that the methods are asked about in turn. The lines of `debug aaa authentication` are
those of published captures, which show the whole way of an `enable` and little of a login's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.aaa import login
from iosemu.commands.aaa.lines import AUTHENTICATION, LineServers
from iosemu.commands.aaa.login import MethodName
from iosemu.commands.aaa.users import enable_values
from iosemu.commands.lines.line_config import line_block
from iosemu.commands.lines.numbers import named

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_SCATTER = 2654435761
# recalled
_ERROR, _DENIED = "% Error in authentication.\n\n", "% Access denied\n\n"


async def ask(call: Invocation[Device], level: int, tries: int) -> bool:
    """Ask until the methods let the user in, or do not; True where they do."""
    config, kind, number = call.device.config, *call.session.line.split()
    entry = next(iter(config.root.all("aaa authentication enable default")), None)
    names = login.method_names(config, entry.tokens[4:] if entry is not None else ("enable",))
    if entry is None and kind == "con" and enable_values(config, level) is None:
        names = (MethodName("none"),)
    line = login.line_password(line_block(config, kind, int(number)))
    servers = LineServers(call.device, call.session.line)
    prompt = login.wording_of(config, asks_name=False).password_prompt
    for _ in range(tries):
        told = _Told(call)
        told.started(names[0], listed=entry is not None)
        typed = await call.terminal.read_line(prompt, secret=True) if names[0].word != "none" else ""
        for name in names:
            told.asked(name)
            method = login.method_called(config, name, line, servers, level)
            try:
                granted = await method(call.session.user, typed)
            except login.HandedOver:
                told.handed_over()
                continue
            told.ended("PASS" if granted is not None else "FAIL")
            if granted is not None:
                return True
            break
        else:
            call.write(_ERROR)
            return False
    call.write(_DENIED)
    return False


class _Told:
    """The debug text of one try."""

    def __init__(self, call: Invocation[Device]) -> None:
        self._aaa = call.device.aaa
        self._port = f"tty{named(call.device, call.session.line).absolute}"
        self._console = call.session.line.startswith("con")
        self._user = call.session.user
        self._number = 0
        self._restarts = False

    def started(self, first: MethodName, *, listed: bool) -> None:
        """Before the password is asked for."""
        self._start()
        console = "console enable - default to enable password (if any)"
        default = console if self._console else "non-console enable - default to enable password"
        self._say("/START", 'using "default" list' if listed else default)
        self._say("/START", f"Method={_shown(first)}")
        self._say("", "status = GETPASS")

    def asked(self, name: MethodName) -> None:
        """A method is asked about the password."""
        if self._restarts:
            self._start()
            self._say("/START", "Restart")
            self._say("/START", f"Method={_shown(name)}")
            self._say("", "status = GETPASS")
        server = bool(name.group)
        self._say("/CONT", f"continue_login (user='{self._user if server and self._user else '(undef)'}')")
        self._say("", "status = GETPASS")
        self._say("" if server else "/CONT", f"Method={_shown(name)}")

    def handed_over(self) -> None:
        self._restarts = True
        self.ended("ERROR")

    def ended(self, status: str) -> None:
        self._say("", f"status = {status}")

    def _start(self) -> None:
        self._number = self._aaa.new_session() * _SCATTER & 0xFFFFFFFF
        self._say("/START", f"port='{self._port}' list='' action=LOGIN service=ENABLE")

    def _say(self, part: str, text: str) -> None:
        self._aaa.debug(AUTHENTICATION, f"AAA/AUTHEN{part} ({self._number}): {text}")


def _shown(name: MethodName) -> str:
    return f"{name.group} ({name.word})" if name.group else name.word.upper()
