"""The router's console on the user's own terminal, through prompt_toolkit: the same session as behind telnet.

Rule: this is a tool for a person at a screen (history, Tab, `?` at once, log lines above the prompt); where input or
output is not a terminal, lines are read and printed as they are, so that a script can be piped in.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout.processors import PasswordProcessor, Processor
from prompt_toolkit.output import Output, create_output
from prompt_toolkit.patch_stdout import patch_stdout

from iosemu.cli.session import END_KEY
from iosemu.terminal.line_settings import LineSettings
from iosemu.terminal.login import log_in
from iosemu.terminal.pager import ERASE_MORE, MORE, SEARCHES, Pager
from iosemu.terminal.session_terminal import SessionTerminal
from iosemu.terminal.shell import CONSOLE_LEFT, RESUME, SessionFace
from iosemu.terminal.vty import Interrupted

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_processor import KeyPress

# ^C and ^D where a console waits for Return: its user leaves the tool.
_LEAVES = ("\x03", "\x04")


class LocalTerminal(SessionTerminal):
    """`cli.terminal.Terminal` on a prompt_toolkit input and output."""

    def __init__(self, source: Input | None = None, target: Output | None = None) -> None:
        super().__init__("con 0")
        self._input = source if source is not None else create_input()
        self._output = target if target is not None else create_output()
        self._pager: Pager | None = None
        self._width: int | None = None
        self._length: int | None = None
        self._prompting = False

    @property
    def width(self) -> int:
        """Columns of the window, unless set by command; 0 = endless."""
        return self._output.get_size().columns if self._width is None else self._width

    @width.setter
    def width(self, width: int) -> None:
        self._width = width

    @property
    def length(self) -> int:
        """Rows of the window, unless set by command; 0 = no paging."""
        return self._output.get_size().rows if self._length is None else self._length

    @length.setter
    def length(self, length: int) -> None:
        self._length = length

    def begin_session(self, settings: LineSettings) -> None:
        super().begin_session(settings)
        self._width, self._length = settings.width, settings.length

    def begin_command(self) -> None:
        """A new command: its output is counted from the top of the screen."""
        self._pager = Pager(self.width, self.length)

    def write(self, text: str) -> None:
        """Print at once; `\\n` ends a line."""
        self._output.write_raw(text.replace("\r\n", "\n").replace("\n", "\r\n"))
        self._output.flush()

    async def page(self, text: str) -> None:
        """Print with ` --More-- ` where the window is full."""
        pager = self._pager
        if pager is None:
            self.begin_command()
            pager = self._pager
        assert pager is not None
        pager.feed(text)
        while (piece := pager.take()) or pager.waiting:
            self.write(piece)
            if pager.waiting:
                self.write(MORE)
                key = await self.read_key()
                self.write(ERASE_MORE)
                if key in SEARCHES:
                    self.write(pager.search(key, await self.read_line(key)))
                else:
                    pager.answer(key)

    async def read_line(self, prompt: str, *, secret: bool = False) -> str:
        """Ask a question; EOFError on ^D, Interrupted on ^C."""
        hidden: list[Processor] = [PasswordProcessor(char="")] if secret else []
        asking: PromptSession[str] = PromptSession(
            input=self._input, output=self._output, history=InMemoryHistory(), input_processors=hidden
        )
        head, _, last = prompt.rpartition("\n")
        if head:
            self.write(head + "\n")
        return await self._ask(asking, last)

    async def read_command(self, asking: PromptSession[str], prompt: str) -> str:
        """A command line; KeyboardInterrupt never leaves here, ^C gives Interrupted."""
        return await self._ask(asking, prompt)

    async def _ask(self, asking: PromptSession[str], prompt: str) -> str:
        self._prompting = True
        try:
            return await asking.prompt_async(ANSI(prompt))
        except KeyboardInterrupt:
            raise Interrupted from None
        finally:
            self._prompting = False

    async def read_key(self) -> str:
        """One key without echo: a character, Return is `\\r`."""
        loop = asyncio.get_running_loop()
        pressed: asyncio.Future[str] = loop.create_future()

        def ready() -> None:
            keys: list[KeyPress] = self._input.read_keys() or self._input.flush_keys()
            if keys and not pressed.done():
                pressed.set_result(keys[0].data)
            elif self._input.closed and not pressed.done():
                pressed.set_exception(EOFError())

        with self._input.raw_mode(), self._input.attach(ready):
            return await pressed

    def notify(self, text: str) -> None:
        """A log line: above the prompt while a line is typed, else where the output stands."""
        if self._prompting:
            # Standard output is patched meanwhile: what is printed appears above the prompt.
            print(text, file=sys.stdout, flush=True)
        else:
            self.write(text + "\n")


@contextmanager
def _on_interrupt(pressed: Callable[[], object]) -> Iterator[None]:
    """^C where nothing reads keys calls `pressed`."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    try:
        loop.add_signal_handler(signal.SIGINT, pressed)
    except (NotImplementedError, RuntimeError, ValueError):  # not the main thread, or no such signals here
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)


@contextmanager
def _breakable() -> Iterator[None]:
    """^C while a command runs breaks the command off, not the router: it raises Interrupted here."""
    task = asyncio.current_task()
    assert task is not None
    pressed = False

    def press() -> None:
        nonlocal pressed
        pressed = True
        task.cancel()

    with _on_interrupt(press):
        try:
            yield
        except asyncio.CancelledError:
            if not pressed:
                raise
            task.uncancel()
            raise Interrupted from None


class LocalConsole:
    """Runs one session at the user's terminal until it is closed, or ^D at an empty prompt."""

    def __init__(self, terminal: LocalTerminal, session: SessionFace) -> None:
        self._terminal = terminal
        self._session = session
        self._asking: PromptSession[str] = PromptSession(
            input=terminal._input,
            output=terminal._output,
            history=InMemoryHistory(),
            key_bindings=self._bindings(),
        )

    async def run(self) -> bool:
        """The loop of commands; False where the user has left the tool by ^D."""
        session, terminal = self._session, self._terminal
        with patch_stdout(raw=True):
            while not session.closed:
                try:
                    if session.collecting:
                        await session.execute(await terminal.read_line(""))
                        continue
                    await self._execute(await terminal.read_command(self._asking, session.prompt))
                except Interrupted:
                    await self._execute(END_KEY)
                except EOFError:
                    return False
        return True

    async def _execute(self, line: str) -> None:
        if not line.strip() and self._terminal.connected and not self._session.prompt.endswith(")#"):
            line = RESUME
        if line:
            self._terminal.history.of(self._session.prompt).add(line.removesuffix(END_KEY))
            self._terminal.begin_command()
            try:
                with _breakable():
                    await self._session.execute(line)
            except (Interrupted, EOFError):
                raise
            except Exception as error:  # a faulty command must not end the router
                asyncio.get_running_loop().call_exception_handler({"message": "a command failed", "exception": error})
                self._terminal.write("% Command failed\n")

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()

        @bindings.add("?")
        def help_at_once(event: KeyPressEvent) -> None:
            typed = event.current_buffer.document.text_before_cursor
            prompt = self._session.prompt
            text = self._session.help(typed)
            run_in_terminal(lambda: self._terminal.write(f"{prompt}{typed}?\n{text}"))

        @bindings.add("tab")
        def complete(event: KeyPressEvent) -> None:
            buffer = event.current_buffer
            completed = self._session.complete(buffer.document.text_before_cursor)
            buffer.text = completed + buffer.document.text_after_cursor
            buffer.cursor_position = len(completed)

        @bindings.add("c-z")
        def end(event: KeyPressEvent) -> None:
            event.app.exit(result=event.current_buffer.text + END_KEY)

        return bindings


class PlainTerminal:
    """`cli.terminal.Terminal` on a pipe or file: no paging, no echo, questions read the next line."""

    def __init__(self, source: TextIO, target: TextIO) -> None:
        self._source = source
        self._target = target
        self.width = 80
        self.length = 0
        self.monitor = False

    def write(self, text: str) -> None:
        """Print at once."""
        self._target.write(text)
        self._target.flush()

    async def page(self, text: str) -> None:
        """Print; a pipe has no screen."""
        self.write(text)

    async def read_line(self, prompt: str, *, secret: bool = False) -> str:
        """The next line of input, shown behind the prompt unless secret; EOFError at its end."""
        self.write(prompt)
        line = await asyncio.get_running_loop().run_in_executor(None, self._source.readline)
        if not line:
            self.write("\n")
            raise EOFError
        line = line.rstrip("\r\n")
        self.write("\n" if secret else line + "\n")
        return line

    async def read_key(self) -> str:
        """The first character of the next line; Return where it is empty."""
        return (await self.read_line("", secret=True))[:1] or "\r"

    def notify(self, text: str) -> None:
        """A log line."""
        self.write(text + "\n")


async def run_plain(terminal: PlainTerminal, session: SessionFace) -> None:
    """Run the session on piped lines until it is closed or they end."""
    while not session.closed:
        try:
            line = await terminal.read_line(session.prompt)
            if line or session.collecting:
                await session.execute(line)
        except EOFError:
            return


async def serve_local(
    terminal: LocalTerminal,
    open_session: Callable[[LocalTerminal | PlainTerminal], SessionFace],
    settings: Callable[[], LineSettings],
) -> bool:
    """One session at the user's terminal, from the Return that he was asked for; False where he has left the tool."""
    while (key := await terminal.read_key()) not in ("\r", "\n"):
        if key in _LEAVES:
            return False
    line = settings()
    terminal.begin_session(line)
    try:
        with suppress(Interrupted):
            if not await log_in(terminal, line):
                return True
            terminal.write(line.exec_banner)
            terminal.settings = line.used_by(terminal.user)
            return await LocalConsole(terminal, open_session(terminal)).run()
        return True
    except EOFError:  # nobody answered, or ^D at a question: a console goes back to where it waits
        return True
    finally:
        terminal.end_session()


async def run_local_console(
    open_session: Callable[[LocalTerminal | PlainTerminal], SessionFace],
    attach_log: Callable[[Callable[[str], None]], Callable[[], None]],
    settings: Callable[[], LineSettings] = LineSettings,
    hostname: Callable[[], str] = lambda: "Router",
    attend: Callable[[LocalTerminal], Awaitable[bool]] | None = None,
    broken_off: Callable[[], bool] = lambda: False,
) -> None:
    """The console of `iosemu router`: prompt_toolkit on a terminal, plain lines otherwise; returns on ^D.

    `attach_log(write)` subscribes the console to the router's log and gives back what ends that.
    `settings` says how the console line is set: it asks who is there as it would on a cable. `attend` has the terminal
    first, and says whether it told the user so; ^C is the Break key meanwhile, which `broken_off` is told of. Of piped
    lines nobody is asked who he is.
    """
    if os.isatty(sys.stdin.fileno()) and os.isatty(sys.stdout.fileno()):
        terminal = LocalTerminal()
        detach = attach_log(terminal.notify)
        try:
            with _on_interrupt(broken_off):
                attended = attend is not None and await attend(terminal)
            if not attended:
                terminal.write("\n\nPress RETURN to get started.\n\n")
            while await serve_local(terminal, open_session, settings):
                # A reload that the session asked for comes first, and ends this.
                await asyncio.sleep(0)
                terminal.write(settings().vacant or CONSOLE_LEFT.format(hostname()))
        except EOFError:  # ^D before anything waits for Return
            return
        finally:
            detach()
    else:
        plain = PlainTerminal(sys.stdin, sys.stdout)
        detach = attach_log(plain.notify)
        try:
            await run_plain(plain, open_session(plain))
        finally:
            detach()
