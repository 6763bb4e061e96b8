"""Check catalogue files: what `python -m iosemu.cli.catalogue [FILE ...]` prints.

Rule: an error is a file that does not compile, two commands that claim one line, a default or other spelling that is
no line, or a block whose mode nobody declares; a word without help is a warning. One line each, starting
`FILE:LINE:`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from iosemu.cli import graph
from iosemu.cli.catalogue_text import compile_files
from iosemu.cli.declaration import CatalogueError, Command, Mode, ModeData
from iosemu.cli.match import MatchError, match
from iosemu.cli.release import disjoint


def _place(command: Command) -> str:
    return f"{command.file}:{command.line}"


def errors(modes: Mapping[str, Mode]) -> Iterator[str]:
    """What is wrong with a catalogue that compiles."""
    for mode in modes.values():
        for number, type_name in graph.argument_clashes(dict(enumerate(mode.commands))):
            yield f"{_place(mode.commands[number])}: two arguments of type {type_name} at one place"
        for state in _states(mode.start(), set()):
            yield from _claimed_twice([mode.commands[number] for number in state.ends])
        for command in mode.commands:
            kind = command.enters.partition("{")[0]
            if kind and not any(
                name == command.enters or (kind != command.enters and name.startswith(kind)) for name in modes
            ):
                yield f"{_place(command)}: .enters {command.enters}: no such mode"
            if command.default:
                yield from _wrong_default(mode, command)


def _states(state: graph.State, seen: set[graph.State]) -> Iterator[graph.State]:
    if state not in seen:
        seen.add(state)
        yield state
        for edge in (*state.keywords.values(), *state.arguments):
            yield from _states(edge.target, seen)


def _apart(command: Command, other: Command) -> bool:
    """Does no router have both, by its platform or by its release?"""
    if command.platforms and other.platforms and set(command.platforms).isdisjoint(other.platforms):
        return True
    return disjoint(command.releases, other.releases)


def _claimed_twice(commands: list[Command]) -> Iterator[str]:
    for at, command in enumerate(commands):
        for other in commands[:at]:
            if not _apart(command, other):
                yield f"{_place(command)}: {command.notation!r} can be the same line as that of {_place(other)}"


def _wrong_default(mode: Mode, command: Command) -> Iterator[str]:
    try:
        found = match(mode, command.default).command
    except MatchError as error:
        yield f"{_place(command)}: .default {command.default}: {error}"
        return
    if found is not command and not _apart(found, command):
        yield f"{_place(command)}: .default {command.default}: is a line of {found.notation!r}"


def warnings(modes: Iterable[Mode]) -> Iterator[str]:
    """Words for which `?` would print no help; of several commands that share a word, one may give it for all."""
    for mode in modes:
        for state in _states(mode.start(), set()):
            for edge in (*state.keywords.values(), *state.arguments):
                if not edge.help and not edge.hidden:
                    command = mode.commands[next(iter(edge.bindings))]
                    yield f"{_place(command)}: no help for {edge.text} in {command.notation!r}"


def _faults(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The first fault of each file that cannot be read; that a command is another file's says nothing of it."""
    for file in files:
        try:
            compile_files([file])
        except CatalogueError as error:
            if ": moved: " not in str(error):
                yield str(error)


def report(files: Iterable[tuple[str, str]], modes_of: Callable[[Mapping[str, ModeData]], Mapping[str, Mode]]) -> int:
    """Print what is wrong with the files, given as `(name, text)`; 0 where nothing is."""
    files = list(files)
    found: list[str] = []
    silent: list[str] = []
    try:
        modes = modes_of(compile_files(files))
    except CatalogueError as error:
        found = list(dict.fromkeys([str(error), *_faults(files)]))
    else:
        found = list(errors(modes))
        silent = list(warnings(modes.values()))
    for line in (*silent, *found):
        print(line)
    print(f"{len(files)} files, {len(found)} errors, {len(silent)} words without help")
    return 1 if found else 0
