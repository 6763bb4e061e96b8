"""What the catalogue says of a mode beyond its commands: which lines are in force when nothing is configured, what is
printed of them.

Rule: it is worked out when first asked for, once for all configurations of a catalogue.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from iosemu.cli.catalogue import Catalogue, Mode
from iosemu.cli.match import Match, match


class Default(NamedTuple):
    """The line of a command in force when nothing is configured."""

    line: Match
    refused: Match | None
    """`no` of it where that is a state of its own, to be kept and printed; else None."""


class Layout(NamedTuple):
    """What a mode prints apart from what was set."""

    shown: tuple[int, ...]
    """Places whose default line is printed."""
    groups: tuple[tuple[int, str], ...]
    """For each `!` of the mode, the place of the command behind it, and the id of that which has it printed, or ""."""


class Schema:
    """What the catalogue says of modes and defaults; defaults are parsed when first asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._layouts: dict[str, Layout] = {}
        self._defaults: dict[tuple[str, int], Default | None] = {}

    @classmethod
    def of(cls, catalogue: Catalogue) -> Schema:
        """The one of a catalogue, which all configurations share."""
        schema = _SCHEMAS.get(catalogue)
        if schema is None:
            schema = _SCHEMAS[catalogue] = cls(catalogue)
        return schema

    def mode(self, name: str) -> Mode:
        return self._catalogue.mode(name)

    def layout(self, name: str) -> Layout:
        """What the mode called `name` prints by itself."""
        layout = self._layouts.get(name)
        if layout is None:
            mode = self.mode(name)
            shown = tuple(place for place, command in enumerate(mode.commands) if command.shown and not command.enters)
            groups = [(at, entry) for at, entry in enumerate(mode.layout) if isinstance(entry, str)]
            # Each group before counts as an entry of the layout, and has no place.
            layout = Layout(shown, tuple((at - before, said) for before, (at, said) in enumerate(groups)))
            self._layouts[name] = layout
        return layout

    def default(self, mode: Mode, place: int) -> Default | None:
        """The default of the command at `place`."""
        key = mode.name, place
        if key not in self._defaults:
            command = mode.commands[place]
            found = match(mode, command.default) if command.default else None
            self._defaults[key] = None
            if found is not None:
                refusable = not found.negated and (command.negatable or not found.valued)
                refused = found._replace(values={}, negated=True) if refusable else None
                self._defaults[key] = Default(found, refused)
        return self._defaults[key]


_SCHEMAS: WeakKeyDictionary[Catalogue, Schema] = WeakKeyDictionary()
