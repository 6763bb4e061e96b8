"""What a terminal can do (DIS, DTC) and what a sender chose (DCS): the bits of T.30 table 2.

Rule: tables stand as tables; a bit that is not sent counts as zero; an invalid combination is read as the least that it
could mean in a DIS and refused in a DCS.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from iosemu.fax.document import WIDTH_A3_PX, WIDTH_A4_PX, WIDTH_B4_PX, Coding, PageFormat, Resolution
from iosemu.fax.line import Modulation
from iosemu.fax.t30.frames import Fcf, FrameError

M = Modulation

# Bit numbers, the first bit of the field being 1.
BIT_POLL: Final = 9
BIT_RECEIVE: Final = 10
BITS_RATE: Final = (11, 12, 13, 14)
BIT_FINE: Final = 15
BIT_TWO_DIMENSIONAL: Final = 16
BITS_WIDTH: Final = (17, 18)
BITS_LENGTH: Final = (19, 20)
BITS_SCAN: Final = (21, 22, 23)
BIT_ECM: Final = 27
BIT_FRAME_SIZE_64: Final = 28
BIT_T6: Final = 31
BIT_SUPERFINE: Final = 41
BIT_METRIC: Final = 45
BIT_SCAN_HALVES: Final = 46
BITS_ADDRESSING: Final = {Fcf.SEP: 47, Fcf.SUB: 49, Fcf.PWD: 50, Fcf.SID: 50}
# What a DCS may ask of terminals that offer more: uncompressed mode, T.43, 300 and 400 dpi, file transfer and other
# modes than facsimile, JPEG, colour, JBIG.
BITS_NEVER_OFFERED: Final = (26, 36, 42, 43, 53, 54, 55, 57, 60, 62, 68, 69, 78, 79)

# Families of modulations by bits 11-14 of DIS; V.27ter at 2400 bit/s is what every terminal has.
_FAMILIES: Final[dict[str, frozenset[str]]] = {
    "0000": frozenset(),
    "0100": frozenset({"V.27ter"}),
    "1000": frozenset({"V.29"}),
    "1100": frozenset({"V.27ter", "V.29"}),
    "1101": frozenset({"V.27ter", "V.29", "V.17"}),
}

# The modulation that bits 11-14 of DCS command.
_RATES: Final[dict[str, Modulation]] = {
    "0000": M.V27TER_2400,
    "0100": M.V27TER_4800,
    "1000": M.V29_9600,
    "1100": M.V29_7200,
    "0001": M.V17_14400,
    "0101": M.V17_12000,
    "1001": M.V17_9600,
    "1101": M.V17_7200,
}
_RATE_BITS: Final = {modulation: bits for bits, modulation in _RATES.items()}

# Page widths: in a DIS each row includes the narrower ones.
_WIDTHS: Final[dict[str, int]] = {"00": WIDTH_A4_PX, "10": WIDTH_B4_PX, "01": WIDTH_A3_PX}
_WIDTH_BITS: Final = {width: bits for bits, width in _WIDTHS.items()}

# Minimum scan line times in ms at 3.85 and 7.7 lines per mm, by bits 21-23 of DIS.
_SCAN_TIMES: Final[dict[str, tuple[int, int]]] = {
    "000": (20, 20),
    "001": (40, 40),
    "010": (10, 10),
    "100": (5, 5),
    "011": (10, 5),
    "110": (20, 10),
    "101": (40, 20),
    "111": (0, 0),
}
# In a DCS only the equal pairs stand.
_SCAN_BITS: Final = {times[0]: bits for bits, times in _SCAN_TIMES.items() if times[0] == times[1]}

# Fallback order: fastest first, and V.17 before V.29 at the same rate.
FALLBACK: Final[tuple[Modulation, ...]] = (
    M.V17_14400,
    M.V17_12000,
    M.V17_9600,
    M.V29_9600,
    M.V17_7200,
    M.V29_7200,
    M.V27TER_4800,
    M.V27TER_2400,
)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a receiver announces. `scan_ms` is at standard density and at fine density; superfine follows `halves`."""

    modulations: tuple[Modulation, ...] = FALLBACK
    resolutions: frozenset[Resolution] = frozenset(Resolution)
    codings: frozenset[Coding] = frozenset({Coding.MH, Coding.MR})
    widths_px: frozenset[int] = frozenset({WIDTH_A4_PX})
    scan_ms: tuple[int, int] = (0, 0)
    halves_at_superfine: bool = False
    can_receive: bool = True
    ecm: bool = False
    has_document: bool = False
    """Is there something to poll?"""
    addressing: frozenset[Fcf] = frozenset()
    """Which of SUB, SID, SEP and PWD it takes."""

    def min_scan_ms(self, resolution: Resolution) -> int:
        """The shortest time in which this receiver takes a scan line of that density."""
        standard_ms, fine_ms = self.scan_ms
        if resolution is Resolution.STANDARD:
            return standard_ms
        if resolution is Resolution.SUPERFINE and self.halves_at_superfine:
            # 2.5 ms has no code in a DCS; the next longer time is safe.
            return {5: 5, 10: 5, 20: 10, 40: 20}.get(fine_ms, fine_ms)
        return fine_ms


@dataclass(frozen=True, slots=True)
class Command:
    """What a sender chose: the content of a DCS."""

    modulation: Modulation
    page_format: PageFormat
    min_scan_ms: int = 0
    ecm: bool = False
    frame_octets: int = 256
    """The size of the frames of an error-corrected page: 256 or 64."""
    addressing: frozenset[Fcf] = frozenset()
    """Which of SUB and SID go along."""
    foreign: bool = False
    """Does it ask for what no terminal here offers? Only in a DCS that was read."""


def encode_capabilities(capabilities: Capabilities) -> bytes:
    """The FIF of a DIS or DTC."""
    families = {modulation.family for modulation in capabilities.modulations}
    if "V.17" in families:
        rate_bits = "1101"
    else:
        has_4800 = M.V27TER_4800 in capabilities.modulations
        rate_bits = ("1" if "V.29" in families else "0") + ("1" if has_4800 else "0") + "00"
    scan_bits = next(bits for bits, times in _SCAN_TIMES.items() if times == capabilities.scan_ms)
    bits = _Bits()
    bits.set(BIT_POLL, capabilities.has_document)
    bits.set(BIT_RECEIVE, capabilities.can_receive)
    bits.put(BITS_RATE, rate_bits)
    bits.set(BIT_FINE, Resolution.FINE in capabilities.resolutions)
    bits.set(BIT_TWO_DIMENSIONAL, Coding.MR in capabilities.codings)
    bits.put(BITS_WIDTH, _WIDTH_BITS[max(capabilities.widths_px)])
    bits.put(BITS_LENGTH, "01")
    bits.put(BITS_SCAN, scan_bits)
    bits.set(BIT_ECM, capabilities.ecm)
    bits.set(BIT_T6, capabilities.ecm and Coding.MMR in capabilities.codings)
    if Resolution.SUPERFINE in capabilities.resolutions:
        bits.set(BIT_SUPERFINE)
        bits.set(BIT_METRIC)
        bits.set(BIT_SCAN_HALVES, capabilities.halves_at_superfine)
    for fcf in capabilities.addressing:
        bits.set(BITS_ADDRESSING[fcf])
    return bits.octets()


def decode_capabilities(fif: bytes) -> Capabilities:
    """What a DIS or DTC announces; raises FrameError where it is shorter than its three octets."""
    bits = _Bits(fif)
    families = _FAMILIES.get(bits.get(BITS_RATE), frozenset())
    modulations = tuple(m for m in FALLBACK if m is M.V27TER_2400 or m.family in families)
    resolutions = {Resolution.STANDARD}
    if bits.test(BIT_FINE):
        resolutions.add(Resolution.FINE)
    if bits.test(BIT_SUPERFINE):
        resolutions.add(Resolution.SUPERFINE)
    codings = {Coding.MH}
    if bits.test(BIT_TWO_DIMENSIONAL):
        codings.add(Coding.MR)
    ecm = bits.test(BIT_ECM)
    if ecm and bits.test(BIT_T6):
        codings.add(Coding.MMR)
    width = _WIDTHS.get(bits.get(BITS_WIDTH), WIDTH_A3_PX)  # both bits set is read as the widest (T.30 table 2)
    return Capabilities(
        modulations,
        frozenset(resolutions),
        frozenset(codings),
        frozenset(w for w in _WIDTHS.values() if w <= width),
        _SCAN_TIMES[bits.get(BITS_SCAN)],
        bits.test(BIT_SCAN_HALVES),
        bits.test(BIT_RECEIVE),
        ecm,
        bits.test(BIT_POLL),
        frozenset(fcf for fcf, bit in BITS_ADDRESSING.items() if bits.test(bit)),
    )


def encode_command(command: Command) -> bytes:
    """The FIF of a DCS."""
    page_format = command.page_format
    bits = _Bits()
    bits.set(BIT_RECEIVE)
    bits.put(BITS_RATE, _RATE_BITS[command.modulation])
    bits.set(BIT_FINE, page_format.resolution is Resolution.FINE)
    bits.set(BIT_TWO_DIMENSIONAL, page_format.coding is Coding.MR)
    bits.put(BITS_WIDTH, _WIDTH_BITS[page_format.width_px])
    bits.put(BITS_LENGTH, "01")
    bits.put(BITS_SCAN, _SCAN_BITS[command.min_scan_ms])
    bits.set(BIT_ECM, command.ecm)
    bits.set(BIT_FRAME_SIZE_64, command.frame_octets == 64)
    bits.set(BIT_T6, page_format.coding is Coding.MMR)
    bits.set(BIT_SUPERFINE, page_format.resolution is Resolution.SUPERFINE)
    for fcf in command.addressing:
        bits.set(BITS_ADDRESSING[fcf])
    return bits.octets()


def decode_command(fif: bytes) -> Command:
    """What a DCS commands; raises FrameError for a short field, a modulation or a width that does not exist."""
    bits = _Bits(fif)
    modulation = _RATES.get(bits.get(BITS_RATE))
    width = _WIDTHS.get(bits.get(BITS_WIDTH))
    if modulation is None:
        raise FrameError(f"DCS with rate bits {bits.get(BITS_RATE)}")
    if width is None:
        raise FrameError("DCS with an invalid width")
    if bits.test(BIT_SUPERFINE):
        resolution = Resolution.SUPERFINE
    else:
        resolution = Resolution.FINE if bits.test(BIT_FINE) else Resolution.STANDARD
    coding = Coding.MR if bits.test(BIT_TWO_DIMENSIONAL) else Coding.MH
    if bits.test(BIT_T6):
        coding = Coding.MMR
    return Command(
        modulation,
        PageFormat(width, resolution, coding),
        max(_SCAN_TIMES[bits.get(BITS_SCAN)]),
        bits.test(BIT_ECM),
        64 if bits.test(BIT_FRAME_SIZE_64) else 256,
        frozenset(fcf for fcf in (Fcf.SUB, Fcf.SID) if bits.test(BITS_ADDRESSING[fcf])),
        any(bits.test(bit) for bit in BITS_NEVER_OFFERED),
    )


def decode_modulation(fif: bytes) -> Modulation:
    """The modulation of a CTC, whose field is the first two octets of a DCS; raises FrameError."""
    if len(fif) < 2:
        raise FrameError(f"a CTC of {len(fif)} octets")
    bits = _Bits(fif.ljust(3, b"\x00"))
    modulation = _RATES.get(bits.get(BITS_RATE))
    if modulation is None:
        raise FrameError(f"CTC with rate bits {bits.get(BITS_RATE)}")
    return modulation


class _Bits:
    """A FIF as numbered bits; octets beyond the third are linked by extend bits (the eighth of each octet before)."""

    _FIRST_OCTETS = 3

    def __init__(self, fif: bytes = b"\x00\x00\x00") -> None:
        if len(fif) < self._FIRST_OCTETS:
            raise FrameError(f"an information field of {len(fif)} octets")
        # A field may go on after an octet without extend bit; what follows does not count.
        used = self._FIRST_OCTETS
        while used < len(fif) and fif[used - 1] & 1:
            used += 1
        self._octets = bytearray(fif[:used])

    def test(self, bit: int) -> bool:
        index, offset = divmod(bit - 1, 8)
        return index < len(self._octets) and bool(self._octets[index] & (0x80 >> offset))

    def get(self, bits: Iterable[int]) -> str:
        return "".join("1" if self.test(bit) else "0" for bit in bits)

    def set(self, bit: int, value: bool = True) -> None:
        if not value:
            return
        index, offset = divmod(bit - 1, 8)
        self._octets.extend(bytes(max(0, index + 1 - len(self._octets))))
        self._octets[index] |= 0x80 >> offset

    def put(self, bits: Iterable[int], values: str) -> None:
        for bit, value in zip(bits, values, strict=True):
            self.set(bit, value == "1")

    def octets(self) -> bytes:
        for index in range(self._FIRST_OCTETS - 1, len(self._octets) - 1):
            self._octets[index] |= 1
        return bytes(self._octets)
