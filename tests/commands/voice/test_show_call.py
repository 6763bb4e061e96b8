"""The voice shows as commands of a whole router."""

from __future__ import annotations

import pytest

from iosemu.cli.session import run_now
from iosemu.cli.terminal import Transcript
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from iosemu.voice.circuit import Cause
from iosemu.voice.legs import Mail, Origin, Telephony

CONFIG = """
controller T1 0
 pri-group timeslots 1-3,24
num-exp 7.. 10..
dial-control-mib max-size 2
call application voice onramp flash:app_faxmail_onramp.2.0.1.3.tcl
dial-peer voice 1 pots
 application onramp
 incoming called-number 555....
 port 0:D
dial-peer voice 2 mmoip
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 1001
 session target mailto:tom@example.org
"""


@pytest.fixture
def router() -> Router:
    router = Router("as5300", clock=ManualClock(), network=NoNetwork(), store=FileStore(None))
    assert router.load(CONFIG) == []
    return router


def shown(router: Router, command: str) -> str:
    terminal = Transcript()
    session = router.open_session(terminal, 15)
    run_now(session.execute(command))
    return terminal.text


def open_call(router: Router, control_text: str = "") -> None:
    control = router.voice.control
    peer = router.voice.settings.plan.peer(1)
    leg = control.open(Origin.ANSWER, Telephony("0:D"), peer=peer, peer_address="408")
    control.open(Origin.ORIGINATE, Mail(), connection=leg.record.connection, peer=router.voice.settings.plan.peer(2))


def test_active_calls_come_and_go(router: Router) -> None:
    assert "Total call-legs: 0\n" in shown(router, "show call active fax")
    open_call(router)
    text = shown(router, "show call active fax brief")
    assert "1    : 0hs.1 +-1 pid:1 Answer 408 connecting\n" in text
    assert "connections/maximum = 1/unlimited" in shown(router, "show dial-peer voice 1")
    assert "It has 1 calls active." in shown(router, "show call application voice onramp")


def test_an_application_is_loaded_again_while_it_has_no_calls(router: Router) -> None:
    assert shown(router, "call application voice load onramp") == ""
    assert "built in" in shown(router, "call application voice load DEFAULT")
    assert shown(router, "call application voice load other") == "Application other not found.\n"
    open_call(router)
    assert "has active calls" in shown(router, "call application voice load onramp")


def test_history_keeps_what_dial_control_mib_says_and_last_n(router: Router) -> None:
    control = router.voice.control
    for cause in (Cause.NORMAL, Cause.USER_BUSY, Cause.NO_CIRCUIT):
        control.open(Origin.ANSWER, Telephony("0:D")).close(cause)
    text = shown(router, "show call history fax brief")
    assert "hs.1 " not in text
    assert " tx:0/0 rx:0/0 22  (no circuit (34))\n" in text
    assert "Total call-legs: 1\n" in shown(router, "show call history fax last 1")


def test_peers_plan_ports_and_expansions(router: Router) -> None:
    text = shown(router, "show dial-peer voice summary")
    assert "    2 mmoip  up    up            1001              0        mailto:tom@example.org" in text
    assert shown(router, "show dialplan number 701").startswith("Macro Exp.: 1001\nMultiMediaMailOverIpPeer2\n")
    assert shown(router, "show num-exp") == "Dest Digit Pattern = '7..'      Translation = '10..'\n"
    rows = shown(router, "show voice port summary").splitlines()[3:]
    assert [row.split()[:5] for row in rows] == [["0:D", f"0{n}", "isdn-voice", "up", "down"] for n in (1, 2, 3)]
    summary = shown(router, "show call application voice summary").splitlines()
    assert summary[:2] == [
        "name                 description",
        "session              Basic app to do DID, or supply dialtone.",
    ]
    assert "DEFAULT              Default system session application" in summary
    assert "fax_on_vfc_onramp_app Fax on-ramp" in summary
    assert summary[-2] == "TCL Script Version 1.1 supported."


def test_the_router_keeps_its_counters_per_peer(router: Router) -> None:
    peer = router.voice.settings.plan.peer(1)
    router.voice.control.open(Origin.ANSWER, Telephony("0:D"), peer=peer).close(Cause.USER_BUSY)
    text = shown(router, "show dial-peer voice 1")
    assert "Accepted Calls = 0, Refused Calls = 1," in text
    assert 'Last Disconnect Text is "user busy (17)",' in text


def test_one_call_can_be_asked_for_by_its_identifier(router: Router) -> None:
    control = router.voice.control
    for number in ("408", "510"):
        control.open(Origin.ANSWER, Telephony("0:D"), peer_address=number)
    assert "Answer 510" not in shown(router, "show call active fax brief id 1")
    assert "PeerAddress=510\n" in shown(router, "show call active fax id 2")
    assert "Total call-legs: 0\n" in shown(router, "show call active fax id 3")
    for leg in tuple(control._legs.values()):
        leg.close(Cause.NORMAL)
    assert shown(router, "show call history fax brief id 2").count("Answer") == 1
