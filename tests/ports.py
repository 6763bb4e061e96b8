"""Ports for servers that want to be told theirs, before they listen."""

from __future__ import annotations

import itertools
import os
import random
import socket
from contextlib import suppress
from pathlib import Path

LOOPBACK = "127.0.0.1"
_FROM_HERE_ON = 10000
_APART = 8
"""Who is given a port may take the next ones too, as RTCP and sipp's second stream do."""


def free_port() -> int:
    """A port of 127.0.0.1, TCP and UDP, that nobody has; the system gives it to nobody by itself, nor is it given
    here a second time soon, in this worker or in another one: who asks may take his time until he listens."""
    for port in _ports:
        with (
            suppress(OSError),
            socket.socket() as stream,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        ):
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that have ended are no harm
            stream.bind((LOOPBACK, port))
            datagrams.bind((LOOPBACK, port))
            return port
    raise AssertionError("an endless round has ended")


def _round() -> itertools.cycle[int]:
    """The ports of this worker, from a random one on: another run may be going on beside."""
    try:
        low, high = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    except OSError:
        low, high = 32768, 65535
    ports = [port for port in range(_FROM_HERE_ON, 65536, _APART) if not low <= port <= high]
    ports = ports or list(range(_FROM_HERE_ON, 65536, _APART))
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = ports[worker :: int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))]
    first = random.SystemRandom().randrange(len(own))
    return itertools.cycle(own[first:] + own[:first])


_ports = _round()
