"""Match a line against a mode's graph exactly as IOS reads it.

Rule: a word is a keyword of the place where it stands if it is that keyword or abbreviates only that one; otherwise
it is an argument that may stand there. `no` and `default` in front of a configuration command let the line end early,
once what identifies it has been said. Errors carry IOS's own words; a caret's column counts from the start of the
line.

Nearly every line is right at sight: `_glance` takes the first that each word can be. Only where that does not come to
an end does a `Walk` try everything, and tell what is wrong. Both go along edges; the lines that go along the same edges
are on one way, where what they say is worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from iosemu.cli.arguments import Unended
from iosemu.cli.declaration import EXEC, PRIVILEGED, Command, Mode
from iosemu.cli.graph import ArgumentEdge, State
from iosemu.cli.walk import TOKEN, Ambiguous, Incomplete, InvalidInput, MatchError, Walk
from iosemu.cli.ways import Way

__all__ = [
    "TOKEN",
    "Ambiguous",
    "Incomplete",
    "InvalidInput",
    "Match",
    "MatchError",
    "at_sight",
    "at_sight_within",
    "column_of",
    "follow",
    "made",
    "match",
    "match_within",
    "split_prefix",
    "within_by_trial",
]


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

    def saying(self, values: dict[str, object], identity: tuple[str, ...]) -> Match:
        """The same words with other values, and another identity."""
        return made(self.command, values, self.tokens, self.negated, self.defaulted, identity, self.place, self.valued)

    @property
    def text(self) -> str:
        """As the running-config writes it."""
        words = self.tokens
        if self.command.column:
            words = (words[0].ljust(self.command.column), *words[1:])
        return ("  " if self.command.wide else " ").join(("no", *words) if self.negated else words)


def made(*fields: object) -> Match:
    """`Match(...)` with all of its fields, in a third of the time."""
    return tuple.__new__(Match, fields)


NO, DEFAULT = "no", "default"
_INITIALS = "nNdD"
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
    if word[0] not in _INITIALS or mode.name == EXEC:
        return ""
    lower = word.lower()
    if lower == NO:
        return NO
    if lower == DEFAULT or (len(lower) > 1 and DEFAULT.startswith(lower) and not mode.start().find(lower)):
        return DEFAULT
    return ""


def match(mode: Mode, line: str, privilege: int = PRIVILEGED) -> Match:
    """The command that `line` is; its values are shared by all who ask for the same line.

    Raises Ambiguous, Incomplete or InvalidInput.
    """
    return at_sight(mode, line, privilege) or _by_trial(mode, line, privilege)


def at_sight(mode: Mode, line: str, privilege: int = PRIVILEGED) -> Match | None:
    """What `match` gives where nothing has to be tried and the line is whole, else None."""
    # The same lines come again and again: in each interface, at each load, in each round of a tool that asks.
    found: Match | None = mode.read.get(line) if privilege == PRIVILEGED else None
    if found is None:
        words = line.split()
        prefix = _prefix(mode, words[0]) if words and words[0][0] in _INITIALS else ""
        if prefix:
            del words[0]
        taken = _glance(mode.ways.get(privilege) or Way.start(mode, privilege), line, words, 1 if prefix else 0)
        if taken is not None:
            found = _understood(mode, privilege, prefix, words, *taken)
            if privilege == PRIVILEGED:
                if len(mode.read) >= REMEMBERED:
                    mode.read.clear()
                mode.read[line] = found
    return found


def _by_trial(mode: Mode, line: str, privilege: int) -> Match:
    """What `match` gives where something has to be tried."""
    prefix, column = split_prefix(mode, line)
    steps, number = Walk(line, bool(prefix)).run(mode.start(privilege), column)
    way = Way.start(mode, privilege)
    for edge, _, _ in steps:
        way = way.behind(edge)
    said = [value for edge, _, value in steps if edge.type]
    found = _understood(mode, privilege, prefix, [text for _, text, _ in steps], way, said, number)
    # What is remembered is taken for right at sight, which a line without its end is not.
    if privilege == PRIVILEGED and not any(isinstance(value, Unended) for value in said):
        mode.read[line] = found
    return found


def match_within(modes: Sequence[Mode], line: str, privilege: int = PRIVILEGED) -> tuple[int, Match]:
    """The line in the first of these modes, or in those around it: in which, by its number, and as what.

    Raises as `match` does; of the modes' errors, the one that got farther.
    """
    return at_sight_within(modes, line, privilege) or within_by_trial(modes, line, privilege)


def at_sight_within(modes: Sequence[Mode], line: str, privilege: int = PRIVILEGED) -> tuple[int, Match] | None:
    """What `match_within` gives where nothing has to be tried, else None."""
    last = len(modes) - 1
    for number, mode in enumerate(modes):
        found = at_sight(mode, line, privilege)
        if found is not None:
            short = number < last and not (
                found.negated or found.defaulted or line.lstrip().startswith(found.tokens[0])
            )
            return (_whole_around(modes, number, line, privilege) if short else None) or (number, found)
        if number == last:
            break
        if not _foreign(mode, line, privilege):
            break
    return None


def _whole_around(modes: Sequence[Mode], number: int, line: str, privilege: int) -> tuple[int, Match] | None:
    """The line as one around that mode, where its first word is whole there and short for another one here: `ephone 2`
    below `ephone 1`, whose block knows `ephone-template`.
    """
    word = line.split(None, 1)[0]
    for around in range(number + 1, len(modes)):
        other = at_sight(modes[around], line, privilege)
        if other is not None and other.tokens[0] == word:
            return around, other
    return None


def _foreign(mode: Mode, line: str, privilege: int) -> bool:
    """Does the line begin with a word, or with keywords, that no line of that mode begins with?"""
    words = line.split()
    state = mode.start(privilege)
    for word in words[1 if words and _prefix(mode, words[0]) else 0 :]:
        found = state.find(word)
        if state.arguments or len(found) != 1:
            return not (state.arguments or found)
        state = found[0].target
    return False


def within_by_trial(modes: Sequence[Mode], line: str, privilege: int = PRIVILEGED) -> tuple[int, Match]:
    """What `match_within` gives where something has to be tried."""
    failed: MatchError | None = None
    reached = -1
    for number, mode in enumerate(modes):
        try:
            return number, _by_trial(mode, line, privilege)
        except InvalidInput as error:
            if error.column > reached:
                failed, reached = error, error.column
        except MatchError as error:
            # Too short or ambiguous; but a command that an inner mode knows by its first word is wrong there.
            if reached <= len(line) - len(line.lstrip()) + len(line.split()[0]):
                failed = error
            if not isinstance(error, Ambiguous):
                # `application` alone is no line of `telephony-service`, which has `application NAME`.
                whole = _whole_around(modes, number, line, privilege)
                if whole is None:
                    break
                return whole
            # What is short for several commands here may be the whole word of one around: `call` in a voice port.
            reached = len(line)
    assert failed is not None
    raise failed


def _understood(
    mode: Mode, privilege: int, prefix: str, words: list[str], way: Way, said: list[object], number: int
) -> Match:
    """What a line says: `words` are its own in full, `said` the values of its arguments, `number` tells the command."""
    meaning = way.meanings.get(number) or way.meaning(number)
    command = mode.commands[number]
    if command.alias:
        return match(mode, " ".join([prefix, command.alias, *words[command.words :]]).lstrip(), privilege)
    values = meaning.values
    if meaning.adds:
        values = values.copy()
        for name, value in zip(meaning.arguments, said, strict=True):
            before = meaning.values.get(name)
            values[name] = (*values[name], value) if isinstance(before, tuple) else value  # type: ignore[misc]
    elif said:
        values = values.copy()
        values.update(zip(meaning.arguments, said))  # noqa: B905
    identity = meaning.identify(words)
    return made(command, values, tuple(words), prefix == NO, prefix == DEFAULT, identity, number, meaning.valued)


def _glance(way: Way, line: str, words: list[str], before: int) -> tuple[Way, list[object], int] | None:
    """Take each word for the first that it can be, and put it in full into its place; None where that leads to no end.

    Gives the way, the values of the arguments, and the command that ends there. `before` words of the line are not
    among `words`.
    """
    said: list[object] = []
    for at, word in enumerate(words):
        further = way.known.get(word)
        if further is not None:
            way = further
            words[at] = way.word
            continue
        state = way.state
        edge = state.only(word)
        if edge is not None:
            words[at] = edge.text
        else:
            for edge in state.arguments:
                if edge.check is not None:
                    found = edge.check(word)
                    if not isinstance(found, int):
                        value, words[at] = found
                        break
                else:
                    start = len(line) - len(line.split(None, before + at)[-1])
                    read = edge.read(line, start)
                    if not isinstance(read, int):
                        value, text, end = read
                        if isinstance(value, Unended):
                            return None
                        count = len(line[start:end].split())
                        words[at : at + count] = [text]
                        before += count - 1
                        break
            else:
                return None
            said.append(value)
        way = way.known.get(edge) or way.behind(edge)
    ends = way.state.ends
    return (way, said, ends[0]) if ends else None


def column_of(mode: Mode, line: str, name: str, privilege: int = 15) -> int:
    """Where in a line that matches the argument or choice `name` starts; the line's end where it is not said."""
    prefix, column = split_prefix(mode, line)
    steps, number = Walk(line, bool(prefix)).run(mode.start(privilege), column)
    for edge, _, _ in steps:
        found = TOKEN.search(line, column)
        assert found is not None
        if edge.bindings[number].name == name:
            return found.start()
        read = edge.read(line, found.start()) if isinstance(edge, ArgumentEdge) else None
        column = read[2] if isinstance(read, tuple) else found.end()
    return len(line.rstrip())


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
