"""Messages of the log on their way to the log hosts: UDP datagrams of the old BSD form.

Rule: a host that cannot be reached costs nothing and is tried again with the next message; nothing here waits.
Source: RFC 3164 section 4.1.1 (priority), the codes of RFC 5424 section 6.2.1; what stands behind the priority, a
number of its own and the message as on the console, is what routers send.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping

from iosemu.management.logging import Severity
from iosemu.network import Network, Unreachable

PORT = 514
_CODES = """
kern user mail daemon auth syslog lpr news uucp sys9 sys10 sys11 sys12 sys13 sys14 cron
local0 local1 local2 local3 local4 local5 local6 local7
"""
FACILITIES = {name: code for code, name in enumerate(_CODES.split())}
"""By the word that `logging facility` takes: its code."""
DEFAULT_FACILITY = "local7"


class LogHosts:
    """The hosts of `logging A.B.C.D`, which `hosts` gives; `source` gives the address that the router sends from."""

    def __init__(self, network: Network, source: Callable[[], str], hosts: Callable[[], Iterable[str]]) -> None:
        self._network = network
        self._source = source
        self._hosts = hosts
        self._sent: dict[str, int] = {}
        self._known = False
        self._number = 0
        self.facility = DEFAULT_FACILITY
        self.octets = 0
        """Octets of all messages, one host counted like another."""

    @property
    def sent(self) -> Mapping[str, int]:
        """By host: how many messages went to it since it was configured."""
        if not self._known:
            self._sent = {host: self._sent.get(host, 0) for host in self._hosts()}
            self._known = True
        return self._sent

    def changed(self, gone: str = "") -> None:
        """There are other hosts from now on, and `gone` is none of them: they are asked for with the next message."""
        self._known = False
        self._sent.pop(gone, None)

    def send(self, severity: Severity, message: str) -> None:
        """One message to every host."""
        if not self.sent:
            return
        self._number += 1
        octets = f"<{FACILITIES[self.facility] * 8 + severity}>{self._number}: {message}".encode("utf-8", "replace")
        for host in self._sent:
            self._sent[host] += 1
            self.octets += len(octets)
            self._to(host, octets)

    def _to(self, host: str, octets: bytes) -> None:
        try:
            endpoint = self._network.datagrams(self._source(), host, PORT, answered=False)
        except Unreachable:
            return
        family = socket.AF_INET6 if ":" in endpoint[0] else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as wire:
            wire.setblocking(False)
            try:
                wire.sendto(octets, endpoint)
            except OSError:  # a full queue loses a message, as on a wire
                return
