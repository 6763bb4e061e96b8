"""What a card keeps of itself in its EEPROM: who made it, when, and as which part.

Rule: nobody gave the emulated cards numbers, so they follow from what is there: a part's numbers from the name of the
card, a unit's serial number from the router and the place of the card; the same router always has the same ones. The
hexadecimal contents are the octets of what is printed above them. Format 4 of the EEPROM is a list of fields, each a
code, for the longer ones a length, and a value; format 1, that of older interface cards, has every field in its place.
Both, and what processor boards have of format 4, are read off published output.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Card, Chassis

_SIZE = 128
_ROW = 16
_ITEM, _ASSEMBLY = 73, 0x50
"""Numbers of parts: 73 are boards; the code of assemblies, 800."""
_REVISION_A = 0x50
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Three letters of a factory begin a serial number, then come the years since 1996 and the week.
_FACTORIES = ("JAB", "JAD", "JMX", "FOC")
_FIRST_YEAR = 1996
# What older cards are plugged into.  # recalled but for that of a WIC
_CONNECTORS = {"WIC": "Wan Module", "VWIC": "Wan Module", "VIC": "PCI"}


def _figures(text: str, *bounds: int) -> tuple[int, ...]:
    """A figure below each bound, always the same for one text."""
    rest, figures = crc32(text.encode()), []
    for bound in bounds:
        rest, figure = divmod(rest, bound)
        figures.append(figure)
    return tuple(figures)


@dataclass(frozen=True, slots=True)
class Eeprom:
    """`product` is the name under which the card is ordered, `unit` tells one of its kind from the others. One of
    format 1 knows its connector, unless it is of a network module."""

    product: str
    unit: str
    format: int = 4
    connector: str = ""

    @classmethod
    def of(cls, chassis: Chassis, card: Card) -> Eeprom:
        """That of a card in its place."""
        connector = _CONNECTORS.get(card.module.form, "")
        return cls(card.name, f"{chassis.identity} {card.place}", card.module.eeprom, connector)

    @property
    def serial(self) -> str:
        """Factory, year, week, number: "JAB0419K2P7"; a number alone with format 1."""
        if self.format == 1:
            return f"{self.number}"
        factory, _, _, *number = _figures(f"{self.product} {self.unit}", 4, 4, 52, 36, 36, 36, 36)
        year, week, _ = self.made.isocalendar()
        return f"{_FACTORIES[factory]}{year - _FIRST_YEAR:02}{week:02}{''.join(_BASE36[digit] for digit in number)}"

    @property
    def made(self) -> date:
        """The Monday of the week in which the unit was made, 1999 to 2002."""
        _, year, week = _figures(f"{self.product} {self.unit}", 4, 4, 52)
        return date.fromisocalendar(_FIRST_YEAR + 3 + year, 1 + week, 1)

    @property
    def number(self) -> int:
        """The serial number as older cards have it, eight digits."""
        return crc32(f"{self.product} {self.unit}".encode()) % 10**8

    @property
    def controller(self) -> int:
        """The number of the kind of card, 16 bits."""
        return crc32(self.product.encode()) >> 16

    @property
    def hardware_version(self) -> tuple[int, int]:
        return 1, _figures(self.product, 4)[0]

    @property
    def assembly(self) -> tuple[int, int, int]:
        """The number of the top assembly: 800, the part, its version."""
        _, part, version = _figures(self.product, 4, 9000, 5)
        return 800, 3000 + part, 1 + version

    @property
    def board_revision(self) -> str:
        """A letter and a digit."""
        return "ABCDE"[_figures(self.product, 4, 9000, 5, 5)[3]] + "0"

    @property
    def octets(self) -> bytes:
        """All of it; what is not used was never written."""
        group, part, version = self.assembly
        name = self.product.encode("ascii", "replace")[:63]
        fields = (
            b"\x04\xff"  # the format
            + b"\x40"
            + self.controller.to_bytes(2, "big")
            + b"\x41"
            + bytes(self.hardware_version)
            + b"\xc0\x46"
            + group.to_bytes(2, "big")
            + part.to_bytes(3, "big")
            + bytes([version])
            + b"\x42"
            + self.board_revision.encode()
            + b"\x80\x00\x00\x00\x00"  # deviation
            + b"\x02\x01"  # fab version
            + b"\xc1\x8b"
            + self.serial.encode()
            + b"\x03\x00\x81\x00\x00\x00\x00\x04\x00"  # RMA: test history, number, history
            + b"\xcb"
            + bytes([0x80 | len(name)])
            + name
        )
        return fields.ljust(_SIZE, b"\xff")

    @property
    def board_octets(self) -> bytes:
        """The same of a processor board, which has fewer fields and its part as an item of its own."""
        _, part, version = self.assembly
        serial = self.long_serial.encode()
        fields = (
            b"\x04\xff"
            + b"\x40"
            + self.controller.to_bytes(2, "big")
            + b"\x41"
            + bytes(self.hardware_version)
            + b"\xc1"
            + bytes([len(serial)])
            + serial
            + b"\x82"
            + bytes([_ITEM])
            + part.to_bytes(2, "big")
            + bytes([version])
            + b"\x04\x00\x81\x00\x00\x00\x00"
            + b"\x42"
            + self.board_revision.encode()
            + b"\x80\x00\x00\x00\x00"
        )
        return fields.ljust(_SIZE, b"\xff")

    @property
    def old_octets(self) -> bytes:
        """Format 1; the board revision counts from A0 in eighths, the date is in decimal digits."""
        _, part, version = self.assembly
        revision = _REVISION_A + 8 * (ord(self.board_revision[0]) - ord("A"))
        fields = (
            b"\x01"
            + bytes([self.controller & 0xFF, *self.hardware_version])
            + self.number.to_bytes(4, "big")
            + bytes([_ASSEMBLY])
            + part.to_bytes(2, "big")
            + bytes([version, 0, 0, 0, 0, revision])
            + b"\x01\x37\x00"
            + bytes.fromhex(f"{self.made:%y%m%d}")
            + b"\x01"
        )
        return fields.ljust(2 * _ROW, b"\xff")

    @property
    def long_serial(self) -> str:
        """The serial number with the older one in brackets."""
        return f"{self.serial} ({self.number})"

    def lines(self) -> list[str]:
        """As `show diag` prints it."""
        if self.format == 1:
            return self._old_lines()
        major, minor = self.hardware_version
        group, part, version = self.assembly
        named = [
            ("Hardware Revision", f"{major}.{minor}"),
            ("Top Assy. Part Number", f"{group}-{part:05}-{version:02}"),
            ("Board Revision", self.board_revision),
            ("Deviation Number", "0-0"),
            ("Fab Version", "01"),
            ("PCB Serial Number", self.serial),
            ("RMA Test History", "00"),
            ("RMA Number", "0-0-0-0"),
            ("RMA History", "00"),
            ("Product (FRU) Number", self.product),
        ]
        return [*(f"{name:<25}: {value}" for name, value in named), *_contents(4, self.octets)]

    def board_lines(self) -> list[str]:
        """The same of a processor board."""
        major, minor = self.hardware_version
        _, part, version = self.assembly
        named = [
            ("Hardware Revision", f"{major}.{minor}"),
            ("PCB Serial Number", self.long_serial),
            ("Part Number", f"{_ITEM}-{part:04}-{version:02}"),
            ("RMA History", "00"),
            ("RMA Number", "0-0-0-0"),
            ("Board Revision", self.board_revision),
            ("Deviation Number", "0-0"),
        ]
        return [*(f"{name:<25}: {value}" for name, value in named), *_contents(4, self.board_octets)]

    def _old_lines(self) -> list[str]:
        major, minor = self.hardware_version
        group, part, version = self.assembly
        rows = [
            ("Hardware revision", f"{major}.{minor}", "Board revision", self.board_revision),
            ("Serial number", f"{self.number}", "Part number", f"{group}-{part:05}-{version:02}"),
            ("Test history", "0x0", "RMA number", "00-00-00"),
        ]
        told = [f"{left:<17} {value:<14}{right:<14} {other}" for left, value, right, other in rows]
        if self.connector:
            told.append(f"Connector type    {self.connector}")
        else:
            told.insert(2, f"FRU Part Number   {self.product}=")  # published of an NM-16A
        return [*told, *_contents(1, self.old_octets, 2 * _ROW)]


def _contents(version: int, octets: bytes, address: int = 0) -> list[str]:
    rows = ((at, octets[at : at + _ROW]) for at in range(0, len(octets), _ROW))
    return [
        f"EEPROM format version {version}",
        "EEPROM contents (hex):",
        *(f"  0x{address + at:02X}: {row.hex(' ').upper()}" for at, row in rows),
    ]
