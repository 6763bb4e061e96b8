"""The media of a call over IP, at one of its gateways: voice in RTP, then, for a fax, a relay or a better codec.

Rule: the side whose line sounds like a fax that answers begins the change. T.38 is agreed upon by signalling, or, with
`nse`, by named events within the voice stream, as is `modem passthrough`; Cisco's own relay by payload types of its
own. What the line says meanwhile waits, and goes on by whatever was agreed upon. T.38 packets have the corrected
syntax, as everywhere in a lab, though gateways of the era call themselves version 0. Source: Cisco, fax relay and
pass-through configuration guides, Cisco IOS Voice Command Reference: `rtp payload-type` (its defaults are the payload
types here), `fax protocol`, `modem passthrough`. The numbers of the named events are recalled; what is in the packets
of Cisco's relay is not published, here it is T.38's.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Final

from iosemu.clock import Clock
from iosemu.deadline import Deadline
from iosemu.fax.dsp import FaxDsp
from iosemu.fax.line import CarrierOn, LineSignal, Modulation, Tone, ToneOn
from iosemu.fax.t38 import Redundancy
from iosemu.network import Datagrams, Endpoint, Network
from iosemu.voice import rtp
from iosemu.voice.codec_path import Decoder, Encoder
from iosemu.voice.codecs import codec_of
from iosemu.voice.fax_relay import FaxRelay
from iosemu.voice.voip_settings import NSE_PAYLOAD, FaxProtocol, VoipSettings

EVENT_REPEATS: Final = 3
ANSWER_S: Final = 1.0
"""So long an event waits for its answer."""
_G711: Final = ("g711ulaw", "g711alaw")
_VOICE_RELAY_BPS: Final = 7200
"""`fax rate voice`: what fits beside a codec of 8 kbit/s."""
_MAX_WAITING: Final = 400


class NamedEvent(IntEnum):
    """What a named signalling event says with its first octet."""

    PASS_THROUGH = 192
    RELAY = 200
    RELAY_TAKEN = 201
    RELAY_REFUSED = 202


class CiscoRelay(IntEnum):
    """The payload types of Cisco's own relay."""

    ASKED = 96
    TAKEN = 97
    DATA = 122


class Wish(Enum):
    """What the media want their signalling to agree upon."""

    T38 = "t38"
    PASS_THROUGH = "pass-through"


class VoipMedia:
    """See the module's rule. `deliver` gets what goes on the line. Set the `on_*` callables before `talk`."""

    def __init__(
        self,
        clock: Clock,
        network: Network,
        port: int,
        settings: VoipSettings,
        deliver: Callable[[LineSignal], None],
    ) -> None:
        """Open the port; raises Unreachable, OSError."""
        self._clock, self._settings, self._deliver = clock, settings, deliver
        self.on_wish: Callable[[Wish], object] = lambda wish: None
        """Signalling is to try, and to call `talk`, `relay` or `refused`."""
        self.on_relay: Callable[[FaxProtocol], object] = lambda protocol: None
        """A relay has begun."""
        self.on_t30: Callable[[object], object] = lambda event: None
        """What the relay heard and said on the line."""
        self.on_packet: Callable[[bool, int], object] = lambda sent, octets: None
        self.on_datagram: Callable[[Endpoint, Endpoint, bytes], object] = lambda source, target, octets: None
        """A T.38 datagram leaves."""
        self.on_codec: Callable[[str], object] = lambda codec: None
        """The voice is coded otherwise from now on."""
        self._socket: Datagrams = network.open(port, self._receive)
        self.port = port
        self.peer: Endpoint = ("0.0.0.0", 0)
        self._encoder: Encoder | None = None
        self._decoder = Decoder(self._deliver)
        self._relay: FaxRelay | None = None
        self._dsp: FaxDsp | None = None
        self._waiting: list[LineSignal] | None = None
        self._tried: set[Wish | FaxProtocol] = set()
        self._impatience = Deadline(clock)
        self.protocol: FaxProtocol | None = None
        """That of the relay, once there is one."""

    @property
    def codec(self) -> str:
        return self._encoder.codec if self._encoder is not None else ""

    def talk(self, peer: Endpoint, codec: str) -> None:
        """Voice to and from the far side, in a codec; also what was agreed upon for pass-through."""
        self.peer = peer
        self._code(codec)
        self._go_on()

    def relay(self, peer: Endpoint, protocol: FaxProtocol = FaxProtocol.T38) -> None:
        """A fax relay was agreed upon."""
        self.peer = peer
        if self._dsp is not None:
            return
        fax = self._settings.fax
        self._relay = FaxRelay(self.rate_bps, self._settings.ecm, self.on_t30)
        relay = self._relay
        self._dsp = FaxDsp(
            self._clock,
            lambda signal: self._deliver(relay.to_line(signal)),
            self._send_relayed,
            Redundancy(fax.low, fax.high),
        )
        self.protocol = protocol
        self.on_relay(protocol)
        self._go_on()

    def refused(self) -> None:
        """The far side does not want what was wished for."""
        if Wish.T38 in self._tried and self.protocol is None and self._settings.fax.protocol is FaxProtocol.T38:
            match self._settings.fax.fallback:
                case FaxProtocol.CISCO if FaxProtocol.CISCO not in self._tried:
                    self._wish_cisco()
                    return
                case FaxProtocol.PASS_THROUGH if self._wants_pass_through():
                    self._wish(Wish.PASS_THROUGH)
                    return
        self._go_on()

    def hear(self, signal: LineSignal) -> None:
        """What the line says."""
        if self._waiting is not None:
            if len(self._waiting) < _MAX_WAITING:
                self._waiting.append(signal)
        elif self._dsp is not None and self._relay is not None:
            self._dsp.from_line(self._relay.from_line(signal))
        elif self._encoder is not None:
            self._look_for_fax(signal)
            if self._waiting is not None:
                self._waiting.append(signal)
            else:
                self._encoder.signal(signal)

    def drain(self) -> None:
        """Take what has come already."""
        self._socket.drain()

    def close(self) -> None:
        self._impatience.stop()
        self._socket.close()
        if self._dsp is not None:
            self._dsp.close()

    # A fax begins.

    def _look_for_fax(self, signal: LineSignal) -> None:
        answering = isinstance(signal, ToneOn) and signal.tone is Tone.CED
        flags = isinstance(signal, CarrierOn) and signal.modulation is Modulation.V21
        settings, fax = self._settings, self._settings.fax
        assert self._encoder is not None
        if not answering and not flags:
            return
        if flags and settings.relayed and fax.protocol is FaxProtocol.T38 and Wish.T38 not in self._tried:
            if fax.nse:
                self._tried.add(Wish.T38)
                self._signal(NamedEvent.RELAY)
                self._await_answer()
            else:
                self._wish(Wish.T38)
        elif flags and settings.relayed and fax.protocol is FaxProtocol.CISCO and FaxProtocol.CISCO not in self._tried:
            self._wish_cisco()
        elif settings.passthrough is not None and self.codec != settings.passthrough.codec:
            self._signal(NamedEvent.PASS_THROUGH)
            self._code(settings.passthrough.codec)
        elif fax.protocol is FaxProtocol.PASS_THROUGH and self._wants_pass_through():
            self._wish(Wish.PASS_THROUGH)

    def _wants_pass_through(self) -> bool:
        return self.codec not in _G711 and Wish.PASS_THROUGH not in self._tried

    def _wish(self, wish: Wish) -> None:
        self._tried.add(wish)
        if self._waiting is None:
            self._waiting = []
        self.on_wish(wish)

    def _wish_cisco(self) -> None:
        self._tried.add(FaxProtocol.CISCO)
        self._event(CiscoRelay.ASKED)
        self._await_answer()

    def _await_answer(self) -> None:
        if self._waiting is None:
            self._waiting = []
        self._impatience.start(ANSWER_S, self.refused)

    def _go_on(self) -> None:
        """What waited goes the way that was agreed upon."""
        self._impatience.stop()
        waiting, self._waiting = self._waiting or (), None
        for signal in waiting:
            self.hear(signal)

    def _code(self, codec: str) -> None:
        if self._encoder is None:
            self._encoder = Encoder(codec, self._clock.now, self._send, self.port)
        self._encoder.codec = codec
        self.on_codec(codec)

    @property
    def rate_bps(self) -> int:
        """The fastest that a relay lets a fax go."""
        said = self._settings.fax_rate_bps
        if said is not None:
            return said
        return 14400 if codec_of(self.codec).fastest_bps > Modulation.V21.rate_bps else _VOICE_RELAY_BPS

    @property
    def _nse_payload(self) -> int:
        passthrough = self._settings.passthrough
        return passthrough.payload_type if passthrough is not None else NSE_PAYLOAD

    # Packets.

    def _signal(self, event: NamedEvent) -> None:
        self._event(self._nse_payload, bytes((event, 0, 0, 0)))

    def _event(self, payload_type: int, payload: bytes = b"") -> None:
        """Something of the gateways' own, often enough that one will come."""
        assert self._encoder is not None
        for _ in range(EVENT_REPEATS):
            self._encoder.event(payload_type, payload)

    def _send(self, datagram: bytes) -> None:
        self.on_packet(True, len(datagram))
        self._socket.send(datagram, *self.peer)

    def _send_relayed(self, datagram: bytes) -> None:
        if self.protocol is FaxProtocol.CISCO:
            assert self._encoder is not None
            self._encoder.event(CiscoRelay.DATA, datagram)
            return
        self._send(datagram)
        self.on_datagram((self._socket.source(*self.peer), self.port), self.peer, datagram)

    def _receive(self, octets: bytes, source: Endpoint) -> None:
        if source[0] != self.peer[0]:
            return
        self.on_packet(False, len(octets))
        if self._dsp is not None and self.protocol is FaxProtocol.T38:
            self._dsp.from_host(octets)
            return
        packet = rtp.decode(octets)
        if packet is None or self._encoder is None:
            return
        match packet.payload_type:
            case kind if kind == self._nse_payload and len(packet.payload) == 4:
                self._decoder.skip(packet)
                self._named(packet.payload[0])
            case CiscoRelay.ASKED | CiscoRelay.TAKEN as kind if not packet.payload:
                self._decoder.skip(packet)
                self._cisco(kind)
            case CiscoRelay.DATA:
                if self._dsp is not None:
                    self._dsp.from_host(packet.payload)
            case _:
                self._decoder.packet(packet)

    def _named(self, event: int) -> None:
        fax = self._settings.fax
        match event:
            case NamedEvent.PASS_THROUGH if self._settings.passthrough is not None:
                self._code(self._settings.passthrough.codec)
            case NamedEvent.RELAY if self.protocol is None:
                wanted = self._settings.relayed and fax.protocol is FaxProtocol.T38
                self._signal(NamedEvent.RELAY_TAKEN if wanted else NamedEvent.RELAY_REFUSED)
                if wanted:
                    self.relay(self.peer)
            case NamedEvent.RELAY_TAKEN if self.protocol is None and Wish.T38 in self._tried:
                self.relay(self.peer)
            case NamedEvent.RELAY_REFUSED if self._waiting is not None:
                self.refused()

    def _cisco(self, kind: int) -> None:
        fax = self._settings.fax
        if self.protocol is not None:
            return
        wanted = FaxProtocol.CISCO in (fax.protocol, fax.fallback)
        if kind == CiscoRelay.ASKED and wanted and self._settings.relayed:
            self._event(CiscoRelay.TAKEN)
            self.relay(self.peer, FaxProtocol.CISCO)
        elif kind == CiscoRelay.TAKEN and FaxProtocol.CISCO in self._tried:
            self.relay(self.peer, FaxProtocol.CISCO)
