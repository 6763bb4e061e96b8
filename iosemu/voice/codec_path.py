"""What becomes of fax signals that go through a voice codec, and how they stand in its packets.

Rule: the lines of a lab carry fax signals, not sound, so what a packet holds in place of its samples is the signal
itself, written as T.38 writes it; but only what the codec would let through arrives whole. What is faster it spoils:
the training check fails at every speed.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from iosemu.fax import ifp
from iosemu.fax.ifp import IfpError
from iosemu.fax.line import CarrierOn, Data, HdlcFrame, LineSignal, Modulation
from iosemu.fax.t38 import Depacketizer, Packetizer
from iosemu.voice import rtp
from iosemu.voice.codecs import codec_of
from iosemu.voice.g711 import SAMPLES_PER_S


class Encoder:
    """From the line into packets of a codec; `send` gets datagrams."""

    def __init__(self, codec: str, now: Callable[[], float], send: Callable[[bytes], object], seed: int) -> None:
        self.codec = codec
        self._now, self._send = now, send
        self._packetizer = Packetizer()
        self._carrier = Modulation.V21
        self._chance = random.Random(seed)
        self._source = seed & 0xFFFFFFFF
        self._sequence = 0

    def signal(self, signal: LineSignal) -> None:
        for packet in self._packetizer.packets(self._spoiled(signal)):
            self._put(codec_of(self.codec).payload_type, ifp.encode(packet))

    def event(self, payload_type: int, payload: bytes) -> None:
        """A packet of another kind in the same stream."""
        self._put(payload_type, payload)

    def _put(self, payload_type: int, payload: bytes) -> None:
        timestamp = round(self._now() * SAMPLES_PER_S)
        self._send(rtp.Packet(payload_type, self._sequence, timestamp, self._source, payload).encode())
        self._sequence += 1

    def _spoiled(self, signal: LineSignal) -> LineSignal:
        if isinstance(signal, CarrierOn):
            self._carrier = signal.modulation
        if self._carrier.rate_bps <= codec_of(self.codec).fastest_bps:
            return signal
        if isinstance(signal, Data):
            return Data(bytes(octet ^ self._chance.randrange(256) for octet in signal.octets))
        if isinstance(signal, HdlcFrame):
            return HdlcFrame(signal.octets, fcs_ok=False)
        return signal


class Decoder:
    """From packets to the line; what is missing between two packets is heard as damage."""

    def __init__(self, deliver: Callable[[LineSignal], None]) -> None:
        self._depacketizer = Depacketizer(deliver)
        self._expected: int | None = None

    def packet(self, packet: rtp.Packet) -> None:
        if self._expected is not None and packet.sequence != self._expected:
            if (packet.sequence - self._expected) & 0x8000:
                return  # late, or twice
            self._depacketizer.feed(None)
        self._expected = (packet.sequence + 1) & 0xFFFF
        try:
            decoded = ifp.decode(packet.payload)
        except IfpError:
            return
        self._depacketizer.feed(decoded)

    def skip(self, packet: rtp.Packet) -> None:
        """A packet of another kind in the same stream."""
        self._expected = (packet.sequence + 1) & 0xFFFF
