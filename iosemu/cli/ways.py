"""The ways that lines go through a mode's graph: what the lines that go along the same edges have in common.

Rule: a way is made when a line first goes there, and says of each command that may end there what the edges bind; too
many of them are forgotten together.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
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
    identify: Callable[[list[str]], tuple[str, ...]]
    """Gives of a line's words those that tell it from others of its command."""
    valued: bool


class Way:
    """The edges that lines have gone along from their first word, the state behind, and the ways on from there."""

    __slots__ = ("_count", "_edges", "_first", "known", "meanings", "state", "word")

    def __init__(self, state: State, edges: tuple[Edge, ...] = (), first: Way | None = None) -> None:
        self.state = state
        self.word = edges[-1].text if edges else ""
        """The last word in full, where that is a keyword: one text for the lines of all who say it."""
        self._edges = edges
        self.known: dict[str | Edge, Way] = {}
        """The ways on that were gone: by the keyword in full, by the edge of an argument."""
        self.meanings: dict[int, Meaning] = {}
        """What was asked of `meaning`, by its number."""
        self._first = first if first is not None else self
        self._count = 0
        """Of the first: how many ways lead on from it."""

    @classmethod
    def start(cls, mode: Mode, privilege: int) -> Way:
        """The way on which every line of a mode starts."""
        way: Way | None = mode.ways.get(privilege)
        if way is None:
            way = mode.ways[privilege] = cls(mode.start(privilege))
        return way

    def behind(self, edge: Edge) -> Way:
        """The way that goes on with that edge."""
        key = edge if edge.type else edge.text
        way = self.known.get(key)
        if way is None:
            first = self._first
            first._count += 1
            if first._count > REMEMBERED:
                first.known.clear()
                first._count = 0
            way = self.known[key] = Way(edge.target, (*self._edges, edge), first)
        return way

    def meaning(self, number: int) -> Meaning:
        """What these edges say to the command of that number."""
        bindings = [edge.bindings[number] for edge in self._edges]
        arguments = [bound for bound, edge in zip(bindings, self._edges, strict=True) if edge.type]
        meaning = self.meanings[number] = Meaning(
            {bound.name: bound.value for bound in bindings if bound.name},
            tuple(bound.name for bound in arguments),
            # The value bound to an argument is the empty tuple where arguments add up.
            any(bound.value is not None for bound in arguments),
            _picker([at for at, bound in enumerate(bindings) if bound.identity]),
            any(bound.name and not bound.identity for bound in bindings),
        )
        return meaning


def _picker(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """What gives the words at these places of a line."""
    if len(places) > 1:
        return itemgetter(*places)
    if places:
        at = places[0]
        return lambda words: (words[at],)
    return lambda words: ()
