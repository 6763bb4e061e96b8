"""Which hardware handles store-and-forward fax: at once, and on an AS5300 with the next start."""

from __future__ import annotations

import pytest

from iosemu.chassis.dsp import Use
from iosemu.router import Router
from iosemu.voice.circuit import CallSetup, Cause, Circuit
from tests.commands.interfaces.test_link_messages import Office
from tests.commands.routers import User
from tests.commands.test_show_voice_hardware import ON_RAMP, router_with


def takes_a_fax(router: Router, jack: str) -> bool:
    """Does a call that comes in find a channel?"""
    router.plug(jack, Office())
    circuit = Circuit(CallSetup("5551234", "4085550000"))
    released: list[Cause] = []
    circuit.calling.on_release = released.append
    router.offer(jack, circuit.called)
    taken = any(channel.use is Use.FAX_MAIL for channel in router.device.chassis.dsp.in_use)
    assert taken is (released == [])
    assert taken or released == [Cause.NO_RESOURCE]
    circuit.calling.release()
    router.device.clock.run(until_s=router.device.clock.now() + 5)
    return taken


@pytest.mark.parametrize(("platform", "unit", "later"), [("as5300", "0", True), ("as5350", "3/0", False)])
def test_a_change_is_in_force_at_once_or_with_the_next_start(platform: str, unit: str, later: bool) -> None:
    config = ON_RAMP.replace("T1 1/0", f"T1 {unit}").replace("1/0:23", f"{unit}:D")
    router = router_with(platform, config)
    assert takes_a_fax(router, f"T1 {unit}")
    User(router.device).configure("fax interface-type modem")
    assert takes_a_fax(router, f"T1 {unit}") is later
    User(router.device).type("write memory")
    router.reload()
    assert not takes_a_fax(router, f"T1 {unit}")
    User(router.device).configure("fax interface-type fax-mail")
    assert takes_a_fax(router, f"T1 {unit}") is not later
