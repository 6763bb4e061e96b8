"""What the signal processor of a fax relay does with the T.30 frames that pass through it.

Rule: a relay reads along: it tells what it has heard and said on its line, counts confirmed pages, and lets the called
machine offer only what the relay can carry. A sender that chose a rate above it all the same has its training check
spoiled, and tries a lower one. Source: ITU-T T.38 clause 7 and annex D (T38MaxBitRate), T.30 table 2 (bits 11 to 14
and 27 of DIS), Cisco IOS Voice Command Reference: `fax rate`, `fax-relay ecm-disable`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from iosemu.fax.events import FrameReceived, FrameSent, Negotiated, PageConfirmed, RemoteId
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation
from iosemu.fax.t30 import frames
from iosemu.fax.t30.capabilities import Command, decode_command
from iosemu.fax.t30.frames import Fcf, FrameError

_HEADER: Final = 3
"""Octets in front of the information field."""
_RATE_MASK: Final = 0b00111100
_RATES: Final = ((12000, 0b110100), (7200, 0b110000), (4800, 0b010000), (0, 0))
"""Bits 11 to 14 of a DIS: the modems with which a relay of that rate is not outrun by much."""
_ECM_BITS: Final = 0b00100010
"""Bits 27 and 31: T.6 goes with error correction alone."""


class FaxRelay:
    """One relay; what happens on its line goes to `tell` as events of `fax.events`."""

    def __init__(self, rate_bps: int, ecm: bool, tell: Callable[[object], object]) -> None:
        self._rate_bps, self._ecm, self._tell = rate_bps, ecm, tell
        self._here, self._there = Modulation.V21, Modulation.V21
        """The carriers of both ways."""
        self._too_fast = False
        self._asked = False
        self.pages = 0

    def from_line(self, signal: LineSignal) -> LineSignal:
        """What the line brought, as it goes on."""
        match signal:
            case CarrierOn(modulation):
                self._here = modulation
            case HdlcFrame(octets, fcs_ok) if self._here is Modulation.V21:
                name = frames.label(octets) if fcs_ok else "?"
                self._tell(FrameReceived(name, octets, fcs_ok))
                command = self._read(signal)
                if command is not None:
                    self._too_fast = command.modulation.rate_bps > self._rate_bps
                if name in ("DIS", "DTC"):
                    return HdlcFrame(self._limited(octets))
            case Data(octets) if self._too_fast:
                return Data(bytes(octet ^ 0x55 for octet in octets))
            case CarrierOff() if self._here is not Modulation.V21:
                self._too_fast = False
        return signal

    def to_line(self, signal: LineSignal) -> LineSignal:
        """What goes on the line, as it came."""
        if isinstance(signal, CarrierOn):
            self._there = signal.modulation
        elif isinstance(signal, HdlcFrame) and self._there is Modulation.V21:
            self._tell(FrameSent(frames.label(signal.octets) if signal.fcs_ok else "?", signal.octets))
            self._read(signal)
        return signal

    def _read(self, signal: HdlcFrame) -> Command | None:
        """Learn from a frame of either way; gives what a DCS commands."""
        if not signal.fcs_ok:
            return None
        try:
            frame = frames.decode(signal.octets)
            command = decode_command(frame.fif) if frame.fcf is Fcf.DCS else None
        except FrameError:
            return None
        name = frame.fcf.label
        if command is not None:
            modulation = command.modulation
            self._tell(Negotiated(modulation.family, modulation.rate_bps, command.page_format, command.min_scan_ms))
        elif frame.fcf in (Fcf.TSI, Fcf.CSI, Fcf.CIG):
            self._tell(RemoteId(name, frames.decode_identifier(frame.fif)))
        elif frame.fcf in (Fcf.MPS, Fcf.EOM, Fcf.EOP, Fcf.PPS, Fcf.PRI_MPS, Fcf.PRI_EOM, Fcf.PRI_EOP):
            self._asked = frame.fcf is not Fcf.PPS or bool(frame.fif and frame.fif[0])  # a part of a page is none
        elif frame.fcf in (Fcf.MCF, Fcf.RTP) and self._asked:
            self._asked = False
            self.pages += 1
            self._tell(PageConfirmed(self.pages - 1))
        return command

    def _limited(self, octets: bytes) -> bytes:
        """A DIS as the relay lets it through."""
        field = bytearray(octets[_HEADER:])
        if len(field) > 1:
            offered = field[1] & _RATE_MASK
            most = next(bits for rate, bits in _RATES if rate <= self._rate_bps)
            field[1] = (field[1] & ~_RATE_MASK & 0xFF) | (offered if self._rate_bps >= 14400 else offered & most)
        if len(field) > 3 and not self._ecm:
            field[3] &= ~_ECM_BITS & 0xFF
        return octets[:_HEADER] + bytes(field)
