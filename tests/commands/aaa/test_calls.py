"""Calls as accounting servers and the system log hear of them, from the events of their legs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iosemu.cli.session import run_now
from iosemu.commands.aaa import calls as aaa_calls
from iosemu.voice.accounting import FaxAsked, FaxJudged, Identity
from iosemu.voice.circuit import Cause
from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.events import Ramp
from iosemu.voice.legs import Mail, Origin, Telephony
from tests.commands.radius_server import LINES, RadiusServer
from tests.commands.routers import User, device

ACCOUNTED = (
    "aaa accounting connection faxes start-stop group radius",
    "mmoip aaa method fax accounting faxes",
    "mmoip aaa receive-accounting enable",
    "mmoip aaa receive-id primary ani",
    "mmoip aaa send-accounting enable",
    "mmoip aaa send-id primary gateway",
)
PEER = DialPeer(1, PeerType.POTS, application_in="onramp")
LINE = Telephony("0:D", calling="5550100", called="5550199")


class Gateway:
    """A router whose calls are told by hand."""

    def __init__(self, *lines: str) -> None:
        self.server = RadiusServer()
        self.router = self.server.serve(device())
        assert User(self.router).configure(*LINES, "hostname gw", *lines) == ""
        aaa_calls.attach(self.router)
        self.control = self.router.voice.control
        self.said: list[str] = []
        self.router.log.attach_console(self.said.append)

    def on_ramp(self, *, judged: bool | None = None, delivered: bool = True) -> None:
        """A fax that comes in and goes on as mail."""
        telephone = self.control.open(Origin.ANSWER, LINE, peer=PEER, peer_address="5550100")
        if judged is not None:
            who = Identity("5550100", "ani")
            self.router.bus.publish(FaxAsked(Ramp.ON, telephone.call_id, who))
            self.router.bus.publish(FaxJudged(Ramp.ON, telephone.call_id, who, judged))
        mail = self.control.open(
            Origin.ORIGINATE, Mail(target="mailto:tom@example.org"), connection=telephone.record.connection
        )
        telephone.connected()
        telephone.telephony(pages=1, rate_bps=14400)
        telephone.close(Cause.NORMAL, "Normal connection")
        mail.close(Cause.NORMAL if delivered else Cause.SERVICE_UNAVAILABLE)

    def off_ramp(self) -> None:
        """A mail whose fax goes out at the second try."""
        mail = self.control.open(Origin.ANSWER, Mail(remote="10.0.0.25"), peer_address="tom")
        line = replace(LINE, calling="", called="5558354")
        for cause, text in ((Cause.NO_CIRCUIT, ""), (Cause.NORMAL, "Normal connection")):
            telephone = self.control.open(Origin.ORIGINATE, line, connection=mail.record.connection)
            telephone.close(cause, text)
        mail.close(Cause.NORMAL)

    def statuses(self) -> list[tuple[object, object]]:
        """Of each record its status and session."""
        told = [self.server.told(index) for index in range(len(self.server.requests))]
        return [(record["Acct-Status-Type"], record["Acct-Session-Id"]) for record in told]


START, STOP = 1, 2


@pytest.mark.parametrize(("judged", "status"), [(None, "bypassed"), (True, "success")])
def test_a_fax_is_one_account(judged: bool | None, status: str) -> None:
    gateway = Gateway(*ACCOUNTED)
    gateway.on_ramp(judged=judged)
    (start, first), (stop, second) = gateway.statuses()
    assert (start, stop, first) == (START, STOP, second)
    told = gateway.server.told()
    assert (told["User-Name"], told["Fax-Auth-Status"], told["Fax-Pages"]) == ("5550100", status, "1")
    assert (told["Gateway-Id"], told["Fax-Process-Abort-Flag"]) == ("gw", "false")


def test_a_fax_whose_mail_was_not_taken_is_told_as_failed() -> None:
    gateway = Gateway(*ACCOUNTED)
    gateway.on_ramp(delivered=False)
    assert gateway.server.told()["Abort-Cause"] == "ESMTP client"


def test_a_mail_is_one_account_however_often_it_was_tried() -> None:
    gateway = Gateway(*ACCOUNTED)
    gateway.off_ramp()
    assert [status for status, _ in gateway.statuses()] == [START, STOP]
    told = gateway.server.told()
    assert (told["User-Name"], told["Called-Station-Id"], told["Call-Type"]) == ("gw", "5558354", "Fax Send")
    assert told["Fax-Process-Abort-Flag"] == "false"


def test_nobody_hears_where_the_configuration_does_not_say_so() -> None:
    for missing in ("mmoip aaa receive-accounting enable", "aaa accounting connection faxes start-stop group radius"):
        gateway = Gateway(*(line for line in ACCOUNTED if line != missing))
        gateway.on_ramp()
        assert not gateway.server.requests


def test_a_call_that_never_had_a_mail_is_no_fax() -> None:
    gateway = Gateway(*ACCOUNTED)
    gateway.control.open(Origin.ANSWER, LINE, peer=PEER).close(Cause.NO_ROUTE)
    assert not gateway.server.requests


def test_each_leg_is_a_record_where_the_gateway_accounts_calls() -> None:
    lines = ("aaa accounting connection h323 start-stop group radius", "gw-accounting h323 vsa")
    gateway = Gateway(*lines)
    gateway.on_ramp()
    assert [status for status, _ in gateway.statuses()] == [START, START, STOP, STOP]
    assert len({session for _, session in gateway.statuses()}) == 2
    stop = gateway.server.told()
    assert stop["h323-disconnect-cause"] == "h323-disconnect-cause=10"
    assert not gateway.said, "nothing of it is in the log"
    silent = Gateway(lines[0])
    silent.on_ramp()
    assert not silent.server.requests


def test_a_session_id_may_carry_what_attributes_would() -> None:
    gateway = Gateway("aaa accounting connection h323 start-stop group radius", "gw-accounting h323")
    gateway.on_ramp()
    start, stop = (gateway.server.told(index) for index in (0, 2))
    number, setup, name, conference, origin, kind, *later = str(start["Acct-Session-Id"]).split("/")
    assert (number, name, origin, kind, later) == ("00000001", "gw", "answer", "Telephony", [""] * 4)
    assert len(conference.split()) == 4
    ended = str(stop["Acct-Session-Id"]).split("/")
    assert ended[:6] == [number, setup, name, conference, origin, kind]
    assert ended[8] == "10"
    assert not any(attribute.startswith("h323-") for attribute in (*start, *stop))


@pytest.mark.parametrize(("said", "sent"), [("", True), (" accounting", True), (" authentication", False)])
def test_attributes_of_the_vendor_go_out_where_they_may(said: str, sent: bool) -> None:
    gateway = Gateway("no radius-server vsa send", *ACCOUNTED, f"radius-server vsa send{said}")
    gateway.on_ramp()
    assert ("Fax-Pages" in gateway.server.told()) is sent


def test_the_system_log_has_a_record_of_each_leg() -> None:
    gateway = Gateway("gw-accounting syslog")
    gateway.on_ramp()
    first, second = (line.partition(": ")[2] for line in gateway.said)
    assert first.startswith("%VOIPAAA-5-VOIP_CALL_HISTORY: CallLegType 1, ConnectionId ")
    assert "PeerAddress 5550100, " in first
    assert second.startswith("%VOIPAAA-5-VOIP_CALL_HISTORY: CallLegType 3, ")
    assert not gateway.server.requests


def test_debug_tells_the_authentication_and_the_account() -> None:
    gateway = Gateway(*ACCOUNTED)
    User(gateway.router).type("debug mmoip aaa")
    gateway.said.clear()
    gateway.on_ramp(judged=True)
    lines = [line.partition(": ")[2] for line in gateway.said]
    assert lines[:4] == [
        "fax_aaa_begin_authentication: User-Name = 5550100",
        "fax_aaa_begin_authentication: fax_account_id_origin = ani",
        "fax_aaa_end_authentication_callback: Authentication successful",
        "fax_aaa_start_accounting: User-Name = 5550100",
    ]
    assert "mmoip_aaa: fax_pages = 1" in lines


def test_a_login_list_judges_faxes_too() -> None:
    server = RadiusServer({"5550100": ("pw", ())})
    router = server.serve(device())
    User(router).configure(
        *LINES, "username 42 password 0 pw", "aaa authentication login faxes group radius local", "line con 0"
    )

    def let_in(user: str, list_name: str = "faxes") -> bool:
        facts = (("Called-Station-Id", "5550199"),)
        return run_now(aaa_calls.authenticate(router, list_name, user, "pw", facts))

    assert let_in("5550100")
    assert server.told()["Called-Station-Id"] == "5550199"
    assert not let_in("42"), "the server refuses, and is asked first"
    assert not let_in("5550100", "another")
    server.silent = True
    assert let_in("42")
    assert not let_in("5550100")
