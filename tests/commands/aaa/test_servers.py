"""Which servers a configuration names, with which keys, timers and source addresses."""

from __future__ import annotations

import asyncio

import pytest

from iosemu.commands.aaa.servers import servers_of
from iosemu.config.store import FileStore
from iosemu.lab.network import VirtualNetwork
from iosemu.management import radius
from iosemu.management.radius import Kind
from iosemu.management.radius_client import Server
from iosemu.pace import LoopClock
from iosemu.router import Router
from tests.commands.radius_server import RadiusServer
from tests.commands.routers import User, device


def test_a_server_has_its_own_settings_or_those_of_all() -> None:
    router = device()
    user = User(router)
    assert (
        user.configure(
            "radius-server host 10.0.0.1 auth-port 1812 acct-port 1813 timeout 2 retransmit 1 key own key",
            "radius-server host 10.0.0.2",
            "radius-server timeout 7",
            "radius-server retransmit 5",
            "radius-server key all",
        )
        == ""
    )
    assert servers_of(router.config, "radius") == [
        Server("10.0.0.1", 1812, 1813, "own key", 2.0, 1),
        Server("10.0.0.2", 1645, 1646, "all", 7.0, 5),
    ]


@pytest.mark.parametrize("said", ["cisco", "0 cisco", "7 060506324F41"])
def test_a_key_is_kept_in_several_forms(said: str) -> None:
    router = device()
    User(router).configure("radius-server host 10.0.0.1", f"radius-server key {said}")
    assert [server.key for server in servers_of(router.config, "radius")] == ["cisco"]
    User(router).configure("no radius-server host 10.0.0.1", f"radius-server host 10.0.0.1 key {said}")
    assert [server.key for server in servers_of(router.config, "radius")] == ["cisco"]


def test_a_group_has_those_of_its_servers_that_are_configured() -> None:
    router = device()
    User(router).configure(
        "aaa new-model",
        "radius-server host 10.0.0.1 auth-port 1812 acct-port 1813 key a",
        "radius-server host 10.0.0.2 key b",
        "aaa group server radius mine",
        "server 10.0.0.2",
        "server 10.0.0.3",
        "server 10.0.0.1 auth-port 1812 acct-port 1813",
    )
    assert [server.address for server in servers_of(router.config, "mine")] == ["10.0.0.2", "10.0.0.1"]
    assert servers_of(router.config, "other") == []


def test_requests_leave_by_the_source_interface() -> None:
    router = device()
    user = User(router)
    user.configure("interface FastEthernet0", "ip address 10.1.1.1 255.0.0.0")
    user.configure("interface Loopback0", "ip address 172.16.1.1 255.255.255.255")
    assert router.aaa.address() == "10.1.1.1"
    user.configure("ip radius source-interface Loopback0")
    assert router.aaa.address() == "172.16.1.1"
    user.configure("interface Loopback0", "shutdown")
    assert router.aaa.address() == "10.1.1.1"


def test_offline_nobody_answers_and_nobody_waits() -> None:
    router = device()
    user = User(router)
    user.configure("aaa new-model", "radius-server host 10.0.0.1 key k")
    printed = user.type("test aaa group radius tom x legacy")
    assert printed.endswith("using radius\nNo authoritative response from any server.\n\n")
    assert "Number of Radius timeouts:          4" in user.type("show radius statistics")


def test_without_the_packet_library_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radius, "available", lambda: False)
    server, router = RadiusServer({"tom": ("x", ())}), device()
    server.serve(router)
    user = User(router)
    user.configure("aaa new-model", "radius-server host 10.0.0.1 key k")
    assert "No authoritative response" in user.type("test aaa group radius tom x legacy")
    assert not server.requests
    assert "request 0" in user.type("show aaa servers")


def test_the_dead_time_of_a_group_goes_before_that_of_all() -> None:
    server, router = RadiusServer(silent=True), device()
    server.serve(router)
    user = User(router)
    user.configure("aaa new-model", "radius-server host 10.0.0.1 key k", "radius-server retransmit 0")
    user.configure("aaa group server radius mine", "server 10.0.0.1", "deadtime 1")
    user.type("test aaa group radius a b legacy")
    assert "current UP" in user.type("show aaa servers")
    user.type("test aaa group mine a b legacy")
    assert "current DEAD" in user.type("show aaa servers")


def test_a_server_that_is_not_there_costs_its_time_and_nobody_elses() -> None:
    async def scenario() -> None:
        clock = LoopClock("instant")
        router = Router("as5300", clock=clock, network=VirtualNetwork(), store=FileStore(None))
        router.load("aaa new-model\nradius-server host 10.0.0.1 timeout 7 retransmit 2 key k\n")
        asked = asyncio.create_task(router.device.aaa.ask(Kind.AUTHENTICATION, "radius", (("User-Name", "tom"),)))
        await asyncio.sleep(0)
        assert not asked.done(), "whoever else is served meanwhile does not wait"
        assert await asked is None
        assert 21 <= clock.now() < 30
        await router.stop()

    asyncio.run(scenario())


def test_a_group_may_have_servers_of_its_own() -> None:
    router = device()
    user = User(router)
    printed = user.configure(
        "aaa new-model",
        "radius-server host 10.0.0.1 key a",
        "radius-server key all",
        "aaa group server radius mine",
        "server 10.0.0.1",
        "server-private 10.0.0.2 auth-port 1812 acct-port 1813 timeout 3 retransmit 2 key b",
        "server-private 10.0.0.3",
    )
    assert printed == ""
    _, two, three = servers_of(router.config, "mine")
    assert (two.address, two.auth_port, two.key, two.timeout_s, two.retransmit) == ("10.0.0.2", 1812, "b", 3.0, 2)
    assert (three.address, three.auth_port, three.key, three.timeout_s) == ("10.0.0.3", 1645, "all", 5.0)
    assert [server.address for server in servers_of(router.config, "radius")] == ["10.0.0.1"]
    assert "\n server-private 10.0.0.3 auth-port 1645 acct-port 1646\n" in user.type("show running-config")


@pytest.mark.parametrize(
    "line",
    [
        "aaa authentication nasi default group radius local none",
        "aaa authorization ipmobile default group radius",
        "aaa authorization cache filterserver default group radius",
        "aaa authorization template",
        "aaa accounting auth-proxy default start-stop group radius",
        "aaa accounting resource default start-stop broadcast group radius",
        "aaa accounting resource default stop-failure group radius",
        "aaa accounting system default vrf blue start-stop group radius",
        "aaa accounting session-duration ntp-adjusted",
        "aaa accounting delay-start vrf blue",
        "aaa dnis map 7777 authorization network group radius",
        "aaa pod server server-key cisco",
        "aaa pod server port 1812 auth-type session-key server-key 7 060506324F41",
        "aaa session-mib disconnect",
    ],
)
def test_a_line_is_taken_printed_and_taken_back(line: str) -> None:
    user = User(device())
    assert user.configure("aaa new-model", line) == ""
    assert f"\n{line}\n" in user.type("show running-config")
    assert user.configure(f"no {line}") == ""
    assert f"\n{line}\n" not in user.type("show running-config")


@pytest.mark.parametrize(
    "line", ["aaa max-sessions 10", "aaa local authentication attempts max-fail 3", "aaa intercept"]
)
def test_what_later_releases_brought_is_not_there(line: str) -> None:
    assert "% Invalid input" in User(device()).configure("aaa new-model", line)
