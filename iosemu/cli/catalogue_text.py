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
again, and then goes on where it stopped; `mode line,line-vty ...` goes on with several at once. The attributes are the
fields of `Command`; a span of releases (`iosemu.cli.release`) behind `.shown` or `group` bounds it to these (`group
SPAN of ID` to those images, too, whose configuration has a line of that command), and `moved
RELEASE ID` marks where the commands of that id stand from that release on (`moved RELEASE WORDS *`: those whose ids
start so). What several commands of a file have in common may be a phrase (`iosemu.cli.phrases`). A line starting with
`mode` that has no heading in quotes declares a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from iosemu.cli import builtin, notation
from iosemu.cli.command_graph import compile_items
from iosemu.cli.declaration import CatalogueError, Command, ModeData, Plain
from iosemu.cli.phrases import OPENS, Phrases
from iosemu.cli.release import BadRelease, Release, bounds, disjoint

_FLAGS = frozenset(
    {"shown", "negatable", "joined", "alike", "apart", "stays", "flat", "whole", "wide", "sorted", "spaced", "hidden"}
)
_TEXTS = {"enters": "enters", "as": "alias", "default": "default", "run": "run", "check": "check", "apply": "apply"}
_TEXTS |= {"closed": "closed", "id": "id", "unless": "unless"}
_RELEASES = frozenset({"since", "until"})
_NUMBERS = {"privilege": 15, "column": 40, "indent": 8, "gap": 9}
"""Attributes that are a number, with their greatest."""

_MODE_LINE = re.compile(r'mode\s+(?P<name>\S+)(?:\s+(?P<prompt>\([^)]*\)))?\s+"(?P<heading>[^"]*)"')
_MOVED_LINE = re.compile(r"moved\s+(\S+)\s+(\S.*)")
_GROUP_LINE = re.compile(r"group\s+((\S*\.\.\S*)( of \S.*)?)")
_HELP_LINE = re.compile(r"(\S+)\s{2,}(\S.*)")


class _Moved(NamedTuple):
    """From `release` on the commands of an id, or with `*` behind it all whose ids start so, stand here."""

    release: str
    id: str
    file: str
    line: int

    def means(self, command_id: str) -> bool:
        """Is it this command that moves?"""
        start = self.id.removesuffix("*")
        return command_id == self.id or (start.endswith(" ") and f"{command_id} ".startswith(start))


class _Draft:
    """A command while its indented lines are read."""

    def __init__(self, mode: str, file: str, line: int, text: str, known: Phrases) -> None:
        try:
            self.items = notation.parse(text, known.alternatives)
        except notation.NotationError as error:
            raise CatalogueError(file, line, f"column {error.column + 1}: {error}") from None
        self.mode, self.file, self.line, self.text = mode, file, line, text
        self.attributes: dict[str, Any] = {}
        self.help: dict[str, list[str]] = {}
        self._known = known
        self._names = set(notation.names(self.items))

    def indented(self, line: int, text: str) -> None:
        if text.startswith("."):
            self._attribute(line, *text[1:].partition(" ")[::2])
            return
        word, help_text = _help_line(self.file, line, text)
        if word not in self._names:
            raise CatalogueError(self.file, line, f"{word!r} is no word of {self.text!r}")
        self.help.setdefault(word, []).append(help_text)

    def _attribute(self, line: int, name: str, value: str) -> None:
        value = value.strip()
        if name in _FLAGS and not value:
            self.attributes[name] = True
        elif name in _TEXTS and value:
            self.attributes[_TEXTS[name]] = value
        elif name in _RELEASES and value:
            _check_span(self.file, line, f"{value}..")
            self.attributes[name] = value
        elif name == "shown" and value:
            _check_span(self.file, line, value)
            self.attributes |= {"shown": True, "shown_in": value}
        elif name == "platforms" and value:
            self.attributes[name] = tuple(value.split())
        elif name in _NUMBERS and value.isdigit() and int(value) <= _NUMBERS[name]:
            self.attributes[name] = int(value)
        else:
            raise CatalogueError(self.file, line, f"no such attribute: .{name} {value}".rstrip())

    def finish(self) -> Command:
        own = frozenset(self.help)
        for word, help_text in self._known.help(self.text):
            if word not in own:
                self.help.setdefault(word, []).append(help_text)
        given = {word: iter(texts) for word, texts in self.help.items()}

        def help_of(word: str) -> str:
            return next(given[word], self.help[word][-1]) if word in given else ""

        command_id = self.attributes.pop("id", "") or " ".join(notation.leading_keywords(self.items))
        compiled = compile_items(self.items, help_of)
        return Command(command_id, self.mode, self.text, compiled, self.file, self.line, **self.attributes)


def _check_span(file: str, line: int, span: str) -> None:
    try:
        bounds(span)
    except BadRelease as error:
        raise CatalogueError(file, line, str(error)) from None


def _help_line(file: str, line: int, text: str) -> tuple[str, str]:
    found = _HELP_LINE.fullmatch(text)
    if found is None:
        raise CatalogueError(file, line, "expected `word  help text` or `.attribute`")
    return found[1], found[2]


def _entries(file: str, text: str) -> Iterator[tuple[str, re.Match[str] | _Draft | _Moved | str]]:
    """What a file says, one entry after the other: `(mode, its opening line | command | move | a group's releases)`."""
    mode = ""
    draft: _Draft | None = None
    phrase: list[tuple[str, str]] | None = None
    known = Phrases()
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.rstrip()
        if not line or line.lstrip().startswith("#"):
            continue
        if line[0].isspace():
            if phrase is not None:
                phrase.append(_help_line(file, number, line.strip()))
                continue
            if draft is None:
                raise CatalogueError(file, number, "an indented line belongs to a command, and none is open")
            draft.indented(number, line.strip())
            continue
        if draft is not None:
            yield mode, draft
            draft = None
        phrase = None
        if line.startswith(OPENS):
            try:
                phrase = known.define(line)
            except notation.NotationError as error:
                raise CatalogueError(file, number, str(error)) from None
        elif line.startswith("mode ") and ('"' in line or "(" in line):
            opening = _MODE_LINE.fullmatch(line)
            if opening is None:
                raise CatalogueError(file, number, 'expected: mode NAME (PROMPT) "HEADING"')
            mode = opening["name"]
            yield mode, opening
        elif not mode:
            raise CatalogueError(file, number, "a command before the first `mode` line")
        elif line == "group":
            yield mode, ""
        elif (grouped := _GROUP_LINE.fullmatch(line)) is not None:
            _check_span(file, number, grouped[2])
            yield mode, grouped[1]
        elif (moved := _MOVED_LINE.fullmatch(line)) is not None:
            _check_span(file, number, f"{moved[1]}..")
            yield mode, _Moved(moved[1], moved[2], file, number)
        else:
            draft = _Draft(mode, file, number, line, known)
    if draft is not None:
        yield mode, draft


def _placed(layout: list[Command | _Moved | str]) -> Iterator[Plain | str]:
    """The layout with each command at all of its places, bound to the releases that have it there."""
    commands = [entry for entry in layout if isinstance(entry, Command)]
    moves: dict[str, list[str]] = {command.id: [] for command in commands}
    moved: dict[_Moved, list[Command]] = {}
    for entry in layout:
        if isinstance(entry, _Moved):
            moved[entry] = [command for command in commands if entry.means(command.id)]
            if not moved[entry]:
                raise CatalogueError(entry.file, entry.line, f"moved: no command {entry.id!r} in this mode")
            for command_id in {command.id for command in moved[entry]}:
                moves[command_id].append(entry.release)
    for releases in moves.values():
        releases.sort(key=Release.of)
    for entry in layout:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, Command):
            yield from _bound(entry, "", next(iter(moves[entry.id]), ""))
        else:
            for command in moved[entry]:
                following = moves[command.id].index(entry.release) + 1
                yield from _bound(command, entry.release, next(iter(moves[command.id][following:]), ""))


def _bound(command: Command, first: str, last: str) -> Iterator[Plain]:
    """The command as the releases from `first` on and before `last` have it, if any of them does."""
    if (first or last) and disjoint(command.releases, f"{first}..{last}"):
        return
    if first and not disjoint(command.releases, f"..{first}"):
        command = command._replace(since=first)
    if last and not disjoint(command.releases, f"{last}.."):
        command = command._replace(until=last)
    yield tuple(command)


def compile_files(files: Iterable[tuple[str, str]]) -> dict[str, ModeData]:
    """Compile catalogue texts given as `(file name, text)`; the session's own commands are added to each mode.

    Raises CatalogueError naming file and line.
    """
    headings: dict[str, tuple[str, str]] = {}
    layouts: dict[str, list[Command | _Moved | str]] = {}
    for file, text in files:
        for named, entry in _entries(file, text):
            read = entry.finish() if isinstance(entry, _Draft) else entry
            for mode in named.split(","):
                if isinstance(read, re.Match):
                    prompt = "" if read["prompt"] in (None, "()") else read["prompt"]
                    headings.setdefault(mode, (prompt, read["heading"]))
                    layouts.setdefault(mode, [])
                else:
                    layouts[mode].append(read._replace(mode=mode) if isinstance(read, Command) else read)
    modes = {name: ModeData(*headings[name], list(_placed(layout))) for name, layout in layouts.items()}
    for name, data in modes.items():
        declared = {plain[0] for plain in data.layout if not isinstance(plain, str)}
        for mode, entry in _entries("built in", builtin.text(name, data.heading)):
            if isinstance(entry, _Draft):
                command = entry.finish()
                if command.id not in declared:
                    data.layout.append(tuple(command._replace(mode=mode)))
    return modes
