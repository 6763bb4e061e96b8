"""Read a line along a mode's graph by trying, in order, everything that each word may be.

Rule: a keyword is tried before an argument; of the errors the one farthest to the right wins. Errors carry IOS's own
words; a caret's column counts from the start of the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from iosemu.cli.declaration import Command
from iosemu.cli.graph import Edge, State

TOKEN = re.compile(r"\S+")


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


Step = tuple[Edge, str, object]
"""A word taken: the edge, its canonical text, its value (None for a keyword)."""


class Walk:
    """One reading of a line; alternatives at a place are tried in order, the error farthest to the right wins."""

    __slots__ = ("early", "error", "line", "reached")

    def __init__(self, line: str, early: bool) -> None:
        self.line = line
        self.early = early
        """May the line end once its identity is complete?"""
        self.reached = -1
        self.error: MatchError | None = None

    def run(self, state: State, column: int) -> tuple[list[Step], int]:
        """The words of the line from `column` on, and the command that they are.

        Raises as `match` does.
        """
        found = self._from(state, column, [])
        if found is None:
            assert self.error is not None
            raise self.error
        return found

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
