"""Who is there: the dialogue of a line before its EXEC starts.

Rule: three tries, each answer within the line's time, then the line closes; the texts are those that routers send
(service probes and automation clients match them literally). How an answer is judged is the settings' affair.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from iosemu.terminal.line_settings import WORDINGS, Check, LineSettings, Login, NotAuthorized, Watch, Wording, judged
from iosemu.terminal.vty import Interrupted

TRIES = 3
TELNET_PORT, SSH_PORT = 23, 22


class Asked(Protocol):
    """The terminal at which somebody wants to come in; it is told who that is, and with which privilege."""

    user: str
    privilege: int

    @property
    def peer(self) -> str:
        """The address that the user came from, "" at the console."""
        ...

    def write(self, text: str) -> None: ...

    async def read_line(self, prompt: str, *, secret: bool = False) -> str: ...


async def log_in(terminal: Asked, settings: LineSettings) -> bool:
    """Hold the dialogue; True where the user may go on, `user` and `privilege` of the terminal tell who that is."""
    terminal.privilege = settings.privilege
    if settings.banner:
        terminal.write("\n" + settings.banner)
    if settings.login is Login.NONE:
        return True
    if settings.login_banner:
        terminal.write("\n" + settings.login_banner)
    if settings.check is None:
        terminal.write("\n\nPassword required, but none set\n")
        return False
    wording = settings.wording if settings.wording is not None else WORDINGS[settings.login]
    terminal.write(wording.greeting)
    for _ in range(TRIES):
        try:
            if await _try(terminal, settings, wording):
                return True
        except Interrupted:
            continue
        except NotAuthorized as refusal:
            terminal.write(str(refusal))
            return False
        terminal.write(wording.refused)
        if settings.admits is not None and not settings.admits(terminal.peer):
            break
    terminal.write(wording.closed)
    return False


async def _try(terminal: Asked, settings: LineSettings, wording: Wording) -> bool:
    assert settings.check is not None
    user = await _ask(terminal, settings, wording.user_prompt) if wording.user_prompt else ""
    password = await _ask(terminal, settings, wording.password_prompt, secret=True)
    port = TELNET_PORT if terminal.peer else 0
    privilege = await watched(settings.watch, settings.check, user, password, terminal.peer, port)
    if privilege is None:
        return False
    terminal.user, terminal.privilege = user, max(privilege, settings.privilege)
    return True


async def watched(watch: Watch | None, check: Check, user: str, password: str, source: str, port: int) -> int | None:
    """What `check` says of a try, which `watch` has counted; a refusal comes after the wait that it asks for."""
    privilege = await judged(check(user, password))
    if watch is None:
        return privilege
    if privilege is None:
        await asyncio.sleep(watch.refused(user, source, port))
    else:
        watch.accepted(user, source, port)
    return privilege


async def _ask(terminal: Asked, settings: LineSettings, prompt: str, *, secret: bool = False) -> str:
    try:
        async with asyncio.timeout(settings.login_timeout_s or None):
            return await terminal.read_line(prompt, secret=secret)
    except TimeoutError:
        terminal.write(f"\n% {prompt}timeout expired!\n")
        raise EOFError("nobody answered") from None
