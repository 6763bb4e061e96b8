"""Catalogue text: how commands are declared, and what a declaration becomes.

    mode dial-peer (config-dial-peer) "Dial Peer configuration commands:"
    group
    session target target:MAILTO
        session    Configure session parameters
        target     The session target
        .default session protocol smtp

Rule: an unindented line opens a mode, marks a `!` of the running-config (`group`) or declares a command in the
notation of `iosemu.cli.notation`; an indented `word  text` is that word's help (given several times, the texts go to
its occurrences in order); an indented `.name value` is an attribute; `#` starts a comment line. A mode may be opened
again, and then goes on where it stopped. The attributes are the fields of `Command`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from iosemu.cli import builtin, graph, notation

EXEC = "exec"
"""The mode of user and privileged EXEC."""
CONFIG = "config"
"""The mode of global configuration."""


class CatalogueError(ValueError):
    """A catalogue file is wrong; the text starts with `FILE:LINE:`."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")


class Command(NamedTuple):
    """One declared command; plain data only, since the compiled catalogue stores its tuple."""

    id: str
    """Its leading keywords: `mta send server`."""
    mode: str
    notation: str
    graph: graph.GraphData
    file: str
    line: int
    enters: str = ""
    """The mode of the block that it opens, or ""; `dial-peer-{kind}` takes in the value of a named choice."""
    alias: str = ""
    """`.as LINE`: another spelling; what it says is stored as LINE and the words behind this command's id."""
    default: str = ""
    """The whole line in force when nothing is configured, or ""; may start with `no `."""
    shown: bool = False
    """Printed although it is the default."""
    negatable: bool = False
    """`no` is a state of its own although the default has a value."""
    joined: bool = False
    """No `!` between the blocks, or the lines, of such commands that follow each other; one `!` behind the last."""
    stays: bool = False
    """`default` empties its block and leaves it standing."""
    sorted: bool = False
    """Several such lines print in the order of their identity, not of their entry."""
    privilege: int = 15
    run: str = ""
    """The handler of an EXEC command."""
    check: str = ""
    """Called before a line is stored; may refuse it or put another in its place."""
    apply: str = ""
    """Called after a line was stored."""
    platforms: tuple[str, ...] = ()
    """Families that have it; empty for all."""
    hidden: bool = False
    since: str = ""

    @property
    def words(self) -> int:
        """How many words the id has."""
        return self.id.count(" ") + 1


_FLAGS = frozenset({"shown", "negatable", "joined", "stays", "sorted", "hidden"})
_TEXTS = {"enters": "enters", "as": "alias", "default": "default", "run": "run", "check": "check", "apply": "apply"}
_TEXTS["since"] = "since"

Plain = tuple[Any, ...]
"""A command as stored: the tuple of its fields."""


class Mode:
    """The commands of one mode, in the order of the running-config."""

    def __init__(self, name: str, prompt: str, heading: str, layout: Iterable[Command | None]) -> None:
        self.name = name
        self.prompt = prompt
        """What stands between host name and `#`: `(config-if)`."""
        self.heading = heading
        self.layout: tuple[Command | None, ...] = tuple(layout)
        """Commands in NVGEN order; None is a `group` line."""
        self.commands: tuple[Command, ...] = tuple(command for command in self.layout if command is not None)
        self._starts: dict[int, graph.State] = {}

    @cached_property
    def by_id(self) -> dict[str, Command]:
        """The first command of each id."""
        return {command.id: command for command in reversed(self.commands)}

    @cached_property
    def places(self) -> dict[str, tuple[int, ...]]:
        """By id: the places of the commands that have it."""
        places: dict[str, tuple[int, ...]] = {}
        for place, command in enumerate(self.commands):
            places[command.id] = (*places.get(command.id, ()), place)
        return places

    def start(self, privilege: int = 15) -> graph.State:
        """The graph of what this privilege level may say."""
        if privilege not in self._starts:
            self._starts[privilege] = graph.start(
                {number: command for number, command in enumerate(self.commands) if command.privilege <= privilege}
            )
        return self._starts[privilege]


class ModeData(NamedTuple):
    """A mode as compiled."""

    prompt: str
    heading: str
    layout: list[Plain | None]


_MODE_LINE = re.compile(r'mode\s+(?P<name>\S+)(?:\s+(?P<prompt>\([^)]*\)))?\s+"(?P<heading>[^"]*)"')
_HELP_LINE = re.compile(r"(\S+)\s{2,}(\S.*)")


class _Draft:
    """A command while its indented lines are read."""

    def __init__(self, mode: str, file: str, line: int, text: str) -> None:
        try:
            self.items = notation.parse(text)
        except notation.NotationError as error:
            raise CatalogueError(file, line, f"column {error.column + 1}: {error}") from None
        self.mode, self.file, self.line, self.text = mode, file, line, text
        self.attributes: dict[str, Any] = {}
        self.help: dict[str, list[str]] = {}
        self._names = set(notation.names(self.items))

    def indented(self, line: int, text: str) -> None:
        if text.startswith("."):
            self._attribute(line, *text[1:].partition(" ")[::2])
            return
        found = _HELP_LINE.fullmatch(text)
        if found is None:
            raise CatalogueError(self.file, line, "expected `word  help text` or `.attribute`")
        if found[1] not in self._names:
            raise CatalogueError(self.file, line, f"{found[1]!r} is no word of {self.text!r}")
        self.help.setdefault(found[1], []).append(found[2])

    def _attribute(self, line: int, name: str, value: str) -> None:
        value = value.strip()
        if name in _FLAGS and not value:
            self.attributes[name] = True
        elif name in _TEXTS and value:
            self.attributes[_TEXTS[name]] = value
        elif name == "platforms" and value:
            self.attributes[name] = tuple(value.split())
        elif name == "privilege" and value.isdigit() and int(value) <= 15:
            self.attributes[name] = int(value)
        else:
            raise CatalogueError(self.file, line, f"no such attribute: .{name} {value}".rstrip())

    def finish(self) -> Command:
        given = {word: iter(texts) for word, texts in self.help.items()}

        def help_of(word: str) -> str:
            return next(given[word], self.help[word][-1]) if word in given else ""

        command_id = " ".join(notation.leading_keywords(self.items))
        compiled = graph.compile_items(self.items, help_of)
        return Command(command_id, self.mode, self.text, compiled, self.file, self.line, **self.attributes)


def _entries(file: str, text: str) -> Iterator[tuple[str, re.Match[str] | _Draft | None]]:
    """What a file says, one entry after the other: `(mode, its opening line | command | None for a group)`."""
    mode = ""
    draft: _Draft | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.rstrip()
        if not line or line.lstrip().startswith("#"):
            continue
        if line[0].isspace():
            if draft is None:
                raise CatalogueError(file, number, "an indented line belongs to a command, and none is open")
            draft.indented(number, line.strip())
            continue
        if draft is not None:
            yield mode, draft
            draft = None
        if line.startswith("mode "):
            opening = _MODE_LINE.fullmatch(line)
            if opening is None:
                raise CatalogueError(file, number, 'expected: mode NAME (PROMPT) "HEADING"')
            mode = opening["name"]
            yield mode, opening
        elif not mode:
            raise CatalogueError(file, number, "a command before the first `mode` line")
        elif line == "group":
            yield mode, None
        else:
            draft = _Draft(mode, file, number, line)
    if draft is not None:
        yield mode, draft


def compile_files(files: Iterable[tuple[str, str]]) -> dict[str, ModeData]:
    """Compile catalogue texts given as `(file name, text)`; the session's own commands are added to each mode.

    Raises CatalogueError naming file and line.
    """
    modes: dict[str, ModeData] = {}
    for file, text in files:
        for mode, entry in _entries(file, text):
            if isinstance(entry, re.Match):
                prompt = "" if entry["prompt"] in (None, "()") else entry["prompt"]
                modes.setdefault(mode, ModeData(prompt, entry["heading"], []))
            else:
                modes[mode].layout.append(None if entry is None else tuple(entry.finish()))
    for name, data in modes.items():
        declared = {plain[0] for plain in data.layout if plain is not None}
        for mode, entry in _entries("built in", builtin.text(name, data.heading)):
            if isinstance(entry, _Draft):
                command = entry.finish()
                if command.id not in declared:
                    data.layout.append(tuple(command._replace(mode=mode)))
    return modes
