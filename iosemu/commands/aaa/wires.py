"""The way to AAA servers over a router's network: datagrams to RADIUS servers, connections to TACACS+ servers.

Rule: a host that does not answer takes its time all the same, a TCP port that refuses does not. An accelerated clock
waits while something is under way on a real socket.
"""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Protocol

from iosemu.management.mailbox import Mailbox
from iosemu.network import Unreachable

if TYPE_CHECKING:
    from iosemu.clock import Clock
    from iosemu.management.radius import Answer, Request
    from iosemu.management.radius_client import Server as RadiusServer
    from iosemu.management.tacacs_client import Server as TacacsServer
    from iosemu.network import Network

_MOST_WAITING = 8
_SILENT = "timed out"
"""What is said of a host that does not answer a SYN, unlike one that refuses or that no way leads to."""


class OnNetwork(Protocol):
    """Who sends: a router."""

    @property
    def clock(self) -> Clock: ...
    @property
    def network(self) -> Network: ...


async def ask_radius(device: OnNetwork, server: RadiusServer, request: Request) -> Answer | None:
    """One try: the datagram out, and the proven answer that came within the server's time."""
    if not _online():
        return None
    network = device.network
    try:
        address = (network.resolve(server.address) or [server.address])[0]
        endpoint = network.datagrams(server.source, address, server.port(request.kind))
    except Unreachable:
        await _pass(device.clock, server.timeout_s)
        return None
    with device.clock.hold():
        return await _over_udp(endpoint, server.timeout_s, request)


async def connect_tacacs(device: OnNetwork, server: TacacsServer) -> Connection:
    """A connection to a server; raises OSError where there is none."""
    if not _online():
        raise ConnectionError("there is no network")
    network = device.network
    try:
        address = (network.resolve(server.address) or [server.address])[0]
        wire = await network.connect(server.source, address, server.port)
    except Unreachable as error:
        if _SILENT in str(error):
            await _pass(device.clock, server.timeout_s)
        raise ConnectionError(str(error)) from None
    return Connection(device.clock, wire, server.timeout_s)


class Connection:
    """A connected socket that carries whole TACACS+ packets."""

    def __init__(self, clock: Clock, wire: socket.socket, timeout_s: float) -> None:
        self._hold = clock.hold()
        self._wire, self._timeout_s = wire, timeout_s

    async def exchange(self, octets: bytes) -> bytes:
        """Send a packet and give the next one; raises OSError, EOFError where the server hangs up, BadPacket."""
        from iosemu.management.tacacs import HEADER, length_of

        async with asyncio.timeout(self._timeout_s):
            await asyncio.get_running_loop().sock_sendall(self._wire, octets)
            header = await self._exactly(HEADER)
            return header + await self._exactly(length_of(header))

    async def _exactly(self, count: int) -> bytes:
        came = b""
        while len(came) < count:
            more = await asyncio.get_running_loop().sock_recv(self._wire, count - len(came))
            if not more:
                raise EOFError("the server has hung up")
            came += more
        return came

    def close(self) -> None:
        self._wire.close()
        self._hold.release()


def _online() -> bool:
    """Is there an event loop, so that anything can be sent at all?"""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _pass(clock: Clock, seconds: float) -> None:
    over = asyncio.Event()
    timer = clock.call_later(seconds, over.set)
    try:
        await over.wait()
    finally:
        timer.cancel()


async def _over_udp(endpoint: tuple[str, int], timeout_s: float, request: Request) -> Answer | None:
    loop = asyncio.get_running_loop()
    try:
        transport, mailbox = await loop.create_datagram_endpoint(lambda: Mailbox(_MOST_WAITING), remote_addr=endpoint)
    except OSError:
        return None
    try:
        transport.sendto(request.octets)
        async with asyncio.timeout(timeout_s):
            while True:
                answer = request.read((await mailbox.get())[0])
                if answer is not None:
                    return answer
    except TimeoutError:
        return None
    finally:
        transport.close()
