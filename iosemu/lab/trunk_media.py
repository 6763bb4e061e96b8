"""The media of a call over a SIP trunk: G.711 first, then T.38.

Rule: the lab's line is one of fax signals, not of sound: on G.711 the two fax tones are played and heard, the rest
waits for T.38. Each medium has a socket of its own and listens to the peer's host alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from iosemu.clock import Clock, Timer
from iosemu.fax.ifp import Syntax
from iosemu.fax.line import LineSignal, Tone
from iosemu.fax.t38 import Redundancy, T38Link
from iosemu.fax.udptl import Protection
from iosemu.lab.datagrams import DatagramPort, Endpoint
from iosemu.sip.sdp import Codec, T38Parameters
from iosemu.voice import rtp
from iosemu.voice.g711 import FRAME, FRAME_S, Law, ToneEar, frame

LAWS: Final = {Codec.PCMU: Law.MU, Codec.PCMA: Law.A}
PACKET_OCTETS: Final = 80
"""A T.38 packet of ours has at most so many octets: 72 of a frame, and what stands around them."""
COPIES: Final = 3


class Voice:
    """G.711 over RTP: 20 ms of sound or silence at a time, from `talk_to` on."""

    def __init__(
        self, clock: Clock, host: str, began: Callable[[Tone], object], ended: Callable[[Tone], object]
    ) -> None:
        """Open the socket on a host of this machine; raises OSError."""
        self._clock, self._began, self._ended = clock, began, ended
        self._port = DatagramPort((host, 0), self._receive)
        self._peer: Endpoint | None = None
        self._codec = Codec.PCMU
        self._ear = ToneEar(Law.MU, began, ended)
        self._sequence, self._timestamp = secrets.randbits(15), secrets.randbits(31)
        self._source = secrets.randbits(32)
        self._sound, self._frames_left = b"", 0
        self._timer: Timer | None = None

    @property
    def endpoint(self) -> Endpoint:
        return self._port.endpoint

    def talk_to(self, peer: Endpoint, codec: Codec) -> None:
        """The session is agreed upon, or agreed upon anew."""
        if codec is not self._codec:
            self._codec = codec
            self._ear = ToneEar(LAWS[codec], self._began, self._ended)
        self._peer = peer
        if self._timer is None:
            self._send()

    def play(self, tone: Tone) -> None:
        """Sound a tone for as long as T.30 has it last."""
        self._sound, self._frames_left = frame(tone, LAWS[self._codec]), round(tone.duration_s / FRAME_S)

    def hush(self) -> None:
        """Be silent, until `talk_to` is told again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def close(self) -> None:
        self.hush()
        self._port.close()

    def _send(self) -> None:
        assert self._peer is not None
        sounding = self._frames_left > 0
        self._frames_left -= sounding
        payload = self._sound if sounding else LAWS[self._codec].silence
        packet = rtp.Packet(self._codec.payload_type, self._sequence, self._timestamp, self._source, payload)
        self._port.send(packet.encode(), self._peer)
        self._sequence += 1
        self._timestamp += FRAME
        self._timer = self._clock.call_later(FRAME_S, self._send)

    def _receive(self, octets: bytes, source: Endpoint) -> None:
        packet = rtp.decode(octets)
        if self._peer is None or source[0] != self._peer[0] or packet is None:
            return
        if packet.payload_type == self._codec.payload_type:
            self._ear.hear(packet.payload)


class Fax:
    """T.38 over UDPTL."""

    def __init__(self, host: str, deliver: Callable[[LineSignal], None]) -> None:
        """Open the socket on a host of this machine; raises OSError."""
        self._deliver = deliver
        self._port = DatagramPort((host, 0), self._receive)
        self._peer: Endpoint | None = None
        self._link: T38Link | None = None

    @property
    def endpoint(self) -> Endpoint:
        return self._port.endpoint

    def talk_to(self, peer: Endpoint, theirs: T38Parameters, agreed: T38Parameters) -> None:
        """The session is agreed upon: with version and error correction as `agreed`, in datagrams that the far side
        has room for."""
        self._peer = peer
        if self._link is not None:  # an offer that changes nothing but where to
            return
        copies = theirs.copies(PACKET_OCTETS, COPIES)
        self._link = T38Link(
            self._send,
            self._deliver,
            Redundancy(copies, copies),
            Protection(3, 3) if agreed.fec else None,
            Syntax.V1998 if agreed.version == 0 else Syntax.V2002,
        )

    def signal(self, signal: LineSignal) -> None:
        if self._link is not None:
            self._link.signal(signal)

    def close(self) -> None:
        self._port.close()

    def _send(self, datagram: bytes) -> None:
        if self._peer is not None:
            self._port.send(datagram, self._peer)

    def _receive(self, octets: bytes, source: Endpoint) -> None:
        if self._link is not None and self._peer is not None and source[0] == self._peer[0]:
            self._link.datagram(octets)
