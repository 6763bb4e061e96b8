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
    """What a slot takes, as names of modules or as their forms, and what is there unless told otherwise."""

    accepts: tuple[str, ...]
    default: str | None = None


class Module(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card: `form` tells where it fits ("NM", "WIC"), `ports` how many it has of each kind: trunks ("T1"), interfaces
    ("FastEthernet", whose chip `chips` names), analog voice ports ("FXS"). `bays` are the places of daughter cards."""

    text: str
    form: str
    ports: dict[str, int] = {}
    chips: dict[str, str] = {}
    bays: tuple[tuple[str, ...], ...] = ()
    dsp: str | None = None
    dsp_channels: int = 0


class Bound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A supported mixture of calls: a session weighs 1 (a store-and-forward fax `fax_mail`), all together at most
    `total`, and at most `most_fax_mail` of them are store-and-forward faxes. `needs_mb` of memory is a condition."""

    total: int | None = None
    fax_mail: int = 1
    most_fax_mail: int | None = None
    needs_mb: int = 0

    def holds(self, fax_mail: int, others: int) -> bool:
        """May that many sessions be up together?"""
        return (self.total is None or self.fax_mail * fax_mail + others <= self.total) and (
            self.most_fax_mail is None or fax_mail <= self.most_fax_mail
        )

    @property
    def text(self) -> str:
        """The rule as the documents write it; "" where nothing bounds."""
        fax = "fax" if self.fax_mail == 1 else f"{self.fax_mail} x fax"
        parts = [f"{fax} + voice <= {self.total}"] if self.total is not None else []
        parts += [f"fax <= {self.most_fax_mail}"] if self.most_fax_mail is not None else []
        parts += [f"{self.needs_mb} MB"] if self.needs_mb else []
        return ", ".join(parts)


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The documented limit: calls may be up while one of its bounds holds; without any, channels and ports decide."""

    source: str
    any_of: tuple[Bound, ...] = ()

    @property
    def text(self) -> str:
        """The rule as the document writes it."""
        return " or ".join(bound.text for bound in self.any_of) or self.source


class BootRom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a boot ROM prints behind its version line (the platform's `rom`), and the size of the image, which unpacks
    itself. Lines may hold {dram} and {io}, as those of `processor`, and {memory}, their sum."""

    lines: tuple[str, ...] = ("Copyright (c) 1999 by cisco Systems, Inc.",)
    entry_point: str = "0x80008000"
    image_size: str = "0xb90034"


class Platform(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One chassis: what `show version` says of it, its memory in kilobytes, its slots and its limits.

    `port_naming` makes the unit of a trunk port or interface from {slot} and {port}, `voice_port_naming` that of an
    analog voice port from {slot}, {bay} and {port}; the voice port of a PRI is the trunk's unit, a colon and
    `voice_port_suffix` ("D" on the access servers, the D channel's number on modular routers). A key of `slots` is a
    slot's number, or SLOT/BAY for an interface card slot of the processor board. `aux_line` is the number of the
    auxiliary port among all terminal lines: those of all slots come before it. Lines of `processor` may hold
    {product}, {dram} and {io}. `interface_order` tells whether the running-config goes through a slot kind by kind or
    port by port.
    """

    name: str
    product: str
    summary: str
    software: str
    image: str
    version: str
    image_file: str
    compiled: str
    build: str = "fc2"
    text_base: str
    data_base: str
    rom: str
    bootldr: str | None = None
    boot: BootRom = BootRom()
    processor: tuple[str, ...]
    configuration_register: str
    memory_kb: int
    io_memory_kb: int
    nvram_kb: int
    flash_kb: int
    boot_flash_kb: int = 0
    flash_class: Literal["A", "B", "C"] = "B"
    """A keeps deleted files until squeezed, B until erased, C (ATA disks) frees them and has directories."""
    flash_slots: tuple[str, ...] = ()
    """Slots for flash cards, e.g. "slot0"; the emulated router has no card in them."""
    builtin_interfaces: tuple[BuiltinInterface, ...]
    aux_line: int = 1
    port_naming: str
    voice_port_naming: str = "{slot}/{bay}/{port}"
    voice_port_suffix: str = "D"
    interface_order: Literal["kind", "port"] = "kind"
    slots: dict[str, Slot]
    modules: dict[str, Module]
    limit: Limit

    @property
    def family(self) -> str:
        """Those that share a series of images: "2600", "3700", "as5400"; `.platforms` of the catalogue names it."""
        number = self.software.removeprefix("C")
        return f"as{number}" if self.product.startswith("AS") else number

    @property
    def banner(self) -> str:
        """The second line of the version banner up to the release, e.g. `IOS (tm) 5300 Software (C5300-JS-M)`."""
        return f"IOS (tm) {self.software} Software ({self.image})"

    def fitting(self, accepts: tuple[str, ...]) -> list[str]:
        """The modules that a slot or bay takes which accepts these names and forms, in the order of `accepts`."""
        return [name for wanted in accepts for name, module in self.modules.items() if wanted in (name, module.form)]


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
            found |= msgspec.convert(tomllib.loads(file.read_text("utf-8")), dict[str, Module])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise BadPlatformFile(f"modules/{file.name}: {error}") from None
    return found


def _read(file: Path) -> Platform:
    try:
        values = _values(file, {file.stem})
        own = msgspec.convert(values.pop("modules", {}), dict[str, Module])
        shared = {name: module for folder in reversed(folders()) for name, module in _shared_modules(folder).items()}
        platform = msgspec.convert({**values, "modules": {**shared, **own}}, Platform, from_attributes=True)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadPlatformFile(f"{file.name}: {error}") from None
    if platform.name != file.stem:
        raise BadPlatformFile(f"{file.name}: name is {platform.name!r}, the file says {file.stem!r}")
    for number, slot in platform.slots.items():
        _check_slot(platform, file, number, slot)
    return platform


def _check_slot(platform: Platform, file: Path, number: str, slot: Slot) -> None:
    for wanted in slot.accepts:
        if not platform.fitting((wanted,)):
            raise BadPlatformFile(f"{file.name}: slots.{number} accepts {wanted!r}, no module and no form of one")
    if slot.default and slot.default not in platform.fitting(slot.accepts):
        raise BadPlatformFile(f"{file.name}: slots.{number} does not accept its default {slot.default!r}")
