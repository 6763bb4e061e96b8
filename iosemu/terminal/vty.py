"""One terminal line: the `Terminal` face of a session on one side, octets of any transport on the other.

Rule: nothing here blocks anybody else. Output is gathered and sent once a turn; where the client does not read, whoever
pages or enters the next command waits, and log lines are dropped; where the client types faster than its commands run,
the transport is told to stop reading. Sessions, telnet and SSH know nothing of each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from iosemu.terminal.editor import EditorEvent, KeyPressed, LineAborted, LineEditor, LineEnded, LineEntered, Mode
from iosemu.terminal.history import Histories
from iosemu.terminal.pager import ERASE_MORE, MORE, Pager

# Typed and not yet used: above HIGH the transport stops reading, below LOW it goes on (characters).
TYPE_AHEAD_HIGH = 65536
TYPE_AHEAD_LOW = 16384
# Output of one turn that is sent at once when it is longer, and the pieces of long unpaged output (characters).
SEND_AT = 32768
# Log lines are shown together after this time, so that a burst redraws the typed line once.
NOTICE_DELAY_S = 0.03
NOTICES_KEPT = 500
# The escape character of a router, Ctrl-Shift-6.
ESCAPE = "\x1e"


class Interrupted(Exception):
    """The user broke the running command off (^C at a question, Ctrl-Shift-6)."""


class IdleTimeout(EOFError):
    """The line's exec-timeout ran out; for a session the same as a hang-up, though the terminal is still there."""


class Channel(Protocol):
    """What a transport does for its terminal; it calls `receive`, `resized`, `writable` and `hung_up` in return."""

    def send(self, octets: bytes) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Vty:
    """One connected terminal. `on_interrupt` is called for Ctrl-Shift-6 while a command runs and reads no key."""

    __slots__ = (
        "_blocked",
        "_channel",
        "_drained",
        "_ended",
        "_explicit",
        "_fresh",
        "_idle_timer",
        "_last_active",
        "_length",
        "_loop",
        "_more",
        "_no_more_input",
        "_notice_timer",
        "_notices",
        "_out",
        "_out_size",
        "_pager",
        "_reading_paused",
        "_waiter",
        "dropped_notices",
        "editor",
        "history",
        "idle_timeout_s",
        "monitor",
        "name",
        "on_interrupt",
        "peer",
        "privilege",
        "synchronous",
        "terminal_type",
        "user",
    )

    def __init__(
        self, channel: Channel, *, width: int = 80, length: int = 24, name: str = "vty 0", peer: str = ""
    ) -> None:
        self._channel = channel
        self._loop = asyncio.get_running_loop()
        self.editor = LineEditor(width)
        self.history = Histories()
        self._length = length
        self._explicit = False
        self._pager = Pager(width, length)
        self._out: list[str] = []
        self._out_size = 0
        self._fresh = True
        self._more = False
        self._blocked = False
        self._reading_paused = False
        self._no_more_input = False
        self._waiter: asyncio.Future[EditorEvent] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._ended: EOFError | None = None
        self._notices: list[str] = []
        self._notice_timer: asyncio.TimerHandle | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._last_active = self._loop.time()
        self.idle_timeout_s = 0.0
        self.dropped_notices = 0
        self.monitor = False
        self.synchronous = False
        """Is the typed line shown again behind a log line that broke into it (`logging synchronous`)?"""
        self.name = name
        self.peer = peer
        self.user = ""
        self.privilege = 1
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
        if self._notices:
            self._show_notices()
        if "\r\n" in text:
            text = text.replace("\r\n", "\n")
        self._fresh = text[-1] == "\n"
        self._send(text.replace("\n", "\r\n"))

    async def page(self, text: str) -> None:
        """Print with ` --More-- ` where the screen is full; nothing more of a command whose output was broken off."""
        pager = self._pager
        pager.feed(text)
        while (piece := pager.take()) or pager.waiting:
            for start in range(0, len(piece), SEND_AT):
                self.write(piece[start : start + SEND_AT])
                await self.drain()
            if pager.waiting:
                pager.answer(await self._ask_more())

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

    def redisplay(self) -> None:
        """Print prompt and typed line again."""
        self.editor.redisplay()
        self._send(self.editor.take_output())

    def complete(self, text: str) -> None:
        """Replace the typed command up to the cursor."""
        self.editor.complete(text)
        self._send(self.editor.take_output())

    def begin_command(self) -> None:
        """A new command: its output is counted from the top of the screen."""
        self._pager = Pager(self.width, self._length)

    async def drain(self) -> None:
        """Wait until the client has room for more; EOFError where it is gone."""
        if self._out_size >= SEND_AT or self._blocked:
            self.flush()
        if self._ended:
            raise self._ended
        if self._blocked:
            self._drained = self._loop.create_future()
            try:
                await self._drained
            finally:
                self._drained = None

    def flush(self) -> None:
        """Send what has gathered in this turn."""
        if not self._out_size:
            return
        octets = "".join(self._out).encode("utf-8", "replace")
        self._out.clear()
        self._out_size = 0
        if not self._ended:
            self._channel.send(octets)

    # For the transport

    def receive(self, octets: bytes) -> None:
        """What the user typed, in pieces of any size."""
        self._last_active = self._loop.time()
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
        self._blocked = not writable
        if not writable:
            return
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
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
        return self._loop.time() - self._last_active

    @property
    def ended(self) -> bool:
        """The user is gone."""
        return self._ended is not None

    def hung_up(self) -> None:
        """The user is gone: every reading and waiting ends with EOFError, output goes nowhere."""
        self.flush()
        self._ended = EOFError("the terminal hung up")
        for timer in (self._idle_timer, self._notice_timer):
            if timer is not None:
                timer.cancel()
        for future in (self._waiter, self._drained):
            if future is not None and not future.done():
                future.set_exception(self._ended)

    def notify(self, text: str) -> None:
        """A log line for this terminal: shown soon; on a synchronous line the typed line is printed again behind it."""
        if self._ended or self._blocked or len(self._notices) >= NOTICES_KEPT:
            self.dropped_notices += 1
            return
        self._notices.append(text)
        if self._notice_timer is None:
            self._notice_timer = self._loop.call_later(NOTICE_DELAY_S, self._show_notices)

    # Reading

    async def _read(self, start: Callable[[], None] | None) -> EditorEvent:
        if self._ended:
            raise self._ended
        if start is not None:
            start()
        event = self._next_event()
        if event is not None:
            return event
        if self._no_more_input:
            self.editor.stop()
            raise EOFError("end of input")
        self._watch_idle()
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
            self._waiter.set_result(event)

    def _next_event(self) -> EditorEvent | None:
        if self._blocked and not self._no_more_input:
            # A client that does not read gets no echo either; its keys wait.
            self._send(self.editor.take_output())
            return None
        event = self.editor.next_event()
        self._send(self.editor.take_output())
        if self._reading_paused and len(self.editor.keys) < TYPE_AHEAD_LOW:
            self._reading_paused = False
            self._channel.resume_reading()
        return event

    async def _ask_more(self) -> str:
        self._send(MORE)
        self._more = True
        try:
            return await self.read_key()
        finally:
            self._more = False
            self._send(ERASE_MORE)
            self._fresh = True

    # Writing

    def _send(self, text: str) -> None:
        if not text:
            return
        if not self._out:
            self._loop.call_soon(self.flush)
        self._out.append(text)
        self._out_size += len(text)
        if self._out_size >= SEND_AT:
            self.flush()

    def _show_notices(self) -> None:
        if self._notice_timer is not None:
            self._notice_timer.cancel()
            self._notice_timer = None
        text = "\n".join(self._notices).replace("\n", "\r\n") + "\r\n"
        self._notices.clear()
        if self._more:
            self._send(ERASE_MORE + text + MORE)
        elif self.editor.mode is Mode.LINE:
            self._send("\r\n" + text)
            if self.synchronous:
                self.redisplay()
        else:
            self._send(text if self._fresh else "\r\n" + text)
            self._fresh = True

    # The exec-timeout

    def _watch_idle(self) -> None:
        # The end of a command counts as a sign of life.
        self._last_active = self._loop.time()
        if self.idle_timeout_s and self._idle_timer is None:
            self._idle_timer = self._loop.call_later(self.idle_timeout_s, self._idle_check)

    def _idle_check(self) -> None:
        """Lazily moved on: one timer a terminal, whatever is typed."""
        self._idle_timer = None
        if not self.idle_timeout_s or self._ended:
            return
        if self._waiter is None and self._drained is None:
            self._last_active = self._loop.time()  # a command runs
        left = self._last_active + self.idle_timeout_s - self._loop.time()
        if left > 0:
            self._idle_timer = self._loop.call_later(left, self._idle_check)
            return
        for future in (self._waiter, self._drained):
            if future is not None and not future.done():
                future.set_exception(IdleTimeout("the line was idle"))
