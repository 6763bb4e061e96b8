"""The catalogue: every command declared once, as text in `iosemu/catalogue/*.ios`, in the order in which it is printed.

Rule: files are read in the order of their names (the format: `iosemu.cli.catalogue_text`); a current compiled copy on
disk stands in for them. A mode is decoded when it is first asked for. `python -m iosemu.cli.catalogue [FILE ...]`
checks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

from iosemu.cli import compiled
from iosemu.cli.declaration import CONFIG, CatalogueError, Command, Mode, ModeData, Plain
from iosemu.cli.levels import Path, Setting
from iosemu.cli.release import Release

__all__ = ["Catalogue", "CatalogueError", "Command", "Mode", "load"]

DIRECTORY = os.path.join(os.path.dirname(os.path.dirname(__file__)), "catalogue")
"""Where the packaged catalogue files are."""


DEFAULT_RELEASE = Release.of("12.2(15)T9")
"""What is emulated unless told otherwise."""


class Catalogue:
    """All modes as one release has them, with None as any has; with `platforms`, only what a platform of these names
    has: its own and that of its family."""

    def __init__(
        self,
        read: Mapping[str, Callable[[], ModeData]],
        platforms: frozenset[str] = frozenset(),
        release: Release | None = DEFAULT_RELEASE,
    ) -> None:
        self._read = read
        self._platforms = platforms
        self._release = release
        self._modes: dict[str, Mode] = {}
        self.origin = self
        """The catalogue that this one is a router's view of."""

    @classmethod
    def parse(cls, text: str, file: str = "<text>") -> Catalogue:
        """The catalogue of one text.

        Raises CatalogueError naming file and line.
        """
        from iosemu.cli.catalogue_text import compile_files

        return cls.of(compile_files([(file, text)]))

    @classmethod
    def of(cls, modes: Mapping[str, ModeData]) -> Catalogue:
        """The catalogue of compiled modes."""
        return cls({name: lambda data=data: data for name, data in modes.items()})  # type: ignore[misc]

    def for_platform(self, *names: str, release: Release | None = DEFAULT_RELEASE) -> Catalogue:
        """The same catalogue without the commands that do not exist on a platform of these names, in that release."""
        return Catalogue(self._read, frozenset(names), release)

    def for_router(self) -> Catalogue:
        """The same catalogue for one router: its modes are those of this one until it gives them levels of its own."""
        view = self.for_platform(*self._platforms, release=self._release)
        view.origin = self.origin
        return view

    def relevel(self, name: str, settings: Callable[[], Mapping[Path, Setting]]) -> None:
        """Give keywords of a mode other privilege levels than they come with, in this catalogue only; they replace what
        was given and are asked for when a user of a level says a line."""
        if name not in self._modes:
            self._modes[name] = self.mode(name).own()
        self._modes[name].relevel(settings)

    def in_releases(self, name: str, releases: Iterable[Release], *platforms: str) -> Iterator[Mode]:
        """The mode called `name` as each of these releases has it on a platform of these names, decoded once."""
        data = self._read[name]()
        for release in releases:
            other = self.for_platform(*platforms, release=release)
            yield Mode(name, data.prompt, data.heading, other._layout(data.layout))

    @property
    def modes(self) -> tuple[str, ...]:
        return tuple(self._read)

    def mode(self, name: str) -> Mode:
        """The mode called `name`.

        Raises KeyError where the catalogue has none.
        """
        mode = self._modes.get(name)
        if mode is None and self.origin is not self:
            return self.origin.mode(name)
        if mode is None:
            data = self._read[name]()
            mode = Mode(name, data.prompt, data.heading, self._layout(data.layout))
            self._modes[name] = mode
        return mode

    def _layout(self, entries: Iterable[Plain | str]) -> Iterator[Command | str]:
        """What the platform and the release have of a layout."""
        release = self._release
        for entry in entries:
            if isinstance(entry, str):
                span, _, command_id = entry.partition(" of ")
                if not span or release is None or release.within(span):
                    yield command_id
                continue
            command = Command(*entry)
            if self._platforms and command.platforms and self._platforms.isdisjoint(command.platforms):
                continue
            there = command if release is None else command.at(release)
            if there is not None:
                yield there

    def command(self, command_id: str, mode: str = CONFIG) -> Command:
        """The first command of that id in `mode`.

        Raises KeyError where there is none.
        """
        return self.mode(mode).by_id[command_id]


def load(directory: str = DIRECTORY) -> Catalogue:
    """The catalogue of the files in `directory`, from the compiled copy on disk where that is current.

    Raises CatalogueError for a file that is wrong.
    """
    files = list(read_files(directory))
    packed = compiled.load(directory, files)
    if packed is None:
        # Imported here: nearly every start finds a copy.
        from iosemu.cli.catalogue_text import compile_files

        modes = compile_files(files)
        compiled.store(directory, files, modes)
        return Catalogue.of(modes)
    return Catalogue({name: lambda body=body: compiled.unpack(body) for name, body in packed.items()})  # type: ignore[misc]


def read_files(directory: str) -> Iterator[tuple[str, str]]:
    """Name and text of each catalogue file, in the order of the names."""
    for name in sorted(os.listdir(directory)):
        if name.endswith(".ios"):
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                yield name, file.read()


def main(paths: list[str]) -> int:
    """Check the packaged catalogue, or the files named, and print what is wrong; 0 where nothing is."""
    from iosemu.cli import check  # only this command needs it

    files = [] if paths else list(read_files(DIRECTORY))
    for path in paths:
        with open(path, encoding="utf-8") as file:
            files.append((os.path.basename(path), file.read()))
    return check.report(
        files, lambda modes: {name: Catalogue.of(modes).for_platform(release=None).mode(name) for name in modes}
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
