"""Informs: notifications that a host acknowledges, sent again while it does not.

Rule: `snmp-server inform` says how long an answer is waited for, how often an inform is sent again and how many may be
waiting; whether an answer has come is looked at when the time is over, so nothing has to listen. Source: RFC 3416
section 4.2.7, command reference (15 s, 3 retries, 25 pending).
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from iosemu.clock import Clock
    from iosemu.config.tree import RunningConfig
    from iosemu.management.snmp.counters import Counters

_TIMEOUT_S, _RETRIES, _PENDING = 15, 3, 25
_LONGEST = 65535


class Informing(Protocol):
    """The device that informs."""

    @property
    def clock(self) -> Clock: ...

    @property
    def config(self) -> RunningConfig: ...

    @property
    def snmp_counters(self) -> Counters: ...


class Informs:
    """What waits for an answer, the oldest first."""

    def __init__(self, device: Informing) -> None:
        self._device = device
        self._waiting: list[_Inform] = []

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def send(self, key: tuple[str, int], endpoint: tuple[str, int], message: bytes) -> None:
        """Send to an endpoint until it answers; `key` is host and port, for the counters. Raises OSError."""
        most = self._said("pending", _PENDING)
        while len(self._waiting) >= most:
            self._device.snmp_counters.dropped[self._waiting[0].key] += 1
            self._end(self._waiting[0])
        inform = _Inform(key, endpoint, message, self._said("retries", _RETRIES))
        self._waiting.append(inform)
        self._wait(inform)

    def _said(self, name: str, default: int) -> int:
        return int(str(self._device.config.root.value("snmp-server inform", name, default)))

    def _wait(self, inform: _Inform) -> None:
        self._device.clock.call_later(self._said("timeout", _TIMEOUT_S), lambda: self._look(inform))

    def _look(self, inform: _Inform) -> None:
        if inform not in self._waiting:
            return
        if inform.is_answered():
            self._end(inform)
        elif inform.retries:
            inform.again()
            self._wait(inform)
        else:
            self._device.snmp_counters.dropped[inform.key] += 1
            self._end(inform)

    def _end(self, inform: _Inform) -> None:
        inform.wire.close()
        self._waiting.remove(inform)


class _Inform:
    def __init__(self, key: tuple[str, int], endpoint: tuple[str, int], message: bytes, retries: int) -> None:
        self.key, self.retries = key, retries
        self._message = message
        self.wire = socket.socket(socket.AF_INET6 if ":" in endpoint[0] else socket.AF_INET, socket.SOCK_DGRAM)
        self.wire.setblocking(False)
        try:
            self.wire.connect(endpoint)
            self.wire.send(message)
        except OSError:
            self.wire.close()
            raise

    def again(self) -> None:
        self.retries -= 1
        try:
            self.wire.send(self._message)
        except OSError:  # lost, as on a wire
            return

    def is_answered(self) -> bool:
        from iosemu.management.snmp.notifications import request_id

        wanted = request_id(self._message)
        while True:
            try:
                octets = self.wire.recv(_LONGEST)
            except OSError:  # nothing more has come, or nobody listens there
                return False
            if request_id(octets) == wanted:
                return True
