"""The command graph of a mode: each declared command as a small graph, their union made deterministic as it is walked.

Rule: a command is compiled to plain tuples (`iosemu.cli.command_graph`); a `State` is the set of places where the
commands that agree with the words read so far stand, and it is built the first time a line gets there. However many
ways lead to the same places, they lead to one state: the twenty protocols of an access list share what may follow
them. Match, help and completion are three walks over states.

A compiled graph is a tuple of nodes, node 0 the start; a node is `(may end here, edges)`; an edge is
`(kind, text, bind, value, identity, help, target)`: kind KEYWORD with its word or ARGUMENT with its type name, the name
under which the match will find it ("" for a compulsory keyword), the value bound (None where it is what was typed, the
empty tuple where what is typed is added to what was typed before).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from iosemu.cli.arguments import Check, Reader, check, label, rank, reader

KEYWORD, ARGUMENT = 0, 1

EdgeData = tuple[int, str, str, object, bool, str, int]
NodeData = tuple[bool, tuple[EdgeData, ...]]
GraphData = tuple[NodeData, ...]


class Declared(Protocol):
    """What a state knows of a command."""

    @property
    def graph(self) -> GraphData: ...
    @property
    def hidden(self) -> bool: ...


Place = tuple[int, int]
"""A command by its number in the mode, and a node of its graph."""
Places = frozenset[Place]


class Binding(NamedTuple):
    """What a step means to one command: the name and value it binds, and whether it identifies the line."""

    name: str
    value: object
    identity: bool


class Edge:
    """One word or argument that may come next, and the state behind it."""

    def __init__(self, state: State, text: str, type_name: str = "") -> None:
        self.text = text
        """The keyword, or the label of the argument in help."""
        self.type = type_name
        """Of an argument, else ""."""
        self.help = ""
        self.hidden = True
        self.bindings: dict[int, Binding] = {}
        """By the number of the command in its mode."""
        self._state = state
        self._places: list[Place] = []

    def add(self, command: int, hidden: bool, data: EdgeData) -> None:
        self.bindings.setdefault(command, Binding(data[2], data[3], data[4]))
        self._places.append((command, data[6]))
        self.help = self.help or data[5]
        self.hidden = self.hidden and hidden

    @cached_property
    def target(self) -> State:
        return self._state.behind(self._places)


class ArgumentEdge(Edge):
    """An argument that may come next."""

    def __init__(self, state: State, type_name: str) -> None:
        super().__init__(state, label(type_name), type_name)
        self.read: Reader = reader(type_name)
        self.check: Check | None = check(type_name)
        """Of a type that is one word: what reads that word alone."""


class State:
    """Where a line may stand: the keywords and arguments that may follow, and the commands that may end here."""

    __slots__ = ("_initials", "_known", "_places", "arguments", "commands", "ends", "keywords", "words")

    def __init__(self, commands: Mapping[int, Declared], places: Iterable[Place], known: dict[Places, State]) -> None:
        self.commands = commands
        self.keywords: dict[str, Edge] = {}
        self.ends: list[int] = []
        self._places = sorted(places)
        self._known = known
        arguments: dict[str, ArgumentEdge] = {}
        for command, node in self._places:
            declared = commands[command]
            end, edges = declared.graph[node]
            if end:
                self.ends.append(command)
            for data in edges:
                text = data[1]
                edge: Edge | None
                if data[0] == KEYWORD:
                    edge = self.keywords.get(text.lower())
                    if edge is None:
                        edge = self.keywords[text.lower()] = Edge(self, text)
                else:
                    edge = arguments.get(text)
                    if edge is None:
                        edge = arguments[text] = ArgumentEdge(self, text)
                edge.add(command, declared.hidden, data)
        self.words = sorted(self.keywords)
        self._initials = frozenset(char for word in self.words for char in (word[0], word[0].upper()))
        """First characters of keywords: most of what is no keyword, such as an address, is told by its own."""
        self.arguments = sorted(arguments.values(), key=lambda edge: rank(edge.type))

    def behind(self, places: list[Place]) -> State:
        """The one state of these places."""
        key = frozenset(places)
        state = self._known.get(key)
        if state is None:
            state = self._known[key] = State(self.commands, key, self._known)
        return state

    @property
    def members(self) -> tuple[int, ...]:
        """The commands that have come as far as this state."""
        return tuple(dict.fromkeys(command for command, _ in self._places))

    def nodes_of(self, command: int) -> tuple[int, ...]:
        """The nodes of `command`'s own graph on which this state stands."""
        return tuple(node for number, node in self._places if number == command)

    def find(self, word: str) -> Sequence[Edge]:
        """The keywords that `word` may stand for: the exact one alone, else all that it begins."""
        exact = self.keywords.get(word)
        if exact is not None:
            return (exact,)
        if word and word[0] not in self._initials:
            return ()
        lower = word.lower()
        exact = self.keywords.get(lower)
        if exact is not None:
            return (exact,)
        words = self.words
        at = bisect_left(words, lower)
        found: list[Edge] = []
        while at < len(words) and words[at].startswith(lower):
            found.append(self.keywords[words[at]])
            at += 1
        return found

    def only(self, word: str) -> Edge | None:
        """The keyword that `word` stands for, where there is just one."""
        if word[0] not in self._initials:
            return None
        found = self.find(word)
        return found[0] if len(found) == 1 else None

    def agreement(self, word: str) -> int:
        """How many leading characters of `word` agree with some keyword: the caret goes behind them."""
        if word and word[0] not in self._initials:
            return 0
        lower = word.lower()
        at = bisect_left(self.words, lower)
        best = 0
        for neighbour in self.words[max(at - 1, 0) : at + 1]:
            count = 0
            for left, right in zip(lower, neighbour, strict=False):
                if left != right:
                    break
                count += 1
            best = max(best, count)
        return best


def start(commands: Mapping[int, Declared]) -> State:
    """The state before the first word of a line."""
    return State(commands, ((number, 0) for number in commands), {})


def argument_clashes(commands: Mapping[int, Declared]) -> list[tuple[int, str]]:
    """Commands that offer one type twice at one place under different names: `(command, type)`."""
    clashes: list[tuple[int, str]] = []
    for number, declared in commands.items():
        for _, edges in declared.graph:
            seen: dict[str, tuple[object, ...]] = {}
            for data in edges:
                if data[0] == ARGUMENT and seen.setdefault(data[1], data[2:5]) != data[2:5]:
                    clashes.append((number, data[1]))
    return clashes
