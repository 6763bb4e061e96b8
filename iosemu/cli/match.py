"""Match a line against a mode's graph exactly as IOS reads it.

Rule: a word is a keyword of the place where it stands if it is that keyword or abbreviates only that one; otherwise
it is an argument that may stand there. `no` and `default` in front of a configuration command let the line end early,
once what identifies it has been said. Errors carry IOS's own words; a caret's column counts from the start of the
line.

Nearly every line is right at sight: `_at_sight` takes the first that each word can be. Only where that does not come
to an end does `_Walk` try everything, and tell what is wrong. Both go along edges; the lines that go along the same
edges are on one way, where what they say is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from iosemu.cli.declaration import EXEC, PRIVILEGED, Command, Mode
from iosemu.cli.graph import ArgumentEdge, Edge, State
from iosemu.cli.ways import Way


class MatchError(Exception):
    """A line that is no command; `str()` is what the router prints, without prompt or caret, `after` what follows."""

    after = "\n"


class Ambiguous(MatchError):
    """A word abbreviates more than one keyword."""

    after = ""

    def __init__(self, line: str) -> None:
        super().__init__(f'% Ambiguous command:  "{line}"')


class Incomplete(MatchError):
    """The line ends where a command cannot."""

    def __init__(self) -> None:
        super().__init__("% Incomplete command.")


class InvalidInput(MatchError):
    """`column` is the offset in the line of the first character that cannot be right."""

    def __init__(self, column: int) -> None:
        super().__init__("% Invalid input detected at '^' marker.")
        self.column = column


class Match(NamedTuple):
    """A line understood."""

    command: Command
    values: dict[str, object]
    """By argument or choice name; an unnamed option's keyword gives True."""
    tokens: tuple[str, ...]
    """The words in full, as the running-config writes them, without `no`."""
    negated: bool = False
    defaulted: bool = False
    identity: tuple[str, ...] = ()
    """The canonical words that tell this line from others of its command."""
    place: int = 0
    """The command's place in its mode, which is its place in the running-config."""
    valued: bool = False
    """Does it say more than which line is meant?"""

    @property
    def command_id(self) -> str:
        return self.command.id

    @property
    def text(self) -> str:
        """As the running-config writes it."""
        words = self.tokens
        if self.command.column:
            words = (words[0].ljust(self.command.column), *words[1:])
        return ("  " if self.command.wide else " ").join(("no", *words) if self.negated else words)


TOKEN = re.compile(r"\S+")
NO, DEFAULT = "no", "default"
REMEMBERED = 4096
"""Lines of a mode that are kept with what they mean."""


def split_prefix(mode: Mode, line: str) -> tuple[str, int]:
    """`no` or `default` in front of a line of a configuration mode, and the column behind it."""
    found = TOKEN.search(line)
    if found is None:
        return "", 0
    prefix = _prefix(mode, found[0])
    return prefix, found.end() if prefix else found.start()


def _prefix(mode: Mode, word: str) -> str:
    """What a first word is of `no` and `default`, or ""; an abbreviation counts where no command starts so."""
    if word[0] not in "nNdD" or mode.name == EXEC:
        return ""
    lower = word.lower()
    if lower == NO:
        return NO
    if lower == DEFAULT or (len(lower) > 1 and DEFAULT.startswith(lower) and not mode.start().find(lower)):
        return DEFAULT
    return ""


def match(mode: Mode, line: str, privilege: int = 15) -> Match:
    """The command that `line` is; its values are shared by all who ask for the same line.

    Raises Ambiguous, Incomplete or InvalidInput.
    """
    if privilege != PRIVILEGED:
        return _read(mode, line, privilege)
    # The same lines come again and again: in each interface, at each load, in each round of a tool that asks.
    found = mode.read.get(line)
    if found is None:
        if len(mode.read) >= REMEMBERED:
            mode.read.clear()
        found = mode.read[line] = _read(mode, line, privilege)
    return found


def match_within(modes: Sequence[Mode], line: str, privilege: int = 15) -> tuple[int, Match]:
    """The line in the first of these modes, or in those around it: in which, by its number, and as what.

    Raises as `match` does; of the modes' errors, the one that got farther.
    """
    word = line.split(None, 1)[0]
    for number, mode in enumerate(modes):
        if mode is modes[-1] or _may_begin(mode, word, privilege):
            try:
                return number, match(mode, line, privilege)
            except MatchError:
                break
    return _match_farthest(modes, line, privilege)


def _may_begin(mode: Mode, word: str, privilege: int) -> bool:
    """May a line of that mode begin with this word?"""
    start = mode.start(privilege)
    return bool(start.arguments or start.find(word) or _prefix(mode, word))


def _match_farthest(modes: Sequence[Mode], line: str, privilege: int) -> tuple[int, Match]:
    """The same line where the first mode that may have it does not."""
    failed: MatchError | None = None
    reached = -1
    for number, mode in enumerate(modes):
        try:
            return number, match(mode, line, privilege)
        except InvalidInput as error:
            if error.column > reached:
                failed, reached = error, error.column
        except MatchError as error:
            # Too short or ambiguous; but a command that an inner mode knows by its first word is wrong there.
            if reached <= len(line) - len(line.lstrip()) + len(line.split()[0]):
                failed = error
            if not isinstance(error, Ambiguous):
                break
            # What is short for several commands here may be the whole word of one around: `call` in a voice port.
            reached = len(line)
    assert failed is not None
    raise failed


def _read(mode: Mode, line: str, privilege: int) -> Match:
    words = line.split()
    prefix = _prefix(mode, words[0]) if words else ""
    start = Way.start(mode, privilege)
    taken = _at_sight(start, line, words, 1 if prefix else 0)
    if taken is None:
        taken = _Walk(line, bool(prefix)).run(start, split_prefix(mode, line)[1])
    way, said, spoken, number = taken
    texts = way.words.copy()
    for at, text in zip(way.arguments, spoken, strict=True):
        texts[at] = text
    command = mode.commands[number]
    if command.alias:
        return match(mode, " ".join([prefix, command.alias, *texts[command.words :]]).lstrip(), privilege)
    meaning = way.meaning(number)
    values = meaning.values.copy()
    if meaning.adds:
        for name, value in zip(meaning.arguments, said, strict=True):
            before = meaning.values.get(name)
            values[name] = (*values[name], value) if isinstance(before, tuple) else value  # type: ignore[misc]
    else:
        values.update(zip(meaning.arguments, said, strict=True))
    identity = tuple([texts[at] for at in meaning.identity])
    return Match(command, values, tuple(texts), prefix == NO, prefix == DEFAULT, identity, number, meaning.valued)


Taken = tuple[Way, list[object], list[str], int]
"""A line read: the way that it went, the values and the texts of its arguments, and the command that ends there."""


def _at_sight(way: Way, line: str, words: list[str], at: int) -> Taken | None:
    """Take each word, from number `at` on, for the first that it can be; None where that leads to no end."""
    said: list[object] = []
    spoken: list[str] = []
    count = len(words)
    while at < count:
        word = words[at]
        at += 1
        further = way.known.get(word)
        if further is not None:
            way = further
            continue
        state = way.state
        edge = state.only(word)
        if edge is None:
            for edge in state.arguments:
                if edge.check is not None:
                    found = edge.check(word)
                    if not isinstance(found, int):
                        value, text = found
                        break
                else:
                    read = edge.read(line, len(line) - len(line.split(None, at - 1)[-1]))
                    if not isinstance(read, int):
                        value, text, end = read
                        at = len(line[:end].split())
                        break
            else:
                return None
            said.append(value)
            spoken.append(text)
        way = way.known.get(edge) or way.behind(edge)
    return (way, said, spoken, way.state.ends[0]) if way.state.ends else None


def column_of(mode: Mode, line: str, name: str, privilege: int = 15) -> int:
    """Where in a line that matches the argument or choice `name` starts; the line's end where it is not said."""
    prefix, column = split_prefix(mode, line)
    way, _, _, number = _Walk(line, bool(prefix)).run(Way.start(mode, privilege), column)
    for edge in way.edges:
        found = TOKEN.search(line, column)
        assert found is not None
        if edge.bindings[number].name == name:
            return found.start()
        read = edge.read(line, found.start()) if isinstance(edge, ArgumentEdge) else None
        column = read[2] if isinstance(read, tuple) else found.end()
    return len(line.rstrip())


Step = tuple[Edge, str, object]
"""A word taken: the edge, its canonical text, its value (None for a keyword)."""


class _Walk:
    """One reading of a line; alternatives at a place are tried in order, the error farthest to the right wins."""

    __slots__ = ("early", "error", "line", "reached")

    def __init__(self, line: str, early: bool) -> None:
        self.line = line
        self.early = early
        """May the line end once its identity is complete?"""
        self.reached = -1
        self.error: MatchError | None = None

    def run(self, way: Way, column: int) -> Taken:
        found = self._from(way.state, column, [])
        if found is None:
            assert self.error is not None
            raise self.error
        steps, number = found
        for edge, _, _ in steps:
            way = way.behind(edge)
        spoken = [step for step in steps if step[0].type]
        return way, [value for _, _, value in spoken], [text for _, text, _ in spoken], number

    def _fail(self, column: int, error: MatchError) -> None:
        if column > self.reached:
            self.reached, self.error = column, error

    def _from(self, state: State, column: int, steps: list[Step]) -> tuple[list[Step], int] | None:
        """Read on from `column`; the way so far is `steps`, which is as it was where nothing comes of it."""
        said = len(steps)
        while (found := TOKEN.search(self.line, column)) is not None:
            keywords = state.find(found[0])
            if len(keywords) != 1:
                answer = self._argument(state, found, keywords, steps)
            else:
                edge = keywords[0]
                steps.append((edge, edge.text, None))
                if not state.arguments:
                    state, column = edge.target, found.end()
                    continue
                answer = self._from(edge.target, found.end(), steps)
                # A keyword that is meant but not finished is not taken for an argument, nor one in full for free text.
                if answer is None and not isinstance(self.error, Incomplete | Ambiguous):
                    steps.pop()
                    answer = self._argument(state, found, keywords, steps)
            if answer is None:
                del steps[said:]
            return answer
        return self._end(state, steps)

    def _argument(
        self, state: State, found: re.Match[str], keywords: Sequence[Edge], steps: list[Step]
    ) -> tuple[list[Step], int] | None:
        start = found.start()
        whole = any(found[0].lower() == keyword.text.lower() for keyword in keywords)
        for edge in state.arguments:
            if whole and edge.type == "LINE":
                continue
            read = edge.read(self.line, start)
            if isinstance(read, int):
                self._fail(read, InvalidInput(read))
                continue
            value, text, end = read
            steps.append((edge, text, value))
            answer = self._from(edge.target, end, steps)
            if answer is not None:
                return answer
            steps.pop()
        if len(keywords) > 1:
            self._fail(len(self.line), Ambiguous(self.line.strip()))
        elif not keywords:
            bad = start + state.agreement(found[0])
            self._fail(bad, InvalidInput(bad))
        return None

    def _end(self, state: State, steps: list[Step]) -> tuple[list[Step], int] | None:
        if state.ends:
            return steps, state.ends[0]
        if self.early and steps:
            for number in state.members:
                command = state.commands[number]
                assert isinstance(command, Command)
                if len(steps) >= command.words and (
                    not _identity_ahead(command, state.nodes_of(number)) or _enough(command, number, steps)
                ):
                    return steps, number
        self._fail(len(self.line), Incomplete())
        return None


def _enough(command: Command, number: int, steps: list[Step]) -> bool:
    """Is something identified already, of a command that goes by what begins so?"""
    return command.whole and any(edge.bindings[number].identity for edge, _, _ in steps)


def _identity_ahead(command: Command, nodes: tuple[int, ...]) -> bool:
    """Does an identifying word still have to be said behind one of these nodes?"""
    todo, seen = list(nodes), set(nodes)
    while todo:
        for data in command.graph[todo.pop()][1]:
            if data[4]:
                return True
            if data[6] not in seen:
                seen.add(data[6])
                todo.append(data[6])
    return False


def follow(state: State, line: str, column: int) -> State:
    """The state behind the whole words of `line` from `column` on: where help and completion look for more.

    Raises Ambiguous or InvalidInput.
    """
    while (found := TOKEN.search(line, column)) is not None:
        keywords = state.find(found[0])
        if len(keywords) == 1:
            state, column = keywords[0].target, found.end()
            continue
        if keywords and not state.arguments:
            raise Ambiguous(line)
        reached = found.start() + state.agreement(found[0])
        for edge in state.arguments:
            read = edge.read(line, found.start())
            if not isinstance(read, int):
                state, column = edge.target, read[2]
                break
            reached = max(reached, read)
        else:
            raise InvalidInput(reached)
    return state
