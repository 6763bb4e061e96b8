"""What carries calls inside an access server, as it is shown; and the quarters of an hour of a trunk."""

from __future__ import annotations

from iosemu.chassis.dsp import Use
from iosemu.voice.circuit import Cause
from tests.commands.controllers.test_show_trunks import Office, call, trunks
from tests.commands.routers import CARET, User, device


def test_elements_by_their_ports() -> None:
    router = device("as5350")
    user = User(router)
    pool = router.chassis.dsp
    taken = [pool.take(use) for use in (*[Use.VOICE] * 7, Use.FAX_MAIL)]
    assert None not in taken
    text = user.type("show spe")
    assert "Total ports:    108, in use ports:      8, disabled ports:      0, free ports:    100\n" in text
    assert "Total active voice calls:      7\n" in text
    rows = [line.split() for line in text.splitlines() if "ACTIVE" in line]
    assert len(rows) == 18
    assert rows[0][1:] == ["0000-0005", "ACTIVE", "6", "0", "0", "aaaaaa", "vvvvvv"]
    assert rows[1][1:] == ["0006-0011", "ACTIVE", "2", "0", "0", "aa____", "vf____"]
    assert rows[17][1:] == ["0102-0107", "ACTIVE", "0", "0", "0", "______", "______"]


def test_the_calls_of_an_as5300_in_its_resources_and_on_its_channel() -> None:
    router, user, office = trunks()
    idle = user.type("show call resource voice stats")
    assert "Utilization: 0 percent\nTotal channels: 120\nInuse channels: 0\n" in idle
    circuit = call(router)
    office.circuit.called.answer()
    router.clock.run(until_s=44)
    text = user.type("show call resource voice stats")
    assert "Utilization: 1 percent\nTotal channels: 120\nInuse channels: 2\n" in text
    # Four B channels, two channels of a group that is up, and one of a group that is shut down.
    assert "Addressable channels: 7\nInuse channels: 2\nDisabled channels: 1\nFree channels: 4\n" in text
    text = user.type("show csm voice 1/1/1/0")
    assert text.startswith("slot 1, dspm 1, dsp 1, dsp channel 0,\n slot 1, port 0, tone, device_status(0x0002)")
    assert "=CSM_IC6_CONNECTED, csm_event_proc=0x600E2678, current call thru PRI line\n" in text
    assert "total_call_duration=00:00:44\nThe calling party phone number = 4085551234\n" in text
    assert "total_free_isdn_channels = 3, total_busy_isdn_channels = 1," in text
    assert "current call thru CAS line" in user.type("show csm voice 1/1/1/1")
    circuit.calling.release(Cause.NORMAL)
    assert "CSM_IDLE_STATE" in user.type("show csm voice 1/1/1/0")
    for channel in ("9/1/1/0", "1/6/1/0", "1/1/7/0", "1/1/1/2", "1/1/1", "x"):
        assert user.type(f"show csm voice {channel}").endswith(CARET)


def test_seconds_without_a_cable_are_unavailable() -> None:
    router = device()
    user = User(router)
    user.configure("controller T1 0", "cablelength short 133")
    office = Office()
    router.clock.run(until_s=100)
    router.voice.plug("T1 0", office)
    text = user.type("show controllers T1 0")
    assert "  Cablelength is short 133\n" in text
    assert "current interval (100 seconds elapsed):\n" in text
    assert "0 Severely Err Secs, 100 Unavail Secs\n" in text
    assert "Interval 1" not in text
    router.clock.run(until_s=1000)
    router.voice.plug("T1 0", None)
    router.clock.run(until_s=2000)
    lines = user.type("show controllers T1 0").splitlines()
    unavailable = [line.split()[-3] for line in lines if "Unavail" in line]
    assert unavailable == ["200", "800", "100", "900"]
    assert "  Total Data (last 2 15 minute intervals):" in lines
    router.clock.run(until_s=90_000)
    assert "  Total Data (last 24 hours)" in user.type("show controllers T1 0").splitlines()
