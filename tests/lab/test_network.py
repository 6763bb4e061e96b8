"""Emulated addresses reach loopback endpoints, and nothing else is reached."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from iosemu.lab.network import Host, VirtualNetwork
from iosemu.network import Unreachable

Run = Callable[..., None]


def test_names_are_looked_up_in_the_zone_without_regard_to_case() -> None:
    network = VirtualNetwork({"Mail.Example.com": ["10.0.0.1"]})
    assert network.resolve("mail.example.COM.") == ["10.0.0.1"]
    assert network.resolve("10.0.0.9") == ["10.0.0.9"]
    assert network.resolve("[10.0.0.9]") == ["10.0.0.9"]
    assert network.resolve("unknown.example.com") == []


def test_an_echo_is_answered_while_a_node_has_the_address() -> None:
    network = VirtualNetwork()
    addresses = ["172.18.106.36"]
    network.add(Host("smtp", lambda: addresses))
    assert network.reachable("15.80.7.11", "172.18.106.36")
    assert not network.reachable("15.80.7.11", "172.18.106.37")
    addresses.clear()
    assert not network.reachable("15.80.7.11", "172.18.106.36")


def test_the_far_side_learns_the_emulated_source(run: Run) -> None:
    async def scenario() -> None:
        network = VirtualNetwork()
        callers: list[str | None] = []

        def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            callers.append(network.source_of(writer.get_extra_info("peername")))
            writer.write(b"hello")
            writer.close()

        server = await asyncio.start_server(accepted, "127.0.0.1", 0)
        network.add(Host("smtp", lambda: ("172.18.106.36",), {25: server.sockets[0].getsockname()}))
        wire = await network.connect("15.80.7.11", "172.18.106.36", 25)
        assert await asyncio.get_running_loop().sock_recv(wire, 9) == b"hello"
        wire.close()
        outside, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await outside.read() == b"hello"
        writer.close()
        assert callers == ["15.80.7.11", None]
        server.close()

    run(scenario())


def test_failures_have_the_words_of_ios(run: Run) -> None:
    async def scenario() -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        network = VirtualNetwork()
        network.add(Host("r1", lambda: ("15.80.7.11",), {23: ("127.0.0.1", port)}))
        with pytest.raises(Unreachable, match="Destination unreachable; gateway or host down"):
            await network.connect("1.1.1.1", "9.9.9.9", 23)
        for refused in (23, 80):
            with pytest.raises(Unreachable, match="Connection refused by remote host"):
                await network.connect("1.1.1.1", "15.80.7.11", refused)

    run(scenario())


def test_an_address_that_moves_is_followed(run: Run) -> None:
    addresses = ["10.0.0.1"]
    network = VirtualNetwork()
    network.add(Host("r1", lambda: addresses))
    assert network.owner("10.0.0.1") is not None
    addresses[:] = ["10.0.0.2"]
    assert network.owner("10.0.0.1") is None
    assert network.owner("10.0.0.2") is not None
