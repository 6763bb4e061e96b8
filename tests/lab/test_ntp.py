"""Time within a lab: a host that tells it, a router that passes it on, and what keeps it from getting through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from iosemu.cli.terminal import Transcript
from iosemu.lab.errors import TopologyError
from iosemu.lab.run import Lab
from iosemu.lab.topology import parse
from iosemu.management.ntp.events import PacketSent
from tests.lab.labs import running_lab

Run = Callable[..., None]

TEXT = """
name = "time"
[[router]]
name = "r1"
platform = "3660"
config = "r1.cfg"
[[router]]
name = "r2"
platform = "3660"
config = "r2.cfg"
[[host]]
name = "clock"
addresses = ["10.0.1.9/24"]
gateway = "10.0.1.1"
ntp = 2
[[link]]
ends = ["clock", "r1 FastEthernet0/0"]
[[link]]
ends = ["r1 FastEthernet0/1", "r2 FastEthernet0/0"]
"""
R1 = """
hostname R1
service timestamps log datetime
interface FastEthernet0/0
 ip address 10.0.1.1 255.255.255.0
interface FastEthernet0/1
 ip address 10.0.2.1 255.255.255.0
ntp server 10.0.1.9
"""
R2 = """
hostname R2
service timestamps log datetime
interface FastEthernet0/0
 ip address 10.0.2.2 255.255.255.0
interface Loopback0
 ip address 10.0.9.2 255.255.255.255
ntp server 10.0.2.1
"""


@asynccontextmanager
async def time_lab(folder: Path, r1: str = "", r2: str = "") -> AsyncIterator[Lab]:
    (folder / "r1.cfg").write_text(R1 + r1)
    (folder / "r2.cfg").write_text(R2 + r2)
    source = folder / "lab.toml"
    async with running_lab(folder, parse(TEXT.encode(), source), source) as lab:
        assert lab.refused == []
        yield lab


async def passed(lab: Lab, seconds: float) -> None:
    """Lab time has passed."""
    over = asyncio.Event()
    lab.clock.call_later(seconds, over.set)
    await over.wait()


async def shown(lab: Lab, name: str, *commands: str) -> str:
    terminal = Transcript(())
    session = lab.routers[name].router.open_session(terminal, privilege=15)
    for command in commands:
        await session.execute(command)
    return terminal.take()


def test_time_goes_from_node_to_node(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with time_lab(tmp_path) as lab:
            assert (await shown(lab, "r2", "show clock")).startswith("*")
            await passed(lab, 150)
            r1 = await shown(lab, "r1", "show ntp associations", "show ntp status")
            assert "\n*~10.0.1.9         127.127.1.0       2" in r1
            assert "Clock is synchronized, stratum 3, reference is 10.0.1.9\n" in r1
            r2 = await shown(lab, "r2", "show ntp status", "show clock detail", "show ntp associations detail")
            assert r2.startswith("Clock is synchronized, stratum 4, reference is 10.0.2.1\n")
            assert "\nTime source is NTP\n" in r2
            assert "\n10.0.2.1 configured, our_master, sane, valid, stratum 3\nref ID 10.0.1.9, time " in r2
            assert "\nour mode client, peer mode server, our poll intvl 64, peer poll intvl 64\n" in r2

    run(scenario())


def test_a_clock_without_its_server_says_so(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with time_lab(tmp_path, r2="ntp logging\n") as lab:
            log: list[str] = []
            lab.routers["r2"].router.attach_log(log.append)
            await passed(lab, 150)
            assert log[-1].endswith("%NTP-5-PEERSYNC: NTP synced to peer 10.0.2.1")
            lab.routers["r1"].router.load("interface FastEthernet0/1\n shutdown\n")
            await passed(lab, 1200)
            assert (await shown(lab, "r2", "show clock")).startswith(".")
            assert log[-1].startswith(".")
            assert [line.partition("%")[2] for line in log[-2:]] == [
                "NTP-4-PEERUNREACH: Peer 10.0.2.1 is unreachable",
                "NTP-4-UNSYNC: NTP sync is lost",
            ]
            lab.routers["r1"].router.load("interface FastEthernet0/1\n no shutdown\n")
            await passed(lab, 120)
            assert "%NTP-6-PEERREACH: Peer 10.0.2.1 is reachable" in "\n".join(log)
            assert (await shown(lab, "r2", "show ntp status")).startswith("Clock is synchronized, stratum 4,")

    run(scenario())


DENY, PERMIT = "access-list 101 deny udp any any eq ntp\n", "access-list 101 permit udp any eq ntp any eq ntp\n"
FILTER = "interface FastEthernet0/{}\n ip access-group 101 in\n"
SERVE = "ntp access-group serve-only 7\naccess-list 7 permit {}\n"
PEER = "ntp access-group peer 8\naccess-list 8 permit 10.0.1.9\n"
BACK = "ip route 10.0.9.2 255.255.255.255 10.0.2.2\n"
KEY = "ntp authentication-key 5 md5 {}\n"
TRUST = "ntp trusted-key 5\nntp authenticate\nntp server 10.0.2.1 key 5\n"


@pytest.mark.parametrize(
    ("r1", "r2", "gets_through"),
    [
        (DENY + FILTER.format(1), "", False),
        (PERMIT + FILTER.format(1), "", True),
        ("", DENY + FILTER.format(0), False),
        ("", "interface FastEthernet0/0\n ntp disable\n", False),
        (SERVE.format("10.0.2.2"), "", False),  # R1 itself hears nobody now
        (PEER + SERVE.format("10.0.2.2"), "", True),
        (PEER + SERVE.format("10.0.9.2"), "", False),
        (PEER + SERVE.format("10.0.9.2") + BACK, "ntp source Loopback0\n", True),
        (KEY.format("cisco"), KEY.format("070C285F4D06 7") + TRUST, True),
        ("", KEY.format("cisco") + TRUST, False),
    ],
)
def test_what_lets_it_through(tmp_path: Path, run: Run, r1: str, r2: str, gets_through: bool) -> None:
    async def scenario() -> None:
        async with time_lab(tmp_path, r1, r2) as lab:
            await passed(lab, 200)
            status = await shown(lab, "r2", "show ntp status")
            assert status.startswith("Clock is synchronized" if gets_through else "Clock is unsynchronized")

    run(scenario())


def test_each_poll_is_one_packet_each_way(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        count = "access-list 101 permit udp any eq ntp any eq ntp\ninterface FastEthernet0/1\n ip access-group 101 in\n"
        async with time_lab(tmp_path, count) as lab:
            await passed(lab, 5)
            await shown(lab, "r1", "clear access-list counters 101")
            polls: list[PacketSent] = []
            lab.routers["r2"].router.subscribe(lambda bus: bus.subscribe(PacketSent, polls.append))
            await passed(lab, 64 * 5)
            assert len(polls) >= 4
            assert f"({len(polls)} matches)" in await shown(lab, "r1", "show access-lists 101")

    run(scenario())


def test_a_reload_asks_again(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with time_lab(tmp_path) as lab:
            await shown(lab, "r1", "write memory")
            await passed(lab, 150)
            lab.routers["r1"].router.reload()
            assert (await shown(lab, "r1", "show ntp status")).startswith("Clock is unsynchronized")
            await passed(lab, 100)
            assert (await shown(lab, "r1", "show ntp status")).startswith("Clock is synchronized, stratum 3,")
            assert lab.routers["r1"].tells_time
            lab.routers["r1"].router.load("no ntp server 10.0.1.9\n")
            assert not lab.routers["r1"].tells_time

    run(scenario())


def test_a_clock_in_a_hurry_does_not_run_away_for_polls(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with time_lab(tmp_path) as lab:
            before = lab.clock.now()
            await asyncio.sleep(0.3)
            assert lab.clock.now() - before < 3.0

    run(scenario())


def test_debug_tells_of_each_message(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with time_lab(tmp_path) as lab:
            log: list[str] = []
            lab.routers["r2"].router.attach_log(log.append)
            await shown(lab, "r2", "debug ntp packets", "debug ntp events")
            await passed(lab, 100)
            text = "\n".join(log)
            assert "NTP: xmit packet to 10.0.2.1:\n leap 3, mode 3, version 3, stratum 0, ppoll 64\n" in text
            assert "NTP: rcv packet from 10.0.2.1 to 10.0.2.2 on FastEthernet0/0:\n leap 0, mode 4, version 3" in text
            assert "NTP: synced to new peer 10.0.2.1" in text

    run(scenario())


def test_a_host_tells_the_time_or_its_uplink_does(tmp_path: Path) -> None:
    (tmp_path / "r1.cfg").write_text(R1)
    (tmp_path / "r2.cfg").write_text(R2)
    both = TEXT.replace("ntp = 2", 'ntp = 2\nudp = { 123 = "12300" }')
    with pytest.raises(TopologyError, match="it tells the time itself, or udp 123 does"):
        parse(both.encode(), tmp_path / "lab.toml")
