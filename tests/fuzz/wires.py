"""Terminals and pages: clients that say anything to the telnet, SSH and HTTP servers, and a host that says anything to
the router's own telnet client.

Rule: real sockets on one loop. Whoever comes after such a client is served, and its line is free again.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from iosemu.commands.lines.connections import Left
from iosemu.commands.lines.telnet_connection import TelnetConnection
from iosemu.config.store import FileStore
from iosemu.management.rsa_keys import RsaKeys
from iosemu.network import NoNetwork
from iosemu.pace import LoopClock
from iosemu.router import Router
from iosemu.terminal.line_settings import LineSettings
from tests.waiting import until

from .surface import TOKENS, WORDS, Surface, fuzzed_lab, on_loop, shout

Take = Callable[[bytes], Awaitable[None]]
KEYS = (
    *WORDS,
    *TOKENS,
    *(bytes((key,)) for key in b"\x01\x02\x05\x08\t\x0b\x10\x12\x15\x17\x1a\x1e\x7f?"),
    b"\x1b[A",
    b"\x1bOD",
)
_TELNET = (
    b"\xff\xfb\x18\xff\xfb\x1f\xff\xfd\x01\xff\xfd\x03\xff\xfa\x1f\0\x50\0\x18\xff\xf0show version\r\n q",
    b"sh ver | inc IOS\r\0show ?\x03sh\t\r\nterminal length 0\r\nshow clock\rwhere\r",
    b"\x1b[A\x1b[B\x01\x05\x0b\x19\x15ping 10.0.0.1\r\x1e\x1exshow users\rexit\r",
    b"telnet 10.0.0.1\rtraceroute nobody\r\x03enable\rcisco\r\x1ashow ip ?\x15logout\r",
    b"\xff\xf3\xff\xf4\xff\xf6\xff\xfa\x18\0" + b"x" * 300 + b"\xff\xf0\xff\xff",
)
_ROUTER = "hostname gate\nno ip domain-lookup\nline vty 0 4\n no login\nend\n"


@asynccontextmanager
async def _telnet() -> AsyncIterator[Take]:
    router = Router("3640", clock=LoopClock(), network=NoNetwork(), store=FileStore(None))
    assert not router.load(_ROUTER)
    services = await router.start_services(telnet=("127.0.0.1", 0))
    assert services.telnet is not None
    (server,) = router.listeners.telnet

    async def take(octets: bytes) -> None:
        assert services.telnet is not None
        await shout(services.telnet, octets)
        await until(lambda: not server.lines)
        reader, writer = await asyncio.open_connection(*services.telnet)
        writer.write(b"show privilege\r")
        async with asyncio.timeout(10):
            await reader.readuntil(b"Current privilege level is 1\r\n")
        writer.transport.abort()
        await until(lambda: not server.lines)

    yield take
    assert not router.device.sessions or all(session.closed for session in router.device.sessions)
    await router.stop()


# SSH, before anybody has said who he is.


def _ssh_packet(payload: bytes) -> bytes:
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return struct.pack("!IB", len(payload) + padding + 1, padding) + payload + bytes(padding)


def _name_list(*names: str) -> bytes:
    text = ",".join(names).encode()
    return struct.pack("!I", len(text)) + text


_BANNER = b"SSH-2.0-OpenSSH_3.7.1p2\r\n"
_KEXINIT = _ssh_packet(
    b"\x14"
    + bytes(16)
    + _name_list("curve25519-sha256", "ecdh-sha2-nistp256")
    + _name_list("ssh-rsa", "rsa-sha2-256")
    + _name_list("aes128-cbc", "aes128-ctr") * 2
    + _name_list("hmac-sha1") * 2
    + _name_list("none") * 2
    + _name_list() * 2
    + bytes(5)
)
_KEY_EXCHANGE = _ssh_packet(b"\x1e" + struct.pack("!I", 32) + b"\x55" * 32)
_SSH = (
    _BANNER + _KEXINIT + _KEY_EXCHANGE + _ssh_packet(b"\x15"),
    _BANNER + _ssh_packet(b"\x02" + _name_list("ignore")) + _KEXINIT,
    _BANNER + _ssh_packet(b"\x01" + struct.pack("!I", 11) + _name_list("bye") + _name_list()),
    _BANNER + _ssh_packet(b"\x05" + _name_list("ssh-userauth")) + _ssh_packet(b"\x32" + _name_list("tom") * 3),
    b"SSH-1.5-old\r\n" + bytes(12),
    b"GET / HTTP/1.0\r\n\r\n",
)


@asynccontextmanager
async def _ssh() -> AsyncIterator[Take]:
    import asyncssh

    from tests.terminal.test_ssh import CONFIGURATION, KEY

    keys = RsaKeys()
    keys.save(KEY)
    router = Router("3640", clock=LoopClock(), network=NoNetwork(), store=FileStore(None), keys=keys)
    assert not router.load(CONFIGURATION)
    services = await router.start_services(ssh=("127.0.0.1", 0))
    (server,) = router.listeners.ssh
    endpoint = services.ssh
    assert endpoint is not None

    async def take(octets: bytes) -> None:
        await shout(endpoint, octets)
        await until(lambda: not server.lines)
        reader, writer = await asyncio.open_connection(*endpoint)
        async with asyncio.timeout(10):
            assert (await reader.readline()).startswith(b"SSH-2.0-")
        writer.transport.abort()
        await until(lambda: not server.lines)

    yield take
    async with asyncssh.connect(*endpoint, username="tom", password="maui", known_hosts=None, client_keys=None) as wire:
        told = await wire.run("show privilege")
        assert "15" in str(told.stdout)
    await router.stop()


# A host that the router calls.


class _Screen:
    """Somebody who looks at what comes and types nothing."""

    def __init__(self) -> None:
        self.shown = 0

    def write(self, text: str) -> None:
        self.shown += len(text)

    async def read_key(self) -> str:
        return await asyncio.get_running_loop().create_future()


@asynccontextmanager
async def _called_host() -> AsyncIterator[Take]:
    async def take(octets: bytes) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            ours.setblocking(False)
            theirs.setblocking(False)
            connection = TelnetConnection("host", "10.0.0.9", ours, (80, 24))
            screen = _Screen()
            await asyncio.get_running_loop().sock_sendall(theirs, octets)
            theirs.shutdown(socket.SHUT_WR)
            async with asyncio.timeout(10):
                left = await connection.attend(screen, LineSettings(), None)  # type: ignore[arg-type]
            assert left is Left.CLOSED
            assert screen.shown <= len(octets)
            connection.close()
            await asyncio.wait([connection._reading])

    yield take


# The lab page. In an input these stand for what only the running page knows.

_HOST, _COOKIE = b"@HOST@", b"@COOKIE@"


def _request(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    length = (b"Content-Length: %d" % len(body),) if body else ()
    head = (b"Host: " + _HOST, b"Cookie: " + _COOKIE, b"Origin: http://" + _HOST, *headers, *length)
    return b"\r\n".join((line + b" HTTP/1.1", *head, b"", body))


_FORM = (
    b'--x\r\nContent-Disposition: form-data; name="from"\r\n\r\n555-0100\r\n--x\r\nContent-Disposition: form-data; '
    b'name="to"\r\n\r\n555-0000\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    b"x\r\n--x--\r\n"
)
_UPGRADE = (b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Version: 13")
_UPGRADE += (b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",)


def _frame(kind: int, octets: bytes) -> bytes:
    return bytes((0x80 | kind, 0x80 | len(octets), 0, 0, 0, 0)) + octets


_HTTP = (
    _request(b"GET /"),
    _request(b"GET /?token=x"),
    _request(b"GET /static/app.js", b"Range: bytes=0-9", b"If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT"),
    _request(b"GET /fax") + _request(b"GET /mail/tom") + _request(b"GET /mail/tom/1/0/1.png"),
    _request(b"GET /fax/1/1.png") + _request(b"DELETE /fax/sending/1") + _request(b"GET /capture.pcapng"),
    _request(b"POST /fax", b"Content-Type: multipart/form-data; boundary=x", body=_FORM),
    _request(b"POST /mail/tom", b"Content-Type: multipart/form-data; boundary=x", body=_FORM),
    _request(b"POST /mail/tom", b"Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n\r\n",
    _request(b"GET /live", *_UPGRADE) + _frame(1, b"{}") + _frame(9, b"ping") + _frame(8, b"\x03\xe8"),
    _request(b"GET /terminal/vdtl-5300-7a/vty", *_UPGRADE) + _frame(1, b"[80, 24]") + _frame(2, b"cisco\r"),
)


@asynccontextmanager
async def _page() -> AsyncIterator[Take]:
    from iosemu.web.server import LabPage

    async with fuzzed_lab() as lab:
        page = LabPage(lab)
        link = await page.start()
        host = link.removeprefix("http://").partition("/")[0].encode()
        cookie = f"{page._access.cookie}={page._access.token}".encode()
        endpoint = "127.0.0.1", page._access.port

        def told(octets: bytes) -> bytes:
            return octets.replace(_HOST, host).replace(_COOKIE, cookie)

        async def take(octets: bytes) -> None:
            answer = await shout(endpoint, told(octets))
            assert _COOKIE in octets or page._access.token.encode() not in answer
            reader, writer = await asyncio.open_connection(*endpoint)
            writer.write(told(_request(b"GET /")))
            async with asyncio.timeout(10):
                assert b" 200 " in await reader.readline()
            writer.transport.abort()

        yield take
        await page.stop()


WIRES = (
    Surface("telnet", lambda: on_loop(_telnet), lambda: _TELNET, tokens=KEYS),
    Surface("ssh", lambda: on_loop(_ssh), lambda: _SSH),
    Surface("telnet-client", lambda: on_loop(_called_host), lambda: _TELNET, (), 2, KEYS),
    Surface("lab-page", lambda: on_loop(_page), lambda: _HTTP, tokens=WORDS),
)
