"""The releases that can run on a platform, and which of them a router must have had, told by its configuration.

Rule: a release that is asked for by its full name is that one. Where only the version is known - asked for, or from the
`version` line - it is the release of that version which has most of the changing commands that the configuration says,
and whose own printed defaults differ least from those that it says; the oldest among equals. The platform's own release
is given up only for one of its version that has more of what is said (the newest among equals), and is taken where the
configuration names none that is emulated. The files are `platforms/releases/*.toml`, one table a release.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path

import msgspec

from iosemu.chassis.platform import BadPlatformFile, Platform, folders, load
from iosemu.cli import catalogue
from iosemu.cli.declaration import CONFIG, Command, Mode
from iosemu.cli.match import MatchError, match
from iosemu.cli.release import BadRelease, Release

_WORD = re.compile(r"[\w+.-]+")
_VERSION = re.compile(r"^version\s+(\d+\.\d+)\s*$", re.IGNORECASE | re.MULTILINE)


class UnknownRelease(Exception):
    """No release of that name is emulated; the text is one line for the user."""


class Image(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `show version` says of a release: when and by whom it was compiled, and the build ("fc2")."""

    compiled: str
    build: str


@cache
def images() -> dict[Release, Image]:
    """All releases that can be chosen, the oldest first.

    Raises BadPlatformFile.
    """
    found: dict[Release, Image] = {}
    for file in (file for folder in reversed(folders()) for file in sorted((folder / "releases").glob("*.toml"))):
        found |= _read(file)
    return dict(sorted(found.items()))


def _read(file: Path) -> dict[Release, Image]:
    try:
        values = msgspec.convert(tomllib.loads(file.read_text("utf-8")), dict[str, Image])
        return {Release.of(name): image for name, image in values.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, BadRelease) as error:
        raise BadPlatformFile(f"releases/{file.name}: {error}") from None


def release_for(platform: str, asked: str | None, text: str | None) -> Release:
    """The release of a router of that platform: the one `asked` for, or that its configuration tells.

    `text` is None or empty where it has no configuration. Raises UnknownPlatform, BadPlatformFile, UnknownRelease.
    """
    own = Release.of(load(platform).version)
    said = _VERSION.search(text or "")
    name = asked or (said[1] if said is not None else own.version)
    try:
        wanted = Release.of(name)
    except BadRelease as error:
        raise UnknownRelease(str(error)) from None
    if wanted == own or (wanted.is_version and wanted.version == own.version and (asked or said is None)):
        return own
    options = [release for release in images() if wanted in (release, Release.of(release.version))]
    if not options:
        if asked is None:
            return own
        raise UnknownRelease(f"unknown release {name!r}: choose one of {_names()}")
    return _best(load(platform), own, options, text) if text and len(options) > 1 else options[0]


def commands_of(platform: Platform) -> catalogue.Catalogue:
    """What the release has that the platform runs, as far as the platform has it."""
    return _commands(platform.name, platform.family, platform.version)


@lru_cache(maxsize=16)
def _commands(name: str, family: str, version: str) -> catalogue.Catalogue:
    """One for all routers of a kind: it is large, and never changes."""
    return catalogue.load().for_platform(name, family, release=Release.of(version))


def running(platform: Platform, release: Release | None) -> Platform:
    """The platform with an image of that release; with its own for None.

    Raises UnknownRelease.
    """
    own = Release.of(platform.version)
    if release is None or release == own:
        return platform
    image = images().get(release)
    if image is None:
        raise UnknownRelease(f"unknown release {release.name!r}: choose one of {_names()}")
    return msgspec.structs.replace(
        platform,
        version=release.name,
        image_file=platform.image_file.replace(own.file_form, release.file_form),
        compiled=image.compiled,
        build=image.build,
    )


def _names() -> str:
    return ", ".join(release.name for release in images())


def _best(platform: Platform, own: Release, options: list[Release], text: str) -> Release:
    said = {line.strip() for line in text.splitlines()}  # documents lose and gain indentation
    known = catalogue.load().for_platform(platform.name, platform.family, release=None).mode(CONFIG).commands
    changing = [command for command in known if not command.alias and (command.releases or command.shown_in)]
    spoken = {_spelling(command) for command in changing if _is_said(command, said)}
    # `max` takes the first of equals: the oldest, of the platform's own version the newest.
    ordered = reversed(options) if own in options else options
    best = max(ordered, key=lambda release: _worth(changing, release, said, spoken))
    # Its own release is left for what is said only, not for what is left out: people write configurations, too.
    if own in options and _worth(changing, own, said, spoken)[0] == _worth(changing, best, said, spoken)[0]:
        return own
    return best


def _spelling(command: Command) -> str:
    """The words that it starts with, which are not always its id."""
    return " ".join(takewhile(_WORD.fullmatch, command.notation.split()))


def _is_said(command: Command, said: Iterable[str]) -> bool:
    start = f"{_spelling(command)} "
    lines = [line for line in said if f"{line.removeprefix('no ')} ".startswith(start)]
    # A line of a block may start as a global command does: `login`.
    return bool(lines) and any(_is_line(Mode("", "", "", [command]), line) for line in lines)


def _is_line(mode: Mode, line: str) -> bool:
    try:
        match(mode, line)
    except MatchError:
        return False
    return True


def _worth(commands: Iterable[Command], release: Release, said: set[str], spoken: set[str]) -> tuple[int, int]:
    """How many of the commands said it has; how few defaults it prints that are not said, or swallows that are."""
    there = {_spelling(command): command for one in commands if (command := one.at(release)) is not None}
    wrong = sum(words not in spoken if one.shown else one.default in said for words, one in there.items())
    return len(there.keys() & spoken), -wrong
