"""Who a fax is sent for, whether he may, and what accounting is told of it when it has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from iosemu.cli.catalogue import Catalogue
from iosemu.mail.envelope import FaxMail
from iosemu.voice.accounting import Facts, FaxAdmission, FaxAsked, FaxJudged, Identity, identity, settings_of
from iosemu.voice.accounting_records import FaxLegs, LegTimes, fax_facts, fax_result, leg_facts, leg_result, syslog_text
from iosemu.voice.circuit import Cause
from iosemu.voice.events import CallRefused, Ramp
from iosemu.voice.legs import Mail, Telephony
from tests.voice.conftest import DOWN, OFF_RAMP, ON_RAMP, Rig

ON = """
aaa new-model
mmoip aaa global-password pw
mmoip aaa method fax authentication faxes
mmoip aaa receive-authentication enable
mmoip aaa receive-id primary ani
mmoip aaa receive-id secondary gateway
"""
OFF = """
aaa new-model
mmoip aaa global-password pw
mmoip aaa method fax authentication faxes
mmoip aaa send-authentication enable
mmoip aaa send-id primary account-id
mmoip aaa send-id secondary envelope-from
"""


class Judge:
    """Lets in, or not, and keeps what it was asked."""

    def __init__(self, *, ok: bool) -> None:
        self.ok = ok
        self.asked: list[tuple[str, str, str, Facts]] = []

    async def __call__(self, list_name: str, user: str, password: str, facts: Facts) -> bool:
        self.asked.append((list_name, user, password, facts))
        return self.ok


def judged(rig: Rig, judge: Judge) -> Rig:
    """The rig with somebody to ask."""
    admission = FaxAdmission(rig.config.root, judge, rig._emit)
    rig.voice._context = replace(rig.voice._context, admission=admission)
    return rig


def legs(rig: Rig, ramp: Ramp) -> FaxLegs:
    history = rig.history()
    mail = next(leg for leg in history if isinstance(leg.detail, Mail))
    return FaxLegs(ramp, mail, next((leg for leg in history if isinstance(leg.detail, Telephony)), None))


def test_a_caller_who_may_is_known_by_his_number(commands: Catalogue) -> None:
    rig, judge = Rig(ON_RAMP + ON, commands), Judge(ok=True)
    machine = judged(rig, judge).fax()
    rig.clock.run()
    assert machine.result is not None
    assert machine.result.ok
    ((list_name, user, password, facts),) = judge.asked
    assert (list_name, user, password) == ("faxes", "15551234", "pw")
    assert dict(facts) == {
        "Called-Station-Id": "5550199",
        "Calling-Station-Id": "15551234",
        "Fax-Account-Id-Origin": "ani",
    }
    assert b"X-Account-Id: 15551234" in rig.mails[0][1]
    asked, told = (event for event in rig.events if isinstance(event, FaxAsked | FaxJudged))
    assert asked == FaxAsked(Ramp.ON, told.call_id, Identity("15551234", "ani"))
    assert isinstance(told, FaxJudged)
    assert told.ok


@pytest.mark.parametrize("service", ["authentication", "accounting"])
def test_what_is_enabled_without_a_method_list_of_faxes_is_not(commands: Catalogue, service: str) -> None:
    rig = Rig(ON_RAMP + f"aaa new-model\nmmoip aaa receive-{service} enable\n", commands)
    assert not getattr(settings_of(rig.config.root, Ramp.ON, "x"), service)
    rig.configure(f"mmoip aaa method fax {service} faxes\n")
    assert getattr(settings_of(rig.config.root, Ramp.ON, "x"), service)


def test_a_caller_who_may_not_is_not_answered(commands: Catalogue) -> None:
    rig = Rig(ON_RAMP + ON, commands)
    machine = judged(rig, Judge(ok=False)).fax()
    rig.clock.run()
    assert machine.released is Cause.REJECTED
    assert not rig.mails
    assert rig.at_rest()
    assert [event.cause for event in rig.events if isinstance(event, CallRefused)] == [Cause.REJECTED]


@pytest.mark.parametrize("missing", ["aaa new-model", "mmoip aaa receive-authentication enable"])
def test_nobody_is_asked_about_where_the_configuration_does_not_say_so(commands: Catalogue, missing: str) -> None:
    rig, judge = Rig(ON_RAMP + ON.replace(missing, ""), commands), Judge(ok=False)
    machine = judged(rig, judge).fax()
    rig.clock.run()
    assert machine.result is not None
    assert machine.result.ok
    assert not judge.asked
    assert b"X-Account-Id: 0" in rig.mails[0][1]


def test_a_sender_is_known_by_his_account_or_his_address(commands: Catalogue, mail: Callable[..., FaxMail]) -> None:
    rig, judge = Rig(OFF_RAMP + OFF, commands), Judge(ok=True)
    judged(rig, judge)
    assert rig.deliver(mail("95551234"), rig.machine()).ok
    assert rig.deliver(mail("95551234", b"X-Account-Id: 77\r\n\r\nHello\r\n"), rig.machine()).ok
    assert [asked[1] for asked in judge.asked] == ["tom@example.org", "77"]


def test_a_sender_who_may_not_gets_nothing_called(commands: Catalogue, mail: Callable[..., FaxMail]) -> None:
    rig = judged(Rig(OFF_RAMP + OFF, commands), Judge(ok=False))
    machine = rig.machine()
    result = rig.deliver(mail("95551234"), machine)
    assert (result.ok, result.cause) == (False, Cause.REJECTED)
    assert result.verdict().code == 554
    assert machine.setup is None
    assert rig.at_rest()


def test_an_application_may_have_settings_of_its_own(commands: Catalogue) -> None:
    rig = Rig(
        ON_RAMP
        + "call application voice onramp authentication enable\n"
        + "call application voice onramp authen-list own\n"
        + "call application voice onramp authen-method dnis\n"
        + "call application voice onramp accounting enable\n"
        + "call application voice onramp accounting-list records\n"
        + "call application voice onramp global-password app\n"
        + "mmoip aaa receive-id primary ani\n",
        commands,
    )
    found = settings_of(rig.config.root, Ramp.ON, "onramp")
    assert (found.authentication, found.authentication_list, found.password) == (True, "own", "app")
    assert (found.accounting, found.accounting_list, found.sources) == (True, "records", ("dnis", "ani"))
    other = settings_of(rig.config.root, Ramp.ON, "other")
    assert (other.authentication, other.authentication_list, other.accounting) == (False, "default", False)


def test_a_second_source_counts_where_the_first_has_nothing() -> None:
    known = {"ani": "", "gateway": "gw.example.com"}
    assert identity(("ani", "gateway"), known) == Identity("gw.example.com", "gateway")
    assert identity(("gateway", "ani"), known | {"ani": "1"}).origin == "gateway"
    assert identity(("redialer-id",), known) == Identity()


def test_a_fax_that_became_mail_is_told_whole(on_ramp: Rig) -> None:
    on_ramp.fax(pages=2)
    on_ramp.clock.run()
    fax = legs(on_ramp, Ramp.ON)
    settings = on_ramp.voice.settings
    assert dict(fax_facts(fax, Identity("15551234", "ani"), "success", settings)) == {
        "Called-Station-Id": "5550199",
        "Calling-Station-Id": "15551234",
        "NAS-Port-Type": "Async",
        "Fax-Account-Id-Origin": "ani",
        "Fax-Auth-Status": "success",
        "Gateway-Id": "gw.example.com",
        "Call-Type": "Fax Receive",
    }
    result = dict(fax_result(fax, settings))
    assert (result["Fax-Pages"], result["Fax-Connect-Speed"], result["Port-Used"]) == ("2", "14400", "0:D")
    assert (result["Fax-Process-Abort-Flag"], result["Email-Server-Ack-Flag"]) == ("false", "true")
    assert (result["Fax-Dsn-Flag"], result["Fax-Dsn-Address"]) == ("true", "15551234@gw.example.com")
    assert (result["Fax-Mdn-Flag"], result["Email-Server-Address"]) == ("false", "10.0.0.25")
    assert "Abort-Cause" not in result
    sending, session = map(int, str(result["Fax-Modem-Time"]).split("/"))
    assert 0 < sending < session
    assert result["Fax-Msg-Id"] in on_ramp.mails[0][1].decode()


def test_accounting_tells_the_receipt_address_that_the_mail_gave(commands: Catalogue) -> None:
    rig = Rig(f"{ON_RAMP} mdn\nmta send return-receipt-to hostname receipts.example.com\n", commands)
    rig.fax()
    rig.clock.run()
    result = dict(fax_result(legs(rig, Ramp.ON), rig.voice.settings))
    assert (result["Fax-Mdn-Flag"], result["Fax-Mdn-Address"]) == ("true", "15551234@receipts.example.com")
    assert "Disposition-Notification-To: <15551234@receipts.example.com>" in rig.mails[0][1].decode()


def test_a_fax_that_failed_tells_where(on_ramp: Rig, off_ramp: Rig, mail: Callable[..., FaxMail]) -> None:
    on_ramp.outcome = DOWN
    on_ramp.fax()
    on_ramp.clock.run()
    unsent = dict(fax_result(legs(on_ramp, Ramp.ON), on_ramp.voice.settings))
    assert (unsent["Fax-Process-Abort-Flag"], unsent["Abort-Cause"]) == ("true", "ESMTP client")
    assert unsent["Email-Server-Ack-Flag"] == "false"
    off_ramp.deliver(mail("95551234"), off_ramp.machine("busy"))
    busy = dict(fax_result(legs(off_ramp, Ramp.OFF), off_ramp.voice.settings))
    assert (busy["Fax-Process-Abort-Flag"], busy["Abort-Cause"], busy["Fax-Pages"]) == ("true", "FAP", "0")


TIMES = LegTimes(datetime(2002, 3, 5, 17, 10, 1, tzinfo=UTC), "*")


def test_a_leg_is_told_with_its_times(on_ramp: Rig) -> None:
    on_ramp.fax()
    on_ramp.clock.run()
    telephone = legs(on_ramp, Ramp.ON).telephone
    assert telephone is not None
    start = dict(leg_facts(telephone, TIMES, "gw.example.com"))
    assert start["h323-setup-time"] == "h323-setup-time=*17:10:01.000 UTC Tue Mar 5 2002"
    assert start["h323-call-origin"] == "h323-call-origin=answer"
    assert start["h323-call-type"] == "h323-call-type=Telephony"
    conference = str(start["h323-conf-id"]).removeprefix("h323-conf-id=").split(" ")
    assert tuple(int(word, 16) for word in conference) == telephone.connection.words
    stop = dict(leg_result(telephone, TIMES))
    assert stop["h323-disconnect-cause"] == "h323-disconnect-cause=10"
    assert stop["h323-connect-time"] < stop["h323-disconnect-time"]
    text = syslog_text(telephone, TIMES)
    assert text.startswith(f"CallLegType 1, ConnectionId {' '.join(conference)}, SetupTime *17:10:01.000 UTC")
    assert "PeerAddress 15551234, PeerSubAddress , DisconnectCause 10  , DisconnectText Normal connection, " in text
    assert "CallOrigin 2, ChargedUnits 0, InfoType 10, TransmitPackets 0, TransmitBytes 0, ReceivePackets" in text
