"""The releases that can run on a platform, and which of them a router must have had, told by its configuration.

Rule: a release that is asked for by its full name is that one; where nothing is known of its image, it says of itself
what the one before it says. Where only the version is known - asked for, or from the
`version` line - it is the release of that version which has most of the changing commands that the configuration says,
and which would print it least otherwise: its own defaults, the order of global lines, the `!` between them; the oldest
among equals. The platform's own release is given up only for one of its version that has more of what is said (the
newest among equals), and is taken where the configuration names none that is emulated. The files are
`platforms/releases/*.toml`, one table a release.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from iosemu.chassis import toml_values
from iosemu.chassis.platform import BadPlatformFile, Platform, folders, load
from iosemu.cli import catalogue
from iosemu.cli.declaration import CONFIG, Command, Mode
from iosemu.cli.match import MatchError, match
from iosemu.cli.release import BadRelease, Release

_WORD = re.compile(r"[\w+.-]+")
_FEATURES = re.compile(r"\w+")
_VERSION = re.compile(r"^version\s+(\d+\.\d+)\s*$", re.IGNORECASE | re.MULTILINE)


class UnknownRelease(Exception):
    """No release of that name is emulated, or no image has that set of features; the text is one line for the user."""


class Image(NamedTuple):
    """What `show version` says of a release: when and by whom it was compiled, and the build ("fc2"). One that is no
    `candidate` has to be asked for by its name."""

    compiled: str
    build: str
    candidate: bool = True


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
        values = toml_values.read(tomllib.loads(file.read_text("utf-8")), dict[str, Image])
        return {Release.of(name): image for name, image in values.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, toml_values.Misfit, BadRelease) as error:
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
    if asked and not wanted.is_version and any(release.version == wanted.version for release in images()):
        return wanted
    options = [release for release, image in images().items() if wanted.name == release.version and image.candidate]
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


def running(platform: Platform, release: Release | None, features: str = "") -> Platform:
    """The platform with an image of that release and set of features ("IS", "IK9O3S"); with its own for None and "".

    Raises UnknownRelease.
    """
    own = Release.of(platform.version)
    if features:
        platform = _with_features(platform, features)
    if release is None or release == own:
        return platform
    image = images().get(release) or _nearest(release)
    if image is None:
        raise UnknownRelease(f"unknown release {release.name!r}: choose one of {_names()}")
    return platform._replace(
        version=release.name,
        image_file=platform.image_file.replace(own.file_form, release.file_form),
        compiled=image.compiled,
        build=image.build,
    )


def _with_features(platform: Platform, features: str) -> Platform:
    """The name of an image tells its features in the middle: C3660-JS-M, c3660-js-mz.122-15.T9.bin."""
    family, own, kind = platform.image.split("-")
    if _FEATURES.fullmatch(features) is None:
        raise UnknownRelease(f"{features!r} is no set of features: write it as in the name of an image, IK9O3S")
    return platform._replace(
        image=f"{family}-{features.upper()}-{kind}",
        image_file=platform.image_file.replace(f"-{own.lower()}-", f"-{features.lower()}-"),
    )


def _nearest(wanted: Release) -> Image | None:
    """That of the release before it on its branch of the version, else of the first one there."""
    known = [release for release in images() if release[:3] == wanted[:3]]
    before = [release for release in known if release < wanted]
    return images()[before[-1] if before else known[0]] if known else None


def _names() -> str:
    return ", ".join(release.name for release, image in images().items() if image.candidate)


def _best(platform: Platform, own: Release, options: list[Release], text: str) -> Release:
    said = {line.strip() for line in text.splitlines()}  # documents lose and gain indentation
    whole, names = catalogue.load(), (platform.name, platform.family)
    known = whole.for_platform(*names, release=None).mode(CONFIG).commands
    changing = [command for command in known if not command.alias and (command.releases or command.shown_in)]
    spoken = {_spelling(command) for command in changing if _is_said(command, said)}
    has = {release: _has(changing, release, spoken) for release in options}
    # Its own release is left for what is said only, not for what is left out: people write configurations, too.
    if own in options and has[own] == max(has.values()):
        return own
    best = [release for release in options if has[release] == max(has.values())]
    if len(best) == 1:
        return best[0]
    lines = _sections(text)
    # `min` takes the first of equals: the oldest, of the platform's own version the newest.
    ordered = best[::-1] if own in options else best
    unlike = {
        release: _swallowed(changing, release, said, spoken) + _misplaced(mode, lines)
        for release, mode in zip(ordered, whole.in_releases(CONFIG, ordered, *names), strict=True)
    }
    return min(ordered, key=unlike.__getitem__)


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


def _there(commands: Iterable[Command], release: Release) -> dict[str, Command]:
    return {_spelling(command): command for one in commands if (command := one.at(release)) is not None}


def _has(commands: Iterable[Command], release: Release, spoken: set[str]) -> int:
    """How many of the commands said it has."""
    return len(_there(commands, release).keys() & spoken)


def _swallowed(commands: Iterable[Command], release: Release, said: set[str], spoken: set[str]) -> int:
    """How many defaults it prints that are not said, or swallows that are."""
    there = _there(commands, release)
    return sum(words not in spoken if one.shown else one.default in said for words, one in there.items())


def _sections(text: str) -> list[tuple[str, int]]:
    """The global lines of a configuration without `no`, each with the `!` in front of it; 0 where all runs of `!` were
    made one."""
    lines: list[tuple[str, int]] = []
    bars = 0
    for line in text.splitlines():
        if line.rstrip() == "!":
            bars += 1
        elif line and not line[0].isspace() and line[0] != "!":
            lines.append((line.removeprefix("no "), bars))
            bars = 0
    kept = any(bars > 1 for _, bars in lines)
    return [(line, bars if kept else 0) for line, bars in lines]


def _misplaced(mode: Mode, lines: list[tuple[str, int]]) -> int:
    """How much the order in which a mode prints these lines is another, and the number of `!` in front of them."""
    sections: list[int] = []
    count = 0
    for entry in mode.layout:
        if not isinstance(entry, str):
            sections.append(count)
        elif not entry or any(line.startswith(entry) for line, _ in lines):
            count += 1
    known = wrong = last = own = 0
    rising: list[int] = []
    for line, bars in lines:
        command = _starting(mode, line)
        if command is None:
            own = 0
            continue
        place = mode.places[command.id][0]
        # The longest run of lines in order, where it may end lowest; all others stand elsewhere.
        at = bisect_right(rising, place)
        rising[at : at + 1] = [place]
        known += 1
        wrong += min(abs(bars - (sections[place] - sections[last] + own)), 2) if bars else 0
        last, own = place, int(bool(command.enters) and not command.flat)
    # A line elsewhere is missed at one place and too much at another; as much, at most, is a run of `!`.
    return wrong + 2 * (known - len(rising))


def _starting(mode: Mode, line: str) -> Command | None:
    """The command with the longest id that a line starts with."""
    words = line.split()
    ids = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    return next((mode.by_id[command_id] for command_id in ids if command_id in mode.by_id), None)
