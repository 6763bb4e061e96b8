"""The media of a call over IP, alone: whatever comes is survived, and what is wished for is decided by the settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.clock import ManualClock
from iosemu.fax import ifp, udptl
from iosemu.fax.line import CarrierOn, Data, HdlcFrame, LineSignal, Modulation, Tone, ToneOn
from iosemu.network import NoNetwork
from iosemu.voice import rtp
from iosemu.voice.voip_media import CiscoRelay, VoipMedia, Wish
from iosemu.voice.voip_settings import FaxProtocol, FaxTransport, Passthrough, VoipSettings

PEER = ("10.0.0.2", 16384)
FLAGS = CarrierOn(Modulation.V21)


class Network(NoNetwork):
    """One port, whose datagrams are kept."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.receive: Callable[[bytes, tuple[str, int]], object] = lambda octets, source: None
        self.port = 16390

    def open(self, port: int, receive: Callable[[bytes, tuple[str, int]], object]) -> Network:  # type: ignore[override]
        self.receive = receive
        return self

    def source(self, destination: str, port: int) -> str:
        return "10.0.0.1"

    def send(self, octets: bytes, destination: str, port: int) -> None:
        assert (destination, port) == PEER
        self.sent.append(octets)

    def drain(self) -> None: ...

    def close(self) -> None: ...


class Side:
    """Media with what they did: wishes, relays, what went on the line, packets as (payload type, payload)."""

    def __init__(self, settings: VoipSettings, codec: str = "g729r8") -> None:
        self.clock, self.network = ManualClock(), Network()
        self.line: list[LineSignal] = []
        self.wishes: list[Wish] = []
        self.relays: list[FaxProtocol] = []
        self.media = VoipMedia(self.clock, self.network, 16390, settings, self.line.append)
        self.media.on_wish = self.wishes.append
        self.media.on_relay = self.relays.append
        self.media.talk(PEER, codec)

    def packets(self) -> list[tuple[int, bytes]]:
        found = [rtp.decode(octets) for octets in self.network.sent]
        return [(packet.payload_type, packet.payload) for packet in found if packet is not None]

    def hear(self, payload_type: int, payload: bytes = b"") -> None:
        self.network.receive(rtp.Packet(payload_type, 0, 0, 1, payload).encode(), PEER)


def t38(**words: object) -> VoipSettings:
    return VoipSettings(fax=FaxTransport(FaxProtocol.T38, **words))  # type: ignore[arg-type]


def test_flags_wish_for_t38_and_what_follows_waits() -> None:
    side = Side(t38())
    side.media.hear(ToneOn(Tone.CED))
    assert side.wishes == []  # a modem sounds so too
    sent = len(side.network.sent)
    side.media.hear(FLAGS)
    side.media.hear(HdlcFrame(b"\xff\xc8\x01"))
    assert (side.wishes, len(side.network.sent)) == ([Wish.T38], sent)
    side.media.relay(PEER)
    assert side.relays == [FaxProtocol.T38]
    first, second = side.network.sent[sent : sent + 2]
    assert ifp.decode(udptl.decode(first).primary) is ifp.Indicator.V21_PREAMBLE
    assert b"\xff\xc8\x01" in udptl.decode(second).primary


def test_a_refusal_lets_the_voice_go_on() -> None:
    side = Side(t38())
    side.media.hear(FLAGS)
    before = len(side.network.sent)
    side.media.refused()
    assert len(side.network.sent) == before + 1
    side.media.hear(FLAGS)
    assert side.wishes == [Wish.T38]  # once is enough


@pytest.mark.parametrize(
    ("settings", "payload_type", "payload", "answer"),
    [
        (t38(nse=True), 100, bytes((200, 0, 0, 0)), (100, bytes((201, 0, 0, 0)))),
        (VoipSettings(), CiscoRelay.ASKED, b"", (CiscoRelay.TAKEN, b"")),
    ],
)
def test_events_are_sent_and_answered(
    settings: VoipSettings, payload_type: int, payload: bytes, answer: tuple[int, bytes]
) -> None:
    asking, asked = Side(settings), Side(settings)
    asking.media.hear(FLAGS)
    assert asking.packets() == [(payload_type, payload)] * 3
    asked.hear(payload_type, payload)
    asked.hear(payload_type, payload)  # it comes three times
    assert asked.packets() == [answer] * 3
    assert len(asked.relays) == 1
    asking.hear(*answer)
    assert len(asking.relays) == 1


def test_an_event_that_nobody_answers_is_given_up() -> None:
    side = Side(t38(nse=True, fallback=FaxProtocol.PASS_THROUGH))
    side.media.hear(FLAGS)
    side.clock.run(2.0)
    assert side.wishes == [Wish.PASS_THROUGH]
    side.media.talk(PEER, "g711ulaw")
    assert side.packets()[-1][0] == 0


def test_a_gateway_without_relay_says_no_to_events() -> None:
    side = Side(VoipSettings(fax=FaxTransport(FaxProtocol.NONE)))
    side.hear(100, bytes((200, 0, 0, 0)))
    side.hear(CiscoRelay.ASKED)
    assert side.packets() == [(100, bytes((202, 0, 0, 0)))] * 3
    assert side.relays == []


def test_an_answering_tone_makes_room_for_a_modem() -> None:
    settings = VoipSettings(fax=FaxTransport(FaxProtocol.NONE), passthrough=Passthrough("g711alaw", 101))
    here, there = Side(settings), Side(settings)
    here.media.hear(ToneOn(Tone.CED))
    assert here.packets()[:3] == [(101, bytes((192, 0, 0, 0)))] * 3
    assert here.packets()[3][0] == 8
    there.hear(101, bytes((192, 0, 0, 0)))
    there.media.hear(FLAGS)
    assert [kind for kind, _ in there.packets()] == [8]


def test_a_stranger_is_not_heard() -> None:
    side = Side(VoipSettings())
    packet = rtp.Packet(18, 0, 0, 1, ifp.encode(ifp.Indicator.CED)).encode()
    side.network.receive(packet, ("10.0.0.9", 16384))
    assert side.line == []
    side.network.receive(packet, PEER)
    assert side.line == [ToneOn(Tone.CED)]


@given(st.lists(st.binary(max_size=60)), st.booleans())
def test_any_datagrams_are_survived(datagrams: list[bytes], relay: bool) -> None:
    side = Side(t38(nse=True))
    if relay:
        side.media.relay(PEER)
    for octets in datagrams:
        side.network.receive(octets, PEER)
        side.network.receive(rtp.Packet(18, 1, 1, 1, octets).encode(), PEER)
        side.network.receive(rtp.Packet(100, 1, 1, 1, octets).encode(), PEER)
        side.network.receive(rtp.Packet(122, 1, 1, 1, octets).encode(), PEER)
        side.media.hear(Data(octets))
    side.clock.run()
    side.media.close()
