"""What log hosts receive, and what is held back on the way."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from iosemu.clock import ManualClock
from iosemu.management.logging import Destination, Logging, RateLimit, Severity
from iosemu.management.syslog import FACILITIES, LogHosts
from iosemu.network import NoNetwork, Unreachable


class OneHost(NoNetwork):
    """A network in which 10.0.0.1 has a log host, at a socket of this test."""

    def __init__(self, endpoint: tuple[str, int]) -> None:
        self._endpoint = endpoint
        self.sources: list[str] = []

    def datagrams(self, source: str, destination: str, port: int, *, answered: bool = True) -> tuple[str, int]:
        self.sources.append(source)
        if (destination, port) != ("10.0.0.1", 514):
            raise Unreachable("Destination unreachable; gateway or host down")
        return self._endpoint


@pytest.fixture
def collector() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))
        wire.settimeout(2)
        yield wire


def test_a_host_gets_priority_number_and_message_over_udp(collector: socket.socket) -> None:
    network = OneHost(collector.getsockname())
    wanted = ["10.0.0.9", "10.0.0.1"]  # the first is not there: the second gets its own all the same
    hosts = LogHosts(network, lambda: "10.0.0.254", lambda: wanted)
    log = Logging(ManualClock(), lambda kind: "*Mar  1 00:00:12.345: ")
    log.to_hosts = hosts.send
    log.event("LINK", 3, "UPDOWN", "Interface Ethernet0, changed state to down")
    log.debug("not urgent enough")
    hosts.facility = "syslog"
    log.event("SYS", 5, "CONFIG_I", "Configured from console by console")
    assert collector.recv(2048) == (
        b"<187>1: *Mar  1 00:00:12.345: %LINK-3-UPDOWN: Interface Ethernet0, changed state to down"
    )
    assert collector.recv(2048).startswith(b"<45>2: *Mar  1 00:00:12.345: %SYS-5-CONFIG_I: ")
    assert hosts.sent == {"10.0.0.9": 2, "10.0.0.1": 2}
    assert (log.counts[Destination.TRAP], set(network.sources)) == (2, {"10.0.0.254"})
    wanted.remove("10.0.0.9")
    hosts.changed()
    assert hosts.sent == {"10.0.0.1": 2}
    hosts.changed("10.0.0.1")
    assert hosts.sent == {"10.0.0.1": 0}


def test_the_facilities_have_the_codes_of_the_standard() -> None:
    assert [FACILITIES[word] for word in ("kern", "mail", "syslog", "uucp", "local0", "local7")] == [0, 2, 5, 8, 16, 23]


def test_a_rate_limit_holds_back_what_is_less_urgent_until_the_next_second() -> None:
    clock = ManualClock()
    log = Logging(clock, lambda kind: "")
    console: list[str] = []
    log.attach_console(console.append)
    log.rate_limit = RateLimit(2, Severity.ERRORS)
    for number in range(4):
        log.event("SYS", 5, "X", str(number))
    log.event("LINK", 3, "UPDOWN", "urgent")
    log.debug("debug text is not limited")
    assert [line.rpartition(" ")[2] for line in console] == ["0", "1", "urgent", "limited"]
    assert (log.rate_limited, len(log.buffer)) == (2, 4)
    clock.run(1.0)
    log.event("SYS", 5, "X", "again")
    assert console[-1].endswith("again")
    log.rate_limit = RateLimit(1, debugs=True, console_only=True)
    clock.run(2.0)
    log.debug("first")
    log.debug("second")
    assert (console[-1], log.buffer[-1]) == ("first", "second")


def test_messages_are_counted_by_name_while_somebody_counts() -> None:
    log = Logging(ManualClock(), lambda kind: "00:00:12: ")
    log.event("SYS", 5, "CONFIG_I", "before")
    log.tallies = {}
    log.event("SYS", 5, "CONFIG_I", "a")
    log.event("SYS", 5, "CONFIG_I", "b")
    (tally,) = log.tallies.values()
    assert (tally.facility, tally.mnemonic, tally.severity, tally.occurred, tally.last) == (
        "SYS", "CONFIG_I", 5, 2, "00:00:12",
    )  # fmt: skip
