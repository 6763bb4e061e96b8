"""tshark reads our T.38 sessions: every packet, every T.30 message, nothing malformed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.fax.events import Direction, Negotiated, PageEnded
from iosemu.fax.line import HdlcFrame, LineSignal
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.t30 import Profile
from tests.fax.calls import Call, document
from tests.fax.tshark import find, read_t38, write_pcap
from tests.fax_documents.samples import page

pytestmark = pytest.mark.peer


@pytest.mark.parametrize("way", ["onramp", "offramp"])
@pytest.mark.parametrize("rate_bps", [14400, 9600, 4800])
def test_a_call_is_decoded_whole(need: Callable[[str], str], tmp_path: Path, way: str, rate_bps: int) -> None:
    tshark = need("tshark")
    call = Call(way, document(2, Resolution.FINE), sender_profile=Profile("15551234", rate_bps)).run()
    call.assert_delivered()
    assert call.only(call.sender_events, Negotiated).rate_bps == rate_bps
    capture = tmp_path / "call.pcap"
    datagrams = call.datagrams()
    write_pcap(capture, [(at, sent.direction is Direction.TO_DSP, sent.octets) for at, sent in datagrams])

    packets = read_t38(tshark, capture)

    assert len(packets) == len(datagrams)
    assert all("t38" in packet for packet in packets)
    assert "malformed" not in json.dumps(packets).lower()
    names = [int(code, 0) & 0x7F for packet in packets for code in find(packet, "t30.FacsimileControl")]
    # DIS 01, CSI 02, TSI 42, DCS 41, CFR 21, MPS 72, MCF 31, EOP 74, DCN 5f
    assert names == [0x02, 0x01, 0x42, 0x41, 0x21, 0x72, 0x31, 0x74, 0x31, 0x5F]
    numbers = [text for packet in packets for text in find(packet, "t30.fif.number")]
    assert [number.strip() for number in numbers] == ["9-555-8354", "15551234"]


@pytest.mark.parametrize("way", ["onramp", "offramp"])
@pytest.mark.parametrize("coding", Coding, ids=lambda coding: coding.name)
@pytest.mark.parametrize("ecm", [False, True], ids=["plain", "ecm"])
def test_nothing_is_malformed_on_a_bad_line(
    need: Callable[[str], str], tmp_path: Path, way: str, coding: Coding, ecm: bool
) -> None:
    """Damaged frames, refused pages and retraining too."""
    tshark = need("tshark")
    chance = random.Random(coding.name)

    def damage(signal: LineSignal) -> LineSignal:
        if isinstance(signal, HdlcFrame) and chance.random() < 0.1:
            return replace(signal, fcs_ok=False)
        return signal

    refused: list[int] = []

    def refuse_once(event: PageEnded) -> None:
        if not refused:
            refused.append(event.index)
            call.receiver.reject_page()

    profile = Profile("15551234", ecm=ecm, codings=frozenset({coding}))
    pages = [StoredPage(t4.encode(page(40, seed=seed), PageFormat(coding=coding))) for seed in (1, 2)]
    call = Call(
        way,
        PagedDocument(pages),
        sender_profile=profile,
        receiver_profile=profile,
        to_receiver=damage,
        to_sender=damage,
        on_page_ended=refuse_once,
    )
    call.run()
    assert call.sender_end.ok
    capture = tmp_path / "call.pcap"
    datagrams = call.datagrams()
    write_pcap(capture, [(at, sent.direction is Direction.TO_DSP, sent.octets) for at, sent in datagrams])
    packets = read_t38(tshark, capture)
    assert len(packets) == len(datagrams)
    assert all("t38" in packet for packet in packets)
    assert "malformed" not in json.dumps(packets).lower()
    codes = {int(code, 0) & 0x7F for packet in packets for code in find(packet, "t30.FacsimileControl")}
    assert codes >= ({0x01, 0x41, 0x32, 0x7D} if ecm else {0x01, 0x41, 0x32, 0x74})  # DIS, DCS, RTN; PPS or EOP
