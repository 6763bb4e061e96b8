"""The ways that lines go through a mode's graph: what the lines that go along the same edges have in common.

Rule: a way is made when a line first goes there, and says of each command that may end there what the edges bind; too
many of them are forgotten together.
"""

from __future__ import annotations

from typing import NamedTuple

from iosemu.cli.declaration import Mode
from iosemu.cli.graph import Edge, State

REMEMBERED = 8192
"""Ways of a mode that are kept."""


class Meaning(NamedTuple):
    """What the lines of one way say to the command that ends there."""

    values: dict[str, object]
    """By name, in the order of the line; those of arguments are yet to be filled in."""
    arguments: tuple[str, ...]
    """The names of the arguments, in the order of the line."""
    adds: bool
    """Does an argument add to what was said before?"""
    identity: tuple[int, ...]
    """Which words tell a line from others of its command."""
    valued: bool


class Way:
    """The edges that lines have gone along from their first word, the state behind, and the ways on from there."""

    __slots__ = ("_all", "_meanings", "arguments", "edges", "known", "state", "words")

    def __init__(self, state: State, edges: tuple[Edge, ...], all_ways: list[Way]) -> None:
        self.state = state
        self.edges = edges
        self.words = [edge.text for edge in edges]
        """In full; labels in the place of arguments."""
        self.arguments = tuple(at for at, edge in enumerate(edges) if edge.type)
        """Which of the words are arguments."""
        self.known: dict[str | Edge, Way] = {}
        """The ways on that were gone: by the keyword in full, by the edge of an argument."""
        self._meanings: dict[int, Meaning] = {}
        self._all = all_ways
        all_ways.append(self)

    @classmethod
    def start(cls, mode: Mode, privilege: int) -> Way:
        """The way on which every line of a mode starts."""
        way: Way | None = mode.ways.get(privilege)
        if way is None or len(way._all) > REMEMBERED:
            way = mode.ways[privilege] = cls(mode.start(privilege), (), [])
        return way

    def behind(self, edge: Edge) -> Way:
        """The way that goes on with that edge."""
        key = edge if edge.type else edge.text
        way = self.known.get(key)
        if way is None:
            way = self.known[key] = Way(edge.target, (*self.edges, edge), self._all)
        return way

    def meaning(self, number: int) -> Meaning:
        """What these edges say to the command of that number."""
        meaning = self._meanings.get(number)
        if meaning is None:
            bindings = [edge.bindings[number] for edge in self.edges]
            arguments = [bindings[at] for at in self.arguments]
            meaning = self._meanings[number] = Meaning(
                {bound.name: bound.value for bound in bindings if bound.name},
                tuple(bound.name for bound in arguments),
                # The value bound to an argument is the empty tuple where arguments add up.
                any(bound.value is not None for bound in arguments),
                tuple(at for at, bound in enumerate(bindings) if bound.identity),
                any(bound.name and not bound.identity for bound in bindings),
            )
        return meaning
