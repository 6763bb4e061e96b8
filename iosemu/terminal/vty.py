"""One terminal line: the `Terminal` face of a session on one side, octets of any transport on the other.

Rule: nothing here blocks anybody else. Output is gathered and sent once a turn; where the client does not read, whoever
pages or enters the next command waits, and log lines are dropped; where the client types faster than its commands run,
the transport is told to stop reading. Sessions, telnet and SSH know nothing of each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from iosemu.terminal.editor import (
    EditorEvent,
    KeyPressed,
    LineAborted,
    LineAside,
    LineEditor,
    LineEnded,
    LineEntered,
    Mode,
)
from iosemu.terminal.line_settings import ESCAPE, LineSettings
from iosemu.terminal.line_timers import LineTimers
from iosemu.terminal.notices import Notices
from iosemu.terminal.outlet import SEND_AT, Channel, Outlet
from iosemu.terminal.pager import ERASE_MORE, MORE, SEARCHES, Pager
from iosemu.terminal.session_terminal import SessionTerminal

# Typed and not yet used: above HIGH the transport stops reading, below LOW it goes on (characters).
TYPE_AHEAD_HIGH = 65536
TYPE_AHEAD_LOW = 16384


class Interrupted(Exception):
    """The user broke the running command off (^C at a question, Ctrl-Shift-6)."""


class SessionEnded(EOFError):
    """The line's time ran out, or somebody cleared it; for a session the same as a hang-up, though the terminal is
    still there."""


class Vty(SessionTerminal):
    """One connected terminal. `on_interrupt` is called for Ctrl-Shift-6 while a command runs and reads no key."""

    __slots__ = (
        "_channel", "_ended", "_explicit", "_fresh", "_in_session", "_length", "_loop", "_more", "_no_more_input",
        "_notices", "_outlet", "_over", "_pager", "_reading_paused", "_waiter", "editor", "on_interrupt",
        "terminal_type", "timers",
    )  # fmt: skip

    def __init__(
        self, channel: Channel, *, width: int = 80, length: int = 24, name: str = "vty 0", peer: str = ""
    ) -> None:
        super().__init__(name, peer)
        self._channel = channel
        self._loop = asyncio.get_running_loop()
        self.editor = LineEditor(width)
        self.timers = LineTimers(self._loop, self)
        self._outlet = Outlet(channel, self._loop)
        self._length = length
        self._explicit = False
        self._pager = Pager(width, length)
        self._fresh = True
        self._more = False
        self._reading_paused = False
        self._no_more_input = False
        self._in_session = False
        self._waiter: asyncio.Future[EditorEvent] | None = None
        self._ended: EOFError | None = None
        self._over: SessionEnded | None = None
        self._notices = Notices(self._loop, self._show)
        self.terminal_type = ""
        self.on_interrupt: Callable[[], object] | None = None

    # The face of cli.terminal.Terminal

    @property
    def width(self) -> int:
        """Columns; 0 = endless."""
        return self.editor.width

    @width.setter
    def width(self, width: int) -> None:
        self.editor.width = width
        self._explicit = True

    @property
    def length(self) -> int:
        """Rows; 0 = no paging."""
        return self._length

    @length.setter
    def length(self, length: int) -> None:
        self._length = length
        self._explicit = True

    def write(self, text: str) -> None:
        """Print at once, unpaged; `\\n` ends a line."""
        if not text:
            return
        self._notices.show()
        if "\r\n" in text:
            text = text.replace("\r\n", "\n")
        self._fresh = text[-1] == "\n"
        self._outlet.send(text.replace("\n", "\r\n"))

    async def page(self, text: str) -> None:
        """Print with ` --More-- ` where the screen is full; nothing more of a command whose output was broken off."""
        pager = self._pager
        pager.feed(text)
        while (piece := pager.take()) or pager.waiting:
            for start in range(0, len(piece), SEND_AT):
                self.write(piece[start : start + SEND_AT])
                await self.drain()
            if pager.waiting:
                key = await self._ask_more()
                if key in SEARCHES:
                    self.write(pager.search(key, await self.read_line(key)))
                else:
                    pager.answer(key)

    async def read_line(self, prompt: str, *, secret: bool = False) -> str:
        """Ask a question; EOFError where the user is gone, Interrupted on ^C."""
        event = await self._read(lambda: self.editor.start_line(prompt, echo=not secret))
        if isinstance(event, LineEntered):
            self._fresh = True
            return event.text
        raise Interrupted

    async def read_text(self) -> str:
        """A line of a text over several lines; ^C and ^Z end it and are its last character."""
        event = await self._read(lambda: self.editor.start_line(""))
        self._fresh = True
        assert isinstance(event, LineEntered | LineAborted | LineEnded)
        return event.text + {LineEntered: "", LineAborted: "\x03", LineEnded: "\x1a"}[type(event)]

    async def read_key(self) -> str:
        """One key, not echoed: a character (Return is `\\r`) or a whole escape sequence."""
        event = await self._read(self.editor.start_key)
        assert isinstance(event, KeyPressed)
        return event.key

    # For the shell that runs commands on this line

    def begin_session(self, settings: LineSettings) -> None:
        super().begin_session(settings)
        self._in_session = True
        self.timers.begin(settings.exec_timeout_s, settings.absolute_timeout_s, settings.logout_warning_s)
        if settings.width is not None:
            self.width = settings.width
        if settings.length is not None:
            self.length = settings.length
        self.monitor = settings.monitor
        self.editor.editing = settings.editing

    def end_session(self) -> None:
        self.timers.stop()
        self._in_session, self._over = False, None
        super().end_session()

    async def read_command(self, prompt: str) -> EditorEvent:
        """Print the prompt and read a command line, with help and completion as events."""
        event = await self._read(lambda: self.editor.start_line(prompt, commands=True, history=self.history.of(prompt)))
        self._fresh = True
        return event

    async def read_on(self) -> EditorEvent:
        """Go on with the command line after help or completion was shown."""
        event = await self._read(None)
        self._fresh = True
        return event

    def take_up(self, aside: LineAside) -> None:
        """Print prompt and typed line again, and go on with them."""
        self.editor.take_up(aside)
        self._outlet.send(self.editor.take_output())

    def complete(self, text: str) -> None:
        """Replace the typed command up to the cursor."""
        self.editor.complete(text)
        self._outlet.send(self.editor.take_output())

    def begin_command(self) -> None:
        """A new command: its output is counted from the top of the screen."""
        self._pager = Pager(self.width, self._length)

    async def drain(self) -> None:
        """Wait until the client has room for more; EOFError where it is gone."""
        self._check()
        await self._outlet.drain()

    # For the transport

    def receive(self, octets: bytes) -> None:
        """What the user typed, in pieces of any size."""
        self.timers.alive()
        keys = self.editor.keys
        self.editor.receive(octets)
        if self._waiter is not None and not self._waiter.done():
            self._work()
        elif self.on_interrupt is not None and self.editor.mode is Mode.IDLE and keys.drop_through(ESCAPE):
            self.on_interrupt()
        if not self._reading_paused and len(keys) > TYPE_AHEAD_HIGH:
            self._reading_paused = True
            self._channel.pause_reading()

    def resized(self, width: int, length: int) -> None:
        """The client's window, unless the user set another size by command; 0 says nothing."""
        if not self._explicit:
            self.editor.width = width or self.editor.width
            self._length = length or self._length

    def writable(self, writable: bool) -> None:
        """The client's side is full, or has room again."""
        self._outlet.blocked = not writable
        if not writable:
            return
        self._outlet.room()
        if self._waiter is not None and not self._waiter.done():
            self._work()

    def input_ended(self) -> None:
        """The user types no more: what is queued is still used, then reading ends with EOFError."""
        self._no_more_input = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(EOFError("end of input"))

    @property
    def idle_s(self) -> float:
        """Seconds since the user typed, or a command ended."""
        return self.timers.idle_s

    @property
    def blocked(self) -> bool:
        """Does the client not read?"""
        return self._outlet.blocked

    @property
    def ended(self) -> bool:
        """The user is gone."""
        return self._ended is not None

    def hung_up(self) -> None:
        """The user is gone: every reading and waiting ends with EOFError, output goes nowhere."""
        self._outlet.close()
        self._ended = EOFError("the terminal hung up")
        self.timers.stop()
        self._notices.stop()
        self._fail(self._ended)

    # For whoever ends the session from outside

    def clear(self) -> None:
        """End the session on this line, if any, whatever it is doing; the terminal stays."""
        if not self._in_session:
            return
        self._over = SessionEnded("the line was cleared")
        if not self._fail(self._over) and self.on_interrupt is not None:
            self.on_interrupt()

    def notify(self, text: str) -> None:
        """A log line for this terminal: shown soon; on a synchronous line the typed line is printed again behind it."""
        self._notices.add(text, takes=self._ended is None and not self._outlet.blocked)

    @property
    def dropped_notices(self) -> int:
        """Log lines that this terminal could not take."""
        return self._notices.dropped

    # For the timers

    @property
    def waiting(self) -> bool:
        """Does it wait for its user?"""
        return self._waiter is not None or self._outlet.waiting

    def idle_expired(self) -> None:
        self._fail(SessionEnded("the line was idle"))

    def absolute_warning(self) -> None:
        self.notify("\n*\n*\n* Line timeout expired\n*\n*")

    def absolute_expired(self) -> None:
        self.clear()

    # Reading

    def _check(self) -> None:
        """Raise what ended the session."""
        if self._ended or self._over:
            raise self._ended or self._over  # type: ignore[misc]

    def _fail(self, error: EOFError) -> bool:
        """Whoever waits for the user gets `error`; False where nobody does."""
        waited = self.waiting
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)
        self._outlet.fail(error)
        return waited

    async def _read(self, start: Callable[[], None] | None) -> EditorEvent:
        self._check()
        if start is not None:
            start()
        event = self._next_event()
        self._outlet.send(self.editor.take_output())
        if event is not None:
            return event
        if self._no_more_input:
            self.editor.stop()
            raise EOFError("end of input")
        self.timers.waits()
        self._waiter = self._loop.create_future()
        try:
            return await self._waiter
        except BaseException:
            self.editor.stop()
            raise
        finally:
            self._waiter = None

    def _work(self) -> None:
        """Use what was typed, and tell whoever waits when it makes an event."""
        event = self._next_event()
        if event is not None and self._waiter is not None:
            # Whoever waits goes on before this turn's output is sent, so that echo and answer are one piece.
            self._waiter.set_result(event)
        self._outlet.send(self.editor.take_output())

    def _next_event(self) -> EditorEvent | None:
        if self._outlet.blocked and not self._no_more_input:
            # A client that does not read gets no echo either; its keys wait.
            return None
        event = self.editor.next_event()
        if self._reading_paused and len(self.editor.keys) < TYPE_AHEAD_LOW:
            self._reading_paused = False
            self._channel.resume_reading()
        return event

    async def _ask_more(self) -> str:
        self._outlet.send(MORE)
        self._more = True
        try:
            return await self.read_key()
        finally:
            self._more = False
            self._outlet.send(ERASE_MORE)
            self._fresh = True

    # Log lines

    def _show(self, text: str) -> None:
        if self._more:
            self._outlet.send(ERASE_MORE + text + MORE)
        elif self.editor.mode is Mode.LINE:
            self._outlet.send("\r\n" + text)
            if self.settings.synchronous:
                self.editor.redisplay()
                self._outlet.send(self.editor.take_output())
        else:
            self._outlet.send(text if self._fresh else "\r\n" + text)
            self._fresh = True
