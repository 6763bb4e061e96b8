"""The grammar of the command line as plain data, for those who describe it: man page, completion, documentation.

Rule: everything comes from the argument parser, so nothing that describes the tool can be out of date.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from iosemu.app.arguments import parser


@dataclass(frozen=True, slots=True)
class Option:
    """An option (`flags` such as `--pace`) or, without flags, a positional argument. `choices` are the words it takes,
    where they are known; `metavar` stands for its value, "" where it takes none."""

    flags: tuple[str, ...]
    metavar: str
    choices: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its `words` after `iosemu`, what it does, how it is written, what it takes."""

    words: tuple[str, ...]
    help: str
    usage: str
    options: tuple[Option, ...]


def entries() -> list[Entry]:
    """The tool itself (no words), then every command, in the order of `iosemu --help`; one that only leads to others
    is among them."""
    return list(_entries(parser(), (), ""))


def _entries(of: argparse.ArgumentParser, words: tuple[str, ...], told: str) -> Iterator[Entry]:
    usage = " ".join(of.format_usage().removeprefix("usage: ").split())
    yield Entry(words, told or of.description or "", usage, tuple(_options(of)))
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, child in action.choices.items():
                yield from _entries(child, (*words, *name.split()), helps.get(name, ""))


def _options(of: argparse.ArgumentParser) -> Iterator[Option]:
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction) or action.help == argparse.SUPPRESS:
            continue
        takes = action.nargs != 0
        choices = tuple(map(str, action.choices or ()))
        metavar = (
            action.metavar if isinstance(action.metavar, str) else "{" + ",".join(choices) + "}" if choices else ""
        )
        yield Option(tuple(action.option_strings), metavar if takes else "", choices, action.help or "")
