"""The lights of a chassis follow from the router's state."""

from __future__ import annotations

from typing import Any

import pytest

from iosemu.chassis import platform as platforms
from iosemu.chassis.dsp import Use
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from iosemu.web.snapshot import slots, snapshot


def router_of(lab: Any, name: str) -> dict[str, Any]:
    return next(router for router in snapshot(lab)["routers"] if router["name"] == name)


def test_slots_ports_and_channels_are_those_of_the_router(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        lab = visitor.lab
        front = router_of(lab, "vdtl-5300-7a")
        cpu, trunks, *features = front["slots"]
        assert {port["name"]: port["lamp"] for port in cpu["cards"][0]["ports"]} == {
            "Ethernet0": "off",
            "FastEthernet0": "on",
        }
        assert [port["name"] for port in trunks["cards"][0]["ports"]] == ["T1 0", "T1 1", "T1 2", "T1 3"]
        assert trunks["cards"][0]["ports"][0] == {"name": "T1 0", "lamp": "on", "channels": "." * 23}
        assert trunks["cards"][0]["ports"][1]["lamp"] != "on"
        assert [card["dsp"]["channels"] for slot in features for card in slot["cards"]] == ["." * 60] * 2

    visit(scenario)


def test_a_channel_in_use_is_lit(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        router = visitor.lab.routers["vdtl-5300-7a"].router
        for use in (Use.VOICE, Use.FAX_RELAY, Use.FAX_MAIL):
            assert router.device.chassis.dsp.take(use) is not None
        router.voice.ports["0:D"].seize(1, outgoing=False)
        front = router_of(visitor.lab, "vdtl-5300-7a")
        assert front["slots"][2]["cards"][0]["dsp"]["channels"] == "vrm" + "." * 57
        assert front["slots"][1]["cards"][0]["ports"][0]["channels"] == "c" + "." * 22
        trunk = next(each for each in snapshot(visitor.lab)["trunks"] if each["router"] == "vdtl-5300-7a")
        assert (trunk["channels"], trunk["busy"]) == (23, 1)

    visit(scenario)


def test_a_shut_interface_goes_dark(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        visitor.lab.routers["vdtl-5300-7a"].router.load("interface FastEthernet0\n shutdown\n")
        cpu = router_of(visitor.lab, "vdtl-5300-7a")["slots"][0]
        assert cpu["cards"][0]["ports"][1] == {"name": "FastEthernet0", "lamp": "off", "channels": ""}

    visit(scenario)


@pytest.mark.parametrize("which", [0, -1])
@pytest.mark.parametrize("name", platforms.names())
def test_every_port_of_every_platform_is_on_its_front_once(name: str, which: int) -> None:
    platform = platforms.load(name)
    cards = {slot: platform.fitting(spec.accepts)[which] for slot, spec in platform.slots.items()}
    router = Router(name, clock=ManualClock(), network=NoNetwork(), store=FileStore(None), modules=cards)
    chassis = router.device.chassis
    front = list(slots(router.device))
    assert [slot["slot"] for slot in front] == ["", *platform.slots]
    shown = [port["name"] for slot in front for card in slot["cards"] for port in card["ports"]]
    ports = [f"{port.kind} {port.unit}" for port in chassis.analog_ports]
    ports += [f"T3 {unit}" for unit in chassis.t3s]
    ports += [port.name for port in (*chassis.controllers, *chassis.interfaces) if not getattr(port, "of", "")]
    assert sorted(shown) == sorted(ports)
    signal_processors = [card["dsp"] for slot in front for card in slot["cards"] if card["dsp"] is not None]
    assert sum(len(each["channels"]) for each in signal_processors) == chassis.dsp.total
