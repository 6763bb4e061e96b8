"""Debug text of calls: of the wanted ones only, and what a call that is refused or spoken leaves."""

from __future__ import annotations

import pytest

from iosemu.commands.debug_switches import SWITCHES
from tests.commands.show_scenarios import PEERS, Scene
from tests.voice.conftest import ON_RAMP


def listening(text: str, *typed: str) -> tuple[Scene, list[str]]:
    scene = Scene(text)
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


def test_a_voice_call_is_told_by_call_control_alone() -> None:
    scene, lines = listening(PEERS, "debug voip ccapi inout", "debug vtsp all", "debug fax relay t30 all")
    scene.speak("5551234", None)
    assert any(line.startswith("cc_api_call_setup_ind (") for line in lines)
    assert any("S_CONNECT, E_TSP_DISCONNECT_IND]" in line for line in lines)
    assert not any("fr-" in line or "dsp_fax" in line for line in lines)


def test_page_data_is_told_once_and_counted() -> None:
    scene, lines = listening(ON_RAMP, "debug fmsp receive t38")
    scene.fax_in()
    data = [line for line in lines if line.endswith("T4_NON_ECM_DATA")]
    repeated = [line for line in lines if "last packet repeated" in line]
    assert len(data) < 10 < sum(int(line.split()[-2]) for line in repeated)
