"""Platform files: one TOML file a chassis, read into a checked, frozen value.

The files live in `platforms/` of the source tree and in `iosemu/platforms/` of an installed package; a directory named
by the environment variable IOSEMU_PLATFORMS is searched first, so a new chassis needs no change of code. A file may say
`extends = "OTHER"`: what it does not say itself is then as in the other file, so models of a family share their facts.
The cards that go into slots are one table a card in the files of `platforms/modules/`, which all platforms share.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

from iosemu.chassis import toml_values
from iosemu.chassis.platform_checks import faults
from iosemu.chassis.schema import BootRom, Bound, BuiltinInterface, Limit, Module, Platform, Slot

__all__ = [
    "BadPlatformFile",
    "BootRom",
    "Bound",
    "BuiltinInterface",
    "Limit",
    "Module",
    "Platform",
    "Slot",
    "UnknownPlatform",
    "folders",
    "load",
    "names",
]


class UnknownPlatform(Exception):
    """No platform file of that name; the text is one line for the user."""


class BadPlatformFile(Exception):
    """A platform file that does not fit the schema; the text names the file and the key."""


def folders() -> list[Path]:
    """Where platform files are, the first to be searched first."""
    package = Path(__file__).resolve().parent.parent
    folders = [package / "platforms", package.parent / "platforms"]
    own = os.environ.get("IOSEMU_PLATFORMS")
    return ([Path(own)] if own else []) + [folder for folder in folders if folder.is_dir()]


def names() -> list[str]:
    """The names of all platforms that can be loaded, sorted."""
    return sorted({file.stem for folder in folders() for file in folder.glob("*.toml")})


@cache
def load(name: str) -> Platform:
    """Read platform `name` (any case).

    Raises UnknownPlatform where no file has that name, BadPlatformFile where it does not fit the schema.
    """
    wanted = name.lower()
    file = _find(wanted) if wanted in names() else None
    if file is not None:
        return _read(file)
    raise UnknownPlatform(f"unknown platform {name!r}: choose one of {', '.join(names())}")


def _values(file: Path, seen: set[str]) -> dict[str, object]:
    """What a file says, over what the files say that it extends; `seen` keeps them from going round."""
    values = tomllib.loads(file.read_text("utf-8"))
    base = values.pop("extends", None)
    if base is None:
        return values
    found = _find(str(base))
    if found is None or base in seen:
        raise BadPlatformFile(f"{file.name}: extends {base!r}, which {'is this file' if found else 'is not there'}")
    return {**_values(found, {*seen, str(base)}), **values}


def _find(name: str) -> Path | None:
    return next((file for folder in folders() if (file := folder / f"{name}.toml").is_file()), None)


@cache
def _shared_modules(folder: Path) -> dict[str, object]:
    """The cards of `folder`/modules/*.toml by name."""
    found: dict[str, object] = {}
    for file in sorted((folder / "modules").glob("*.toml")):
        try:
            found |= toml_values.read(tomllib.loads(file.read_text("utf-8")), dict[str, Module])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, toml_values.Misfit) as error:
            raise BadPlatformFile(f"modules/{file.name}: {error}") from None
    return found


def _read(file: Path) -> Platform:
    try:
        values = _values(file, {file.stem})
        own = toml_values.read(values.pop("modules", {}), dict[str, Module])
        shared = {name: module for folder in reversed(folders()) for name, module in _shared_modules(folder).items()}
        platform = toml_values.read({**values, "modules": {**shared, **own}}, Platform)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, toml_values.Misfit) as error:
        raise BadPlatformFile(f"{file.name}: {error}") from None
    if platform.name != file.stem:
        raise BadPlatformFile(f"{file.name}: name is {platform.name!r}, the file says {file.stem!r}")
    fault = next(faults(platform), None)
    if fault is not None:
        raise BadPlatformFile(f"{file.name}: {fault}")
    return platform
