"""T.38 between a line and a packet side: line signals become IFP packets in UDPTL datagrams, and back.

Rule: the same link stands on both sides, at the DSP and at the FMSP; it adds no time of its own, since whoever sends
has waited for the line. Training checks travel as data (rate management method 2, the one for UDP). What the network
damages is handed on as damaged, never made good by guessing. Source: ITU-T T.38 clauses 7 (IFP), 8.2 (rate management)
and 9 (UDPTL).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from iosemu.fax import ifp, udptl
from iosemu.fax.bit_order import reverse_bits
from iosemu.fax.ifp import DataPacket, DataType, Field, FieldType, IfpError, Indicator, Packet, Syntax
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, Tone, ToneOn
from iosemu.fax.udptl import UdptlError

M = Modulation

MAX_FRAME_OCTETS: Final = 512
"""A frame of more octets is taken as damaged; T.30 has none of half that length."""

LAST_REPEATS: Final = 3
"""How often the datagram goes out that ends a signal: nothing follows it for seconds, so only it brings copies."""

MAX_FIELD_OCTETS: Final = 72
"""A frame of more octets goes in several packets: gateways and soft switches take datagrams of a few hundred octets, in
which copies of the packets before have to have room too. As much as 40 ms at 14,400 bit/s."""

_DATA_TYPES: Final[dict[Modulation, DataType]] = {
    M.V21: DataType.V21,
    M.V27TER_2400: DataType.V27_2400,
    M.V27TER_4800: DataType.V27_4800,
    M.V29_7200: DataType.V29_7200,
    M.V29_9600: DataType.V29_9600,
    M.V17_7200: DataType.V17_7200,
    M.V17_9600: DataType.V17_9600,
    M.V17_12000: DataType.V17_12000,
    M.V17_14400: DataType.V17_14400,
}
_MODULATIONS: Final = {data_type: modulation for modulation, data_type in _DATA_TYPES.items()}

_CARRIERS: Final[dict[Indicator, CarrierOn]] = {
    Indicator.V21_PREAMBLE: CarrierOn(M.V21),
    Indicator.V27_2400_TRAINING: CarrierOn(M.V27TER_2400),
    Indicator.V27_4800_TRAINING: CarrierOn(M.V27TER_4800),
    Indicator.V29_7200_TRAINING: CarrierOn(M.V29_7200),
    Indicator.V29_9600_TRAINING: CarrierOn(M.V29_9600),
    Indicator.V17_7200_SHORT_TRAINING: CarrierOn(M.V17_7200, short=True),
    Indicator.V17_7200_LONG_TRAINING: CarrierOn(M.V17_7200),
    Indicator.V17_9600_SHORT_TRAINING: CarrierOn(M.V17_9600, short=True),
    Indicator.V17_9600_LONG_TRAINING: CarrierOn(M.V17_9600),
    Indicator.V17_12000_SHORT_TRAINING: CarrierOn(M.V17_12000, short=True),
    Indicator.V17_12000_LONG_TRAINING: CarrierOn(M.V17_12000),
    Indicator.V17_14400_SHORT_TRAINING: CarrierOn(M.V17_14400, short=True),
    Indicator.V17_14400_LONG_TRAINING: CarrierOn(M.V17_14400),
}
_INDICATORS: Final = {carrier: indicator for indicator, carrier in _CARRIERS.items()}

GAP: Final = bytes.fromhex("00184000")
"""What stands in a page for packets that never came: an EOL, the tag of a one-dimensional row, and bits that are no
code word, so that whoever reads the page finds a bad line there and not two sound ones that were far apart."""

_TONES: Final = {Indicator.CNG: Tone.CNG, Indicator.CED: Tone.CED}
_TONE_INDICATORS: Final = {tone: indicator for indicator, tone in _TONES.items()}

_DAMAGED_ENDS: Final = (FieldType.HDLC_FCS_BAD, FieldType.HDLC_FCS_BAD_SIG_END)
_FRAME_ENDS: Final = (FieldType.HDLC_FCS_OK, FieldType.HDLC_FCS_OK_SIG_END, *_DAMAGED_ENDS)
_SIGNAL_ENDS: Final = (
    FieldType.HDLC_SIG_END,
    FieldType.HDLC_FCS_OK_SIG_END,
    FieldType.HDLC_FCS_BAD_SIG_END,
    FieldType.T4_NON_ECM_SIG_END,
)


@dataclass(frozen=True, slots=True)
class Redundancy:
    """How many earlier packets go along in each datagram: with V.21 and indicators, and with high-speed data (0-7)."""

    low_speed: int = 3
    high_speed: int = 1


class Packetizer:
    """Line signals to IFP packets."""

    def __init__(self) -> None:
        self._carrier: DataType | None = None
        self._framed = False

    def packets(self, signal: LineSignal) -> tuple[Packet, ...]:
        """What goes to the packet side for `signal`; data outside a carrier gives nothing."""
        kind = self._carrier
        match signal:
            case Data(octets):
                if kind is None or not octets:
                    return ()
                return (DataPacket(kind, (Field(FieldType.T4_NON_ECM_DATA, reverse_bits(octets)),)),)
            case HdlcFrame(octets, fcs_ok):
                if kind is None or not octets:
                    return ()
                self._framed = True
                last_field = Field(FieldType.HDLC_FCS_OK if fcs_ok else FieldType.HDLC_FCS_BAD)
                last = (len(octets) - 1) // MAX_FIELD_OCTETS * MAX_FIELD_OCTETS
                pieces = [octets[at : at + MAX_FIELD_OCTETS] for at in range(0, last, MAX_FIELD_OCTETS)]
                return (
                    *(DataPacket(kind, (Field(FieldType.HDLC_DATA, piece),)) for piece in pieces),
                    DataPacket(kind, (Field(FieldType.HDLC_DATA, octets[last:]), last_field)),
                )
            case CarrierOn(modulation, short):
                self._carrier = _DATA_TYPES[modulation]
                self._framed = modulation is M.V21
                short = short and modulation.family == "V.17"
                return (_INDICATORS[CarrierOn(modulation, short)],)
            case CarrierOff():
                self._carrier = None
                if kind is None:
                    return ()
                end = FieldType.HDLC_SIG_END if self._framed else FieldType.T4_NON_ECM_SIG_END
                # The indicator also carries a copy of the end of signal, which else nothing would follow for seconds.
                return (DataPacket(kind, (Field(end),)), Indicator.NO_SIGNAL)
            case ToneOn(tone):
                return (_TONE_INDICATORS[tone],)


class Depacketizer:
    """IFP packets to line signals, given to `deliver` at once."""

    def __init__(self, deliver: Callable[[LineSignal], None]) -> None:
        self._deliver = deliver
        self._carrier: Modulation | None = None
        self._frame = bytearray()
        self._damaged = False
        self._is_page = False
        """Has the carrier brought a bit that is not zero? Else it may be a training check, and nobody misses zeros."""

    def feed(self, packet: Packet | None) -> None:
        """Take the next packet in order; None says that one or more are missing here."""
        if packet is None:
            self._damaged = True
        elif isinstance(packet, Indicator):
            self._on_indicator(packet)
        else:
            self._on_data(packet)

    def _on_indicator(self, indicator: Indicator) -> None:
        carrier = _CARRIERS.get(indicator)
        if carrier is not None:
            self._begin(carrier)
            return
        self.end_carrier()
        if indicator in _TONES:
            self._deliver(ToneOn(_TONES[indicator]))

    def _on_data(self, packet: DataPacket) -> None:
        modulation = _MODULATIONS.get(packet.kind)
        if modulation is None:
            return  # V.8 and V.34 are not of Group 3 as emulated here
        if modulation is not self._carrier:
            if all(kind in _SIGNAL_ENDS for kind, _ in packet.fields):
                return  # the end of a carrier that is off already
            damaged = self._damaged
            self._begin(CarrierOn(modulation))  # its indicator was lost
            self._damaged = damaged
        for kind, octets in packet.fields:
            if kind is FieldType.T4_NON_ECM_DATA:
                if octets:
                    self._mark_gap()
                    self._is_page = self._is_page or any(octets)
                    self._deliver(Data(reverse_bits(octets)))
                continue
            if kind is FieldType.HDLC_DATA:
                if len(self._frame) + len(octets) > MAX_FRAME_OCTETS:
                    self._damaged = True
                else:
                    self._frame += octets
            elif kind in _FRAME_ENDS:
                self._end_frame(damaged=kind in _DAMAGED_ENDS)
            if kind in _SIGNAL_ENDS:
                self.end_carrier()
                return

    def _begin(self, carrier: CarrierOn) -> None:
        """A carrier begins. Where the end of the one before was lost, nobody says that it ended well."""
        self._mark_gap()
        self._carrier = carrier.modulation
        self._frame.clear()
        self._is_page = False
        self._deliver(carrier)

    def _mark_gap(self) -> None:
        if self._damaged and self._is_page:
            self._deliver(Data(GAP))
        self._damaged = False

    def _end_frame(self, *, damaged: bool) -> None:
        octets, damaged = bytes(self._frame), damaged or self._damaged
        self._frame.clear()
        self._damaged = False
        if octets:
            self._deliver(HdlcFrame(octets, not damaged))

    def end_carrier(self) -> None:
        """Deliver CarrierOff if a carrier is on."""
        if self._carrier is not None:
            self._mark_gap()  # behind the end of a page nobody looks
            self._carrier = None
            self._is_page = False
            self._deliver(CarrierOff())


class T38Link:
    """One side's whole packet path: `send` gets datagrams, `deliver` line signals."""

    def __init__(
        self,
        send: Callable[[bytes], None],
        deliver: Callable[[LineSignal], None],
        redundancy: Redundancy | None = None,
        protection: udptl.Protection | None = None,
        syntax: Syntax = Syntax.V2002,
    ) -> None:
        """`protection` sends parities instead of the copies that `redundancy` counts; T.38 version 0 has its own
        `syntax`."""
        self._send = send
        self._redundancy = redundancy if redundancy is not None else Redundancy()
        self._syntax = syntax
        self._packetizer = Packetizer()
        self._depacketizer = Depacketizer(deliver)
        self._sender = udptl.Sender(protection=protection)
        self._receiver = udptl.Receiver()
        self.malformed = 0

    @property
    def lost(self) -> int:
        """Packets that never came and that no copy replaced."""
        return self._receiver.lost

    def signal(self, signal: LineSignal) -> None:
        """Send what `signal` means."""
        for packet in self._packetizer.packets(signal):
            slow = isinstance(packet, Indicator) or packet.kind is DataType.V21
            copies = self._redundancy.low_speed if slow else self._redundancy.high_speed
            datagram = self._sender.wrap(ifp.encode(packet, self._syntax), copies)
            for _ in range(LAST_REPEATS if packet is Indicator.NO_SIGNAL else 1):
                self._send(datagram)

    def end_carrier(self) -> None:
        """The packet side fell silent in the middle of a carrier: end it on the line."""
        self._depacketizer.end_carrier()

    def datagram(self, octets: bytes) -> None:
        """Take a datagram of the far side; a malformed one is counted and dropped."""
        try:
            packets = self._receiver.unwrap(octets)
        except UdptlError:
            self.malformed += 1
            return
        for packet in packets:
            try:
                decoded = None if packet is None else ifp.decode(packet, self._syntax, padded=True)
            except IfpError:
                self.malformed += 1
                decoded = None
            self._depacketizer.feed(decoded)
