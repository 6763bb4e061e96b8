"""What a Group 3 fax modem puts on a telephone line, as values.

Frames and data are delivered at the moment when their last bit has crossed the line: whoever sends them has waited that
long. `ToneOn` and `CarrierOn` are delivered as they begin, the former for the duration of its tone. `CarrierOn` is
followed by `HdlcFrame`s or `Data` at the modulation's rate, then `CarrierOff`; where another `CarrierOn` follows
instead, the end of the carrier was not heard. Source: ITU-T T.30 clause 5 and table 2, T.4; V.21, V.27ter, V.29, V.17
training times from T.38 table 2 and T.30 annex A.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Tone(Enum):
    """A single-frequency calling or answering tone (T.30 clause 4)."""

    CNG = (1100, 0.5)
    CED = (2100, 2.6)

    def __init__(self, frequency_hz: int, duration_s: float) -> None:
        self.frequency_hz = frequency_hz
        self.duration_s = duration_s


class Modulation(Enum):
    """A modem of Group 3: its family, bit rate, and how long its long and short training take in seconds.

    No tone against echo suppressors goes before any of them: a far gateway that sends none would lack data for so long.
    """

    V21 = ("V.21", 300, 1.0, 1.0)  # "training" is the 1 s preamble of flags, T.30 5.3.1
    V27TER_2400 = ("V.27ter", 2400, 0.943, 0.943)
    V27TER_4800 = ("V.27ter", 4800, 0.708, 0.708)
    V29_7200 = ("V.29", 7200, 0.253, 0.253)
    V29_9600 = ("V.29", 9600, 0.253, 0.253)
    V17_7200 = ("V.17", 7200, 1.393, 0.142)
    V17_9600 = ("V.17", 9600, 1.393, 0.142)
    V17_12000 = ("V.17", 12000, 1.393, 0.142)
    V17_14400 = ("V.17", 14400, 1.393, 0.142)

    def __init__(self, family: str, rate_bps: int, long_training_s: float, short_training_s: float) -> None:
        self.family = family
        self.rate_bps = rate_bps
        self.long_training_s = long_training_s
        self.short_training_s = short_training_s

    def training_s(self, *, short: bool) -> float:
        """How long the carrier trains before its first data bit."""
        return self.short_training_s if short else self.long_training_s


@dataclass(frozen=True, slots=True)
class ToneOn:
    tone: Tone


@dataclass(frozen=True, slots=True)
class CarrierOn:
    """Training (V.21: the preamble) begins; `short` is the resynchronisation training of V.17."""

    modulation: Modulation
    short: bool = False


@dataclass(frozen=True, slots=True)
class HdlcFrame:
    """One frame between its flags: address, control, facsimile control field and information, without the FCS."""

    octets: bytes
    fcs_ok: bool = True


@dataclass(frozen=True, slots=True)
class Data:
    """Bits of a non-ECM high-speed carrier (TCF or T.4), first bit on the line in the least significant bit."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class CarrierOff:
    pass


LineSignal = ToneOn | CarrierOn | HdlcFrame | Data | CarrierOff
