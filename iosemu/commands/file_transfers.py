"""Files at the far end of a wire: what `copy` gets from a server and puts on one.

Rule: TFTP goes over the router's network. A server that does not answer, a host that cannot be reached, and the
protocols that are not carried yet (ftp, rcp, scp) all end as on a router whose packets are lost.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.management.tftp import PORT, Get, Put, Transfer
from iosemu.network import Unreachable

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.commands.file_urls import Url

TIMED_OUT = "Timed out"
TRIES, WAIT_S = 5, 1.0
"""How often a packet is sent, and how long an answer may take."""
MOST_WAITING = 16
LARGEST = 64 << 20
"""Octets that a file may have."""


async def fetch(device: Device, url: Url) -> bytes:
    """The file on the server; refuses with the router's words."""
    transfer = Get(url.path, LARGEST)
    await _run(device, url, transfer)
    return transfer.octets


async def store(device: Device, url: Url, octets: bytes) -> None:
    """Put a file on the server; refuses with the router's words."""
    await _run(device, url, Put(url.path, octets))


async def _run(device: Device, url: Url, transfer: Transfer) -> None:
    addresses = device.network.resolve(url.host) if url.system == "tftp" else []
    try:
        endpoint = device.network.datagrams(_source(device), addresses[0], PORT) if addresses else None
        if endpoint is None:
            raise Unreachable(TIMED_OUT)
        await _converse(endpoint, transfer)
    except (Unreachable, OSError):
        raise Refused(f"%Error opening {url} ({TIMED_OUT})") from None
    if transfer.error:
        raise Refused(f"%Error opening {url} ({transfer.error})")


async def _converse(server: tuple[str, int], transfer: Transfer) -> None:
    """Send and wait until the transfer is done; TimeoutError where nothing comes any more."""
    packets: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue(MOST_WAITING)
    here = "127.0.0.1" if server[0].startswith("127.") else "0.0.0.0"
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Mailbox(packets), local_addr=(here, 0)
    )
    peer = server  # the server answers from a port of its own, which then is the peer
    left = TRIES
    try:
        transport.sendto(transfer.last, peer)
        while not transfer.done:
            try:
                async with asyncio.timeout(WAIT_S):
                    packet, sender = await packets.get()
            except TimeoutError:
                left -= 1
                if not left:
                    raise
                transport.sendto(transfer.last, peer)
                continue
            if peer not in (server, sender):
                continue
            before = transfer.last
            if transfer.receive(packet):
                transport.sendto(transfer.last, sender)
            if transfer.last is not before or transfer.done:
                peer, left = sender, TRIES
    finally:
        transport.close()


class _Mailbox(asyncio.DatagramProtocol):
    """What comes in waits its turn; a flood is dropped."""

    def __init__(self, packets: asyncio.Queue[tuple[bytes, tuple[str, int]]]) -> None:
        self._packets = packets

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._packets.full():
            self._packets.put_nowait((data, addr))


def _source(device: Device) -> str:
    """The address that packets leave with; raises Unreachable where the router has none."""
    way = _way_out(device)
    if way is None:
        raise Unreachable(TIMED_OUT)
    return way[1]


def way_out(device: Device) -> str:
    """The interface that packets leave by; "" where there is none."""
    way = _way_out(device)
    return way[0] if way is not None else ""


def _way_out(device: Device) -> tuple[str, str] | None:
    """The interface of `ip tftp source-interface`, or the first one that is up; with its address."""
    root = device.config.root
    wanted = root.value("ip tftp source-interface", "interface")
    for interface in root.children("interface"):
        assert interface.header is not None
        name, address = str(interface.header.values["name"]), interface.get("ip address")
        known = address is not None and "address" in address.values and not interface.flag("shutdown")
        if known and wanted in (None, name):
            assert address is not None
            return name, str(address.values["address"])
    return None
