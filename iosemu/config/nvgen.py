"""NVGEN: the configuration tree as the text that `show running-config` prints and NVRAM keeps.

Rule: a mode's commands are printed in the order of the catalogue, one blank of indentation a level; a `!` follows each
block of global configuration (blocks of commands marked `.joined` share one, and so do `.joined` lines) and stands
wherever the catalogue says `group`. Defaults are left out, except those marked `.shown`. The text ends with `end`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from iosemu.cli.declaration import Command
from iosemu.config.tree import Block, Line, RunningConfig

SEPARATOR = "!"


def render(config: RunningConfig) -> str:
    """The configuration from its first line to `end`, lines ended by newlines."""
    return "".join(f"{line}\n" for line in (*_separated(config), "end"))


def running_config(config: RunningConfig) -> str:
    """What `show running-config` prints; the size is that of the text behind it, as it would be kept in NVRAM."""
    return _shown(f"{SEPARATOR}\n{render(config)}")


def block_config(config: RunningConfig, block: Block) -> str:
    """What `show running-config interface NAME` prints: that block alone."""
    assert block.header is not None
    lines = [SEPARATOR, block.header.text, *(text for text, _ in _body(config, block, " ")), "end"]
    return _shown("".join(f"{line}\n" for line in lines))


def _shown(text: str) -> str:
    return f"Building configuration...\n\nCurrent configuration : {len(text.encode())} bytes\n{text}\n"


def _separated(config: RunningConfig) -> Iterator[str]:
    """The lines of the root, with the `!` behind its blocks."""
    opened: Command | None = None
    for line, opener in _body(config, config.root, ""):
        ends = not line.startswith(" ") if opener is None else not _share(opened, opener.command)
        if opened is not None and ends:
            yield SEPARATOR
            opened = None
        opened = opener.command if opener is not None else opened
        yield line
    if opened is not None:
        yield SEPARATOR


def _share(before: Command | None, command: Command) -> bool:
    """Does no `!` stand between what these two print?"""
    return before is not None and before.joined and command.joined and bool(before.enters) == bool(command.enters)


def _body(config: RunningConfig, block: Block, indent: str) -> Iterator[tuple[str, Line | None]]:
    """The lines of a block with those of the blocks in it, each with its header where it is one.

    A line of a command marked `.joined` stands as a block of its own.
    """
    mode = config.schema.mode(block.mode)
    groups = iter(_groups(mode.layout))
    next_group = next(groups, None)
    for place in sorted({*block.places, *(p for p, command in enumerate(mode.commands) if command.shown)}):
        while next_group is not None and next_group <= place:
            yield f"{indent}{SEPARATOR}", None
            next_group = next(groups, None)
        for line in _lines(config, block, place):
            yield indent + line.text, line if line.command.joined else None
        for inner in _blocks(config, block, place):
            assert inner.header is not None
            yield indent + inner.header.text, inner.header
            for text, _ in _body(config, inner, f"{indent} "):
                yield text, None
    while next_group is not None:
        yield f"{indent}{SEPARATOR}", None
        next_group = next(groups, None)


def _groups(layout: Iterable[object]) -> Iterator[int]:
    """For each `group` of a mode, the place of the command behind it."""
    place = 0
    for entry in layout:
        if entry is None:
            yield place
        else:
            place += 1


def _lines(config: RunningConfig, block: Block, place: int) -> list[Line]:
    """What is printed at one place: lines that were set, and a default that is shown."""
    lines = list(block.lines_at(place))
    mode = config.schema.mode(block.mode)
    command = mode.commands[place]
    if command.sorted:
        lines.sort(key=_natural)
    if command.shown:
        default = config.schema.default(mode, place)
        if default is not None and not any(line.identity == default.line.identity for line in lines):
            lines.insert(0, default.line)
    return lines


def _blocks(config: RunningConfig, block: Block, place: int) -> list[Block]:
    blocks = list(block.blocks_at(place))
    command = config.schema.mode(block.mode).commands[place]
    order = config.orders.get(command.id, _natural if command.sorted else None)
    if order is not None:
        blocks.sort(key=lambda inner: order(inner.header) if inner.header is not None else ())
    return blocks


def _natural(line: Line) -> tuple[tuple[int, str], ...]:
    """Identity in the order in which people count: 2 before 10."""
    parts = re.findall(r"\d+|\D+", " ".join(line.identity))
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
