"""The on-ramp application: whole calls on a manual clock."""

from __future__ import annotations

import io
from email import message_from_bytes
from typing import Any

import pytest
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from iosemu.chassis.dsp import Use
from iosemu.fax.events import DatagramSent, FaxCause, FrameSent
from iosemu.fax.line import CarrierOn, Data, LineSignal
from iosemu.mail.envelope import Failure, Notify, Outcome, Recipient
from iosemu.voice.circuit import Cause
from iosemu.voice.events import CallRefused, FaxMedia, FaxStep, Step
from iosemu.voice.onramp_way import mailbox


def test_a_three_page_fax_becomes_one_mail_and_two_legs(on_ramp: Any) -> None:
    machine = on_ramp.fax(pages=3)
    on_ramp.clock.run()
    assert machine.result is not None
    assert machine.result.ok
    assert machine.result.pages == 3
    ((envelope, message),) = on_ramp.mails
    assert envelope.sender == "15551234@gw.example.com"
    assert envelope.recipients == (Recipient("tom@example.org", Notify.FAILURE),)
    parsed = message_from_bytes(message)
    (part,) = parsed.get_payload()
    with Image.open(io.BytesIO(part.get_payload(decode=True))) as picture:
        assert getattr(picture, "n_frames", 1) == 3
        assert picture.size == (1728, 60)
    assert parsed["From"].startswith('"15551234" <15551234@')
    fax, mail = on_ramp.history()
    assert (fax.tag, fax.origin.text, fax.peer_address, fax.cause, fax.text) == (
        1, "Answer", "15551234", Cause.NORMAL, "Normal connection",
    )  # fmt: skip
    assert (mail.tag, mail.origin.text, mail.peer_address, mail.cause) == (
        2, "Originate", "tom@example.org", Cause.NORMAL,
    )  # fmt: skip
    assert mail.text == "normal call clearing."
    assert mail.connection == fax.connection
    assert (fax.detail.pages, fax.detail.rate_bps, mail.detail.remote) == (3, 14400, "10.0.0.25")
    assert 0 < fax.setup_s + 5 < fax.connect_s < mail.connect_s < fax.disconnect_s
    assert fax.rx_octets > 0
    assert mail.tx_octets > 0
    assert on_ramp.at_rest()


class Noise:
    """A line that turns a bit of every `each`th octet round, in the first `pages` pages."""

    def __init__(self, each: int, pages: int) -> None:
        self.each, self.pages = each, pages
        self.count = 0

    def __call__(self, signal: LineSignal) -> LineSignal:
        if isinstance(signal, CarrierOn):
            self.pages -= signal.short
        elif isinstance(signal, Data) and any(signal.octets) and self.pages >= 0:
            octets = bytearray(signal.octets)
            for at in range(len(octets)):
                self.count += 1
                if not self.count % self.each:
                    octets[at] ^= 1
            return Data(bytes(octets))
        return signal


def answers(rig: Any) -> list[str]:
    media = [event.event for event in rig.events if isinstance(event, FaxMedia)]
    sent = [event.name for event in media if isinstance(event, FrameSent)]
    return [name for name in sent if name in ("MCF", "RTP", "RTN")]


def bad_lines(rig: Any) -> list[int]:
    """Of the pages of the one mail that was sent."""
    ((_, message),) = rig.mails
    (part,) = message_from_bytes(message).get_payload()
    with TiffImageFile(io.BytesIO(part.get_payload(decode=True))) as image:
        found = []
        for index in range(image.n_frames):
            image.seek(index)
            found.append(image.tag_v2[326])
    return found


@pytest.mark.parametrize(
    ("each", "pages", "expected", "lines"),
    [(150, 9, ["MCF", "MCF"], {1, 2}), (45, 9, ["RTP", "RTP"], range(3, 10)), (6, 1, ["RTN", "MCF", "MCF"], {0})],
)
def test_how_bad_a_page_is_decides_about_the_answer(
    on_ramp: Any, each: int, pages: int, expected: list[str], lines: Any
) -> None:
    machine = on_ramp.machine()
    machine.line = Noise(each, pages)
    on_ramp.fax(pages=2, machine=machine)
    on_ramp.clock.run()
    assert machine.result.ok
    assert answers(on_ramp) == expected
    assert all(count in lines for count in bad_lines(on_ramp))


def test_a_page_that_stays_too_bad_is_neither_confirmed_nor_mailed(on_ramp: Any) -> None:
    machine = on_ramp.machine()
    machine.line = Noise(6, 99)
    on_ramp.fax(pages=2, machine=machine)
    on_ramp.clock.run()
    assert (machine.result.ok, machine.result.pages) == (False, 0)
    assert answers(on_ramp) == ["RTN"] * 3
    assert on_ramp.mails == []
    assert on_ramp.at_rest()


def test_the_fax_crosses_t38_datagrams_and_tells_its_steps(on_ramp: Any) -> None:
    on_ramp.fax()
    on_ramp.clock.run()
    media = [event.event for event in on_ramp.events if isinstance(event, FaxMedia)]
    assert sum(isinstance(event, DatagramSent) for event in media) > 50
    steps = [event.step for event in on_ramp.events if isinstance(event, FaxStep)]
    assert steps == [
        Step.HANDOFF, Step.PEER_CHOSEN, Step.CONFERENCE, Step.CONNECTED, Step.PAGE, Step.MAIL_STARTED,
        Step.MAIL_ANSWERED, Step.DISCONNECTED,
    ]  # fmt: skip


def test_the_last_page_is_confirmed_only_after_the_mail_server_has_answered(on_ramp: Any) -> None:
    on_ramp.slow_mail = True
    machine = on_ramp.fax()
    while not on_ramp.mails:
        assert on_ramp.clock.step()
    on_ramp.clock.run(until_s=on_ramp.clock.now() + 5)
    assert machine.result is None
    on_ramp.finish_mail()
    on_ramp.clock.run()
    assert machine.result.ok
    assert on_ramp.at_rest()


def test_with_every_mail_server_down_the_sender_is_told_and_the_history_says_why(on_ramp: Any) -> None:
    on_ramp.outcome = Outcome(False, 354, "", "10.0.0.25", Failure.LOST)
    machine = on_ramp.fax(pages=2)
    on_ramp.clock.run()
    assert not machine.result.ok
    assert machine.result.pages == 1
    assert len(on_ramp.mails) == 1
    fax, mail = on_ramp.history()
    assert (fax.cause, fax.text) == (Cause.NORMAL_UNSPECIFIED, FaxCause.NOT_DELIVERED.text)
    assert mail.cause is Cause.SERVICE_UNAVAILABLE
    assert mail.text == "The e-mail was not sent correctly. Remote SMTP server said: 354 "
    assert mail.connect_s is None
    assert on_ramp.at_rest()


def test_without_a_dsp_channel_the_call_is_refused(on_ramp: Any) -> None:
    while on_ramp.voice.chassis.dsp.take(Use.FAX_MAIL) is not None:
        pass
    machine = on_ramp.fax()
    on_ramp.clock.run()
    assert machine.released is Cause.NO_RESOURCE
    (fax,) = on_ramp.history()
    assert (fax.cause, fax.text, fax.connect_s) == (Cause.NO_RESOURCE, "no resource (47)", None)
    assert [type(e) for e in on_ramp.events if isinstance(e, CallRefused)] == [CallRefused]
    assert not on_ramp.voice.control.active


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ("dial-peer voice 1 pots\n no application onramp", Cause.NO_ROUTE),
        ("dial-peer voice 2 mmoip\n no session target", Cause.NO_ROUTE),
        ("dial-peer voice 2 mmoip\n shutdown", Cause.NO_ROUTE),
        ("dial-peer voice 1 pots\n application nonesuch", Cause.NO_ROUTE),
        ("voice-port 0:D\n shutdown", Cause.OUT_OF_ORDER),
        ("controller T1 0\n no pri-group", Cause.OUT_OF_ORDER),
    ],
)
def test_a_call_that_nothing_can_take_is_refused(on_ramp: Any, change: str, cause: Cause) -> None:
    on_ramp.configure(change)
    machine = on_ramp.fax()
    on_ramp.clock.run()
    assert machine.released is cause
    assert not machine.result.ok
    assert not on_ramp.mails
    assert on_ramp.at_rest()


def test_max_conn_holds_and_a_free_peer_takes_the_next_call(on_ramp: Any) -> None:
    on_ramp.configure("dial-peer voice 2 mmoip\n max-conn 1")
    first = on_ramp.fax()
    on_ramp.clock.run(until_s=10)
    second = on_ramp.fax()
    on_ramp.clock.run()
    assert first.result.ok
    assert second.released is Cause.USER_BUSY
    third = on_ramp.fax()
    on_ramp.clock.run()
    assert third.result.ok
    assert on_ramp.at_rest()


def test_a_caller_who_hangs_up_early_leaves_nothing_behind(on_ramp: Any) -> None:
    from iosemu.voice.circuit import CallSetup, Circuit

    on_ramp.voice.plug("T1 0", on_ramp.machine())
    for when in (0.0, 0.1, 1.0, 9.0):
        circuit = Circuit(CallSetup("5550199", "1"))
        on_ramp.voice.offer("T1 0", circuit.called)
        on_ramp.clock.run(until_s=on_ramp.clock.now() + when)
        circuit.calling.release()
        on_ramp.clock.run()
        assert on_ramp.at_rest()
    assert on_ramp.mails == []


def test_a_sender_who_never_speaks_fax_ends_with_the_t1_text(on_ramp: Any) -> None:
    from iosemu.voice.circuit import CallSetup, Circuit

    on_ramp.voice.plug("T1 0", on_ramp.machine())
    on_ramp.voice.offer("T1 0", Circuit(CallSetup("5550199", "408")).called)
    on_ramp.clock.run()
    fax, mail = on_ramp.history()
    assert (fax.cause, fax.text, fax.connect_s) == (Cause.NORMAL_UNSPECIFIED, "T30 T1 EOM timeout", None)
    assert 35 < fax.disconnect_s - fax.setup_s < 45
    assert (mail.cause, mail.text) == (
        Cause.SERVICE_UNAVAILABLE,
        "service or option not available, unspecified",
    )
    assert on_ramp.at_rest()


def test_macros_of_the_session_target() -> None:
    assert mailbox("mailto:$d$@fax.example.com", "5551000") == "5551000@fax.example.com"
    assert mailbox("mailto:+$m$@x", "5551000", "5552000") == "+5552000@x"
    assert mailbox("mailto:$m$@x", "5551000") == "5551000@x"
    assert mailbox("mailto:tom", "5551000", domain="example.com") == "tom@example.com"


@pytest.mark.parametrize("after_s", [0.1, 5.0, 20.0])
def test_a_reload_cuts_the_call_and_leaves_nothing_behind(on_ramp: Any, after_s: float) -> None:
    machine = on_ramp.fax(pages=3)
    on_ramp.clock.run(until_s=after_s)
    assert on_ramp.voice.control.active
    on_ramp.voice.shut_down()
    assert machine.released is Cause.TEMPORARY_FAILURE
    on_ramp.clock.run()
    assert on_ramp.at_rest()
    assert on_ramp.mails == []


def test_a_mailer_that_breaks_counts_as_a_mail_that_was_lost(on_ramp: Any) -> None:
    on_ramp.slow_mail = True
    machine = on_ramp.fax()
    while not on_ramp.mails:
        on_ramp.clock.step()
    on_ramp.break_mail()
    on_ramp.clock.run()
    assert not machine.result.ok
    fax, mail = on_ramp.history()
    assert (fax.text, mail.cause) == (FaxCause.NOT_DELIVERED.text, Cause.SERVICE_UNAVAILABLE)
    assert on_ramp.at_rest()


def broken_after_a_page(on_ramp: Any) -> None:
    machine = on_ramp.fax(pages=3)
    while not any(isinstance(e, FaxStep) and e.step is Step.PAGE for e in on_ramp.events):
        on_ramp.clock.step()
    on_ramp.clock.run(until_s=on_ramp.clock.now() + 1.5)
    machine.hang_up()
    on_ramp.clock.run()


def test_whole_pages_of_a_call_that_broke_are_not_mailed_where_only_whole_faxes_are(on_ramp: Any) -> None:
    on_ramp.configure("mta send success-fax-only\n")
    broken_after_a_page(on_ramp)
    assert not on_ramp.mails
    assert on_ramp.at_rest()


def test_whole_pages_of_a_call_that_broke_are_mailed(on_ramp: Any) -> None:
    broken_after_a_page(on_ramp)
    assert len(on_ramp.mails) == 1
    fax, mail = on_ramp.history()
    assert (fax.text, fax.detail.pages, mail.cause) == ("T30 remote hang-up", 1, Cause.NORMAL)
    assert on_ramp.at_rest()


def test_the_mail_is_dated_when_its_first_page_began(on_ramp: Any) -> None:
    on_ramp.fax(pages=2)
    on_ramp.clock.run()
    parsed = message_from_bytes(on_ramp.mails[0][1])
    assert parsed["Date"] == "Tue, 05 Mar 2002 17:10:14 +0000"
    assert parsed["Message-ID"].startswith("<00022002171014")
    (part,) = parsed.get_payload()
    assert part["Content-ID"].startswith("<0003200217101")
    assert part["Content-ID"] > "<00032002171017"
    with Image.open(io.BytesIO(part.get_payload(decode=True))) as picture:
        assert picture.tag_v2[306] == "2002:03:05 17:10:14"
