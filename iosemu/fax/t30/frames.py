"""HDLC frames of T.30: address, control field, facsimile control field (FCF), facsimile information field (FIF).

Rule: octets are written as the Recommendation writes them, the first bit on the line leftmost, as T.38 carries them;
the FCS is the modem's. Source: ITU-T T.30 clause 5.3, tables of 5.3.6.1; identification coding 5.3.6.2.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from iosemu.fax.bit_order import reverse_bits

ADDRESS: Final = 0xFF
CONTROL_MORE: Final = 0xC0
CONTROL_FINAL: Final = 0xC8

IDENTIFIER_LENGTH: Final = 20

# The first bit of an FCF tells who sends: set by the terminal that received a valid DIS. DTC and what goes with it are
# told from DIS by this very bit, so they keep it in their code.
X_BIT: Final = 0x80


class FrameError(Exception):
    """Octets that are no T.30 frame."""


class Fcf(IntEnum):
    """Facsimile control fields; where the standard writes X for the first bit, it is zero here."""

    DIS = 0x01
    CSI = 0x02
    NSF = 0x04
    DTC = 0x81
    CIG = 0x82
    PWD = 0x83
    NSC = 0x84
    SEP = 0x85
    DCS = 0x41
    TSI = 0x42
    SUB = 0x43
    NSS = 0x44
    SID = 0x45
    CTC = 0x48
    CFR = 0x21
    FTT = 0x22
    CTR = 0x23
    MCF = 0x31
    RTN = 0x32
    RTP = 0x33
    PIN = 0x34
    PIP = 0x35
    RNR = 0x37
    ERR = 0x38
    PPR = 0x3D
    FDM = 0x3F
    EOM = 0x71
    MPS = 0x72
    EOR = 0x73
    EOP = 0x74
    RR = 0x76
    EOS = 0x78
    PRI_EOM = 0x79
    PRI_MPS = 0x7A
    PRI_EOP = 0x7C
    PPS = 0x7D
    FNV = 0x53
    TR = 0x56
    TNR = 0x57
    CRP = 0x58
    DCN = 0x5F

    @property
    def label(self) -> str:
        """The name as the standard spells it: "PRI-EOP"."""
        return self.name.replace("_", "-")


_BY_OCTET: Final[dict[int, Fcf]] = {
    **{code | X_BIT: code for code in Fcf if code > Fcf.NSF and not code & X_BIT},
    **{int(code): code for code in Fcf},
}


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `from_caller` is the X bit; it says nothing for DIS, CSI, NSF, DTC and what goes with DTC."""

    fcf: Fcf
    fif: bytes = b""
    final: bool = True
    from_caller: bool = False

    def encode(self) -> bytes:
        """The octets between the flags, without the FCS."""
        x_bit = X_BIT if self.from_caller and self.fcf > Fcf.NSF else 0
        control = CONTROL_FINAL if self.final else CONTROL_MORE
        return bytes((ADDRESS, control, self.fcf | x_bit)) + self.fif


def decode(octets: bytes) -> Frame:
    """The frame in `octets`; raises FrameError for a short frame, a foreign address or an unknown FCF."""
    if len(octets) < 3:
        raise FrameError(f"{len(octets)} octets are too few")
    address, control, code = octets[:3]
    if address != ADDRESS:
        raise FrameError(f"address {address:02x}")
    if control not in (CONTROL_MORE, CONTROL_FINAL):
        raise FrameError(f"control field {control:02x}")
    fcf = _BY_OCTET.get(code)
    if fcf is None:
        raise FrameError(f"facsimile control field {code:02x}")
    return Frame(fcf, octets[3:], control == CONTROL_FINAL, bool(code & X_BIT))


def label(octets: bytes) -> str:
    """The name of the frame in `octets` for people, "PPS-EOP" with its second control field, "?" where it is none."""
    try:
        frame = decode(octets)
    except FrameError:
        return "?"
    if frame.fcf not in (Fcf.PPS, Fcf.EOR) or not frame.fif:
        return frame.fcf.label
    second = _BY_OCTET.get(frame.fif[0])
    return f"{frame.fcf.label}-{second.label if second is not None else 'NULL'}"


def encode_identifier(text: str) -> bytes:
    """A CSI, TSI, CIG, SUB, SID, SEP or PWD field: 20 characters, the last one first, padded with spaces.

    What is not ASCII becomes "?".
    """
    padded = text[:IDENTIFIER_LENGTH].rjust(IDENTIFIER_LENGTH)
    return reverse_bits(padded.encode("ascii", "replace")[::-1])  # a character is sent with its lowest bit first


def identifiers(texts: Mapping[Fcf, str]) -> list[tuple[Fcf, bytes]]:
    """Frames of that coding with what they say; an empty text gives none."""
    return [(fcf, encode_identifier(text)) for fcf, text in texts.items() if text]


def decode_identifier(fif: bytes) -> str:
    """The text of an identification field; what cannot be printed is left out."""
    text = reverse_bits(fif[:IDENTIFIER_LENGTH])[::-1].decode("ascii", "ignore")
    return "".join(character for character in text if character.isprintable()).strip()
