"""The life of a terminal line: login, then command after command, until the session closes or the user is gone.

Rule: the session does the work, this loop only feeds it: prompt, line, help, completion, interrupt. A command that
fails unexpectedly is reported to the event loop's handler and leaves the line usable; a long paste yields to others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol

from iosemu.cli.session import END_KEY
from iosemu.terminal.editor import CompletionAsked, EditorEvent, HelpAsked, LineAborted, LineEnded, LineEntered
from iosemu.terminal.line_settings import LineSettings, Login
from iosemu.terminal.login import log_in
from iosemu.terminal.vty import Interrupted, SessionEnded, Vty

# A line that has many commands waiting lets the others have their turn after this time.
TURN_S = 0.005

# The command that goes back to the last connection.
RESUME = "resume"

# What a console shows first, and after its user has left it.
CONSOLE_GREETING = "\n\nPress RETURN to get started.\n"
CONSOLE_LEFT = "\n" * 6 + "{} con0 is now available\n" + "\n" * 5 + "Press RETURN to get started.\n" + "\n" * 13


class SessionFace(Protocol):
    """What the loop needs of `cli.session.Session`."""

    @property
    def prompt(self) -> str: ...

    @property
    def closed(self) -> bool: ...

    @property
    def collecting(self) -> bool: ...

    async def execute(self, line: str) -> None: ...

    def help(self, line: str) -> str: ...

    def complete(self, line: str) -> str: ...


OpenSession = Callable[[Vty], SessionFace]
Attend = Callable[[Vty], Awaitable[bool]]
"""What a router does on a console before the first Return, if it is starting; False where it has nothing to say."""


async def run_line(vty: Vty, settings: LineSettings, open_session: OpenSession) -> None:
    """A vty: log in, run commands, return when the line is to be closed."""
    try:
        await _serve(vty, settings, open_session, "\n")
    except EOFError:
        return


async def run_console(
    vty: Vty,
    settings: Callable[[], LineSettings],
    open_session: OpenSession,
    hostname: Callable[[], str],
    attend: Attend | None = None,
) -> None:
    """A console: it never closes by itself; who leaves it finds it waiting for Return. Ends with the transport."""
    if attend is None or not await attend(vty):
        vty.write(CONSOLE_GREETING)
    while True:
        while await vty.read_key() != "\r":
            pass
        with suppress(SessionEnded):
            await _serve(vty, settings(), open_session, "\n\n")
        # A reload that the session asked for comes first, and ends this.
        await asyncio.sleep(0)
        vty.write(settings().vacant or CONSOLE_LEFT.format(hostname()))


async def _serve(vty: Vty, settings: LineSettings, open_session: OpenSession, greeting: str) -> None:
    """One session on a terminal, from its login to its end; `greeting` comes where nobody is asked."""
    vty.begin_session(settings)
    try:
        if not settings.exec or not await log_in(vty, settings):
            return
        if settings.login is Login.NONE:
            vty.write(greeting)
        vty.write(settings.exec_banner)
        vty.settings = settings.used_by(vty.user)
        await Shell(vty, open_session(vty)).run()
    finally:
        vty.end_session()


class Shell:
    """One session on one terminal."""

    def __init__(self, vty: Vty, session: SessionFace) -> None:
        self._vty = vty
        self._session = session
        self._task = asyncio.current_task()
        self._interrupted = False

    async def run(self) -> None:
        """Until the session is closed, or the line's `autocommand` has run; EOFError where the user is gone."""
        vty, session = self._vty, self._session
        automatic = vty.settings.autocommand
        last = bool(automatic) and not vty.settings.stays
        loop = asyncio.get_running_loop()
        turn_ends = loop.time() + TURN_S
        vty.on_interrupt = self._interrupt
        try:
            while not session.closed:
                try:
                    if automatic:
                        line, automatic = automatic, ""
                        await self._execute(line)
                    elif last:
                        return
                    else:
                        await self._command()
                except asyncio.CancelledError:
                    # Ctrl-Shift-6 cancels the command, a hang-up the line; the former may arrive late.
                    if not self._interrupted or vty.ended or self._task is None:
                        raise
                    self._interrupted = False
                    self._task.uncancel()
                if vty.editor.keys and loop.time() >= turn_ends:
                    await asyncio.sleep(0)
                    turn_ends = loop.time() + TURN_S
        finally:
            vty.on_interrupt = None

    async def _command(self) -> None:
        """Read one line and do what it says."""
        vty, session = self._vty, self._session
        if session.collecting:
            await self._guard(session.execute(await vty.read_text()))
            return
        event = await vty.read_command(session.prompt)
        while isinstance(event, HelpAsked | CompletionAsked):
            event = await self._assist(event)
        await self._obey(event)
        await vty.drain()

    async def _assist(self, event: HelpAsked | CompletionAsked) -> EditorEvent:
        """`?` and Tab: show, and give the typed line back."""
        vty, session = self._vty, self._session
        if isinstance(event, HelpAsked):
            typed = vty.editor.put_aside()
            vty.write("?\n")
            vty.begin_command()
            await self._guard(self._show_help(event.text))
            vty.take_up(typed)
        else:
            vty.complete(session.complete(event.text))
        return await vty.read_on()

    async def _show_help(self, text: str) -> None:
        help_text = self._session.help(text)
        await self._vty.page(help_text if help_text.endswith("\n") or not help_text else help_text + "\n")

    async def _obey(self, event: EditorEvent) -> None:
        """Run what was entered; ^Z and ^C leave configuration."""
        if isinstance(event, LineEntered):
            await self._execute(event.text)
        elif isinstance(event, LineEnded):
            await self._execute(event.text + END_KEY)
        elif isinstance(event, LineAborted):
            await self._execute(END_KEY)

    async def _execute(self, line: str) -> None:
        if not line.strip() and self._vty.connected and not self._session.prompt.endswith(")#"):
            line = RESUME  # an empty line at the EXEC prompt goes back to the last connection
        if line:
            self._vty.begin_command()
            await self._guard(self._session.execute(line))

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work`; neither an abort nor a fault of it ends the line."""
        try:
            await work
        except Interrupted:
            pass
        except EOFError:
            raise
        except Exception as error:
            loop = asyncio.get_running_loop()
            loop.call_exception_handler({"message": "a command failed", "exception": error})
            self._vty.write("% Command failed\n")

    def _interrupt(self) -> None:
        """Break off the running command."""
        if self._task is not None and not self._interrupted:
            self._interrupted = True
            self._task.cancel()
