"""The media of a call over a SIP trunk: G.711 first, then T.38, where the peer has it.

Rule: the lab's line is one of fax signals, not of sound. On G.711 the two fax tones are played and heard, and the rest
waits for T.38; a trunk that `sounds` has the modems of libspandsp, and carries all of a fax as sound. Each medium has a
socket of its own and listens to the peer's host alone.
"""

from __future__ import annotations

import ctypes
import secrets
from collections.abc import Callable
from typing import Final, Protocol

from iosemu.clock import Clock, Timer
from iosemu.fax import audio
from iosemu.fax.audio.library import Samples
from iosemu.fax.audio.tones import ToneDetector
from iosemu.fax.ifp import Syntax
from iosemu.fax.line import LineSignal, Tone, ToneOn
from iosemu.fax.t38 import Redundancy, T38Link
from iosemu.fax.udptl import Protection
from iosemu.lab.datagrams import DatagramPort
from iosemu.network import Endpoint
from iosemu.sip.sdp import Codec, T38Parameters
from iosemu.voice import rtp
from iosemu.voice.g711 import FRAME, FRAME_S, Law, frame

LAWS: Final = {Codec.PCMU: Law.MU, Codec.PCMA: Law.A}
PACKET_OCTETS: Final = 80
"""A T.38 packet of ours has at most so many octets: 72 of a frame, and what stands around them."""
COPIES: Final = 3


class Sound(Protocol):
    """What makes frames of G.711 of line signals, and hears them."""

    def take(self, signal: LineSignal) -> None:
        """Say what a signal means."""
        ...

    def frame(self, law: Law) -> bytes | None:
        """The next 20 ms; None for silence."""
        ...

    def hear(self, octets: bytes, law: Law) -> None: ...


class Tones:
    """Knows the two fax tones and nothing else; `heard` is told of one as soon as it is sure."""

    def __init__(self, heard: Callable[[LineSignal], None]) -> None:
        self._ear = ToneDetector(lambda tone: heard(ToneOn(tone)))
        self._tone = Tone.CNG
        self._frames_left = 0

    def take(self, signal: LineSignal) -> None:
        if isinstance(signal, ToneOn):
            self._tone, self._frames_left = signal.tone, round(signal.tone.duration_s / FRAME_S)

    def frame(self, law: Law) -> bytes | None:
        if not self._frames_left:
            return None
        self._frames_left -= 1
        return frame(self._tone, law)

    def hear(self, octets: bytes, law: Law) -> None:
        for at in range(0, len(octets), FRAME // 2):
            self._ear.take(_samples(octets[at : at + FRAME // 2], law))


class Modems:
    """A whole fax modem; raises audio.MissingLibrary. `heard` gets what it demodulates."""

    def __init__(self, heard: Callable[[LineSignal], None]) -> None:
        library = audio.load()
        self._modulator = audio.Modulator(library)
        self._demodulator = audio.Demodulator(library, heard)

    def take(self, signal: LineSignal) -> None:
        self._modulator.take(signal)

    def frame(self, law: Law) -> bytes | None:
        # Its clock is the samples that were asked for.
        return law.encode(self._modulator.samples(FRAME))

    def hear(self, octets: bytes, law: Law) -> None:
        self._demodulator.take(_samples(octets, law))


def _samples(octets: bytes, law: Law) -> Samples:
    samples = law.decode(octets)
    return (ctypes.c_int16 * len(samples)).from_buffer(samples)


class Voice:
    """G.711 over RTP: 20 ms of sound or silence at a time, from `talk_to` on."""

    def __init__(self, clock: Clock, host: str, sound: Sound) -> None:
        """Open the socket on a host of this machine; raises OSError."""
        self._clock, self._sound = clock, sound
        self._port = DatagramPort((host, 0), self._receive)
        self._peer: Endpoint | None = None
        self._codec = Codec.PCMU
        self._sequence, self._timestamp = secrets.randbits(15), secrets.randbits(31)
        self._source = secrets.randbits(32)
        self._due_s = 0.0
        self._timer: Timer | None = None

    @property
    def endpoint(self) -> Endpoint:
        return self._port.endpoint

    def talk_to(self, peer: Endpoint, codec: Codec) -> None:
        """The session is agreed upon, or agreed upon anew."""
        self._peer, self._codec = peer, codec
        if self._timer is None:
            self._due_s = self._clock.now()
            self._send()

    def say(self, signal: LineSignal) -> None:
        self._sound.take(signal)

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
        law = LAWS[self._codec]
        payload = self._sound.frame(law) or law.silence
        packet = rtp.Packet(self._codec.payload_type, self._sequence, self._timestamp, self._source, payload)
        self._port.send(packet.encode(), self._peer)
        self._sequence += 1
        self._timestamp += FRAME
        self._due_s += FRAME_S
        self._timer = self._clock.call_at(self._due_s, self._send)

    def _receive(self, octets: bytes, source: Endpoint) -> None:
        packet = rtp.decode(octets)
        if self._peer is None or source[0] != self._peer[0] or packet is None:
            return
        if packet.payload_type == self._codec.payload_type:
            self._sound.hear(packet.payload, LAWS[self._codec])


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
