"""Frames of a D channel are numbered and acknowledged."""

from __future__ import annotations

from iosemu.commands.debug import lapd as debug_lapd
from iosemu.commands.interfaces.link_messages import LinkChanged
from iosemu.voice.q931 import Q931Message
from tests.commands.debugged_device import Device


def test_each_message_is_a_frame_that_the_other_side_acknowledges() -> None:
    device = Device(debugs={debug_lapd.Q921})
    debug_lapd.attach(device)  # type: ignore[arg-type]
    device.bus.publish(LinkChanged("Serial0:23", "up"))
    device.bus.publish(Q931Message("Serial0:23", False, "SETUP", 1))
    device.bus.publish(Q931Message("Serial0:23", True, "CALL_PROC", 0x8001))
    device.bus.publish(Q931Message("Serial0:23", True, "CONNECT", 0x8001))
    assert device.log.text == [
        "ISDN Se0:23: TX ->  SABMEp sapi = 0  tei = 0",
        "ISDN Se0:23: RX <-  UAf sapi = 0  tei = 0",
        "ISDN Se0:23: RX <-  INFOc sapi = 0  tei = 0  ns = 0  nr = 0  i = 5 octets",
        "ISDN Se0:23: TX ->  RRr sapi = 0  tei = 0  nr = 1",
        "ISDN Se0:23: TX ->  INFOc sapi = 0  tei = 0  ns = 0  nr = 1  i = 5 octets",
        "ISDN Se0:23: RX <-  RRr sapi = 0  tei = 0  nr = 1",
        "ISDN Se0:23: TX ->  INFOc sapi = 0  tei = 0  ns = 1  nr = 1  i = 5 octets",
        "ISDN Se0:23: RX <-  RRr sapi = 0  tei = 0  nr = 2",
    ]


def test_frames_are_counted_while_nobody_looks() -> None:
    device = Device()
    debug_lapd.attach(device)  # type: ignore[arg-type]
    device.bus.publish(Q931Message("Serial0:23", True, "SETUP", 1))
    device.debugs.add(debug_lapd.Q921)
    device.bus.publish(Q931Message("Serial0:23", True, "RELEASE", 1))
    assert "ns = 1 " in device.log.text[0]
