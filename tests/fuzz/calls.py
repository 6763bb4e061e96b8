"""Calls with somebody who means ill: a fax machine that speaks any T.38, a mail of any form that is to be faxed, and
a gateway at the other end of the IP network that speaks any SIP.

Rule: manual clocks, no sockets. However a call goes, it ends by itself: no leg, no DSP channel, no bearer channel is
held afterwards, and the next call finds what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from iosemu.cli import catalogue
from iosemu.clock import ManualClock
from iosemu.fax.line import LineSignal
from iosemu.fax.t30 import Profile
from iosemu.fax.t38 import T38Link
from iosemu.mail.mime import MimeError
from iosemu.sip import sdp
from iosemu.sip.messages import BadMessage, complaint, parse
from iosemu.voice.circuit import CallSetup, Circuit
from tests.commands.ip_wire import Wire
from tests.commands.routers import START
from tests.commands.show_scenarios import FAR_GATEWAY, Scene
from tests.fax.calls import Call, document
from tests.voice.conftest import OFF_RAMP, ON_RAMP, Machine, Rig, mail_to

from .mails import MAILS
from .surface import TOKENS, WORDS, Surface, Take, framed, pieces_of, reader

LONGEST_CALL_S = 600.0


# T.38 into the on-ramp. Each datagram has in front how many tenths of a second it waits.


def _calls() -> Iterator[bytes]:
    for ecm in (False, True):
        sent: list[bytes] = []
        at = [0.0]
        call = Call(document=document(1, rows=20), sender_profile=Profile("15551234", ecm=ecm))

        def note(datagram: bytes, call: Call = call, sent: list[bytes] = sent, at: list[float] = at) -> None:
            sent.append(bytes((min(255, round((call.clock.now() - at[0]) * 10)),)) + datagram)
            at[0] = call.clock.now()

        link = T38Link(note, lambda signal: None)
        call.to_receiver = partial(_by_the_way, link)
        call.run()
        yield framed(sent)


def _by_the_way(link: T38Link, signal: LineSignal) -> LineSignal:
    link.signal(signal)
    return signal


@contextmanager
def _on_ramp() -> Iterator[Take]:
    rig = Rig(ON_RAMP, catalogue.load().for_platform("as5300"))
    rig.voice.plug("T1 0", rig.machine())

    def take(octets: bytes) -> None:
        circuit = Circuit(CallSetup("5550199", "15551234"))
        link = T38Link(lambda datagram: None, circuit.calling.send)
        at = rig.clock.now() + 1.0
        for piece in pieces_of(octets):
            at += piece[0] / 10 if piece else 0.0
            rig.clock.call_at(at, partial(link.datagram, piece[1:]))
        rig.voice.offer("T1 0", circuit.called)
        rig.clock.run(at + LONGEST_CALL_S)
        assert rig.at_rest()
        rig.mails.clear()
        rig.events.clear()

    yield take
    machine = rig.fax()
    rig.clock.run()
    assert machine.result is not None
    assert machine.result.ok


# A mail to the off-ramp, and what becomes of it on the line.


@contextmanager
def _off_ramp() -> Iterator[Take]:
    rig = Rig(OFF_RAMP, catalogue.load().for_platform("as5300"))

    def take(octets: bytes) -> None:
        rig.deliver(mail_to("9-5551234", octets), rig.machine())
        assert rig.at_rest()
        rig.mails.clear()
        rig.events.clear()

    yield take
    take(MAILS[0])


# SIP.

GATEWAY, PEER, SIP = "10.10.1.1", "10.10.1.2", 5060
_PEER_LINES = (
    FAR_GATEWAY + " session protocol sipv2\n codec g711ulaw\n fax protocol t38 ls-redundancy 0 hs-redundancy 0\n"
)
_AUDIO = "v=0\r\no=- 1 1 IN IP4 10.10.1.2\r\ns=-\r\nc=IN IP4 10.10.1.2\r\nt=0 0\r\nm=audio 16400 RTP/AVP 0 8 101\r\n"
_AUDIO += "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
_T38 = "v=0\r\no=- 1 2 IN IP4 10.10.1.2\r\ns=-\r\nc=IN IP4 10.10.1.2\r\nt=0 0\r\nm=image 16402 udptl t38\r\n"
_T38 += "a=T38FaxVersion:0\r\na=T38MaxBitRate:14400\r\na=T38FaxRateManagement:transferredTCF\r\n"
_T38 += "a=T38FaxUdpEC:t38UDPRedundancy\r\n"
_TAG = b"the-tag-of-the-call"
"""Stands for the tag that the gateway gave its call."""


def _message(method: str, cseq: int, body: str = "", *, tagged: bool = True, first: str = "", more: str = "") -> bytes:
    lines = [
        first or f"{method} sip:7770100@{GATEWAY} SIP/2.0",
        f"Via: SIP/2.0/UDP {PEER}:5060;branch=z9hG4bK{method}{cseq};rport",
        f'From: "Tom" <sip:5550199@{PEER}>;tag=peer',
        f"To: <sip:7770100@{GATEWAY}>" + (f";tag={_TAG.decode()}" if tagged else ""),
        f"Call-ID: call-1@{PEER}",
        f"CSeq: {cseq} {method}",
        f"Contact: <sip:5550199@{PEER}:5060>",
        "Max-Forwards: 70",
    ]
    lines += [more] if more else []
    lines += ["Content-Type: application/sdp"] if body else []
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


_INVITE = _message("INVITE", 1, _AUDIO, tagged=False)
_ACK, _BYE = _message("ACK", 1), _message("BYE", 3)
_RTP = b"\x80\x00\x00\x01\x00\x00\x00\xa0\x00\x00\x00\x01" + b"\xff" * 160
_DIALOGUES = (
    (_INVITE, _ACK, _RTP, _BYE),
    (_INVITE, _ACK, _message("INVITE", 2, _T38), _message("ACK", 2), b"\0\x01\x01\x04\0\0", _BYE),
    (_INVITE, _message("CANCEL", 1, tagged=False)),
    (_message("OPTIONS", 9, tagged=False), _message("REGISTER", 9, tagged=False), _message("INFO", 9)),
    (_INVITE, _message("INVITE", 1, first="SIP/2.0 200 OK"), _message("BYE", 1, first="SIP/2.0 481 Gone")),
    (_message("INVITE", 1, tagged=False, more="Require: 100rel\r\nRecord-Route: <sip:10.10.1.9;lr>"), _ACK, _BYE),
)


class _Peer:
    """Who speaks to the gateway: it knows the tag and the media port that it was told."""

    def __init__(self, wire: Wire) -> None:
        self.tag, self.media = b"", 0
        wire.open[PEER, SIP] = self._hear
        self._wire = wire

    def _hear(self, octets: bytes, source: tuple[str, int]) -> None:
        found = re.search(rb"^To:.*;tag=([^;\r]+)", octets, re.MULTILINE)
        self.tag = found[1] if found else self.tag
        media = re.search(rb"^m=\w+ (\d+) ", octets, re.MULTILINE)
        self.media = int(media[1]) if media else self.media

    def say(self, octets: bytes) -> None:
        """A message to the SIP port, what is none to the media port."""
        port = SIP if octets[:1].isalpha() else self.media
        receive = self._wire.open.get((GATEWAY, port))
        if receive is not None:
            receive(octets.replace(_TAG, self.tag), (PEER, port))


@contextmanager
def _gateway() -> Iterator[Take]:
    wire = Wire(ManualClock(START))
    scene = Scene(_PEER_LINES, wire=wire, address=GATEWAY)
    voice = scene.router.voice
    scene.router.plug("T1 0", Machine(scene.clock))
    peer = _Peer(wire)

    def take(octets: bytes) -> None:
        for piece in pieces_of(octets):
            peer.say(piece)
            scene.clock.run(scene.clock.now() + 3.0)
        scene.clock.run(scene.clock.now() + LONGEST_CALL_S)
        assert not voice.control.active
        assert not voice.chassis.dsp.in_use
        assert all(channel.idle for port in voice.ports.values() for channel in port.channels)

    yield take
    assert len(peer.tag) > 0
    peer.tag = b""
    take(framed(_DIALOGUES[0]))
    assert peer.tag


def _sip_message(octets: bytes) -> None:
    told = complaint(octets)
    assert told is None or told.startswith(b"SIP/2.0 400 ")
    message = parse(octets)
    again = parse(bytes(message))
    assert (again.call_id, again.cseq, again.body) == (message.call_id, message.cseq, message.body)


def _session(octets: bytes) -> None:
    found = sdp.parse(octets)
    for medium in found.media:
        _ = medium.codecs, medium.t38, medium.endpoint
    assert sdp.parse(found.encode()) == found


_MESSAGES = tuple(piece for dialogue in _DIALOGUES for piece in dialogue if piece[:1].isalpha())

CALLS = (
    Surface("t38-call", _on_ramp, _calls, share=1),
    Surface("faxed-mail", _off_ramp, lambda: MAILS, (MimeError,), 1, WORDS),
    Surface("sip-call", _gateway, lambda: map(framed, _DIALOGUES), (), 1, (*TOKENS, *WORDS)),
    reader("sip", _sip_message, (BadMessage,), _MESSAGES, 8, WORDS),
    reader("sdp", _session, (sdp.BadSdp,), (_AUDIO.encode(), _T38.encode()), 20, WORDS),
)
