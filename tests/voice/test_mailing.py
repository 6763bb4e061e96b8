"""A fax to a number that several MMoIP peers match: who gets it, in which form, and what its sender hears."""

from __future__ import annotations

from email import message_from_bytes
from email.utils import getaddresses
from typing import Any

import pytest

from iosemu.mail.envelope import Failure, Notify, Outcome, Recipient
from iosemu.voice.circuit import Cause
from iosemu.voice.events import FaxStep, Step

ANN = """
dial-peer voice 12 mmoip
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 555....
 session target mailto:ann@example.org
"""
BOB = ANN.replace("12 mmoip", "13 mmoip").replace("ann@", "bob@")
REFUSED = Outcome(False, 550, "5.1.1 no such user", "10.0.0.25", Failure.REFUSED)


def recipients(rig: Any) -> list[list[str]]:
    return [[one.address.partition("@")[0] for one in envelope.recipients] for envelope, _ in rig.mails]


def test_peers_alike_share_one_message_and_each_has_its_leg(on_ramp: Any) -> None:
    on_ramp.configure(ANN + " dsn success\n" + BOB)
    machine = on_ramp.fax()
    on_ramp.clock.run()
    assert machine.result.ok
    ((envelope, message),) = on_ramp.mails
    assert envelope.recipients == (
        Recipient("tom@example.org", Notify.FAILURE),
        Recipient("ann@example.org", Notify.SUCCESS),
        Recipient("bob@example.org"),
    )
    to = [address.partition("@")[0] for _, address in getaddresses([message_from_bytes(message)["To"]])]
    assert to == ["tom", "ann", "bob"]
    fax, *mails = on_ramp.history()
    assert [(leg.tag, leg.peer_address, leg.cause) for leg in mails] == [
        (2, "tom@example.org", Cause.NORMAL),
        (12, "ann@example.org", Cause.NORMAL),
        (13, "bob@example.org", Cause.NORMAL),
    ]
    assert {leg.connection for leg in mails} == {fax.connection}
    chosen = [
        event.peer_tag for event in on_ramp.events if isinstance(event, FaxStep) and event.step is Step.PEER_CHOSEN
    ]
    assert chosen == [2, 12, 13]
    assert on_ramp.at_rest()


def test_peers_that_want_another_image_get_a_message_of_their_own(on_ramp: Any) -> None:
    on_ramp.configure(ANN + " image encoding mmr\n" + BOB + " mdn\n" + "mta send return-receipt-to username fax\n")
    machine = on_ramp.fax(pages=2)
    on_ramp.clock.run()
    assert machine.result.ok
    assert recipients(on_ramp) == [["tom"], ["ann"], ["bob"]]
    tom, ann, bob = (message_from_bytes(message) for _, message in on_ramp.mails)
    assert len({mail["Message-ID"] for mail in (tom, ann, bob)}) == 3
    images = [mail.get_payload(0).get_payload(decode=True) for mail in (tom, ann, bob)]
    assert len(images[1]) < len(images[0])
    assert images[2] == images[0]
    assert [bool(mail["Disposition-Notification-To"]) for mail in (tom, ann, bob)] == [False, False, True]
    assert on_ramp.at_rest()


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        (ANN + " preference 1\n", ["tom"]),  # for want of the other
        (ANN.replace("555....", "5550199"), ["ann"]),  # the longer match
        (ANN + "dial-peer voice 2 mmoip\n huntstop\n", ["tom"]),
        (ANN + " shutdown\n", ["tom"]),
        (ANN.replace(" application fax_on_vfc_onramp_app out-bound\n", ""), ["tom"]),
    ],
)
def test_only_peers_that_match_equally_well_are_meant(on_ramp: Any, change: str, taken: list[str]) -> None:
    on_ramp.configure(change)
    assert on_ramp.fax().result is None
    on_ramp.clock.run()
    assert recipients(on_ramp) == [taken]


def test_when_one_message_is_refused_no_other_follows_and_the_sender_is_told(on_ramp: Any) -> None:
    on_ramp.configure(ANN + " image encoding mmr\n")
    on_ramp.outcome = REFUSED
    machine = on_ramp.fax()
    on_ramp.clock.run()
    assert not machine.result.ok
    assert recipients(on_ramp) == [["tom"]]
    _, tom, ann = on_ramp.history()
    assert (tom.tag, tom.text) == (2, REFUSED.cause_text)
    assert (ann.tag, ann.cause) == (12, Cause.SERVICE_UNAVAILABLE)
    assert on_ramp.at_rest()


def test_whole_pages_of_a_broken_call_go_to_all(on_ramp: Any) -> None:
    on_ramp.configure(ANN)
    machine = on_ramp.fax(pages=3)
    while len([event for event in on_ramp.events if isinstance(event, FaxStep) and event.step is Step.PAGE]) < 2:
        on_ramp.clock.run(until_s=on_ramp.clock.now() + 0.5)
    machine.hang_up()
    on_ramp.clock.run()
    assert recipients(on_ramp) == [["tom", "ann"]]
    assert [leg.cause for leg in on_ramp.history()][1:] == [Cause.NORMAL, Cause.NORMAL]
    assert on_ramp.at_rest()
