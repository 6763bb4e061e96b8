"""Debug text of calls: of the wanted ones only, and what a call that is refused or spoken leaves."""

from __future__ import annotations

import re

import pytest

from iosemu.commands.debug.switches import SWITCHES
from iosemu.voice.circuit import CallSetup, Circuit
from tests.commands.show_scenarios import PEERS, Scene
from tests.voice.conftest import ON_RAMP, Machine


def listening(text: str, *typed: str, release: str = "") -> tuple[Scene, list[str]]:
    scene = Scene(text, release=release)
    lines: list[str] = []
    scene.router.device.log.debug = lines.append  # type: ignore[method-assign]
    scene.user.type(*typed)
    return scene, lines


def test_a_condition_lets_the_text_of_its_calls_through_and_no_other() -> None:
    scene, lines = listening(ON_RAMP, "debug condition called 5550142")
    scene.router.device.debugs.update(set(SWITCHES) - {"isdn event", "isdn q931"})
    scene.fax_in("5550199")
    told = [line for line in lines if "5550199" in line or "callID=0x1" in line or "call id=1," in line]
    assert told == []
    scene.fax_in("5550142")
    assert any("called=5550142" in line for line in lines)
    assert any(line.startswith("faxmsp_t30: call id=3, sent DIS") for line in lines)
    assert not any("call id=1," in line for line in lines)


@pytest.mark.parametrize(
    ("switch", "number", "told"),
    [
        ("fax receive called-number", "5550199", True),
        ("fax receive called-number", "5550142", False),
        ("fax receive calling-number", "15551234", True),
    ],
)
def test_t30_of_one_number_can_be_asked_for(switch: str, number: str, told: bool) -> None:
    scene, lines = listening(ON_RAMP, f"debug {switch} {number}")
    scene.fax_in("5550199")
    assert any(line.startswith("faxmsp_t30: ") for line in lines) is told


def test_relayed_t30_is_told_with_the_uptime() -> None:
    scene, lines = listening(ON_RAMP, "debug fax relay t30 all")
    scene.fax_in()
    assert lines[0].endswith(" fr-entered (10ms)")
    found = [line.partition(" ")[2] for line in lines[1:]]
    assert found[:5] == ["fr-msg-tx CSI", "fr-msg-tx DIS", "fr-msg-det TSI", "fr-msg-det DCS", "fr-msg-tx CFR"]
    assert found[-1] == "fr-end"
    stamps = [int(line.partition(" ")[0].removeprefix("timestamp=")) for line in lines]
    assert stamps == sorted(stamps)


CAPTURED = {
    "12.2(8)T": """\
cc_api_call_setup_ind (vdbPtr=0x831721D8, callInfo={called=5551234,called_oct3=0x80,calling=5550100,
>>>>CCAPI handed cid 1 with tag 100 to app "DEFAULT"
sess_appl: ev(24=CC_EV_CALL_SETUP_IND), cid(1), disp(0)
ssaSetupPeer cid(1) peer list:  tag(100) called number (5551234)
ccCallProceeding (callID=0x1, prog_ind=0x0)
ccCallSetupRequest (Inbound call = 0x1, outbound peer =100, dest=,
callingNumber=5550100, calledNumber=5551234, redirectNumber=
cc_API_call_connected(vdbPtr=0x831721D8, callID=0x2)
ccCallConnect (callID=0x1)
vtsp:[0:D:1, S_CONNECT, E_TSP_DISCONNECT_IND]act_disconnect_ind
cc_API_call_disconnected(vdbPtr=0x831721D8, callID=0x1, cause=0x10)
ccConferenceDestroy (confID=0x1, tag=0x0)
ccCallDisconnect (callID=0x1, cause=0x10 tag=0x0)
cc_API_call_disconnect_done(vdbPtr=0x831721D8, callID=0x1, disp=0, tag=0x0)
ccCallDisconnect (callID=0x2, cause=0x10 tag=0x0)
""",
    "": """\
//-1/xxxxxxxxxxxx/CCAPI/cc_api_call_setup_ind:
 cisco-ani=5550100
//-1/xxxxxxxxxxxx/CCAPI/cc_api_call_setup_ind: (vdbPtr=0x831721D8, callInfo={called=5551234,
//1/GUID/CCAPI/cc_process_call_setup_ind: >>>>CCAPI handed cid 1 with tag 100 to app "DEFAULT"
//1/GUID/SSAPP:(100):-1:-1/sess_appl: ev(24=CC_EV_CALL_SETUP_IND), cid(1), disp(0)
//1/GUID/CCAPI/ccCallSetupRequest: callingNumber=5550100, calledNumber=5551234, redirectNumber=
//1/GUID/VTSP:(0:D):0:0:4368/vtsp_process_event:
//2/GUID/CCAPI/cc_api_call_connected:(vdbPtr=0x831721D8, callID=0x2)
//1/GUID/CCAPI/cc_api_call_disconnected:(vdbPtr=0x831721D8, callID=0x1, cause=0x10)
//2/GUID/CCAPI/ccCallDisconnect: (callID=0x2, cause=0x10 tag=0x0)
""",
    "12.3(8)T": """\
//-1/xxxxxxxxxxxx/CCAPI/cc_api_call_setup_ind_common:
   Called Number=5551234(TON=Unknown, NPI=Unknown),
   Incoming Dial-peer=100, Progress Indication=NULL(0), Calling IE Present=TRUE,
   >>>>CCAPI handed cid 1 with tag 100 to app "_ManagedAppProcess_Default"
//1/GUID/CCAPI/ccCallSetupRequest:
//2/GUID/CCAPI/cc_api_call_connected:
//1/GUID/CCAPI/ccCallConnect:
   Cause Value=16, Interface=0x831721D8, Call Id=1
//2/GUID/CCAPI/ccCallDisconnect:
""",
}


@pytest.mark.parametrize("release", CAPTURED)
def test_a_voice_call_is_told_as_its_release_tells_it(release: str) -> None:
    scene, lines = listening(
        PEERS, "debug voip ccapi inout", "debug vtsp all", "debug fax relay t30 all", release=release
    )
    scene.speak("5551234", None)
    text = re.sub(r"^//(\d+)/[0-9A-F]{12}/", r"//\1/GUID/", "\n".join(lines), flags=re.MULTILINE)
    told = iter(text.split("\n"))
    for wanted in CAPTURED[release].splitlines():
        assert any(line.startswith(wanted) for line in told), wanted
    assert not any("fr-" in line or "dsp_fax" in line for line in lines)


@pytest.mark.parametrize(
    ("asked", "head"),
    [
        ("short-header", r"//1/ccCallConnect: "),
        ("full-guid", r"//1/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/CCAPI/ccCallConnect: "),
    ],
)
def test_the_header_is_as_long_as_it_is_wanted(asked: str, head: str) -> None:
    scene, lines = listening(f"voice call debug {asked}\n{PEERS}", "debug voip ccapi inout")
    scene.speak("5551234", None)
    assert any(re.match(head, line) for line in lines)


@pytest.mark.parametrize(("card", "kind"), [("VIC-2FXS", "fxsls"), ("VIC-2FXO", "fxols"), ("VIC-2E/M", "em")])
def test_a_line_is_told_by_its_kind(card: str, kind: str) -> None:
    peers = (
        "dial-peer voice 1 pots\n destination-pattern 1\n port 1/0/0\ndial-peer voice 2 pots\n destination-pattern 2\n"
    )
    scene = Scene(f"{peers} port 1/0/1\n", platform="3640", modules={"1": "NM-2V", "1/0": card})
    lines: list[str] = []
    scene.router.device.log.debug = lines.append  # type: ignore[method-assign]
    scene.user.type("debug vpm signal")
    scene.router.plug("1/0/1", Machine(scene.clock, "deaf"))
    circuit = Circuit(CallSetup("1", ""))
    scene.router.plug("1/0/0", Machine(scene.clock, "deaf"))
    scene.clock.call_later(60.0, circuit.calling.release)
    scene.router.offer("1/0/0", circuit.called)
    scene.clock.run()
    assert lines
    assert all(line.startswith("htsp_process_event: [1/0/") and kind.upper() in line for line in lines)


def test_page_data_is_told_once_and_counted() -> None:
    scene, lines = listening(ON_RAMP, "debug fmsp receive t38")
    scene.fax_in()
    data = [line for line in lines if line.endswith("T4_NON_ECM_DATA")]
    repeated = [line for line in lines if "last packet repeated" in line]
    assert len(data) < 10 < sum(int(line.split()[-2]) for line in repeated)
