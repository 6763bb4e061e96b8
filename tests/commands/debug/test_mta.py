"""The text of the mail debugs."""

from __future__ import annotations

from iosemu.commands.debug.conditions import Condition
from iosemu.commands.debug.mta import attach
from iosemu.mail import events as mta
from iosemu.voice.events import LegOpened
from iosemu.voice.legs import Connection, LegRecord, Mail, Origin, Telephony
from tests.commands.debugged_device import Device

CLIENT = (
    mta.ClientOpened(0, "a@b", ("c@d",), ""),
    mta.ClientConnecting(0, "172.18.106.36"),
    mta.ClientReceived(0, "220 mx"),
    mta.ClientSent(0, "DATA"),
    mta.ClientDataSent(0, 100),
    mta.ClientClosed(0, True),
)


def told(flag: str, *events: object) -> list[str]:
    device = Device()
    attach(device)
    if flag:
        device.debugs.add(flag)
    for event in events:
        device.bus.publish(event)
    return device.log.text


def test_the_client_dialogue_is_shown_with_its_direction() -> None:
    assert told("mta send all", *CLIENT) == [
        "esmtp_client_engine_open: from=a@b, to=c@d",
        "esmtp_client_engine_add_headers: from_comment=",
        "esmtp_client_work: socket 0 attempting to connect to IP address 172.18.106.36",
        "(C)R: 220 mx",
        "(C)S: DATA",
        " dot ...(socket=0)",
        "(C)S: .",
        "returned from work-routine, context freed",
    ]


def test_the_server_dialogue_is_shown_with_its_direction() -> None:
    events = (mta.ServerReceived(1, "HELO", "HELO me"), mta.ServerSent(1, "250 gw"))
    assert told("mta receive all", *events) == ["(S)R: HELO me", "esmtp_server_work: calling helo", "(S)S: 250 gw"]


def test_nothing_is_shown_unless_asked_for() -> None:
    assert told("", *CLIENT) == []
    assert told("mta receive all", *CLIENT) == []


def test_one_delivery_can_be_watched_by_its_recipient() -> None:
    other = (mta.ClientOpened(1, "a@b", ("e@f", "g@h"), ""), mta.ClientSent(1, "EHLO gw"), mta.ClientClosed(1, False))
    mixed = [event for pair in zip(CLIENT, other, strict=False) for event in pair]
    assert told("mta send rcpt-to C@d", *mixed, *CLIENT[3:]) == [
        "esmtp_client_engine_open: from=a@b, to=c@d",
        "esmtp_client_engine_add_headers: from_comment=",
        "esmtp_client_work: socket 0 attempting to connect to IP address 172.18.106.36",
        "(C)R: 220 mx",
        "(C)S: DATA",
        " dot ...(socket=0)",
        "(C)S: .",
        "returned from work-routine, context freed",
    ]
    assert told("mta send rcpt-to c", *CLIENT) == []


def test_a_notice_that_was_not_taken_is_told() -> None:
    events = (
        mta.NoticeUnsent("a@b", "451 4.3.2 later", again=True),
        mta.NoticeUnsent("a@b", "550 5.1.1 no", again=False),
        mta.NoticeUnsent("", "cannot write outbox", again=False),
    )
    assert told("mta send all", *events) == [
        "esmtp_client_work: notice to a@b will be tried again: 451 4.3.2 later",
        "esmtp_client_work: notice to a@b given up: 550 5.1.1 no",
        "cannot write outbox",
    ]


def test_a_mail_is_told_of_as_the_call_that_it_belongs_to() -> None:
    device = Device(debugs={"mta send all"})
    attach(device)
    device.debug_calls.attach(device.bus)
    device.debug_calls.add(Condition("called", "5550199"))
    for event in CLIENT:
        device.bus.publish(event)
    assert device.log.text == []
    connection = Connection(1, (1, 2, 3, 4))
    fax = Telephony(port="0:D", channel=1, called="5550199", calling="408")
    device.bus.publish(LegOpened(LegRecord(connection, 1, Origin.ANSWER, fax)))
    device.bus.publish(LegOpened(LegRecord(connection, 2, Origin.ORIGINATE, Mail(), peer_address="c@d")))
    for event in CLIENT:
        device.bus.publish(event)
    assert device.log.text[0] == "esmtp_client_engine_open: from=a@b, to=c@d"
