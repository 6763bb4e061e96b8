"""What becomes of fax signals that go through a voice codec, and how they stand in its packets.

Rule: the lines of a lab carry fax signals, not sound, so what a packet holds in place of its samples is the signal
itself, written as T.38 writes it; but only what the codec would let through arrives whole. A codec of 64 kbit/s keeps
every modem, one that is made for voices keeps tones and V.21 and spoils what is faster: the training check fails at
every speed. Source: Cisco, fax pass-through configuration guides (G.711 with echo cancelling off, no low bit rate
codec); rates at which G.726 and G.728 still carry a modem: ITU-T G.726 appendix II, G.728. The thresholds between are
inferred.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from iosemu.fax import ifp
from iosemu.fax.ifp import IfpError
from iosemu.fax.line import CarrierOn, Data, HdlcFrame, LineSignal, Modulation
from iosemu.fax.t38 import Depacketizer, Packetizer
from iosemu.voice import rtp

PAYLOAD_TYPES: Final = {
    "g711ulaw": 0,
    "g711alaw": 8,
    "g726r32": 2,
    "g726r24": 120,
    "g726r16": 121,
    "g728": 15,
    "g729r8": 18,
    "g729br8": 18,
    "g723r63": 4,
    "g723r53": 4,
    "g723ar63": 4,
    "g723ar53": 4,
    "gsmfr": 3,
    "gsmefr": 119,
    "clear-channel": 125,
}
"""RFC 3551, and what is free to choose."""
OCTETS: Final = {"g711ulaw": 160, "g711alaw": 160, "g729r8": 20, "g729br8": 20, "clear-channel": 160}
"""Of a packet of 20 ms, where it is not 40."""
_FASTEST_BPS: Final = {
    "g711ulaw": 14400,
    "g711alaw": 14400,
    "clear-channel": 14400,
    "g726r32": 4800,
    "g726r24": 2400,
    "g728": 2400,
}
_VOICE_ONLY_BPS: Final = Modulation.V21.rate_bps
_SAMPLES_A_SECOND: Final = 8000


def packet_octets(codec: str) -> int:
    """`CodecBytes`."""
    return OCTETS.get(codec, 40)


def fastest_bps(codec: str) -> int:
    """The fastest modem that a codec keeps whole."""
    return _FASTEST_BPS.get(codec, _VOICE_ONLY_BPS)


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
            self._put(PAYLOAD_TYPES.get(self.codec, 0), ifp.encode(packet))

    def event(self, payload_type: int, payload: bytes) -> None:
        """A packet of another kind in the same stream."""
        self._put(payload_type, payload)

    def _put(self, payload_type: int, payload: bytes) -> None:
        timestamp = round(self._now() * _SAMPLES_A_SECOND)
        self._send(rtp.Packet(payload_type, self._sequence, timestamp, self._source, payload).encode())
        self._sequence += 1

    def _spoiled(self, signal: LineSignal) -> LineSignal:
        if isinstance(signal, CarrierOn):
            self._carrier = signal.modulation
        if self._carrier.rate_bps <= fastest_bps(self.codec):
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
        self.lost = 0

    def packet(self, packet: rtp.Packet) -> None:
        if self._expected is not None and packet.sequence != self._expected:
            if (packet.sequence - self._expected) & 0x8000:
                return  # late, or twice
            self.lost += (packet.sequence - self._expected) & 0xFFFF
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
