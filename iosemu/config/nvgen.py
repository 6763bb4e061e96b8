"""NVGEN: the configuration tree as the text that `show running-config` prints and NVRAM keeps.

Rule: a mode's commands are printed in the order of the catalogue, one blank of indentation a level. A router prints a
`!` for each section, empty or not: they stand wherever the catalogue says `group`; some only where an image has a
command, as its configuration tells. Another follows each block of global configuration: blocks of commands marked
`.joined` share one, and so do `.joined` lines; blocks of one `.alike` command share theirs with the section's; an
`.apart` block has it in front, unless one is there. It parts `.apart` lines, and `.gap` has some follow a line; an
empty line follows a `.spaced` one.
Defaults are left out, except those marked `.shown`. A `.flat` block is printed line by line behind its header; a
`.closed` one stands between a `!` and its closing line. The text ends with `end`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iosemu.cli.declaration import CONFIG, PRIVILEGED, Command
from iosemu.cli.match import MatchError, match
from iosemu.config.tree import Block, Identity, Line, RunningConfig

SEPARATOR = "!"


def render(config: RunningConfig, level: int = PRIVILEGED) -> str:
    """The configuration from its first line to `end`, lines ended by newlines; of it what a privilege level may say."""
    return "".join(f"{line}\n" for line in (*_separated(config, level), "end"))


def running_config(config: RunningConfig, comments: str = "", level: int = PRIVILEGED) -> str:
    """What `show running-config` prints, `comments` above the configuration; the size is that of the text behind it, as
    it would be kept in NVRAM."""
    return _shown(kept(config, comments, level))


def kept(config: RunningConfig, comments: str = "", level: int = PRIVILEGED) -> str:
    """The configuration as NVRAM keeps it, with `comments` above it and a blank line behind it."""
    return f"{comments}{SEPARATOR}\n{render(config, level)}\n"


def block_config(config: RunningConfig, block: Block, level: int = PRIVILEGED) -> str:
    """What `show running-config interface NAME` prints: that block alone."""
    assert block.header is not None
    lines = [SEPARATOR, block.header.text, *(text for text, _ in _body(config, block, " ", level)), "end", ""]
    return _shown("".join(f"{line}\n" for line in lines))


def _shown(text: str) -> str:
    return f"Building configuration...\n\nCurrent configuration : {len(text.encode())} bytes\n{text}"


def _separated(config: RunningConfig, level: int) -> Iterator[str]:
    """The lines of the root, with the `!` behind its blocks, or in front of them."""
    opened: Command | None = None
    last = ""
    for line, opener in _body(config, config.root, "", level):
        ends = not line.startswith(" ") if opener is None else not _share(opened, opener.command)
        if opened is not None and ends:
            if not (opened.alike and line == SEPARATOR):
                yield SEPARATOR
                last = SEPARATOR
            opened = None
        if opener is not None and not opener.command.apart:
            opened = opener.command
        elif opener is not None and last != SEPARATOR:
            yield SEPARATOR
        yield line
        last = line
    if opened is not None:
        yield SEPARATOR


def _share(before: Command | None, command: Command) -> bool:
    """Does no `!` stand between what these two print?"""
    if before is command and command.alike:
        return True
    return before is not None and before.joined and command.joined and bool(before.enters) == bool(command.enters)


def _body(config: RunningConfig, block: Block, indent: str, level: int) -> Iterator[tuple[str, Line | None]]:
    """The lines of a block with those of the blocks in it, each with its header where it is one.

    A line of a command marked `.joined` stands as a block of its own.
    """
    layout = config.schema.layout(block.mode)
    groups = iter([place for place, said in layout.groups if not said or _says(config.root, said)])
    next_group = next(groups, None)
    shown = layout.shown if block.header is not None else _of_hardware(config, layout.shown)
    for place in sorted({*block.places, *shown} - block.unsaid):
        while next_group is not None and next_group <= place:
            yield f"{indent}{SEPARATOR}", None
            next_group = next(groups, None)
        before: Identity | None = None
        for line in filter(lambda line: _may_say(config, block, line, level), _lines(config, block, place)):
            if line.command.apart and line.identity[:1] != before:
                yield f"{indent}{SEPARATOR}", None
                before = line.identity[:1]
            yield indent + line.text, line if line.command.joined else None
            yield from [(f"{indent}{SEPARATOR}", None)] * (0 if line.negated else line.command.gap)
            if line.command.spaced:
                yield "", None
        for inner in _blocks(config, block, place):
            if inner.header is not None and _may_say(config, block, inner.header, level):
                yield from _block(config, inner, indent, level)
    while next_group is not None:
        yield f"{indent}{SEPARATOR}", None
        next_group = next(groups, None)


def _says(block: Block, command_id: str) -> bool:
    return bool(block.all(command_id) or block.children(command_id))


def _of_hardware(config: RunningConfig, places: tuple[int, ...]) -> list[int]:
    """Those of these places of global configuration whose hardware is there."""
    commands = config.schema.mode(CONFIG).commands
    return [place for place in places if commands[place].id not in config.absent]


def _block(config: RunningConfig, block: Block, indent: str, level: int) -> Iterator[tuple[str, Line | None]]:
    """The header of a block and its lines."""
    header = block.header
    assert header is not None
    if header.command.flat:
        yield from ((f"{indent}{header.text} {line.text}", None) for line in block.lines)
        return
    closed = header.command.closed
    if closed:
        yield f"{indent}{SEPARATOR}", None
    yield indent + header.text, header
    for text, _ in _body(config, block, indent + " " * header.command.indent, level):
        yield text, None
    if closed:
        yield f"{indent}{closed}", None


def _may_say(config: RunningConfig, block: Block, line: Line, level: int) -> bool:
    """May a user of that privilege level say this line in this block?"""
    if level >= PRIVILEGED:
        return True
    try:
        return match(config.catalogue.mode(block.mode), line.text, level).command == line.command
    except MatchError:
        return False


def _lines(config: RunningConfig, block: Block, place: int) -> list[Line]:
    """What is printed at one place: lines that were set, and a default that is shown."""
    lines = list(block.lines_at(place))
    mode = config.schema.mode(block.mode)
    command = mode.commands[place]
    order = config.orders.get(command.id, _natural if command.sorted else None)
    if order is not None:
        lines.sort(key=order)
    if command.shown and not command.enters and not (command.unless and block.all(command.unless)):
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
    view = config.views.get(command.id)
    return view(blocks) if view is not None else blocks


_NUMBER = re.compile(r"(\d+)")


def _natural(line: Line) -> tuple[str | int, ...]:
    """Identity in the order in which people count: 2 before 10. Text and numbers take turns."""
    parts: list[str | int] = [*_NUMBER.split(" ".join(line.identity))]
    parts[1::2] = map(int, parts[1::2])
    return tuple(parts)
