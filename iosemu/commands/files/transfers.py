"""Files at the far end of a wire: what `copy` gets from a server and puts on one.

Rule: TFTP, FTP, rcp and HTTP go over the router's network. A server that does not answer, a host that cannot be
reached, and scp, which is not carried, all end as on a router whose packets are lost.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from iosemu.cli.session import Refused
from iosemu.management import http_files
from iosemu.management.mailbox import Mailbox
from iosemu.management.tftp import PORT, Get, Put, Transfer
from iosemu.management.transfer import BAD_LOGIN, TIMED_OUT, TransferError
from iosemu.network import Unreachable

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.commands.files.urls import Url
    from iosemu.management.ftp import Login
    from iosemu.management.rcp import Names

T = TypeVar("T")

TRIES, WAIT_S = 5, 1.0
"""How often a packet is sent, and how long an answer may take."""
MOST_WAITING = 16
LARGEST = 64 << 20
"""Octets that a file may have."""


async def fetch(device: Device, url: Url, user: str = "") -> bytes:
    """The file on the server, asked for by a session of that user; refuses with the router's words."""
    if url.system == "ftp":
        from iosemu.management import ftp

        passive = device.config.root.flag("ip ftp passive")
        return await _over_ftp(
            device, url, user, lambda wire, login: ftp.get(wire, login, url.path, passive=passive, most=LARGEST)
        )
    if url.system == "rcp":
        from iosemu.management import rcp

        return await _over_rcp(device, url, user, lambda wire, names: rcp.get(wire, names, url.path, most=LARGEST))
    if url.system == "http":
        host, login = url.host.partition(":")[0], _said_login(url)
        return await _over_http(device, url, lambda wire: http_files.get(wire, host, url.path, login, most=LARGEST))
    transfer = Get(url.path, LARGEST)
    await _over_tftp(device, url, transfer)
    return transfer.octets


async def store(device: Device, url: Url, octets: bytes, user: str = "") -> None:
    """Put a file on the server; refuses with the router's words."""
    if url.system == "ftp":
        from iosemu.management import ftp

        passive = device.config.root.flag("ip ftp passive")
        await _over_ftp(device, url, user, lambda wire, login: ftp.put(wire, login, url.path, octets, passive=passive))
        return
    if url.system == "rcp":
        from iosemu.management import rcp

        await _over_rcp(device, url, user, lambda wire, names: rcp.put(wire, names, url.path, octets))
        return
    if url.system == "http":
        host, login = url.host.partition(":")[0], _said_login(url)
        await _over_http(device, url, lambda wire: http_files.put(wire, host, url.path, octets, login))
        return
    await _over_tftp(device, url, Put(url.path, octets))


async def _over_tftp(device: Device, url: Url, transfer: Transfer) -> None:
    addresses = device.network.resolve(url.host) if url.system == "tftp" else []
    try:
        endpoint = device.network.datagrams(_source(device, "tftp"), addresses[0], PORT) if addresses else None
        if endpoint is None:
            raise Unreachable(TIMED_OUT)
        await converse(endpoint, transfer)
    except (Unreachable, OSError):
        raise Refused(f"%Error opening {url} ({TIMED_OUT})") from None
    if transfer.error:
        raise Refused(f"%Error opening {url} ({transfer.error})")


async def _over_ftp(device: Device, url: Url, user: str, talk: Callable[[socket.socket, Login], T]) -> T:
    from iosemu.management.ftp import PORT

    login = _login(device, url, user)
    return await _connected(device, url, "ftp", PORT, lambda wire: talk(wire, login))


async def _over_rcp(device: Device, url: Url, user: str, talk: Callable[[socket.socket, Names], T]) -> T:
    """As the user of the URL, else as configured, else as the session's user, else as the router."""
    from iosemu.management.rcp import PORT, Names

    there = url.user or str(device.config.root.value("ip rcmd remote-username", "name", user or device.hostname))
    names = Names(device.hostname, there)
    return await _connected(device, url, "rcmd", PORT, lambda wire: talk(wire, names))


async def _over_http(device: Device, url: Url, talk: Callable[[socket.socket], T]) -> T:
    port = url.host.partition(":")[2]
    return await _connected(device, url, "http client", int(port) if port.isdecimal() else http_files.PORT, talk)


async def _connected(device: Device, url: Url, protocol: str, port: int, talk: Callable[[socket.socket], T]) -> T:
    """What `talk` makes of a connection to the server, in a thread that ends with it."""
    addresses = device.network.resolve(url.host.partition(":")[0])
    try:
        if not addresses:
            raise Unreachable(TIMED_OUT)
        wire = await device.network.connect(_source(device, protocol), addresses[0], port)
        try:
            return await asyncio.to_thread(talk, wire)
        finally:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)  # a thread that waits for it goes on
            wire.close()
    except Unreachable as error:
        # A server that answers with a reset is told from one that does not answer.
        why = str(error) if "refused" in str(error) else TIMED_OUT  # inferred
        raise Refused(f"%Error opening {url} ({why})") from None
    except TransferError as error:
        raise Refused(f"%Error opening {url} ({error})") from None


def _said_login(url: Url) -> tuple[str, str] | None:
    """Of an HTTP server only who the URL says."""
    return (url.user, url.password) if url.user else None


def _login(device: Device, url: Url, user: str) -> Login:
    """Of the URL, else as configured, else anonymous with the session's user at the router for a password."""
    from iosemu.commands.aaa.passwords import BadHash, clear_text
    from iosemu.management.ftp import Login

    root = device.config.root
    name = url.user or str(root.value("ip ftp username", "name", "anonymous"))
    line = root.get("ip ftp password")
    if url.password:
        return Login(name, url.password)
    if line is not None and not line.negated:
        try:
            return Login(name, clear_text(line.values))
        except BadHash:
            raise Refused(f"%Error opening {url} ({BAD_LOGIN})") from None
    domain = root.value("ip domain name", "name")
    return Login(name, f"{user or name}@{device.hostname}" + (f".{domain}" if domain else ""))


async def converse(server: tuple[str, int], transfer: Transfer) -> None:
    """Send and wait until the transfer is done; TimeoutError where nothing comes any more."""
    here = "127.0.0.1" if server[0].startswith("127.") else "0.0.0.0"
    loop = asyncio.get_running_loop()
    transport, mailbox = await loop.create_datagram_endpoint(lambda: Mailbox(MOST_WAITING), local_addr=(here, 0))
    peer = server  # the server answers from a port of its own, which then is the peer
    left = TRIES
    try:
        transport.sendto(transfer.last, peer)
        while not transfer.done:
            try:
                async with asyncio.timeout(WAIT_S):
                    packet, sender = await mailbox.get()
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


def _source(device: Device, protocol: str) -> str:
    """The address that packets leave with; raises Unreachable where the router has none."""
    way = _way_out(device, protocol)
    if way is None:
        raise Unreachable(TIMED_OUT)
    return way[1]


def way_out(device: Device, protocol: str) -> str:
    """The interface that packets leave by; "" where there is none."""
    way = _way_out(device, protocol)
    return way[0] if way is not None else ""


def _way_out(device: Device, protocol: str) -> tuple[str, str] | None:
    """The protocol's `source-interface`, or the first interface that is up; with its address."""
    root = device.config.root
    wanted = root.value(f"ip {protocol} source-interface", "interface")
    for interface in root.children("interface"):
        assert interface.header is not None
        name, address = str(interface.header.values["name"]), interface.get("ip address")
        known = address is not None and "address" in address.values and not interface.flag("shutdown")
        if known and wanted in (None, name):
            assert address is not None
            return name, str(address.values["address"])
    return None
