"""The off-ramp application: mails become fax calls, and the mail server hears what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email import message_from_bytes
from typing import Any

import pytest

from iosemu.chassis.dsp import Use
from iosemu.fax.document import Resolution
from iosemu.mail.envelope import FaxMail, Notify, Recipient
from iosemu.voice.circuit import Cause
from iosemu.voice.events import FaxStep, Step
from iosemu.voice.mail_pages import sender_name, sender_number, wants_cover
from iosemu.voice.settings import FaxSettings
from iosemu.voice.verdicts import FaxResult

MakeMail = Callable[..., FaxMail]


def test_a_text_mail_is_faxed_and_leaves_two_legs(off_ramp: Any, mail: MakeMail) -> None:
    machine = off_ramp.machine()
    result = off_ramp.deliver(mail("9-555-8354"), machine)
    assert result.ok
    assert result.verdict().code == 250
    assert (machine.setup.called, machine.setup.calling) == ("5558354", "14085550000")
    assert len(machine.pages) == 1
    assert machine.formats[0].resolution is Resolution.FINE
    fax, letter = off_ramp.history()
    assert (fax.tag, fax.origin.text, fax.peer_address, fax.text) == (4, "Originate", "9.......", "Normal connection")
    assert (letter.tag, letter.origin.text, letter.text) == (3, "Answer", "normal call clearing.")
    assert letter.connection == fax.connection
    assert letter.connect_s == fax.connect_s
    assert fax.tx_octets > 0
    assert (fax.detail.pages, fax.detail.channel, letter.detail.accepted_mime) == (1, 23, 1)
    assert off_ramp.at_rest()
    steps = [event.step for event in off_ramp.events if isinstance(event, FaxStep)]
    assert steps == [
        Step.HANDOFF,
        Step.PEER_CHOSEN,
        Step.CONFERENCE,
        Step.CONNECTED,
        Step.PAGE,
        Step.DISCONNECTED,
    ]


@pytest.mark.parametrize(
    ("mood", "line", "cause", "fax_text"),
    [
        ("busy", "450 4.4.1 Line is busy", "user busy (17)", ""),
        ("silent", "450 4.4.2 Modem timed out", "no user answer (19)", ""),
        ("deaf", "450 4.4.2 Modem timed out", "no user answer (19)", "no user answer (19): No answer T30 timeout"),
        ("gone", "554 5.3.0 An unknown error occurred", "unassigned number (1)", ""),
        ("rejects", "554 5.3.0 An unknown error occurred", "call rejected (21)", ""),
        ("breaks", "554 5.3.0 An unknown error occurred", "normal, unspecified (31)", None),
    ],
)
def test_what_the_line_does_decides_the_smtp_reply(
    off_ramp: Any, mail: MakeMail, mood: str, line: str, cause: str, fax_text: str | None
) -> None:
    result = off_ramp.deliver(mail("95558354"), off_ramp.machine(mood))
    assert result.verdict().line == line
    assert result.cause_text == cause
    if fax_text is not None:
        assert result.fax_text == fax_text
    assert not result.ok
    assert len(off_ramp.history()) == 2
    assert off_ramp.at_rest()


def test_permanent_errors_on_request() -> None:
    assert FaxResult(Cause.NO_ANSWER).verdict(permanent=True).line == "554 5.4.2 Modem timed out"


def test_without_a_channel_the_mail_is_to_come_again(off_ramp: Any, mail: MakeMail) -> None:
    while off_ramp.voice.chassis.dsp.take(Use.FAX_MAIL) is not None:
        pass
    result = off_ramp.deliver(mail("95558354"), off_ramp.machine())
    assert result.cause_text == "no resource (47)"
    assert result.verdict().code == 450
    assert [leg.text for leg in off_ramp.history()] == ["no resource (47)", "no resource (47)"]


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("5558354", ""),
        ("95558354", "dial-peer voice 3 mmoip\n no application offramp"),
        ("95558354", "dial-peer voice 4 pots\n shutdown"),
        ("95558354", "dial-peer voice 4 pots\n no destination-pattern"),
    ],
)
def test_a_number_without_a_way_is_refused(off_ramp: Any, mail: MakeMail, number: str, change: str) -> None:
    off_ramp.configure(change)
    machine = off_ramp.machine()
    result = off_ramp.deliver(mail(number), machine)
    assert result.verdict().line == "554 5.3.0 An unknown error occurred"
    assert machine.setup is None
    assert off_ramp.at_rest()


def test_a_dead_trunk_is_passed_over_for_the_next_peer(off_ramp: Any, mail: MakeMail) -> None:
    off_ramp.configure(
        "controller T1 1\n pri-group\n"
        "dial-peer voice 5 pots\n preference 1\n destination-pattern 9.......\n port 0:D\n prefix 7\n"
        "dial-peer voice 4 pots\n port 1:D"
    )
    machine = off_ramp.machine()
    result = off_ramp.deliver(mail("95558354"), machine)
    assert result.ok
    assert machine.setup.called == "75558354"
    assert [leg.tag for leg in off_ramp.history()] == [4, 5, 3]


def test_a_tiff_that_is_none_is_refused_before_dialling(off_ramp: Any, mail: MakeMail) -> None:
    body = b"Subject: x\r\nContent-Type: image/tiff\r\n\r\nthis is no TIFF\r\n"
    machine = off_ramp.machine()
    result = off_ramp.deliver(mail("95558354", body), machine)
    assert result.verdict().line.startswith("554 5.6.1 ")
    assert machine.setup is None
    assert off_ramp.at_rest()


def deliver_async(rig: Any, letter: FaxMail, machine: Any) -> Any:
    """Run `VoiceService.deliver` while the manual clock goes on beside it."""
    rig.voice.plug("T1 0", machine)

    async def whole() -> Any:
        delivery = asyncio.ensure_future(rig.voice.deliver(letter))
        while not delivery.done():
            await asyncio.sleep(0)
            rig.clock.step()
        return await delivery

    return asyncio.run(whole())


def test_a_failure_is_reported_to_the_sender(off_ramp: Any, mail: MakeMail) -> None:
    verdict = deliver_async(off_ramp, mail("95558354"), off_ramp.machine("gone"))
    assert verdict.line == "554 5.3.0 An unknown error occurred"
    ((envelope, message),) = off_ramp.mails
    assert (envelope.sender, envelope.recipients) == ("", (Recipient("tom@example.org"),))
    report = message_from_bytes(message)
    assert report["From"] == "Fax Daemon <postmaster@example.com>"
    text = message.decode()
    assert "The cause code is: unassigned number (1)\r\n" in text
    assert "The fax error text is: none\r\n" in text


def test_success_is_reported_only_where_asked_for(off_ramp: Any, mail: MakeMail) -> None:
    deliver_async(off_ramp, mail("95558354"), off_ramp.machine())
    assert off_ramp.mails == []
    letter = mail("95558354")
    object.__setattr__(letter.recipient, "notify", Notify.SUCCESS)
    deliver_async(off_ramp, letter, off_ramp.machine())
    assert len(off_ramp.mails) == 1


def test_no_report_answers_a_report(off_ramp: Any, mail: MakeMail) -> None:
    letter = mail("95558354")
    object.__setattr__(letter, "sender", "")
    assert deliver_async(off_ramp, letter, off_ramp.machine("busy")).code == 450
    assert off_ramp.mails == []


def test_a_cancelled_delivery_hangs_up(off_ramp: Any, mail: MakeMail) -> None:
    off_ramp.voice.plug("T1 0", off_ramp.machine())

    async def start_and_stop() -> None:
        delivery = asyncio.ensure_future(off_ramp.voice.deliver(mail("95558354")))
        await asyncio.sleep(0)
        off_ramp.clock.run(until_s=8.0)
        assert off_ramp.voice.chassis.dsp.in_use
        delivery.cancel()
        with pytest.raises(asyncio.CancelledError):
            await delivery

    asyncio.run(start_and_stop())
    off_ramp.clock.run()
    assert off_ramp.at_rest()


def test_the_cover_page_follows_configuration_and_address() -> None:
    assert not wants_cover(FaxSettings(), None)
    assert not wants_cover(FaxSettings(), True)
    assert wants_cover(FaxSettings(cover_page=True), None)
    assert wants_cover(FaxSettings(cover_page=True), False)
    assert not wants_cover(FaxSettings(cover_page=True, cover_page_by_mail=True), False)
    assert wants_cover(FaxSettings(cover_page_by_mail=True), True)


def test_who_the_sender_is(mail: MakeMail) -> None:
    named = mail("9", b"From: Tom Smith <FAX=4085551234@x.org>\r\n\r\nHello\r\n")
    assert (sender_name(named), sender_number(named)) == ("Tom Smith", "4085551234")
    bare = mail("9", b"From: tom@example.org\r\n\r\nHello\r\n")
    assert (sender_name(bare), sender_number(bare)) == ("tom@example.org", "")


@pytest.mark.parametrize("after_s", [1.0, 8.0, 20.0])
def test_a_reload_cuts_the_fax_and_the_mail_is_to_come_again(off_ramp: Any, mail: MakeMail, after_s: float) -> None:
    off_ramp.clock.call_later(after_s, off_ramp.voice.shut_down)
    machine = off_ramp.machine()
    result = off_ramp.deliver(mail("95558354"), machine)
    assert result.verdict().code == 450
    assert off_ramp.at_rest()


def test_the_mail_leg_shows_who_wrote(off_ramp: Any, mail: MakeMail) -> None:
    off_ramp.deliver(mail("95558354"), off_ramp.machine("busy"))
    assert [leg.peer_address for leg in off_ramp.history()] == ["9.......", "Tom"]
