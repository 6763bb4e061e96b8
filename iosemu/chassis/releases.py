"""The releases that can run on a platform, and which of them a router must have had, told by its configuration.

Rule: a release that is asked for by its full name is that one. Where only the version is known - asked for, or from the
`version` line - it is the release of that version which has most of the changing commands that the configuration says,
and whose own printed defaults differ least from those that it says; the oldest among equals. For the platform's own
version, and where the configuration names none that is emulated, it is the platform's own release. The files are
`platforms/releases/*.toml`, one table a release.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from iosemu.chassis.platform import BadPlatformFile, Platform, folders, load
from iosemu.cli import catalogue
from iosemu.cli.declaration import CONFIG, Command
from iosemu.cli.release import BadRelease, Release

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
    if wanted == own or (wanted.is_version and wanted.version == own.version):
        return own
    options = [release for release in images() if wanted in (release, Release.of(release.version))]
    if not options:
        if asked is None:
            return own
        raise UnknownRelease(f"unknown release {name!r}: choose one of {_names()}")
    return _best(load(platform), options, text) if text and len(options) > 1 else options[0]


def commands_of(platform: Platform) -> catalogue.Catalogue:
    """What the release has that the platform runs, as far as the platform has it."""
    release = Release.of(platform.version)
    return catalogue.load().for_platform(platform.name, platform.family, release=release)


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


def _best(platform: Platform, options: list[Release], text: str) -> Release:
    said = {line.strip() for line in text.splitlines()}  # documents lose and gain indentation
    known = catalogue.load().for_platform(platform.name, platform.family, release=None).mode(CONFIG).commands
    changing = [command for command in known if command.releases or command.shown_in]
    spoken = {command.id for command in changing if _is_said(command, said)}
    # `max` takes the first of equals: the oldest.
    return max(options, key=lambda release: _worth(changing, release, said, spoken))


def _is_said(command: Command, said: Iterable[str]) -> bool:
    return any(f"{line.removeprefix('no ')} ".startswith(f"{command.id} ") for line in said)


def _worth(commands: Iterable[Command], release: Release, said: set[str], spoken: set[str]) -> tuple[int, int]:
    """How many of the commands said it has; how few defaults it prints that are not said, or swallows that are."""
    there = {command.id: command for one in commands if (command := one.at(release)) is not None}
    wrong = sum(one.id not in spoken if one.shown else one.default in said for one in there.values())
    return len(there.keys() & spoken), -wrong
