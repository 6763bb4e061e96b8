"""Cards that are taken out and put in while the router runs."""

from __future__ import annotations

import pytest

from iosemu.chassis.hardware import BadModule
from iosemu.commands.chassis import card_swap
from iosemu.router import Router
from iosemu.voice.circuit import CallSetup, Cause, Circuit
from tests.commands.interfaces.test_link_messages import Office, Watched
from tests.commands.routers import User
from tests.commands.test_show_voice_hardware import ON_RAMP, router_with

CONFIG = ON_RAMP.replace("T1 1/0", "T1 3/0").replace("1/0:23", "3/0:D")


def called(router: Router) -> list[Cause]:
    """Somebody calls in; gives the causes by which that ends."""
    circuit = Circuit(CallSetup("5551234", "4085550000"))
    released: list[Cause] = []
    circuit.calling.on_release = released.append
    router.offer("T1 3/0", circuit.called)
    return released


def gateway() -> Router:
    router = router_with("as5350", CONFIG)
    router.plug("T1 3/0", Office())
    return router


@pytest.mark.parametrize("slot", ["2", "3"])
def test_calls_end_with_the_trunk_or_the_processors_that_they_are_on(slot: str) -> None:
    router = gateway()
    released = called(router)
    assert released == []
    card_swap.pull(router.device, slot)
    assert released == [Cause.OUT_OF_ORDER]
    assert router.device.chassis.dsp.in_use == ()
    assert called(router) == [Cause.NO_RESOURCE if slot == "2" else Cause.OUT_OF_ORDER]
    card_swap.put(router.device, slot)
    assert called(router) == []


def test_what_is_out_is_down_and_is_not_told_of() -> None:
    router = gateway()
    user = User(router.device)
    card_swap.pull(router.device, "3")
    assert user.type("show controllers T1 3/0").startswith("T1 3/0 is down.\n")
    assert "Slot 3:" not in user.type("show diag")
    assert "controller T1 3/0\n framing" in user.type("show running-config")
    card_swap.pull(router.device, "2")
    assert "2/00" not in user.type("show spe")
    assert router.device.chassis.dsp.total == 0
    card_swap.put(router.device, "2")
    card_swap.put(router.device, "3")
    assert "Slot 3:" in user.type("show diag")
    assert user.type("show controllers T1 3/0").startswith("T1 3/0 is up.\n")


def test_the_log_tells_of_the_card_and_of_its_links() -> None:
    seen = Watched("3660", modules={"2": "NM-1FE-TX"})
    lines: list[str] = []
    seen.router.attach_log(lambda line: lines.append(line.partition("%")[2]))
    card_swap.pull(seen.router.device, "2")
    assert lines == ["OIR-6-REMCARD: Card removed from slot 2, interfaces disabled"]
    assert seen.told() == [
        "LINK-3-UPDOWN: Interface FastEthernet2/0, changed state to down",
        "LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet2/0, changed state to down",
    ]
    card_swap.put(seen.router.device, "2")
    assert lines[-1] == "OIR-6-INSCARD: Card inserted in slot 2, interfaces administratively shut down"
    assert "LINK-3-UPDOWN: Interface FastEthernet2/0, changed state to up" in seen.told()


def test_a_card_stays_out_over_a_reload() -> None:
    router = gateway()
    User(router.device).type("write memory")
    card_swap.pull(router.device, "3")
    router.reload()
    assert User(router.device).type("show controllers T1 3/0").startswith("T1 3/0 is down.\n")


@pytest.mark.parametrize(
    ("platform", "slot", "told"),
    [
        ("2621", "1", "the 2621 has to be switched off before cards are moved"),
        ("3640", "1", "the 3640 has to be switched off before cards are moved"),
        ("as5350", "1", "slot 1 of the AS5350 is empty"),
        ("as5350", "9", "slot 9 of the AS5350 is empty"),
    ],
)
def test_what_cannot_be_moved_is_told(platform: str, slot: str, told: str) -> None:
    with pytest.raises(BadModule, match=told):
        card_swap.pull(router_with(platform).device, slot)


def test_a_card_is_out_once_and_in_once() -> None:
    device = router_with("as5350").device
    with pytest.raises(BadModule, match="slot 2 of the AS5350 has its card"):
        card_swap.put(device, "2")
    card_swap.pull(device, "2")
    with pytest.raises(BadModule, match="slot 2 of the AS5350 is empty"):
        card_swap.pull(device, "2")
