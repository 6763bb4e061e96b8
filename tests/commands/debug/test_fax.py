"""The text of the fax debugs: only while switched on, each line from its event."""

from __future__ import annotations

import pytest

from iosemu.commands.debug.fax import attach
from iosemu.fax import events as fax
from iosemu.fax.document import PageFormat
from iosemu.voice.circuit import CallSetup, Cause
from iosemu.voice.events import CallRefused, FaxMedia, FaxStep, Ramp, Step
from tests.commands.debugged_device import Device

ALL = (
    *(FaxStep(Ramp.ON, step, 11, 1, "5550199") for step in Step),
    *(FaxStep(Ramp.OFF, step, 11, 20, "5271714") for step in Step),
    FaxMedia(Ramp.ON, 11, fax.FrameReceived("DCS", bytes.fromhex("ff1383"), fcs_ok=True)),
    FaxMedia(Ramp.ON, 11, fax.Negotiated("V.17", 14400, PageFormat(), 0)),
    FaxMedia(Ramp.OFF, 12, fax.FrameSent("DCS", bytes.fromhex("ff1383"))),
    FaxMedia(Ramp.OFF, 12, fax.Finished(False, fax.FaxCause.NO_ANSWER, 0)),
    FaxMedia(Ramp.OFF, 12, fax.DatagramSent(fax.Direction.TO_DSP, b"")),
    CallRefused("0:D", CallSetup("5550199"), Cause.USER_BUSY, "no free DSP channel"),
)


def told(*flags: str) -> list[str]:
    device = Device()
    attach(device)
    device.debugs.update(flags)
    for event in ALL:
        device.bus.publish(event)
    return device.log.text


def test_nothing_is_told_while_no_switch_is_on() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("flag", "start", "line"),
    [
        ("foip on-ramp", "lapp_on_", "lapp_on_application: Incoming Event: CC_EV_CALL_HANDOFF, CallID 11"),
        ("foip on-ramp", "lapp_on_", "lapp_on_call_handoff: cause = user busy (17)"),
        ("foip off-ramp", "l", "lapp off: CC_EV_CALL_HANDOFF, cid(0xB)"),
        ("foip off-ramp", "l", "loffHandoff: called number=5271714, callid=0xB"),
        ("fmsp receive t30", "faxmsp_", "faxmsp_t30: call id=11, received DCS FF 13 83"),
        ("fmsp send t30", "faxmsp_", "faxmsp_t30: call id=12, sent DCS FF 13 83"),
        ("fmsp send t30", "faxmsp_", "faxmsp_t30: call id=12, failure, 0 pages, No answer T30 timeout"),
    ],
)
def test_a_switch_tells_its_own_lines(flag: str, start: str, line: str) -> None:
    lines = told(flag)
    assert line in lines
    assert all(text.lstrip().startswith((start, "destPat")) for text in lines)
