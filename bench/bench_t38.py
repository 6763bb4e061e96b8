"""T.38 speed: UDPTL and IFP packets a second beside asn1tools, and the CPU time of a whole one-page call.

asn1tools is given the same packets; libspandsp (at most 3 times as fast) the same page.
"""

from __future__ import annotations

from ctypes import CDLL
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figures import tell_rate
from iosemu.clock import ManualClock
from iosemu.fax import ifp, t4, udptl
from iosemu.fax.document import PageFormat, StoredDocument
from iosemu.fax.events import Finished, PageEnded
from iosemu.fax.ifp import DataPacket, DataType, Field, FieldType
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t38 import Redundancy, T38Link
from iosemu.fax.tiff_writer import TiffWriter
from tests.fax.calls import Call, page
from tests.fax.oracle import ifp_value, t38
from tests.peers.spandsp import COMPLETED, SAMPLES_PER_S, SONAME, Compressions, Settings, SpandspTerminal

PACKETS = 2000
PACKETS_A_SECOND, TIMES_ASN1TOOLS, TIMES_SPANDSP = 150_000, 6, 1 / 3
OUT_WHAT, IN_WHAT, PAGE_WHAT = "packets out", "packets in", "a page between two endpoints"
REDUNDANCY = 3
OUT = [
    DataPacket(DataType.V17_14400, (Field(FieldType.T4_NON_ECM_DATA, bytes((n + k) & 0xFF for k in range(72))),))
    for n in range(PACKETS)
]

# What a fax of a page of text at fine density comes to on the line: 40 kB, 22 s at 14,400 bit/s.
PAGE = page(1, rows=9000)


def wrap_all() -> list[bytes]:
    sender = udptl.Sender(REDUNDANCY)
    return [sender.wrap(ifp.encode(packet)) for packet in OUT]


def unwrap_all(datagrams: list[bytes]) -> int:
    receiver = udptl.Receiver()
    count = 0
    for datagram in datagrams:
        for packet in receiver.unwrap(datagram):
            assert packet is not None
            ifp.decode(packet)
            count += 1
    return count


def test_packets_out(benchmark: Any) -> None:
    datagrams = benchmark(wrap_all)
    tell_rate(benchmark, OUT_WHAT, "packets/s", PACKETS, at_least=PACKETS_A_SECOND)
    assert len(datagrams) == PACKETS


def test_packets_in(benchmark: Any) -> None:
    assert benchmark(unwrap_all, wrap_all()) == PACKETS
    tell_rate(benchmark, IN_WHAT, "packets/s", PACKETS, at_least=PACKETS_A_SECOND)


def parity_in(datagrams: list[bytes]) -> int:
    receiver = udptl.Receiver()
    return sum(len(receiver.unwrap(datagram)) for datagram in datagrams)


def test_packets_with_parity_in(benchmark: Any) -> None:
    sender = udptl.Sender(protection=udptl.Protection(3, 3))
    datagrams = [sender.wrap(ifp.encode(packet)) for packet in OUT]
    assert benchmark(parity_in, datagrams) == PACKETS
    tell_rate(benchmark, "packets in, with parity", "packets/s", PACKETS)


def test_packets_with_parity_of_which_one_in_ten_is_lost(benchmark: Any) -> None:
    sender = udptl.Sender(protection=udptl.Protection(3, 3))
    datagrams = [sender.wrap(ifp.encode(packet)) for packet in OUT]
    assert benchmark(parity_in, [datagram for at, datagram in enumerate(datagrams) if at % 10 != 5]) == PACKETS
    tell_rate(benchmark, "packets in, with parity, one in ten lost", "packets/s", PACKETS)


def test_packets_out_by_asn1tools(benchmark: Any) -> None:
    module = t38()
    values = [ifp_value(packet) for packet in OUT[:200]]

    def wrap() -> list[bytes]:
        sent: list[bytes] = []
        for sequence, value in enumerate(values):
            primary = module.encode("IFPPacket", value)
            recovery = ("secondary-ifp-packets", sent[-1 : -REDUNDANCY - 1 : -1])
            datagram = {"seq-number": sequence, "primary-ifp-packet": primary, "error-recovery": recovery}
            module.encode("UDPTLPacket", datagram)
            sent.append(primary)
        return sent

    assert len(benchmark(wrap)) == 200
    tell_rate(benchmark, OUT_WHAT, "packets/s", 200, "asn1tools", times=TIMES_ASN1TOOLS)


def test_packets_in_by_asn1tools(benchmark: Any) -> None:
    module = t38()
    datagrams = wrap_all()[:200]

    def unwrap() -> int:
        for datagram in datagrams:
            module.decode("IFPPacket", module.decode("UDPTLPacket", datagram)["primary-ifp-packet"])
        return len(datagrams)

    assert benchmark(unwrap) == 200
    tell_rate(benchmark, IN_WHAT, "packets/s", 200, "asn1tools", times=TIMES_ASN1TOOLS)


def one_page_call(way: str) -> Call:
    return Call(way, StoredDocument(((PageFormat(), PAGE),))).run()


def test_one_page_to_an_on_ramp(benchmark: Any) -> None:
    assert benchmark(one_page_call, "onramp").receiver_end.ok
    tell_rate(benchmark, "a page to an on-ramp", "pages/s", 1)


def test_one_page_from_an_off_ramp(benchmark: Any) -> None:
    assert benchmark(one_page_call, "offramp").receiver_end.ok
    tell_rate(benchmark, "a page from an off-ramp", "pages/s", 1)


def call_between_our_endpoints() -> bool:
    clock, told = ManualClock(), list[Finished]()

    def tell(event: object) -> None:
        if isinstance(event, Finished):
            told.append(event)

    def confirm(event: object) -> None:
        if isinstance(event, PageEnded):
            called.confirm(True)

    copies = Redundancy(REDUNDANCY, REDUNDANCY)
    near = T38Link(lambda datagram: far.datagram(datagram), lambda signal: calling.receive(signal), copies)
    far = T38Link(near.datagram, lambda signal: called.receive(signal), copies)
    calling = FaxTerminal(clock, near.signal, tell, Profile("1"))
    called = FaxTerminal(clock, far.signal, tell, Profile("2"))
    called.answer(confirm)
    calling.call(StoredDocument(((PageFormat(), PAGE),)))
    clock.run()
    return [event.ok for event in told] == [True, True]


def test_one_page_between_two_endpoints(benchmark: Any) -> None:
    assert benchmark(call_between_our_endpoints)
    tell_rate(benchmark, PAGE_WHAT, "pages/s", 1)


def test_one_page_between_two_endpoints_of_libspandsp(benchmark: Any, tmp_path: Path) -> None:
    """The same page; the datagrams of its side are written and read by the peer tests' own UDPTL."""
    library = CDLL(SONAME)
    sent, got = tmp_path / "sent.tif", tmp_path / "got.tif"
    writer = TiffWriter()
    writer.add_page(t4.read_wire(PAGE, PageFormat()), datetime(2003, 2, 14))
    sent.write_bytes(writer.octets())

    def call() -> bool:
        got.unlink(missing_ok=True)
        settings = Settings(sent, calling=True, sends=True, compressions=Compressions.MH)
        near = SpandspTerminal(library, settings, lambda datagram: far.datagram(datagram))
        far = SpandspTerminal(library, replace(settings, file=got, calling=False, sends=False), near.datagram)
        while near.completion is None or far.completion is None:
            near.step(SAMPLES_PER_S // 50)
            far.step(SAMPLES_PER_S // 50)
        done = near.completion == far.completion == COMPLETED
        near.close()
        far.close()
        return done

    assert benchmark(call)
    tell_rate(benchmark, PAGE_WHAT, "pages/s", 1, "libspandsp", times=TIMES_SPANDSP)
