"""A session: one user at one terminal, in one mode, executing line after line.

Rule: the session understands lines and knows where it stands (privilege, mode, block); what a command does is a
handler's affair, what a configuration line changes is the configuration's. It never waits by itself: with handlers
that do not wait either, its coroutines run to their end in one go (`run_now`), so nothing here needs an event loop.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from iosemu.cli import builtin, filters
from iosemu.cli import help as helping
from iosemu.cli.arguments import CTRL_C, Unended
from iosemu.cli.catalogue import Catalogue
from iosemu.cli.declaration import CONFIG, EXEC, Command, Mode
from iosemu.cli.match import TOKEN, InvalidInput, Match, MatchError, column_of, match
from iosemu.cli.terminal import Output, Terminal

D = TypeVar("D")
H = TypeVar("H", bound=Callable[..., Any])
T = TypeVar("T")

END_KEY = "\x1a"
"""Ctrl-Z at the end of a line: execute what stands before it, then leave configuration."""
USER, PRIVILEGED = 1, 15
_PROMPT_NAME = 20
"""IOS cuts the host name to this many characters in configuration prompts."""


class Refused(Exception):
    """A handler will not do what the line asks; `str()` is what the router prints, usually starting with `%`."""


class Block(Protocol):
    """A place in the configuration, as far as a session sees it."""

    @property
    def mode(self) -> str: ...
    @property
    def parent(self) -> Block | None: ...


class Configuration(Protocol):
    """The configuration that a session edits (`iosemu.config.tree.RunningConfig`)."""

    @property
    def root(self) -> Block: ...

    def apply(self, block: Any, found: Match) -> Block | None:
        """Store a line in `block`; gives the block that it opened, if any."""


class Handlers(Generic[D]):
    """Handlers by the name that the catalogue gives: of commands (`.run`) and of configuration lines."""

    def __init__(self, find: Callable[[str], object] | None = None) -> None:
        self._handlers: dict[str, Callable[[Invocation[D]], Any]] = {}
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

    def get(self, name: str) -> Callable[[Invocation[D]], Any] | None:
        if name not in self._handlers and self._find is not None:
            self._find(name)
        return self._handlers.get(name)


@dataclass(slots=True)
class Invocation(Generic[D]):
    """What a handler is given: the device, who asks, and what the line said.

    `write` collects text, which is filtered by `|` and paged when the handler has returned; `terminal` prints at once
    and asks questions.
    """

    device: D
    session: Session[D]
    terminal: Output
    match: Match
    line: str
    """As typed; columns count from its start."""
    mode: Mode
    block: Any = None
    """Of a configuration line: the block in which it is stored."""

    @property
    def values(self) -> dict[str, object]:
        return self.match.values

    @property
    def negated(self) -> bool:
        return self.match.negated

    @property
    def defaulted(self) -> bool:
        return self.match.defaulted

    @property
    def command(self) -> Command:
        return self.match.command

    @property
    def tokens(self) -> tuple[str, ...]:
        return self.match.tokens

    def invalid(self, name: str, offset: int = 0) -> InvalidInput:
        """The error to raise where the value of `name` cannot be; the caret stands `offset` behind its start."""
        privilege = self.session.privilege if self.mode.name == EXEC else PRIVILEGED
        return InvalidInput(column_of(self.mode, self.line, name, privilege) + offset)

    def write(self, text: str) -> None:
        self.terminal.add(text)


@dataclass(slots=True)
class Hooks(Generic[D]):
    """What the router adds to a session."""

    hostname: Callable[[], str] = lambda: "Router"
    configured: Callable[[Session[D]], object] | None = None
    """Called when the session leaves configuration mode (`%SYS-5-CONFIG_I`)."""
    modifiers: tuple[str, ...] = filters.OFFERED
    aliases: Callable[[], Mapping[str, str]] = dict
    """EXEC lines by the word that stands for them."""
    unknown: Callable[[Session[D], str], str] | None = None
    """Given the only word of an EXEC line that is no command: the line to run in its place, "" for none."""


class Session(Generic[D]):
    """One user's dialogue with a device."""

    def __init__(
        self,
        device: D,
        catalogue: Catalogue,
        handlers: Handlers[D],
        configuration: Configuration,
        terminal: Terminal,
        *,
        hooks: Hooks[D] | None = None,
        privilege: int = USER,
        line: str = "con 0",
    ) -> None:
        self.device = device
        self.terminal = terminal
        self.privilege = privilege
        self.line = line
        """The line it came in on: `con 0`, `vty 0`."""
        self.user = ""
        self.closed = False
        self.refused = False
        """Was the last line refused?"""
        self._catalogue = catalogue
        self._handlers = handlers
        self._configuration = configuration
        self._hooks = hooks if hooks is not None else Hooks()
        self._block: Block | None = None
        self._unended: Unended | None = None
        self._said: list[str] = []

    @property
    def collecting(self) -> bool:
        """Is a text under way that goes over several lines? Each further line, blank ones too, is part of it."""
        return self._unended is not None

    @property
    def mode(self) -> Mode:
        return self._catalogue.mode(self._block.mode if self._block is not None else EXEC)

    @property
    def block(self) -> Block | None:
        """Where it configures; None in EXEC."""
        return self._block

    @property
    def prompt(self) -> str:
        if self.collecting:
            return ""
        name = self._hooks.hostname()
        if self._block is not None:
            return f"{name[:_PROMPT_NAME]}{self.mode.prompt}#"
        return f"{name}{'#' if self.privilege >= PRIVILEGED else '>'}"

    def help(self, line: str) -> str:
        """What `?` behind `line` prints."""
        rest, modes, privilege = self._scope(line)
        aliases = self._hooks.aliases() if modes[0].name == EXEC and line == line.lstrip() else {}
        return helping.full_help(modes, rest, privilege, aliases)

    def complete(self, line: str) -> str:
        """`line` after Tab."""
        rest, modes, privilege = self._scope(line)
        return line[: len(line) - len(rest)] + helping.complete(modes, rest, privilege)

    def _scope(self, line: str) -> tuple[str, tuple[Mode, ...], int]:
        """What of a line is looked up, in which modes, and with which privilege."""
        if self._block is None:
            return line, (self.mode,), self.privilege
        behind = _behind_do(line)
        if behind is not None:
            return line[behind:], (self._catalogue.mode(EXEC),), self.privilege
        return line, self._fallback(), PRIVILEGED

    def _fallback(self) -> tuple[Mode, ...]:
        """The mode of the block, then global configuration, which sub-modes fall back to."""
        mode = self.mode
        return (mode,) if mode.name == CONFIG else (mode, self._catalogue.mode(CONFIG))

    async def execute(self, line: str) -> None:
        """Do what `line` says and print what the router prints; errors of the line are printed, not raised."""
        ended = line.endswith(END_KEY)
        text = line.rstrip(END_KEY)
        self.refused = True
        try:
            if self._unended is not None:
                text = self._collected(self._unended, text, ended)
            if text.strip() and not text.lstrip().startswith("!"):
                await self._execute(text)
            if ended:
                self.end()
            self.refused = False
        except InvalidInput as error:
            caret = " " * (len(self.prompt) + error.column) + "^"
            self.terminal.write(f"{caret}\n{error}\n\n")
        except filters.PatternError:
            self.terminal.write(filters.BAD_PATTERN)
        except MatchError as error:
            self.terminal.write(f"{error}\n{error.after}")
        except Refused as error:
            self.terminal.write(f"{error}\n")
        except EOFError:
            self.closed = True

    def _collected(self, text: Unended, line: str, ended: bool) -> str:
        """Take a further line of a text; gives the whole line of configuration where that was the last, else ""."""
        broken_off = ended or (CTRL_C in line and not text.ends_in(line))
        self._said.append(line)
        if not broken_off and not text.ends_in(line):
            return ""
        whole = "\n".join(self._said)
        self._unended = None
        if broken_off:
            self.end()
        return "" if broken_off else whole

    async def _execute(self, line: str) -> None:
        if self._block is None:
            await self._command(line, 0)
        elif (behind := _behind_do(line)) is not None:
            await self._command(line, behind)
        else:
            await self._configure(line)

    async def _command(self, line: str, column: int) -> None:
        """An EXEC command; `column` is where it starts in the line, for the caret."""
        text = self._unalias(" " * column + line[column:])
        modified = filters.split(text)
        mode, said = self._catalogue.mode(EXEC), modified[0] if modified else text
        try:
            found = match(mode, said, self.privilege)
        except InvalidInput:
            words = text.split()
            instead = self._hooks.unknown(self, words[0]) if self._hooks.unknown and len(words) == 1 else ""
            if not instead:
                raise
            text = said = instead
            found = match(mode, said, self.privilege)
        modifier = filters.read(text, modified[1], self._hooks.modifiers) if modified else None
        output = Output(self.terminal)
        invocation = Invocation(self.device, self, output, found, said, mode)
        try:
            await self._call(found.command.run, invocation)
        finally:
            printed = output.collected()
            if modifier is not None:
                printed = modifier.apply(printed)
            if printed:
                await self.terminal.page(printed)

    def _unalias(self, line: str) -> str:
        """The line with an alias in front written out."""
        first = TOKEN.search(line)
        meant = self._hooks.aliases().get(first[0]) if first is not None else None
        return line if first is None or meant is None else line[: first.start()] + meant + line[first.end() :]

    async def _configure(self, line: str) -> None:
        assert self._block is not None
        block, found = self._find(self._block, line)
        command = found.command
        unended = next((value for value in found.values.values() if isinstance(value, Unended)), None)
        if unended is not None and not (found.negated or found.defaulted):
            self._unended, self._said = unended, [line]
            self.terminal.write(f"Enter TEXT message.  End with the character '{unended.delimiter}'.\n")
            return
        if not (command.run or command.check or command.apply):
            self._store(block, found)
            return
        mode = self._catalogue.mode(block.mode)
        invocation = Invocation(self.device, self, Output(self.terminal), found, line, mode, block)
        try:
            if command.run:
                await self._call(command.run, invocation)
                return
            if command.check:
                replaced = await self._call(command.check, invocation)
                found = invocation.match = replaced if isinstance(replaced, Match) else found
            self._store(block, found)
            if command.apply:
                await self._call(command.apply, invocation)
        finally:
            self.terminal.write(invocation.terminal.collected())

    def _store(self, block: Block, found: Match) -> None:
        entered = self._configuration.apply(block, found)
        self._block = entered if entered is not None else block

    def _find(self, block: Block, line: str) -> tuple[Block, Match]:
        """The line in the block's mode, or in global configuration; the error that got farther is the one raised."""
        try:
            return block, match(self._catalogue.mode(block.mode), line)
        except InvalidInput as here:
            if block.mode == CONFIG:
                raise
            try:
                return self._configuration.root, match(self._catalogue.mode(CONFIG), line)
            except InvalidInput as above:
                raise (above if above.column > here.column else here) from None

    async def _call(self, name: str, invocation: Invocation[D]) -> object:
        own = _OWN.get(name)
        handler = own if own is not None else self._handlers.get(name)
        if handler is None:
            raise Refused("% This command is not supported by the emulator")
        result = handler(invocation)
        return await result if inspect.isawaitable(result) else result

    def configure(self) -> None:
        """Go to global configuration."""
        self._block = self._configuration.root

    def end(self) -> None:
        """Leave configuration, from however deep."""
        self._unended = None
        if self._block is not None:
            self._block = None
            if self._hooks.configured is not None:
                self._hooks.configured(self)

    def leave(self) -> None:
        """`exit`: one step up; out of EXEC it ends the session."""
        if self._block is None:
            self.closed = True
        elif self._block.parent is not None:
            self._block = self._block.parent
        else:
            self.end()


def _behind_do(line: str) -> int | None:
    """The column behind a leading `do`, or None."""
    found = TOKEN.search(line)
    return found.end() if found is not None and found[0].lower() == "do" else None


def _configure_terminal(invocation: Invocation[Any]) -> None:
    if invocation.session.block is not None:  # `do configure terminal` changes nothing
        return
    invocation.write("Enter configuration commands, one per line.  End with CNTL/Z.\n")
    invocation.session.configure()


def _disable(invocation: Invocation[Any]) -> None:
    level = invocation.values.get("level", USER)
    assert isinstance(level, int)
    if level > invocation.session.privilege:
        raise Refused("% New privilege level must be less than current privilege level")
    invocation.session.privilege = level


def _logout(invocation: Invocation[Any]) -> None:
    invocation.session.closed = True


# What the command line does by itself; these names come before a device's own handlers.
_OWN: dict[str, Callable[[Invocation[Any]], object]] = {
    "configure_terminal": _configure_terminal,
    "disable": _disable,
    "end": lambda invocation: invocation.session.end(),
    "exit": lambda invocation: invocation.session.leave(),
    "help": lambda invocation: invocation.write(builtin.HELP_TEXT),
    "logout": _logout,
}


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
