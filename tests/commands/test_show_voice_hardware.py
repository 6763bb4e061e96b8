"""DSP channels, feature cards and voice ports are shown as they are: idle, in a call, shut down."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from iosemu.voice.circuit import CallSetup, Circuit
from tests.commands.interfaces.test_link_messages import Office
from tests.commands.routers import CARET, User

SHOWS = Path(__file__).parents[3] / "shared" / "corpus" / "show"
ON_RAMP = """
controller T1 1/0
 pri-group timeslots 1-24
mta send server 10.0.0.25
mta send mail-from username $s$
mta send mail-from hostname gw.example.com
call application voice onramp flash:app_faxmail_onramp.2.0.1.3.tcl
dial-peer voice 1 pots
 application onramp
 incoming called-number 555....
 direct-inward-dial
 port 1/0:23
dial-peer voice 2 mmoip
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 555....
 session target mailto:tom@example.org
"""


def router_with(platform: str, config: str = "", **modules: str) -> Router:
    """`modules` by slot: s2="NM-2V" is slot 2, s2_0="VIC-2FXS" bay 0 of it."""
    places = {name[1:].replace("_", "/"): module for name, module in modules.items()}
    router = Router(platform, clock=ManualClock(), network=NoNetwork(), store=FileStore(None), modules=places)
    assert router.load(config) == []
    return router


def in_a_call(router: Router, jack: str) -> Circuit:
    """Somebody outside dials in."""
    router.plug(jack, Office())
    circuit = Circuit(CallSetup("5551234", "4085550000"))
    router.offer(jack, circuit.called)
    return circuit


def test_a_row_for_each_channel_under_the_heading_of_the_sample() -> None:
    lines = User(router_with("3660").device).type("show voice dsp").splitlines()
    assert len(lines) == 3 + 24
    assert [line.split()[1:3] for line in lines[3:9]] == [
        *(["001", f"0{channel}"] for channel in (1, 2, 3, 4)),
        ["002", "01"],
        ["002", "02"],
    ]
    assert {line.split()[5] for line in lines[3:]} == {"IDLE"}
    rulers = lines[2]
    assert all(len(line) == len(rulers) for line in lines[3:])


def test_the_columns_are_those_of_published_output() -> None:
    sample = SHOWS / "show-voice-dsp-dsp__ciscodoc-s9-html-11a8-3.txt"
    if not sample.exists():
        pytest.skip("the published output is not here")
    published = sample.read_text().splitlines()
    shown = User(router_with("3660").device).type("show voice dsp").splitlines()
    assert published[1].rstrip() == shown[1].rstrip()
    assert published[2].startswith(shown[2])


def test_a_channel_in_a_call_names_port_and_time_slot() -> None:
    router = router_with("3660", ON_RAMP)
    circuit = in_a_call(router, "T1 1/0")
    user = User(router.device)
    busy = [line.split() for line in user.type("show voice dsp").splitlines() if " busy " in line]
    assert [(row[1], row[2], row[3], row[9], row[10]) for row in busy] == [("001", "01", "fax", "1/0:23", "01")]
    assert "1/0:23     01  isdn-voice  up   none" in user.type("show voice port 1/0:23")
    circuit.calling.release()
    assert " busy " not in user.type("show voice dsp")


def test_carriers_of_voice_cards_have_two_channels_a_processor() -> None:
    router = router_with("3640", s1="NM-2V", s1_0="VIC-2FXS")
    lines = User(router.device).type("show voice dsp").splitlines()[3:]
    assert [line.split()[1:3] for line in lines if line.startswith("C549")][:3] == [
        ["001", "01"],
        ["001", "02"],
        ["002", "01"],
    ]


def test_the_ports_of_a_1750_share_its_processors() -> None:
    text = User(router_with("1750", s1="VIC-2FXS", s3="PVDM-256K-12").device).type("show voice dsp")
    assert text.splitlines() == [
        "DSP#0: state IN SERVICE, 2 channels allocated",
        "channel#0: voice port 1/0, codec G711 ulaw, state UP",
        "channel#1: voice port 1/1, codec G711 ulaw, state UP",
        "DSP#1: state IN SERVICE, 2 channels allocated",
        "channel#0: voice port 2/0, codec G711 ulaw, state UP",
        "channel#1: voice port 2/1, codec G711 ulaw, state UP",
        "DSP#2: state RESET, 0 channels allocated",
    ]


def test_a_fax_is_on_the_channel_of_its_port_of_a_1750() -> None:
    peers = ON_RAMP.partition("mta")[2].replace(" port 1/0:23\n", "").replace("app_faxmail_onramp.2.0.1.3", "onramp")
    router = router_with("1750", f"mta{peers}voice-port 2/1\n connection plar 5551234\n")
    in_a_call(router, "2/1")
    assert User(router.device).type("show voice dsp").splitlines()[1:] == [
        "channel#0: voice port 2/0, codec G711 ulaw, state UP",
        "channel#1: voice port 2/1, codec fax, state UP",
    ]


def test_access_servers_do_not_know_the_command_but_their_feature_cards() -> None:
    user = User(router_with("as5300").device)
    assert user.type("show voice dsp").endswith(CARET)
    assert user.type("show vfc 1 technology") == "Technology in VFC slot 1 is C549\n"
    assert "     Technology         : C549\nVCWare/DSPWare version compatibility OK\n" in user.type(
        "show vfc 2 version vcware"
    )
    assert user.type("show vfc 1 version dspware").startswith("DSPWare version in VFC slot 1 is ")
    assert user.type("show vfc 0 technology").endswith(CARET)
    assert User(router_with("3660").device).type("show vfc 1 technology").endswith(CARET)


def test_lines_of_a_published_port_are_there() -> None:
    sample = SHOWS / "show-voice-port-101__ciscodoc-s9-html-11a8-3.txt"
    if not sample.exists():
        pytest.skip("the published output is not here")
    router = router_with("3660", s2="NM-2V", s2_0="VIC-2E/M")
    router.plug("2/0/0", Office())
    shown = User(router.device).type("show voice port 2/0/0").splitlines()
    for line in sample.read_text().splitlines()[1:]:
        assert line in shown


@pytest.mark.parametrize(
    ("module", "heading", "own"),
    [
        ("VIC-2FXS", "Foreign Exchange Station 2/0/1 Slot is 2, Sub-unit is 0, Port is 1", " Ring Frequency is 25 Hz"),
        (
            "VIC-2FXO",
            "Foreign Exchange Office 2/0/1 Slot is 2, Sub-unit is 0, Port is 1",
            " Number Of Rings is set to 1",
        ),
        ("VIC-2E/M", "recEive And transMit 2/0/1 Slot is 2, Sub-unit is 0, Port is 1", " Operation Type is 2-wire"),
    ],
)
def test_each_kind_of_analog_port_tells_its_own(module: str, heading: str, own: str) -> None:
    user = User(router_with("3660", s2="NM-2V", s2_0=module).device)
    lines = user.type("show voice port 2/0/1").splitlines()
    assert lines[0] == heading
    assert own in lines
    assert "None" not in " ".join(line for line in lines if "Station name" not in line and "Maintenance" not in line)
    assert user.type("show voice port").count("Slot is 2, Sub-unit is 0, Port is") == 2


def test_what_is_configured_is_shown() -> None:
    user = User(router_with("3660", s2="NM-2V", s2_0="VIC-2FXO").device)
    user.configure(
        "voice-port 2/0/0",
        "description to the exchange",
        "input gain 3",
        "cptone DE",
        "timeouts interdigit 3",
        "timeouts call-disconnect infinity",
        "connection plar 5551234",
        "no battery-reversal",
        "ring number 4",
        "shutdown",
    )
    lines = user.type("show voice port 2/0/0").splitlines()
    for line in (
        " Operation State is DOWN",
        " Administrative State is DOWN",
        " The Last Interface Down Failure Cause is Administrative Shutdown",
        " Description is to the exchange",
        " In Gain is Set to 3 dB",
        " Connection Mode is plar",
        " Connection Number is 5551234",
        " Interdigit Time Out is set to 3 s",
        " Call Disconnect Time Out is set to infinity",
        " Companding Type is A-law",
        " Region Tone is set for DE",
        " Battery-Reversal is disabled",
        " Number Of Rings is set to 4",
    ):
        assert line in lines, line


def test_a_port_that_is_not_there_gets_the_caret() -> None:
    assert User(router_with("3660").device).type("show voice port 4/0/0").endswith(CARET)
