"""What the log says of links follows from commands and cables, a moment later and only once."""

from __future__ import annotations

from iosemu.chassis import platform as platforms
from iosemu.chassis.hardware import Chassis
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from iosemu.voice.circuit import CallSetup, Circuit, End
from tests.commands.routers import User


class Office:
    """An exchange nobody calls through."""

    def place(self, setup: CallSetup) -> End:
        return Circuit(setup).calling


class Watched:
    """A router that has started, somebody at it, and its log from then on."""

    def __init__(self, platform: str, *startup: str, modules: dict[str, str] | None = None) -> None:
        store = FileStore(None)
        named = [f"interface {interface.name}" for interface in Chassis(platforms.load(platform), modules).interfaces]
        store.save_startup_config("\n".join([*startup, *named, "end", ""]))
        self.clock = ManualClock()
        self.router = Router(platform, clock=self.clock, network=NoNetwork(), store=store, modules=modules)
        self.router.boot.announce(at_once=True)
        self.user = User(self.router.device)
        self._lines: list[str] = []
        self.router.attach_log(lambda line: self._lines.append(line.partition("%")[2]))

    def told(self, within_s: float = 10.0) -> list[str]:
        """What is logged in that time."""
        self._lines.clear()
        self.clock.run(until_s=self.clock.now() + within_s)
        return [line for line in self._lines if not line.startswith("SYS-")]


def test_shutdown_is_told_after_two_seconds_and_the_protocol_a_second_later() -> None:
    seen = Watched("3660")
    seen.user.configure("interface FastEthernet0/1", "shutdown")
    assert seen.told(1.9) == []
    assert seen.told(0.2) == ["LINK-5-CHANGED: Interface FastEthernet0/1, changed state to administratively down"]
    assert seen.told(1.0) == ["LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet0/1, changed state to down"]
    seen.user.configure("interface FastEthernet0/1", "no shutdown")
    assert seen.told() == [
        "LINK-3-UPDOWN: Interface FastEthernet0/1, changed state to up",
        "LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet0/1, changed state to up",
    ]


def test_only_real_changes_are_told() -> None:
    seen = Watched("3660", "interface FastEthernet0/1", " shutdown")
    seen.user.configure("interface FastEthernet0/1", "shutdown", "interface FastEthernet0/0", "no shutdown")
    seen.user.configure("interface FastEthernet0/0", "shutdown", "no shutdown", "description to the lab")
    assert seen.told() == []


def test_a_serial_port_without_a_cable_has_no_protocol_to_lose() -> None:
    seen = Watched("3660", modules={"2": "NM-4T"})
    seen.user.configure("interface Serial2/0", "shutdown")
    assert seen.told() == ["LINK-5-CHANGED: Interface Serial2/0, changed state to administratively down"]
    seen.user.configure("interface Serial2/0", "no shutdown")
    assert seen.told() == ["LINK-3-UPDOWN: Interface Serial2/0, changed state to down"]


def test_no_logging_event_silences_one_interface() -> None:
    seen = Watched("3660")
    seen.user.configure("interface FastEthernet0/1", "no logging event link-status", "shutdown")
    seen.user.configure("interface FastEthernet0/0", "shutdown")
    assert {line.partition("Interface ")[2].partition(",")[0] for line in seen.told()} == {"FastEthernet0/0"}


def test_a_loopback_is_up_as_soon_as_it_is_there_and_goes_with_its_block() -> None:
    seen = Watched("as5300")
    seen.user.configure("interface Loopback0")
    assert seen.told() == ["LINEPROTO-5-UPDOWN: Line protocol on Interface Loopback0, changed state to up"]
    seen.user.configure("no interface Loopback0")
    assert seen.told() == [
        "LINK-5-CHANGED: Interface Loopback0, changed state to administratively down",
        "LINEPROTO-5-UPDOWN: Line protocol on Interface Loopback0, changed state to down",
    ]


def test_a_voice_port_is_told_of_by_its_kind() -> None:
    seen = Watched("3640", modules={"2": "NM-2V", "2/0": "VIC-2FXS", "2/1": "VIC-2E/M"})
    seen.user.configure("voice-port 2/0/1", "shutdown", "voice-port 2/1/0", "shutdown", "no shutdown")
    assert seen.told() == [
        "LINK-3-UPDOWN: Interface Foreign Exchange Station 2/0/1, changed state to Administrative Shutdown"
    ]
    seen.user.configure("voice-port 2/0/1", "no shutdown", "voice-port 2/1/0", "shutdown")
    assert seen.told() == [
        "LINK-3-UPDOWN: Interface Foreign Exchange Station 2/0/1, changed state to up",
        "LINK-3-UPDOWN: Interface recEive And transMit 2/1/0, changed state to Administrative Shutdown",
    ]


def test_sub_interfaces_are_not_told_of() -> None:
    seen = Watched("3660")
    seen.user.configure("interface FastEthernet0/1.10", "shutdown", "exit", "interface Null0")
    assert seen.told() == []


def test_a_cable_brings_a_trunk_up_with_its_d_channel_and_takes_it_down() -> None:
    seen = Watched("as5300", "isdn switch-type primary-ni", "controller T1 0", " pri-group timeslots 1-24")
    assert seen.told() == []
    seen.router.plug("T1 0", Office())
    seen.router.plug("T1 0", Office())
    assert seen.told() == [
        "CONTROLLER-5-UPDOWN: Controller T1 0, changed state to up",
        "LINK-3-UPDOWN: Interface Serial0:23, changed state to up",
        "ISDN-6-LAYER2UP: Layer 2 for Interface Se0:23, TEI 0 changed to up",
    ]
    seen.router.voice.plug("T1 0", None)
    assert seen.told() == [
        "CONTROLLER-5-UPDOWN: Controller T1 0, changed state to down",
        "ISDN-6-LAYER2DOWN: Layer 2 for Interface Se0:23, TEI 0 changed to down",
        "LINK-3-UPDOWN: Interface Serial0:23, changed state to down",
    ]


def test_a_trunk_that_is_shut_down_takes_its_d_channel_along() -> None:
    seen = Watched("as5300", "isdn switch-type primary-ni", "controller T1 0", " pri-group timeslots 1-24")
    seen.router.plug("T1 0", Office())
    seen.told()
    seen.user.configure("controller T1 0", "shutdown")
    assert seen.told() == [
        "CONTROLLER-5-UPDOWN: Controller T1 0, changed state to administratively down",
        "ISDN-6-LAYER2DOWN: Layer 2 for Interface Se0:23, TEI 0 changed to down",
        "LINK-3-UPDOWN: Interface Serial0:23, changed state to down",
    ]
    assert "DEACTIVATED" in seen.user.type("show isdn status")
    seen.router.voice.plug("T1 0", None)
    assert seen.told() == []


def test_nothing_is_told_while_a_configuration_is_loaded_or_after_the_router_went() -> None:
    seen = Watched("3660")
    seen.user.configure("interface FastEthernet0/1", "shutdown")
    seen.router.reload()
    assert not any("FastEthernet0/1" in line and "administratively" in line for line in seen.told())
    fresh = Router("3660", clock=ManualClock(), network=NoNetwork(), store=FileStore(None))
    lines: list[str] = []
    fresh.attach_log(lines.append)
    fresh.load("interface FastEthernet0/1\n shutdown\n")
    clock = fresh.device.clock
    assert isinstance(clock, ManualClock)
    clock.run(until_s=10.0)
    assert lines == []
