"""A relay between two terminals: what they agree upon is what the relay can carry, and the relay has read along."""

from __future__ import annotations

from typing import Any

import pytest

from iosemu.clock import ManualClock
from iosemu.fax import t4
from iosemu.fax.document import PageFormat
from iosemu.fax.events import Finished, FrameReceived, FrameSent, Negotiated, PageConfirmed, PageData, PageEnded
from iosemu.fax.line import LineSignal
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.voice import rtp
from iosemu.voice.codec_path import Decoder, Encoder
from iosemu.voice.fax_relay import FaxRelay
from tests.fax_documents.samples import page

FORMAT = PageFormat()
PAGES = (page(40, seed=1), page(30, seed=2))
DOCUMENT = PagedDocument([StoredPage(t4.encode(bitmap, FORMAT)) for bitmap in PAGES])


class Call:
    """Two terminals; what the called one says goes through `back`, what the caller says through `there`."""

    def __init__(self, ecm: bool = False) -> None:
        self.clock = ManualClock()
        self.events: list[Any] = []
        self.octets = b""
        self.called: FaxTerminal
        self.caller = FaxTerminal(
            self.clock, lambda signal: self.there(signal), self.events.append, Profile("1", ecm=ecm)
        )
        self.called = FaxTerminal(
            self.clock, lambda signal: self.back(signal), lambda event: None, Profile("2", ecm=ecm)
        )

    def there(self, signal: LineSignal) -> None:
        self.called.receive(signal)

    def back(self, signal: LineSignal) -> None:
        self.caller.receive(signal)

    def run(self) -> Finished:
        self.called.answer(self._page)
        self.caller.call(DOCUMENT)
        self.clock.run()
        return next(event for event in self.events if isinstance(event, Finished))

    def rates(self) -> list[int]:
        return [event.rate_bps for event in self.events if isinstance(event, Negotiated)]

    def _page(self, event: object) -> None:
        if isinstance(event, PageData):
            self.octets += event.octets
        elif isinstance(event, PageEnded) and not event.more:
            self.called.confirm(True)


class RelayedCall(Call):
    def __init__(self, rate_bps: int, ecm: bool = True) -> None:
        super().__init__(ecm=True)
        self.told: list[Any] = []
        self.near = FaxRelay(14400, True, lambda event: None)
        self.far = FaxRelay(rate_bps, ecm, self.told.append)

    def there(self, signal: LineSignal) -> None:
        self.called.receive(self.far.to_line(self.near.from_line(signal)))

    def back(self, signal: LineSignal) -> None:
        self.caller.receive(self.near.to_line(self.far.from_line(signal)))


@pytest.mark.parametrize("rate", [14400, 9600, 4800, 2400])
def test_the_relay_has_the_last_word_on_the_rate(rate: int) -> None:
    call = RelayedCall(rate)
    assert call.run().ok
    assert call.rates()[-1] == rate
    assert (call.far.pages, call.near.pages) == (2, 2)


@pytest.mark.parametrize("rate", [12000, 7200])
def test_a_rate_that_no_dis_tells_is_found_by_training(rate: int) -> None:
    call = RelayedCall(rate)
    call.near = FaxRelay(rate, True, lambda event: None)  # the caller's side, which hears the training check
    assert call.run().ok
    assert call.rates()[0] > rate
    assert call.rates()[-1] == rate


def test_without_error_correction_nobody_has_it() -> None:
    with_it, without = RelayedCall(14400), RelayedCall(14400, ecm=False)
    assert with_it.run().ok
    assert without.run().ok
    names = lambda call: {event.name.partition("-")[0] for event in call.told if isinstance(event, FrameSent)}  # noqa: E731
    assert "PPS" in names(with_it)
    assert "PPS" not in names(without)


def test_a_relay_tells_the_dialogue_from_both_sides() -> None:
    call = RelayedCall(14400)
    call.run()
    said = [(type(event), event.name) for event in call.told if isinstance(event, (FrameReceived, FrameSent))]
    assert said[:4] == [
        (FrameReceived, "CSI"),
        (FrameReceived, "DIS"),
        (FrameSent, "TSI"),
        (FrameSent, "DCS"),
    ]
    assert said[-1] == (FrameSent, "DCN")
    assert [event.index for event in call.told if isinstance(event, PageConfirmed)] == [0, 1]


class CodedCall(Call):
    """Each way through the packets of a codec; `lose` says of a packet whether it never comes."""

    def __init__(self, codec: str, lose: Any = lambda number: False) -> None:
        super().__init__()
        self.packets = 0
        to_called = Decoder(lambda signal: self.called.receive(signal))
        to_caller = Decoder(lambda signal: self.caller.receive(signal))

        def way(decoder: Decoder) -> Any:
            def send(datagram: bytes) -> None:
                self.packets += 1
                packet = rtp.decode(datagram)
                assert packet is not None
                if not lose(self.packets):
                    decoder.packet(packet)

            return Encoder(codec, self.clock.now, send, seed=1)

        self._there, self._back = way(to_called), way(to_caller)

    def there(self, signal: LineSignal) -> None:
        self._there.signal(signal)

    def back(self, signal: LineSignal) -> None:
        self._back.signal(signal)


@pytest.mark.parametrize("codec", ["g711ulaw", "g711alaw"])
def test_a_fax_goes_through_g711(codec: str) -> None:
    call = CodedCall(codec)
    assert call.run().ok
    assert call.rates() == [14400]


def test_g726_carries_slow_modems_alone() -> None:
    call = CodedCall("g726r32")
    assert call.run().ok
    assert call.rates()[-1] == 4800


@pytest.mark.parametrize("codec", ["g729r8", "g723r63", "gsmfr"])
def test_a_codec_for_voices_carries_no_page(codec: str) -> None:
    call = CodedCall(codec)
    end = call.run()
    assert not end.ok
    assert end.cause.text == "T30 training failed"
    assert call.rates()[-1] == 2400


def test_a_lost_packet_of_a_page_is_damage() -> None:
    call = CodedCall("g711ulaw", lose=lambda number: number % 50 == 0)
    call.run()
    whole = CodedCall("g711ulaw")
    whole.run()
    assert call.octets != whole.octets
