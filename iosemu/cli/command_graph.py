"""The graph of one command, from its notation.

Rule: it is made of plain tuples, whose form `iosemu.cli.graph` tells, so that the compiled catalogue can be kept.
"""

from __future__ import annotations

from collections.abc import Callable

from iosemu.cli.graph import ARGUMENT, KEYWORD, GraphData
from iosemu.cli.notation import Choice, Item, Keyword, names


class _Place:
    """Where a command may stand while it is compiled; gets its number when an edge leads to it.

    Behind its own edges it has those of the place `beyond`, which may still be growing.
    """

    __slots__ = ("beyond", "edges", "end", "index")

    def __init__(self, end: bool, edges: list[EdgeOut], beyond: _Place | None = None) -> None:
        self.end = end
        self.edges = edges
        self.beyond = beyond
        self.index = -1

    def all_edges(self) -> list[EdgeOut]:
        """Its own, and those beyond."""
        return self.edges if self.beyond is None else [*self.edges, *self.beyond.all_edges()]


EdgeOut = tuple[int, str, str, object, bool, str, _Place]
"""An edge while its command is compiled."""


def compile_items(items: tuple[Item, ...], help_of: Callable[[str], str]) -> GraphData:
    """The graph of one command; `help_of(word)` is asked in reading order for each keyword and argument name."""
    # Places are built from the end, help is given out from the start: so the texts are drawn first.
    texts = [help_of(name) for name in names(items)]
    order: list[_Place] = []

    def number(place: _Place) -> None:
        if place.index < 0:
            place.index = len(order)
            order.append(place)
            for edge in place.all_edges():
                number(edge[6])

    number(_sequence(items, _Place(True, []), texts))
    return tuple((place.end, tuple((*edge[:6], edge[6].index) for edge in place.all_edges())) for place in order)


def _sequence(items: tuple[Item, ...], after: _Place, texts: list[str]) -> _Place:
    """The place before `items`; `texts` holds the help of each of their words."""
    if not items:
        return after
    first, rest = items[0], items[1:]
    own = sum(1 for _ in names((first,))) if isinstance(first, Choice) else 1
    following = _sequence(rest, after, texts[own:])
    if isinstance(first, Choice):
        return _choice(first, following, texts[:own])
    if isinstance(first, Keyword):
        return _Place(False, [(KEYWORD, first.word, "", None, False, texts[0], following)])
    if not first.repeated:
        return _Place(False, [(ARGUMENT, first.type, first.name, None, first.identity, texts[0], following)])
    again = _Place(following.end, [], following)
    once_more = (ARGUMENT, first.type, first.name, (), first.identity, texts[0], again)
    again.edges.append(once_more)
    return _Place(False, [once_more])


def _choice(choice: Choice, following: _Place, texts: list[str]) -> _Place:
    behind = _Place(following.end, [], following) if choice.repeated else following
    taken: list[EdgeOut] = []
    for alternative in choice.alternatives:
        own = sum(1 for _ in names(alternative))
        start = _sequence(alternative, behind, texts[:own])
        for kind, text, bind, value, identity, help_text, target in start.all_edges():
            if kind == KEYWORD and not bind:
                bind, value = (choice.name, text) if choice.name else (text, True)
            taken.append((kind, text, bind, value, identity or choice.identity, help_text, target))
        texts = texts[own:]
    if choice.repeated:
        behind.edges.extend(taken)
    if choice.optional:
        return _Place(following.end, taken, following)
    return _Place(False, taken)
