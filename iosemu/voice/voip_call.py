"""A call over IP at one gateway: a circuit of the gateway on one side, signalling and media on the other.

Rule: whoever switches the call sees an `End` like that of a telephone line. Sessions are those of SDP; a call begins
with one voice medium, which a fax relay takes the place of. Source: RFC 3261, RFC 3264, ITU-T T.38 Annex D; forms of
the descriptions: captures of Cisco SIP gateways.
"""

from __future__ import annotations

from collections.abc import Callable

from iosemu.fax.line import LineSignal
from iosemu.network import Endpoint
from iosemu.sip import sdp
from iosemu.sip.agent import Call, IncomingCall, OutgoingCall
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End
from iosemu.voice.codecs import CODECS, codec_of
from iosemu.voice.sip_causes import cause_of, known, status_of
from iosemu.voice.voip_media import VoipMedia, Wish
from iosemu.voice.voip_settings import FaxProtocol, VoipSettings

MakeMedia = Callable[[VoipSettings, Callable[[LineSignal], None]], VoipMedia]

_USER, _NAME = "CiscoSystemsSIP-GW-UserAgent", "SIP Call"
_REASON = "Q.850"
_MAX_DATAGRAM, _MAX_BUFFER = 72, 200


class VoipCall:
    """What both directions share. `leg` is the leg of the call over IP, `address` our own on it."""

    def __init__(self, leg: Leg, settings: VoipSettings, setup: CallSetup, make_media: MakeMedia, address: str) -> None:
        """Raises Unreachable or OSError where no port is to be had."""
        self.leg, self.settings, self._address = leg, settings, address
        circuit = Circuit(setup)
        self._own, self.end = self._ends(circuit)
        self.media = make_media(settings, lambda signal: self._own.send(signal))
        self.media.on_wish = self._wish
        self.media.on_codec = self._coded
        self.media.on_packet = self._count
        leg.voip(own=address, own_port=self.media.port)
        self._own.on_signal = self.media.hear
        self._own.on_release = self._released
        self._call: Call | None = None
        self._version = 0
        self._over = False

    @staticmethod
    def _ends(circuit: Circuit) -> tuple[End, End]:
        """Our end of the circuit, and that of whoever switches the call."""
        raise NotImplementedError

    def _join(self, call: Call) -> None:
        self._call = call
        call.on_end = lambda status: self._finish(self._cause(status))
        call.on_offer = self._offered

    # Sessions.

    def _describe(self, *media: sdp.Medium) -> bytes:
        self._version += 1
        return sdp.Session(self._address, media, 1000 + self.media.port, self._version, _USER, _NAME).encode()

    def _voice(self, codecs: tuple[str, ...]) -> sdp.Medium:
        return _audio((self._address, self.media.port), codecs, vad=self.settings.vad)

    def _fax(self) -> sdp.Medium:
        parameters = sdp.T38Parameters(0, self.media.rate_bps, max_buffer=_MAX_BUFFER, max_datagram=_MAX_DATAGRAM)
        return sdp.t38((self._address, self.media.port), parameters)

    def _common(self, medium: sdp.Medium) -> str:
        """The codec that both sides have, "" for none; ours count in our order."""
        own = (word for word in self.settings.codecs if word in CODECS)
        return next((word for word in own if _format(word) in medium.formats), "")

    def _offered(self, octets: bytes) -> bytes | None:
        """The far side offers another session."""
        if not octets:
            return self._describe(self._fax() if self.media.protocol else self._voice(self.settings.codecs))
        try:
            offer = sdp.parse(octets)
        except sdp.BadSdp:
            return None
        fax = self.settings.fax
        if (medium := offer.t38) is not None:
            if fax.protocol is not FaxProtocol.T38 or not self.settings.relayed:
                return None
            answer = self._answer_with(offer, medium, self._fax())
            self._media_at(medium)
            self.media.relay(medium.endpoint)
            return answer
        medium = offer.audio
        if medium is None:
            return None
        codec = self._common(medium)
        passed = fax.codec if FaxProtocol.PASS_THROUGH in (fax.protocol, fax.fallback) else ""
        if not codec and passed and _format(passed) in medium.formats:
            codec = passed
        if not codec:
            return None
        self._media_at(medium)
        self.media.talk(medium.endpoint, codec)
        return self._answer_with(offer, medium, self._voice((codec,)))

    def _answer_with(self, offer: sdp.Session, chosen: sdp.Medium, own: sdp.Medium) -> bytes:
        return self._describe(*(own if medium is chosen else sdp.refused(medium) for medium in offer.media))

    def _media_at(self, medium: sdp.Medium) -> None:
        self.leg.voip(media=medium.address, media_port=medium.port)

    def _coded(self, codec: str) -> None:
        self.leg.voip(codec=codec, codec_octets=codec_of(codec).octets)

    # A fax.

    def _wish(self, wish: Wish) -> None:
        call = self._call
        if call is None or not call.up:
            self.media.refused()
            return
        medium = self._fax() if wish is Wish.T38 else self._voice((self.settings.fax.codec,))
        call.offer(self._describe(medium), self._wish_answered)

    def _wish_answered(self, status: int, octets: bytes) -> None:
        try:
            answer = sdp.parse(octets) if status == 200 else None
        except sdp.BadSdp:
            answer = None
        if answer is not None and (medium := answer.t38) is not None:
            self._media_at(medium)
            self.media.relay(medium.endpoint)
        elif answer is not None and (medium := answer.audio) is not None and self.settings.fax.codec:
            self._media_at(medium)
            self.media.talk(medium.endpoint, self.settings.fax.codec)
        else:
            self.media.refused()

    # The end.

    def _released(self, cause: Cause) -> None:
        """The gateway hangs up."""
        self._finish(cause)

    def _finish(self, cause: Cause) -> None:
        if self._over:
            return
        self.media.drain()  # what was said before the end
        self._over = True
        self._hang_up(cause)
        self.media.close()
        self._own.release(cause)

    def _cause(self, status: int) -> Cause:
        """Why the far side ended the call."""
        assert self._call is not None
        kind, _, value = self._call.far_reason.partition(";cause=")
        if kind == _REASON and value.isdecimal() and len(value) < 4:
            return known(int(value))
        return cause_of(status, dict(self.settings.sip_causes))

    def _hang_up(self, cause: Cause) -> None:
        if self._call is not None:
            self._explain(self._call, cause)
            self._call.hang_up()

    def _explain(self, call: Call, cause: Cause) -> None:
        """H.323 has the causes of the telephone network themselves."""
        if not self.settings.sip:
            call.reason = f"{_REASON};cause={cause.value}"

    def _count(self, sent: bool, octets: int) -> None:
        if sent:
            self.leg.carried(tx_octets=octets, tx_packets=1)
        else:
            self.leg.carried(rx_octets=octets, rx_packets=1)


class OutgoingVoipCall(VoipCall):
    """A call to another gateway."""

    @staticmethod
    def _ends(circuit: Circuit) -> tuple[End, End]:
        return circuit.called, circuit.calling

    def start(self, invite: Callable[[bytes], OutgoingCall]) -> None:
        """`invite` sends the INVITE with our offer."""
        call = invite(self._describe(self._voice(self.settings.codecs)))
        self._join(call)
        if self.settings.sip:
            self.leg.voip(protocol_call_id=call.call_id)
        call.on_ringing = lambda status: self._own.alert()
        call.on_answer = self._answered

    def _answered(self, octets: bytes) -> bytes | None:
        try:
            medium = sdp.parse(octets).audio
        except sdp.BadSdp:
            medium = None
        codec = self._common(medium) if medium is not None else ""
        if medium is None or not codec:
            self._call = None  # the agent itself hangs up what was answered wrongly
            self._finish(Cause.INTERWORKING)
            return None
        self._media_at(medium)
        self.media.talk(medium.endpoint, codec)
        self._own.answer()
        return b""


class IncomingVoipCall(VoipCall):
    """A call of another gateway."""

    def __init__(
        self,
        leg: Leg,
        settings: VoipSettings,
        setup: CallSetup,
        make_media: MakeMedia,
        address: str,
        call: IncomingCall,
    ) -> None:
        super().__init__(leg, settings, setup, make_media, address)
        self._incoming = call
        self._answer: bytes | None = None
        self._join(call)
        self._own.on_alerting = call.ring
        self._own.on_answer = self._take

    @staticmethod
    def _ends(circuit: Circuit) -> tuple[End, End]:
        return circuit.calling, circuit.called

    def agree(self) -> bool:
        """Is there a codec that both sides have?"""
        try:
            offer = sdp.parse(self._incoming.session)
        except sdp.BadSdp:
            return False
        medium = offer.audio
        codec = self._common(medium) if medium is not None else ""
        if medium is None or not codec:
            return False
        self._media_at(medium)
        self.media.talk(medium.endpoint, codec)
        self._answer = self._answer_with(offer, medium, self._voice((codec,)))
        return True

    def _take(self) -> None:
        if self._answer is not None:
            self._incoming.answer(self._answer)

    def _hang_up(self, cause: Cause) -> None:
        self._explain(self._incoming, cause)
        if self._incoming.up:
            self._incoming.hang_up()
        else:
            self._incoming.reject(status_of(cause, dict(self.settings.sip_statuses)))


def _audio(endpoint: Endpoint, codecs: tuple[str, ...], *, vad: bool) -> sdp.Medium:
    """Voice in one of some codecs."""
    attributes = []
    for word in codecs:
        codec = codec_of(word)
        attributes.append(f"rtpmap:{codec.payload_type} {codec.name}/8000")
        if codec.name == "G729":
            attributes.append(f"fmtp:{codec.payload_type} annexb={'yes' if word == 'g729br8' and vad else 'no'}")
    formats = tuple(dict.fromkeys(map(_format, codecs)))
    return sdp.Medium("audio", endpoint[1], "RTP/AVP", formats, endpoint[0], tuple(dict.fromkeys(attributes)))


def _format(codec: str) -> str:
    return str(codec_of(codec).payload_type)
