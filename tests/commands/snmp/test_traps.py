"""What a router tells its trap hosts, and which of them."""

from __future__ import annotations

import socket
from typing import Any

import pytest

pytest.importorskip("pysnmp")

from iosemu.cli.session import run_now
from iosemu.cli.terminal import Transcript
from iosemu.clock import ManualClock
from iosemu.commands.interfaces import link_messages
from iosemu.commands.snmp import traps as snmp_traps
from iosemu.commands.snmp.agent import answer
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork, Unreachable
from iosemu.router import Router
from iosemu.voice.circuit import Cause
from iosemu.voice.legs import Origin, Telephony
from tests.commands.routers import User, device
from tests.management.snmp_messages import Oid, read_trap, request

GENERIC: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 5)
COLD, WARM, DOWN, UP, AUTHENTICATION = ((*GENERIC, number) for number in range(1, 6))
CONFIGURED = (1, 3, 6, 1, 4, 1, 9, 9, 43, 2, 0, 1)
CALL_ENDED, CALL_SET_UP = ((1, 3, 6, 1, 2, 1, 10, 21, 2, 0, number) for number in (1, 2))
TRAP = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
IF_DESCR = (1, 3, 6, 1, 2, 1, 2, 2, 1, 2)
CONFIG = """
snmp-server community public RO
snmp-server host 10.0.0.9 version 2c lab
controller T1 0
 pri-group timeslots 1-3,24
"""


class ToReceiver(NoNetwork):
    """Datagrams to port 162 of 10.0.0.9 come in here."""

    def __init__(self) -> None:
        self.wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.wire.bind(("127.0.0.1", 0))
        self.wire.setblocking(False)

    def __del__(self) -> None:
        self.wire.close()

    def datagrams(self, source: str, destination: str, port: int, *, answered: bool = True) -> tuple[str, int]:
        if (destination, port) != ("10.0.0.9", 162):
            raise Unreachable("nobody")
        address, bound = self.wire.getsockname()
        return address, bound

    def octets(self) -> list[bytes]:
        """All that has come."""
        came = []
        while True:
            try:
                came.append(self.wire.recv(65535))
            except BlockingIOError:
                return came

    def told(self) -> list[tuple[Oid, dict[Oid, Any]]]:
        """What has come, each as its kind and its variables."""
        bound = [dict(read_trap(octets)[1]) for octets in self.octets()]
        return [(tuple(variables[TRAP]), variables) for variables in bound]


class Watched:
    """A router that has started, and the host it tells."""

    def __init__(self, *lines: str) -> None:
        self.network = ToReceiver()
        self.clock = ManualClock()
        self.router = Router("as5300", clock=self.clock, network=self.network, store=FileStore(None))
        assert self.router.load(CONFIG + "\n".join(lines)) == []
        self.user = User(self.router.device)
        snmp_traps.attach(self.router.device)
        link_messages.watch(self.router.device)

    def type(self, *lines: str) -> None:
        """At a terminal that the router opened: it notes who configures."""
        session = self.router.open_session(Transcript(), 15)
        for line in lines:
            run_now(session.execute(line))

    def kinds(self, within_s: float = 10.0) -> list[Oid]:
        self.clock.run(until_s=self.clock.now() + within_s)
        return [kind for kind, _ in self.network.told()]


def test_a_start_is_cold_and_only_told_where_enabled() -> None:
    assert Watched("snmp-server enable traps").kinds() == [COLD]
    assert Watched("snmp-server enable traps snmp coldstart").kinds() == [COLD]
    assert Watched("snmp-server enable traps snmp linkup").kinds() == []
    assert Watched().kinds() == []


def test_an_agent_that_comes_on_later_starts_warm() -> None:
    seen = Watched("snmp-server enable traps snmp", "no snmp-server community public")
    assert seen.kinds() == []
    seen.user.configure("logging buffered 4096", "snmp-server community public RO")
    assert seen.kinds() == [WARM]
    assert "%SNMP-5-WARMSTART: SNMP agent on host Router is undergoing a warm start" in seen.user.type("show logging")


def test_links_are_told_with_their_names_unless_the_interface_says_no() -> None:
    seen = Watched("snmp-server enable traps snmp linkdown linkup", "interface FastEthernet0", "no shutdown")
    seen.kinds()
    seen.user.configure("interface FastEthernet0", "shutdown")
    seen.clock.run(until_s=seen.clock.now() + 5)
    [(kind, variables)] = seen.network.told()
    assert kind == DOWN
    assert "FastEthernet0" in [str(value) for oid, value in variables.items() if oid[:-1] == IF_DESCR]
    seen.user.configure("interface FastEthernet0", "no snmp trap link-status", "no shutdown")
    assert seen.kinds() == []


def test_strangers_and_changes_are_told() -> None:
    seen = Watched("snmp-server enable traps snmp authentication", "snmp-server enable traps config")
    answer(seen.router.device, request("Get", (1, 3, 6), community="wrong"), "10.0.0.1")
    assert seen.kinds() == [AUTHENTICATION]
    seen.type("configure terminal", "hostname gw", "end")
    assert seen.kinds() == [CONFIGURED]


def test_calls_are_told_from_set_up_to_end() -> None:
    seen = Watched("snmp-server enable traps dial")
    leg = seen.router.voice.control.open(Origin.ANSWER, Telephony("0:D"), peer=None, peer_address="408")
    assert seen.kinds() == [CALL_SET_UP]
    leg.close(Cause.NORMAL)
    [(kind, variables)] = seen.network.told()
    assert kind == CALL_ENDED
    assert b"\x10" in [bytes(value) for oid, value in variables.items() if oid[:11] == (*CALL_ENDED[:8], 1, 4, 3)]
    for oid, value in variables.items():
        if oid[:10] == (1, 3, 6, 1, 2, 1, 10, 21, 1, 4):
            told = answer(seen.router.device, request("Get", oid), "10.0.0.1")
            assert told is not None
            assert read_trap(told)[1][0][1].prettyPrint() == value.prettyPrint()


def test_a_host_is_sent_only_what_it_is_there_for() -> None:
    seen = Watched("snmp-server enable traps")
    seen.user.configure(
        "no snmp-server host 10.0.0.9 version 2c lab", "snmp-server host 10.0.0.9 version 2c lab config tty"
    )
    seen.kinds()
    seen.type("configure terminal", "interface FastEthernet0", "no shutdown", "end")
    assert seen.kinds() == [CONFIGURED]


def test_show_snmp_tells_of_hosts_that_cannot_be_reached() -> None:
    seen = Watched("snmp-server enable traps", "snmp-server host 10.0.0.8 lab")
    seen.kinds()
    shown = seen.user.type("show snmp")
    assert "    Logging to 10.0.0.9.162, 0/10, 1 sent, 0 dropped.\n" in shown
    assert "    Logging to 10.0.0.8.162, 0/10, 0 sent, 1 dropped.\n" in shown


def test_nobody_to_tell_costs_nothing() -> None:
    router = device()
    snmp_traps.attach(router)
    User(router).configure("snmp-server community public RO", "hostname gw")
    assert router.snmp_agent is None


def test_an_inform_is_sent_again_until_it_is_answered() -> None:
    seen = Watched(
        "no snmp-server host 10.0.0.9 version 2c lab",
        "snmp-server host 10.0.0.9 informs version 2c lab",
        "snmp-server enable traps config",
        "snmp-server inform retries 2 timeout 5",
    )
    seen.kinds()
    seen.type("configure terminal", "hostname x", "end")
    assert len(seen.network.octets()) == 1
    assert "1 Inform request PDUs pending" in seen.user.type("show snmp")
    seen.clock.run(until_s=seen.clock.now() + 20)
    assert len(seen.network.octets()) == 2  # of two retries
    assert "0 Inform request PDUs pending" in seen.user.type("show snmp")
    assert "1 sent, 1 dropped" in seen.user.type("show snmp")


def test_an_answered_inform_is_not_sent_again() -> None:
    seen = Watched(
        "no snmp-server host 10.0.0.9 version 2c lab",
        "snmp-server host 10.0.0.9 informs version 2c lab",
        "snmp-server enable traps config",
    )
    seen.kinds()
    seen.type("configure terminal", "hostname x", "end")
    octets, sender = seen.network.wire.recvfrom(65535)
    seen.network.wire.sendto(bytes([*octets]), sender)  # the same number, which is all that is looked at
    seen.clock.run(until_s=seen.clock.now() + 60)
    assert seen.network.octets() == []
    assert "1 sent, 0 dropped" in seen.user.type("show snmp")


def test_messages_of_the_history_are_told_where_enabled() -> None:
    seen = Watched("snmp-server enable traps syslog", "logging history size 2", "logging history informational")
    seen.kinds()
    seen.type("configure terminal", "hostname x", "end")
    [(kind, variables)] = seen.network.told()
    assert kind == (1, 3, 6, 1, 4, 1, 9, 9, 41, 2, 0, 1)
    assert "CONFIG_I" in map(str, variables.values())
    printed = seen.user.type("show logging history")
    assert printed.startswith("Syslog History Table:2 maximum table entries,\nsaving level informational or higher\n")
    assert " SNMP notifications enabled\n" in printed
    assert " : SYS-5-CONFIG_I\n    Configured from console by console\n    timestamp: " in printed
    seen.user.configure("no snmp-server enable traps syslog")
    seen.type("configure terminal", "hostname y", "end")
    assert seen.network.told() == []
