"""What a platform file says: the schema of a chassis, its slots, cards and limits, as checked and frozen values.

Rule: what is read has these types (`toml_values` sees to it); the form of texts, and names of other things, are for
`platform_checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

LEAST_MEMORY_MB, MOST_MEMORY_MB = 32, 2048
"""What memory a router may be given: the images need the one, no chassis has sockets for more than the other."""

TRUNK_KINDS = ("T1", "E1")
MULTIPLEXED_KIND = "T3"
BASIC_RATE_VOICE = "BRI voice"
"""The voice port of a basic rate interface: numbered as those of analog cards are, with two channels."""
ANALOG_KINDS = ("FXS", "FXO", "E&M", BASIC_RATE_VOICE)


class BuiltinInterface(NamedTuple):
    """An interface of the processor board, e.g. kind "FastEthernet", unit "0/0", hardware (its chip) "AmdFE"."""

    kind: str
    unit: str
    hardware: str = ""


class Slot(NamedTuple):
    """What a slot takes, as names of modules or as their forms, and what is there unless told otherwise."""

    accepts: tuple[str, ...]
    default: str | None = None


class Module(NamedTuple):
    """A card: `form` tells where it fits ("NM", "WIC"), `ports` how many it has of each kind: trunks ("T1"), interfaces
    ("FastEthernet", whose chip `chips` names), analog voice ports ("FXS"). `counted` tells what ports count as in
    `show version` where that is not their kind. It has that many terminal `lines`, with `modems` of that make. `bays`
    are the places of daughter cards. `title` is what `show diag` calls it, `described` what `show inventory` does,
    where it is known; the `eeprom` of older cards has format 1."""

    text: str
    form: str
    ports: Mapping[str, int] = MappingProxyType({})
    chips: Mapping[str, str] = MappingProxyType({})
    counted: Mapping[str, str] = MappingProxyType({})
    lines: int = 0
    modems: str = ""
    bays: tuple[tuple[str, ...], ...] = ()
    dsp: str | None = None
    dsp_channels: int = 0
    title: str = ""
    described: str = ""
    eeprom: Literal[1, 4] = 4

    @property
    def description(self) -> str:
        """What `show inventory` calls it."""
        return self.described or self.text


class Bound(NamedTuple):
    """A supported mixture of calls: a session weighs 1 (a store-and-forward fax `fax_mail`), all together at most
    `total`, and at most `most_fax_mail` of them are store-and-forward faxes. `needs_mb` of memory is a condition;
    without `ivr` another one is that no script of IVR 2.0 treats a fax that is to come."""

    total: int | None = None
    fax_mail: int = 1
    most_fax_mail: int | None = None
    needs_mb: int = 0
    ivr: bool = True

    def holds(self, fax_mail: int, others: int) -> bool:
        """May that many sessions be up together?"""
        return (self.total is None or self.fax_mail * fax_mail + others <= self.total) and (
            self.most_fax_mail is None or fax_mail <= self.most_fax_mail
        )

    @property
    def text(self) -> str:
        """The rule as the documents write it; "" where nothing bounds."""
        fax = "fax + " if self.fax_mail == 1 else f"{self.fax_mail} x fax + "
        sessions = "voice" if self.most_fax_mail == 0 else f"{fax}voice"
        parts = [f"{sessions} <= {self.total}"] if self.total is not None else []
        parts += [f"fax <= {self.most_fax_mail}"] if self.most_fax_mail else []
        parts += [f"{self.needs_mb} MB"] if self.needs_mb else []
        parts += ["no IVR 2.0"] if not self.ivr else []
        return ", ".join(parts)


class Limit(NamedTuple):
    """The documented limit: calls may be up while one of its bounds holds; without any, channels and ports decide."""

    source: str
    any_of: tuple[Bound, ...] = ()

    @property
    def text(self) -> str:
        """The rule as the document writes it."""
        return " or ".join(bound.text for bound in self.any_of) or self.source


class BootRom(NamedTuple):
    """What a boot ROM prints behind its version line (the platform's `rom`), and the size of the image, which unpacks
    itself. Lines may hold {dram} and {io}, as those of `processor`, and {memory}, their sum."""

    lines: tuple[str, ...] = ("Copyright (c) 1999 by cisco Systems, Inc.",)
    entry_point: str = "0x80008000"
    image_size: str = "0xb90034"


class Environment(NamedTuple):
    """The sensors of a chassis, and in which form it tells of them: that of a 7206 (`npe`), of an AS5350 (`gateway`) or
    of a 3745 (`modular`). `temperatures` are degrees Celsius at rest, `voltages` millivolts; `supply` is what a power
    supply calls itself, of which `supplies` are in `supply_bays`."""

    form: Literal["npe", "gateway", "modular"]
    temperatures: Mapping[str, int] = MappingProxyType({})
    voltages: Mapping[str, int] = MappingProxyType({})
    fans: int = 0
    supply: str = "AC"
    supplies: int = 1
    supply_bays: int = 1


class Platform(NamedTuple):
    """One chassis: what `show version` says of it, its memory in kilobytes, its slots and its limits.

    `port_naming` makes the unit of a trunk port or interface from {slot} and {port}, `voice_port_naming` that of an
    analog voice port from {slot}, {bay} and {port}; the voice port of a PRI is the trunk's unit, a colon and
    `voice_port_suffix` ("D" on the access servers, the D channel's number on modular routers). A key of `slots` is a
    slot's number, SLOT/BAY for an interface card slot of the processor board, or AIMn for a place on that board itself.
    `aux_line` is the number of the auxiliary port among all terminal lines where every slot has numbers for 32 of them.
    Lines of `processor` may hold {product}, {dram} and {io}; the line {software} stands for what the image has of
    software. `interface_order` tells whether the running-config goes through a slot kind by kind or port by port.
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
    processor: tuple[str, ...]
    configuration_register: str
    memory_kb: int
    io_memory_kb: int
    nvram_kb: int
    flash_kb: int
    builtin_interfaces: tuple[BuiltinInterface, ...]
    port_naming: str
    slots: dict[str, Slot]
    modules: dict[str, Module]
    limit: Limit
    product_id: int = 1
    """Its number among the products of CISCO-PRODUCTS-MIB."""
    chassis_type: int = 1
    """Its number as chassisType of OLD-CISCO-CHASSIS-MIB; 1: the MIB has none for it."""
    chassis_vendor_type: int = 1
    """Its number among the chassis of CISCO-ENTITY-VENDORTYPE-OID-MIB."""
    build: str = "fc2"
    bootldr: str | None = None
    boot: BootRom = BootRom()
    io_memory: Literal["fixed", "share", "own"] = "fixed"
    """What becomes of I/O memory with more or less memory in the router: it stays, or keeps its share, or has its own
    sockets."""
    dram: str = ""
    """How wide its memory is, e.g. "64 bits wide with parity disabled", where it tells."""
    boot_flash_kb: int = 0
    flash_class: Literal["A", "B", "C"] = "B"
    """A keeps deleted files until squeezed, B until erased, C (ATA disks) frees them and has directories."""
    flash_slots: tuple[str, ...] = ()
    """Slots for flash cards, e.g. "slot0"; the emulated router has no card in them."""
    aux_line: int = 1
    voice_port_naming: str = "{slot}/{bay}/{port}"
    voice_port_suffix: str = "D"
    interface_order: Literal["kind", "port"] = "kind"
    oir: bool = False
    """May cards be moved while it runs (online insertion and removal)?"""
    environment: Environment | None = None

    @property
    def family(self) -> str:
        """Those that share a series of images: "2600", "3700", "as5400"; `.platforms` of the catalogue names it."""
        number = self.software.removeprefix("C")
        return f"as{number}" if self.product.startswith("AS") else number

    @property
    def memory_mb(self) -> int:
        """Its main memory, of which I/O memory is a part unless it has its own sockets."""
        return (self.memory_kb + (0 if self.io_memory == "own" else self.io_memory_kb)) // 1024

    def with_memory(self, megabytes: int) -> Platform:
        """The same chassis with that much main memory."""
        whole, io_kb = megabytes * 1024, self.io_memory_kb
        if self.io_memory == "own":
            return self._replace(memory_kb=whole)
        if self.io_memory == "share":
            io_kb = round(whole * io_kb / (self.memory_kb + io_kb))
        return self._replace(memory_kb=whole - io_kb, io_memory_kb=io_kb)

    def with_io_memory(self, percent: int) -> Platform:
        """The same memory, of which that share is for packets (`memory-size iomem`), in whole megabytes."""
        if self.io_memory == "own":
            return self
        whole = self.memory_kb + self.io_memory_kb
        io_kb = whole * percent // 100 // 1024 * 1024
        return self._replace(memory_kb=whole - io_kb, io_memory_kb=io_kb)

    def fitting(self, accepts: tuple[str, ...]) -> list[str]:
        """The modules that a slot or bay takes which accepts these names and forms, in the order of `accepts`."""
        return [name for wanted in accepts for name, module in self.modules.items() if wanted in (name, module.form)]
