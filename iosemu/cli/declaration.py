"""What the catalogue declares: commands, and the modes that they stand in.

Rule: a command is plain data, as the compiled catalogue keeps it (the text that declares it:
`iosemu.cli.catalogue_text`); a mode has those that a platform and a release have, in the order of the running-config.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cached_property
from typing import Any, NamedTuple

from iosemu.cli import graph
from iosemu.cli.levels import Levels, Path, Setting
from iosemu.cli.release import Release

EXEC = "exec"
"""The mode of user and privileged EXEC."""
CONFIG = "config"
"""The mode of global configuration."""
PRIVILEGED = 15
"""The highest privilege level, which may say everything."""


class CatalogueError(ValueError):
    """A catalogue file is wrong; the text starts with `FILE:LINE:`."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")


class Command(NamedTuple):
    """One declared command; plain data only, since the compiled catalogue stores its tuple."""

    id: str
    """Its leading keywords: `mta send server`; another name where the catalogue gives one with `.id`."""
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
    """The whole line in force when nothing is configured, or ""; may start with `no `. {version} is that of the
    release."""
    shown: bool = False
    """Printed although it is the default; a block is there from the start."""
    shown_in: str = ""
    """The span of releases to which that is bound, or ""."""
    unless: str = ""
    """The id of a command whose line in the same block keeps this one's default from being printed."""
    negatable: bool = False
    """`no` is a state of its own although the default has a value."""
    joined: bool = False
    """No `!` between the blocks, or the lines, of such commands that follow each other; one `!` behind the last."""
    alike: bool = False
    """No `!` between the blocks of this one command; one behind the last, which is that of a `group` standing there."""
    apart: bool = False
    """A `!` in front of its first line, and of each that differs in the first identifying word; the `!` of a block
    in front, not behind, and not where another stands."""
    stays: bool = False
    """`default` empties its block and leaves it standing."""
    flat: bool = False
    """Its block is said and printed line by line, each behind the header: `access-list 1 permit any`."""
    whole: bool = False
    """`no` may stop early behind an identifying word, and then takes all that begin so; of a flat block, all of it."""
    column: int = 0
    """The first word of a line is padded to this width: `deny   any` under `permit any`."""
    wide: bool = False
    """Two blanks stand between its words."""
    indent: int = 1
    """How far the lines of its block stand behind it."""
    gap: int = 0
    """How many `!` follow its line, where that is not a `no`."""
    spaced: bool = False
    """An empty line follows its line."""
    closed: str = ""
    """The line that ends its block."""
    sorted: bool = False
    """Several such lines print in the order of their identity, not of their entry."""
    privilege: int = 15
    run: str = ""
    """The handler of an EXEC command."""
    check: str = ""
    """Called before a line is stored; may refuse it or put another in its place, and waits for nobody."""
    apply: str = ""
    """Called after a line was stored; waits for nobody."""
    platforms: tuple[str, ...] = ()
    """Families that have it; empty for all."""
    hidden: bool = False
    since: str = ""
    """The first release that has it, or ""."""
    until: str = ""
    """The first release that has it no more, or ""."""

    @property
    def releases(self) -> str:
        """The span of releases that have it, or "" for all."""
        return f"{self.since}..{self.until}" if self.since or self.until else ""

    def at(self, release: Release) -> Command | None:
        """As that release has it; None where it has not."""
        span = self.releases
        if span and not release.within(span):
            return None
        if self.shown_in and not release.within(self.shown_in):
            return self._replace(shown=False)
        if "{" in self.default:
            return self._replace(default=self.default.format(version=release.version))
        return self

    @property
    def words(self) -> int:
        """How many words the id has."""
        return self.id.count(" ") + 1


Plain = tuple[Any, ...]
"""A command as stored: the tuple of its fields."""


class Mode:
    """The commands of one mode, in the order of the running-config."""

    def __init__(self, name: str, prompt: str, heading: str, layout: Iterable[Command | str]) -> None:
        self.name = name
        self.prompt = prompt
        """What stands between host name and `#`: `(config-if)`."""
        self.heading = heading
        self.layout: tuple[Command | str, ...] = tuple(layout)
        """Commands in NVGEN order; a text is a `group` line: the id of the command that has it printed, or ""."""
        self.commands: tuple[Command, ...] = tuple(entry for entry in self.layout if not isinstance(entry, str))
        self._starts: dict[int, graph.State] = {}
        self.read: dict[str, Any] = {}
        """What `iosemu.cli.match` keeps of lines that it has read, for who may say everything."""
        self.ways: dict[int, Any] = {}
        """What `iosemu.cli.match` keeps of the ways that lines have gone through the graph, by privilege level."""
        self._settings: Callable[[], Mapping[Path, Setting]] = dict
        self._levels: Levels | None = None

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

    def start(self, privilege: int = PRIVILEGED) -> graph.State:
        """The graph of what this privilege level may say."""
        if privilege not in self._starts:
            commands = dict(enumerate(self.commands))
            if privilege < PRIVILEGED:
                self._levels = self._levels or Levels(self._settings())
                parts = {number: self._levels.allowed(command, privilege) for number, command in commands.items()}
                commands = {number: command for number, command in parts.items() if command is not None}
            self._starts[privilege] = graph.start(commands)
        return self._starts[privilege]

    def own(self) -> Mode:
        """The same mode with privilege levels of its own; what the highest level may say is shared."""
        made = copy(self)
        highest = self.start(PRIVILEGED)
        made._starts = {PRIVILEGED: highest}
        made.ways = {PRIVILEGED: self.ways[PRIVILEGED]} if PRIVILEGED in self.ways else {}
        return made

    def relevel(self, settings: Callable[[], Mapping[Path, Setting]]) -> None:
        """Give keywords of this mode other privilege levels than they come with; these replace what was given. They are
        asked for when a user of a level says a line."""
        self._settings, self._levels = settings, None
        # Who may say everything still may.
        for level in [level for level in self._starts if level < PRIVILEGED]:
            del self._starts[level]
            self.ways.pop(level, None)


class ModeData(NamedTuple):
    """A mode as compiled."""

    prompt: str
    heading: str
    layout: list[Plain | str]
    """Commands, and for each `group` what stands behind that word."""
