"""Privilege levels within one mode: which of its commands, and which of their words, a user of a level may say.

Rule: a level belongs to a keyword, told by the way of keywords that leads to it (`show ip route`). A keyword that was
given no level has the level that it comes with: that of its command from the end of the command's id on, none before.
What was given with `all` holds for everything below it that was given none. Behind an argument nothing is asked any
more. A user may say a word when no keyword up to it is above his level; to all others it does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, TypeVar

from iosemu.cli.graph import ARGUMENT, GraphData, NodeData

Path = tuple[str, ...]
"""Keywords from the start of a line, in lower case."""


class Setting(NamedTuple):
    """What a keyword was given."""

    level: int
    below: bool
    """Does it hold for what is below it, too (`all`)?"""


class Levelled(Protocol):
    """What is read of a command."""

    @property
    def graph(self) -> GraphData: ...
    @property
    def privilege(self) -> int: ...
    @property
    def words(self) -> int: ...
    def _replace(self, *, graph: GraphData) -> Any: ...


C = TypeVar("C", bound=Levelled)


class Levels:
    """The settings of one mode."""

    def __init__(self, settings: Mapping[Path, Setting]) -> None:
        self._settings = dict(settings)
        self._ways = {path[:length] for path in settings for length in range(1, len(path) + 1)}
        self._first_words = {path[0] for path in settings if path}

    def allowed(self, command: C, level: int) -> C | None:
        """What of `command` a user of `level` may say: the command, a part of it, or None for nothing."""
        if not any(data[1].lower() in self._first_words for data in command.graph[0][1] if data[0] != ARGUMENT):
            return command if command.privilege <= level else None
        graph = _Pruning(self, command, level).result()
        if graph is None or graph == command.graph:
            return command if graph is not None else None
        pruned: C = command._replace(graph=graph)
        return pruned

    def of(self, path: Path, native: int) -> int:
        """The level of the keyword at the end of `path`, which is `native` where nothing was set."""
        setting = self._settings.get(path)
        return setting.level if setting is not None else self.inherited(path[:-1], native)

    def inherited(self, path: Path, native: int) -> int:
        """What `all` says for what is below `path`."""
        for length in range(len(path), 0, -1):
            setting = self._settings.get(path[:length])
            if setting is not None and setting.below:
                return setting.level
        return native

    def leads_on(self, path: Path) -> bool:
        """Was anything set at `path` or below it?"""
        return path in self._ways


Stand = tuple[int, Path | None, int]
"""A node; the way to it, None where nothing more can hang on it; the level there of a keyword that was given none."""


class _Pruning:
    """One command's graph, without what is above a level."""

    def __init__(self, levels: Levels, command: Levelled, level: int) -> None:
        self._levels = levels
        self._command = command
        self._level = level
        self._nodes: list[NodeData] = []
        self._numbers: dict[Stand, int | None] = {}

    def result(self) -> GraphData | None:
        if self._visit((0, (), self._command.privilege)) is None:
            return None
        return tuple(self._nodes)

    def _visit(self, stand: Stand) -> int | None:
        """The number of the new node, None where no end can be reached."""
        if stand in self._numbers:
            return self._numbers[stand]
        number = self._numbers[stand] = len(self._nodes)
        self._nodes.append((False, ()))
        ends, edges = self._command.graph[stand[0]]
        kept = []
        for data in edges:
            onward = self._onward(stand, data)
            target = self._visit(onward) if onward is not None else None
            if target is not None:
                kept.append((*data[:-1], target))
        if not ends and not kept:
            self._numbers[stand] = None
            return None
        self._nodes[number] = (ends, tuple(kept))
        return number

    def _onward(self, stand: Stand, data: tuple[Any, ...]) -> Stand | None:
        """Where an edge leads, None where the user may not say it."""
        _, path, native = stand
        target: int = data[-1]
        if data[0] == ARGUMENT:
            return target, None, 0
        if path is None:
            return (target, None, native) if native <= self._level else None
        path = (*path, data[1].lower())
        levels, words = self._levels, self._command.words
        if levels.of(path, native if len(path) >= words else 0) > self._level:
            return None
        if len(path) < words or levels.leads_on(path):
            return target, path, native
        return target, None, levels.inherited(path, native)
