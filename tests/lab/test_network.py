"""Emulated addresses reach loopback endpoints, and nothing else is reached."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from iosemu.cli.internet4 import number
from iosemu.lab.network import Host, VirtualNetwork
from iosemu.network import Packet, Unreachable

Run = Callable[..., None]


def answered(network: VirtualNetwork, destination: str) -> bool:
    """Does an echo of somebody come back?"""
    return network.exchange(Packet(number("15.80.7.11"), number(destination)), 0.0) is not None


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
    assert answered(network, "172.18.106.36")
    assert not answered(network, "172.18.106.37")
    addresses.clear()
    assert not answered(network, "172.18.106.36")


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


@pytest.mark.parametrize("destination", ["", "mail.example.com", "2001:db8::1", "300.1.1.1", "1.2.3"])
def test_what_is_no_address_is_nowhere(run: Run, destination: str) -> None:
    async def scenario() -> None:
        network = VirtualNetwork()
        network.name_service = None
        node = network.at(Host("r1", lambda: ("10.0.0.1",)))
        with pytest.raises(Unreachable):
            await node.connect("", destination, 23)
        with pytest.raises(Unreachable):
            node.datagrams("", destination, 514)
        assert node.ask("", destination, 53, b"?") is None

    run(scenario())


def test_datagrams_go_where_somebody_listens_and_an_answer_must_find_its_way() -> None:
    network = VirtualNetwork()
    network.add(Host("logs", lambda: ("10.0.0.2",), {}, {514: ("127.0.0.1", 5140)}))
    node = network.at(Host("r1", lambda: ("10.0.0.1",)))
    # Nobody reaches r1, which has not joined.
    with pytest.raises(Unreachable):
        node.datagrams("", "10.0.0.2", 514)
    assert node.datagrams("", "10.0.0.2", 514, answered=False) == ("127.0.0.1", 5140)
    with pytest.raises(Unreachable, match="not responding"):
        node.datagrams("", "10.0.0.2", 69, answered=False)
    with pytest.raises(Unreachable, match="gateway or host down"):
        node.datagrams("", "10.0.0.3", 514, answered=False)
