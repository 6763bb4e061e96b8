"""Files over HTTP, which a router has from 12.3(2)T on."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from iosemu.cli.release import Release
from iosemu.cli.session import Refused
from iosemu.clock import ManualClock
from iosemu.commands.context import Device
from iosemu.commands.files.transfers import fetch, store
from iosemu.commands.files.urls import UnknownPrefix, Url, parse
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START, User


class OneServer(NoNetwork):
    """A network with a server that answers each connection so, once a request has come to its `last` octets."""

    def __init__(self, answer: bytes, last: bytes = b"\r\n\r\n") -> None:
        self.answer = answer
        self.last = last
        self.asked: list[tuple[str, str, int]] = []
        self.said: list[bytes] = []

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        self.asked.append((source, destination, port))
        ours, theirs = socket.socketpair()

        def serve() -> None:
            request = b""
            while not request.endswith(self.last):
                request += theirs.recv(65536)
            self.said.append(request)
            theirs.sendall(self.answer)
            theirs.close()

        threading.Thread(target=serve, daemon=True).start()
        return ours


def router(network: NoNetwork, release: str = "12.4(9)T") -> Device:
    emulated = Release.of(release)
    made = Router("3660", clock=ManualClock(START), network=network, store=FileStore(None), release=emulated).device
    interface = ["interface FastEthernet0/0", "ip address 192.0.2.1 255.255.255.0", "no shutdown"]
    assert User(made).configure(*interface) == ""
    return made


def test_a_file_comes_over_http_from_the_port_that_the_url_says() -> None:
    network = OneServer(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    made = router(network)
    url = parse(made, "http://tom:x@192.0.2.9:8080/lab/a.cfg", Url("flash"))
    assert asyncio.run(fetch(made, url)) == b"hi"
    assert network.asked == [("192.0.2.1", "192.0.2.9", 8080)]
    assert network.said[0].startswith(b"GET /lab/a.cfg HTTP/1.1\r\nHost: 192.0.2.9\r\n")


def test_a_refusal_is_told_with_the_url() -> None:
    made = router(OneServer(b"HTTP/1.0 403 Forbidden\r\n\r\n", b"hostname a\n"))
    url = parse(made, "http://tom:x@192.0.2.9/a.cfg", Url("flash"))
    with pytest.raises(Refused, match=r"^%Error opening http://\*:\*@192\.0\.2\.9/a\.cfg \(Permission denied\)$"):
        asyncio.run(store(made, url, b"hostname a\n"))


@pytest.mark.parametrize("system", ["http", "rcp"])
def test_what_does_not_answer_times_out(system: str) -> None:
    made = router(NoNetwork())
    with pytest.raises(Refused, match=r"\(Timed out\)$"):
        asyncio.run(fetch(made, parse(made, f"{system}://192.0.2.9/a.cfg", Url("flash"))))


def test_older_releases_have_no_such_file_system() -> None:
    made = router(NoNetwork(), "12.3(1a)")
    with pytest.raises(UnknownPrefix):
        parse(made, "http://192.0.2.9/a.cfg", Url("flash"))
