"""A lab whose fax machine is a T.38 terminal on a UDP socket: ours here, libspandsp's in tests/peers."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.events import Finished, PageData, PageEnded, PageStarted
from iosemu.fax.ifp import Syntax
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t38 import T38Link
from iosemu.fax.tiff_reader import read_tiff
from iosemu.lab.errors import LabError
from iosemu.lab.topology import Topology, parse
from iosemu.pace import LoopClock
from tests.fax_documents.samples import page
from tests.lab.fast_loop import run_fast
from tests.lab.labs import fax, running_lab
from tests.ports import free_port

FORMAT = PageFormat(coding=Coding.MH)
PAGE = page(20)
DOCUMENT = PagedDocument([StoredPage(t4.encode(PAGE, FORMAT))])


def topology(listen: int, peer: int, folder: Path) -> Topology:
    text = f"""
name = "t38"
[[router]]
name = "r1"
platform = "as5300"
address = "15.80.7.11"
[[fax]]
number = "555-0100"
[[pstn.line]]
number = "555-0777"
t38 = {{ listen = "127.0.0.1:{listen}", peer = "127.0.0.1:{peer}" }}
calls = "555-0100"
"""
    return parse(text.encode(), folder / "lab.toml")


class Peer(asyncio.DatagramProtocol):
    """A T.38 terminal elsewhere, in its own time."""

    def __init__(self, lab_port: int) -> None:
        self._lab = ("127.0.0.1", lab_port)
        self.received: list[t4.CodedPage] = []
        self.ended: asyncio.Future[Finished] = asyncio.get_running_loop().create_future()
        self._format, self._octets = FORMAT, b""
        self._link = T38Link(self._send, lambda signal: self.terminal.receive(signal), syntax=Syntax.V1998)
        self.terminal = FaxTerminal(LoopClock(), self._link.signal, self._tell, Profile("peer"))

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.DatagramTransport = transport

    def _send(self, datagram: bytes) -> None:
        self.transport.sendto(datagram, self._lab)

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._link.datagram(data)

    def _tell(self, event: object) -> None:
        if isinstance(event, Finished):
            self.ended.set_result(event)

    def take(self, event: object) -> None:
        match event:
            case PageStarted(_, page_format):
                self._format, self._octets = page_format, b""
            case PageData(octets):
                self._octets += octets
            case PageEnded(_, more):
                self.received.append(t4.read_wire(self._octets, self._format))
                if not more:
                    self.terminal.confirm(True)


def test_a_terminal_calls_and_is_called(tmp_path: Path) -> None:
    """In the line's own time, though the lab is in a hurry."""
    run_fast(both_ways(tmp_path))


async def both_ways(tmp_path: Path) -> None:
    listen, own = free_port(), free_port()
    async with running_lab(tmp_path, topology(listen, own, tmp_path), tmp_path / "lab.toml") as lab:
        loop = asyncio.get_running_loop()
        transport, peer = await loop.create_datagram_endpoint(lambda: Peer(listen), ("127.0.0.1", own))
        peer.terminal.call(DOCUMENT)
        assert (await asyncio.wait_for(peer.ended, 60)).ok
        job = (await waited(lab.tray.jobs))[0]
        assert (job.machine, job.calling, job.remote_id, job.cause) == ("5550100", "5550777", "peer", "")
        (got,) = read_tiff(lab.tray.document(job.job).read_bytes())
        assert got.coded(FORMAT).bitmap() == PAGE
        transport.close()
        await asyncio.sleep(5.0)  # the line rests, then it can be called

        transport, peer = await loop.create_datagram_endpoint(lambda: Peer(listen), ("127.0.0.1", own))
        peer.terminal.answer(peer.take)
        assert (await asyncio.wait_for(fax(lab, DOCUMENT, "555-0777"), 60)).ok
        assert [coded.bitmap() for coded in peer.received] == [PAGE]
        transport.close()


async def waited(found: Any) -> Any:
    for _ in range(100):
        if result := found():
            return result
        await asyncio.sleep(0.05)
    raise AssertionError("nothing came")


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    async def start(port: int) -> None:
        async with running_lab(tmp_path, topology(port, free_port(), tmp_path), tmp_path / "lab.toml"):
            pass

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(LabError, match=f"5550777 cannot listen on 127.0.0.1:{port}: address already in use"):
            asyncio.run(start(port))
