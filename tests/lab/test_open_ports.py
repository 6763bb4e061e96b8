"""UDP ports of nodes: datagrams find their way by the emulated addresses, and a clock in a hurry waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from ipaddress import IPv4Interface
from typing import Any

import pytest

from iosemu.lab.hosts import Host, HostStack
from iosemu.lab.links import Plug, Quality
from iosemu.lab.network import VirtualNetwork
from iosemu.network import Endpoint, Unreachable
from iosemu.pace import LoopClock

Run = Callable[..., None]


class Nodes:
    """Two nodes of a network, and what comes to port 5000 of the second."""

    def __init__(self) -> None:
        self.clock = LoopClock("instant")
        self.network = VirtualNetwork(now=self.clock.now, clock=self.clock)
        self.a, self.b = Host("a", lambda: ("10.0.0.1",)), Host("b", lambda: ("10.0.0.2",))
        self.network.add(self.a)
        self.network.add(self.b)
        self.got: list[tuple[bytes, Endpoint, float]] = []
        self.port = self.network.at(self.b).open(5000, self._take)
        self.sender = self.network.at(self.a).open(4000, lambda octets, source: None)

    def _take(self, octets: bytes, source: Endpoint) -> None:
        self.got.append((octets, source, self.clock.now()))

    def close(self) -> None:
        self.port.close()
        self.sender.close()


def test_datagrams_come_in_order_from_the_emulated_address(run: Run) -> None:
    async def work() -> None:
        nodes = Nodes()
        for number in range(100):
            nodes.sender.send(bytes((number,)), "10.0.0.2", 5000)
        await asyncio.sleep(0.01)
        assert [octets[0] for octets, _, _ in nodes.got] == list(range(100))
        assert {source for _, source, _ in nodes.got} == {("10.0.0.1", 4000)}
        assert nodes.sender.source("10.0.0.2", 5000) == "10.0.0.1"
        nodes.close()

    run(work())


def test_a_clock_in_a_hurry_waits(run: Run) -> None:
    async def work() -> None:
        nodes = Nodes()
        over = asyncio.Event()
        sent: list[float] = []

        def send(left: int) -> None:
            sent.append(nodes.clock.now())
            nodes.sender.send(b"x", "10.0.0.2", 5000)
            if left:
                nodes.clock.call_later(0.04, lambda: send(left - 1))
            else:
                nodes.clock.call_later(1.0, over.set)

        send(200)
        await over.wait()
        assert len(nodes.got) == 201
        # A busy machine takes some of the time; a clock that did not wait would be seconds ahead.
        assert all(0 <= at - began < 0.5 for began, (_, _, at) in zip(sent, nodes.got, strict=True))
        nodes.close()

    run(work())


def test_where_nobody_listens_there_is_no_way(run: Run) -> None:
    async def work() -> None:
        nodes = Nodes()
        for address, port in (("10.0.0.2", 5001), ("10.0.0.3", 5000), ("nowhere", 5000)):
            with pytest.raises(Unreachable):
                nodes.sender.source(address, port)
            nodes.sender.send(b"x", address, port)
        nodes.port.close()
        nodes.port.close()
        with pytest.raises(Unreachable):
            nodes.sender.source("10.0.0.2", 5000)
        await asyncio.sleep(0.01)
        assert nodes.got == []
        nodes.close()

    run(work())


def test_what_comes_can_be_taken_before_its_turn(run: Run) -> None:
    async def work() -> None:
        nodes = Nodes()
        nodes.sender.send(b"x", "10.0.0.2", 5000)
        nodes.port.drain()
        assert len(nodes.got) == 1
        nodes.close()

    run(work())


def test_a_datagram_that_is_lost_on_this_machine_does_not_stop_the_clock(run: Run) -> None:
    async def work() -> None:
        nodes = Nodes()
        nodes.port.expect()  # and nothing comes
        reached: Any = asyncio.Event()
        nodes.clock.call_later(3600.0, reached.set)
        await asyncio.wait_for(reached.wait(), 5)
        nodes.close()

    run(work())


@pytest.mark.parametrize("loss", [0.0, 0.2])
def test_links_lose_and_delay(run: Run, loss: float) -> None:
    """The same seed loses the same ones; jitter lets some overtake others."""

    async def work() -> list[int]:
        clock = LoopClock("instant")
        ends = {name: Host(name, lambda: (), stack=HostStack([IPv4Interface(at)])) for name, at in NODES.items()}
        network = VirtualNetwork(flat=False, now=clock.now, clock=clock)
        for host in ends.values():
            network.add(host)
        plugs = [Plug(ends[name], at.partition("/")[0]) for name, at in NODES.items()]
        network.links.add(plugs, quality=Quality(loss, 0.5, 0.1, seed=3))
        got: list[tuple[int, float]] = []
        taken = network.at(ends["b"]).open(5000, lambda octets, source: got.append((octets[0], clock.now())))
        sender = network.at(ends["a"]).open(4000, lambda octets, source: None)
        over, began = asyncio.Event(), clock.now()
        for number in range(200):
            sender.send(bytes((number,)), "10.0.0.2", 5000)
        clock.call_later(2.0, over.set)
        await over.wait()
        assert all(0.5 <= at - began < 1.5 for _, at in got)
        order = [number for number, _ in got]
        assert order != sorted(order)
        assert 200 * (1 - loss) * 0.85 <= len(order) <= 200
        assert (len(order) == 200) is (loss == 0)
        taken.close()
        sender.close()
        return sorted(order)

    found: list[list[int]] = []
    for _ in range(2):
        run(_kept(work(), found))
    assert found[0] == found[1]


NODES = {"a": "10.0.0.1/24", "b": "10.0.0.2/24"}


async def _kept(work: Coroutine[Any, Any, list[int]], found: list[list[int]]) -> None:
    found.append(await work)
