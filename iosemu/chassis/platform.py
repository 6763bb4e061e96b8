"""Platform files: one TOML file a chassis, read into a checked, frozen value.

The files live in `platforms/` of the source tree and in `iosemu/platforms/` of an installed package; a directory named
by the environment variable IOSEMU_PLATFORMS is searched first, so a new chassis needs no change of code. A file may say
`extends = "OTHER"`: what it does not say itself is then as in the other file, so models of a family share their facts.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec


class UnknownPlatform(Exception):
    """No platform file of that name; the text is one line for the user."""


class BadPlatformFile(Exception):
    """A platform file that does not fit the schema; the text names the file and the key."""


class BuiltinInterface(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An interface of the processor board, e.g. kind "FastEthernet", unit "0/0", hardware (its chip) "AmdFE"."""

    kind: str
    unit: str
    hardware: str = ""


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a slot takes and what the emulator puts there unless told otherwise."""

    accepts: tuple[str, ...]
    default: str | None = None


class Module(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card: trunk ports, DSP channels, or both."""

    text: str
    trunks: int = 0
    trunk_kind: Literal["T1", "E1"] = "T1"
    dsp: str | None = None
    dsp_channels: int = 0


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The documented limit: a session weighs 1 (a store-and-forward fax `fax_mail`), all together at most `total`."""

    source: str
    total: int | None = None
    fax_mail: int = 1

    @property
    def text(self) -> str:
        """The rule as the document writes it."""
        if self.total is None:
            return self.source
        fax = "fax" if self.fax_mail == 1 else f"{self.fax_mail} x fax"
        return f"{fax} + voice <= {self.total}"


class Platform(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One chassis: what `show version` says of it, its memory in kilobytes, its slots and its limits.

    `port_naming` makes the unit of a trunk port from {slot} and {port}; the voice port of a PRI is that unit, a colon
    and `voice_port_suffix` ("D" on the access servers, the D channel's number on modular routers). Lines of `processor`
    may hold {product}, {dram} and {io}.
    """

    name: str
    product: str
    summary: str
    software: str
    image: str
    version: str
    image_file: str
    compiled: str
    text_base: str
    data_base: str
    rom: str
    bootldr: str | None = None
    processor: tuple[str, ...]
    configuration_register: str
    memory_kb: int
    io_memory_kb: int
    nvram_kb: int
    flash_kb: int
    boot_flash_kb: int = 0
    builtin_interfaces: tuple[BuiltinInterface, ...]
    port_naming: str
    voice_port_suffix: str = "D"
    slots: dict[str, Slot]
    modules: dict[str, Module]
    limit: Limit

    @property
    def banner(self) -> str:
        """The second line of the version banner up to the release, e.g. `IOS (tm) 5300 Software (C5300-JS-M)`."""
        return f"IOS (tm) {self.software} Software ({self.image})"


def _folders() -> list[Path]:
    package = Path(__file__).resolve().parent.parent
    folders = [package / "platforms", package.parent / "platforms"]
    own = os.environ.get("IOSEMU_PLATFORMS")
    return ([Path(own)] if own else []) + [folder for folder in folders if folder.is_dir()]


def names() -> list[str]:
    """The names of all platforms that can be loaded, sorted."""
    return sorted({file.stem for folder in _folders() for file in folder.glob("*.toml")})


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
    return next((file for folder in _folders() if (file := folder / f"{name}.toml").is_file()), None)


def _read(file: Path) -> Platform:
    try:
        platform = msgspec.convert(_values(file, {file.stem}), Platform)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadPlatformFile(f"{file.name}: {error}") from None
    if platform.name != file.stem:
        raise BadPlatformFile(f"{file.name}: name is {platform.name!r}, the file says {file.stem!r}")
    for number, slot in platform.slots.items():
        for module in (*slot.accepts, *([slot.default] if slot.default else [])):
            if module not in platform.modules:
                raise BadPlatformFile(f"{file.name}: slots.{number} names {module!r}, which is not under [modules]")
        if slot.default and slot.default not in slot.accepts:
            raise BadPlatformFile(f"{file.name}: slots.{number} does not accept its default {slot.default!r}")
    return platform
