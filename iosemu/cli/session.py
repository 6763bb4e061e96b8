"""A session: one user at one terminal, in one mode, executing line after line.

Rule: the session understands lines and knows where it stands (privilege, mode, block); what a command does is a
handler's affair, what a configuration line changes is the configuration's. It never waits by itself: with handlers
that do not wait either, its coroutines run to their end in one go (`run_now`), so nothing here needs an event loop.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from iosemu.cli import filters
from iosemu.cli import help as helping
from iosemu.cli.arguments import CTRL_C, Unended
from iosemu.cli.catalogue import Catalogue
from iosemu.cli.declaration import CONFIG, EXEC, PRIVILEGED, Command, Mode
from iosemu.cli.handlers import NO_HOOKS, Handlers, Hooks, Refused, run_now
from iosemu.cli.match import (
    InvalidInput,
    Match,
    MatchError,
    at_sight_within,
    column_of,
    match,
    match_within,
    within_by_trial,
)
from iosemu.cli.own import OWN, USER
from iosemu.cli.terminal import Output, Terminal

__all__ = ["END_KEY", "PRIVILEGED", "USER", "Handlers", "Hooks", "Invocation", "Refused", "Session", "run_now"]

D = TypeVar("D")

END_KEY = "\x1a"
"""Ctrl-Z at the end of a line: execute what stands before it, refused or not, then leave configuration."""
_PROMPT_NAME = 20
"""IOS cuts the host name to this many characters in configuration prompts."""


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
        return InvalidInput(column_of(self.mode, self.line, name, self.session.privilege) + offset)

    def write(self, text: str) -> None:
        self.terminal.add(text)


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
        self._hooks: Hooks[D] = hooks if hooks is not None else NO_HOOKS
        self._enter(None)
        self._output = Output(terminal)
        """Of configuration lines, which have no need of one each."""
        self._unended: Unended | None = None
        self._said: list[str] = []

    @property
    def collecting(self) -> bool:
        """Is a text under way that goes over several lines? Each further line, blank ones too, is part of it."""
        return self._unended is not None

    @property
    def mode(self) -> Mode:
        return self._modes[0]

    @property
    def block(self) -> Block | None:
        """Where it configures; None in EXEC."""
        return self._block

    def _enter(self, block: Block | None) -> None:
        """Stand in that block, and see those that it stands in."""
        self._block = block
        self._around: list[Block] = []
        while block is not None:
            self._around.append(block)
            block = block.parent
        self._modes = [self._catalogue.mode(block.mode) for block in self._around] or [self._catalogue.mode(EXEC)]

    @property
    def prompt(self) -> str:
        if self.collecting:
            return ""
        name = self._hooks.hostname()
        if self._block is not None:
            return f"{name[:_PROMPT_NAME]}{self.mode.prompt}#"
        return f"{name}{'#' if self.privilege > USER else '>'}"

    def help(self, line: str) -> str:
        """What `?` behind `line` prints."""
        rest, modes = self._scope(line)
        aliases = self._hooks.aliases(modes[0].name) if line == line.lstrip() else {}
        return helping.full_help(modes, rest, self.privilege, aliases, self._hooks.modifiers)

    def complete(self, line: str) -> str:
        """`line` after Tab."""
        rest, modes = self._scope(line)
        return line[: len(line) - len(rest)] + helping.complete(modes, rest, self.privilege)

    def _scope(self, line: str) -> tuple[str, tuple[Mode, ...]]:
        """What of a line is looked up, and in which modes."""
        if self._block is None:
            return line, (self.mode,)
        behind = _behind_do(line)
        if behind is not None:
            return line[behind:], (self._catalogue.mode(EXEC),)
        return line, self._fallback()

    def _fallback(self) -> tuple[Mode, ...]:
        """The mode of the block, then global configuration, which sub-modes fall back to."""
        mode = self.mode
        return (mode,) if mode.name == CONFIG else (mode, self._catalogue.mode(CONFIG))

    def paste(self, line: str) -> bool:
        """Do a configuration line at once; False where it may have to wait for somebody, so that `execute` is to do it.

        Nearly every line of a configuration is done so; errors are printed as `execute` prints them.
        """
        if self._block is None or self._unended is not None or self.privilege < PRIVILEGED or END_KEY in line:
            return False
        text = line.lstrip()
        if not text or text[0] == "!":
            self.refused = False
            return True
        if self._hooks is not NO_HOOKS and (self._hooks.aliases(self._block.mode) or self._hooks.guard() is not None):
            return False
        if text[0] in "dD" and _behind_do(text) is not None:
            return False
        self.refused = True
        try:
            taken = at_sight_within(self._modes, line)
            if taken is None:
                taken = within_by_trial(self._modes, line)
                if _unended(taken[1]) is not None:
                    return False
            if taken[1].command.run:
                return False
            self._set(*taken, line)
            self.refused = False
        except (MatchError, Refused) as error:
            self._print(error)
        return True

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
            self.refused = False
        except (MatchError, Refused, filters.PatternError) as error:
            self._print(error)
        except EOFError:
            self.closed = True
        if ended:
            self.end()

    def _print(self, error: Exception) -> None:
        """Say why a line was not done."""
        if isinstance(error, InvalidInput):
            caret = " " * (len(self.prompt) + error.column) + "^"
            self.terminal.write(f"{caret}\n{error}\n\n")
        elif isinstance(error, MatchError):
            self.terminal.write(f"{error}\n{error.after}")
        else:
            self.terminal.write(filters.BAD_PATTERN if isinstance(error, filters.PatternError) else f"{error}\n")

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
        text = self._unalias(EXEC, " " * column + line[column:])
        modified = filters.split(text)
        mode, said = self._catalogue.mode(EXEC), modified[0] if modified else text
        try:
            found = match(mode, said, self.privilege)
        except InvalidInput:
            words = text.split()
            host = self._block is None and self._hooks.unknown is not None and len(words) == 1
            instead = self._hooks.unknown(self, words[0]) if host and self._hooks.unknown is not None else ""
            if not instead:
                raise
            text = said = instead
            found = match(mode, said, self.privilege)
        offered = self._hooks.modifiers.at(self.privilege)
        modifier = filters.read(text, modified[1], offered) if modified else None
        output = Output(self.terminal)
        invocation = Invocation(self.device, self, output, found, said, mode)
        await self._guard(mode, said)
        try:
            await self._call(found.command.run, invocation)
        finally:
            printed = output.collected()
            if isinstance(modifier, filters.Redirection) and self._hooks.save is not None:
                await self._hooks.save(self, modifier, printed)
            if modifier is not None:
                printed = modifier.apply(printed)
            if printed:
                await self.terminal.page(printed)

    def _unalias(self, mode: str, line: str) -> str:
        """The line with an alias of that mode in front written out."""
        first = line.split(None, 1)[0] if line.strip() else ""
        return line.replace(first, self._hooks.aliases(mode).get(first, first), 1)

    async def _configure(self, line: str) -> None:
        assert self._block is not None
        line = self._unalias(self._block.mode, line)
        number, found = match_within(self._modes, line, self.privilege)
        await self._guard(self._modes[number], line)
        unended = _unended(found)
        if unended is not None:
            self._unended, self._said = unended, [line]
            self.terminal.write(f"Enter TEXT message.  End with the character '{unended.delimiter}'.\n")
        elif found.command.run:
            invocation = self._invocation(number, found, line, Output(self.terminal))
            try:
                await self._call(found.command.run, invocation)
            finally:
                self.terminal.write(invocation.terminal.collected())
        else:
            self._set(number, found, line)

    async def _guard(self, mode: Mode, line: str) -> None:
        """Have a line judged where somebody wants to be asked; raises Refused."""
        guard = self._hooks.guard()
        if guard is not None:
            await guard(self, mode, line)

    def _set(self, number: int, found: Match, line: str) -> None:
        """Store a line in the form that its check gives it, in the block or, by number, in one around it."""
        command = found.command
        block = self._around[number]
        if not (command.check or command.apply):
            self._store(block, found)
            return
        invocation = self._invocation(number, found, line, self._output)
        try:
            if command.check:
                replaced = self._handler(command.check)(invocation)
                if isinstance(replaced, Match):
                    found = invocation.match = replaced
            self._store(block, found)
            if command.apply:
                self._handler(command.apply)(invocation)
        finally:
            printed = self._output.collected()
            if printed:
                self.terminal.write(printed)

    def _store(self, block: Block, found: Match) -> None:
        entered = self._configuration.apply(block, found) or block
        if entered is not self._block:
            self._enter(entered)

    def _invocation(self, number: int, found: Match, line: str, output: Output) -> Invocation[D]:
        return Invocation(self.device, self, output, found, line, self._modes[number], self._around[number])

    async def _call(self, name: str, invocation: Invocation[D]) -> None:
        result = self._handler(name)(invocation)
        if inspect.isawaitable(result):
            await result

    def _handler(self, name: str) -> Callable[[Invocation[D]], Any]:
        handler = OWN.get(name) or self._handlers.get(name)
        if handler is None:
            raise Refused("% This command is not supported by the emulator")
        return handler

    def configure(self) -> None:
        """Go to global configuration."""
        self._enter(self._configuration.root)

    def end(self) -> None:
        """Leave configuration, from however deep."""
        self._unended = None
        if self._block is not None:
            self._enter(None)
            if self._hooks.configured is not None:
                self._hooks.configured(self)

    def leave(self) -> None:
        """`exit`: one step up; out of EXEC it ends the session."""
        if self._block is None:
            self.closed = True
        elif self._block.parent is not None:
            self._enter(self._block.parent)
        else:
            self.end()


def _unended(found: Match) -> Unended | None:
    """The text of a line that goes on in the next ones; it is the last thing that the line says."""
    last = next(reversed(found.values.values()), None)
    return last if isinstance(last, Unended) and not (found.negated or found.defaulted) else None


def _behind_do(line: str) -> int | None:
    """The column behind a leading `do`, or None."""
    text = line.lstrip()
    return len(line) - len(text) + 2 if text[:2].lower() == "do" and not text[2:3].strip() else None
