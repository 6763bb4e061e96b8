"""T.38 speed: UDPTL and IFP packets a second beside asn1tools, and the CPU time of a whole one-page call.

Run: `python -m pytest bench/bench_t38.py --benchmark-enable` (needs the extra `test`). Targets: 150,000 packets a
second each way, a one-page call through terminal, DSP, T.38 and FMSP in well under 60 ms. asn1tools stands beside as
measure and is given the same packets.
"""

from __future__ import annotations

from typing import Any

from iosemu.fax import ifp, udptl
from iosemu.fax.document import PageFormat, StoredDocument
from iosemu.fax.ifp import DataPacket, DataType, Field, FieldType
from tests.fax.calls import Call, page
from tests.fax.oracle import ifp_value, t38

PACKETS = 2000
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
    _tell(benchmark, "packets_per_s", PACKETS)
    assert len(datagrams) == PACKETS


def test_packets_in(benchmark: Any) -> None:
    assert benchmark(unwrap_all, wrap_all()) == PACKETS
    _tell(benchmark, "packets_per_s", PACKETS)


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
    _tell(benchmark, "packets_per_s", 200)


def test_packets_in_by_asn1tools(benchmark: Any) -> None:
    module = t38()
    datagrams = wrap_all()[:200]

    def unwrap() -> int:
        for datagram in datagrams:
            module.decode("IFPPacket", module.decode("UDPTLPacket", datagram)["primary-ifp-packet"])
        return len(datagrams)

    assert benchmark(unwrap) == 200
    _tell(benchmark, "packets_per_s", 200)


def one_page_call(way: str) -> Call:
    return Call(way, StoredDocument(((PageFormat(), PAGE),))).run()


def test_one_page_to_an_on_ramp(benchmark: Any) -> None:
    assert benchmark(one_page_call, "onramp").receiver_end.ok
    _tell(benchmark, "calls_per_s", 1)


def test_one_page_from_an_off_ramp(benchmark: Any) -> None:
    assert benchmark(one_page_call, "offramp").receiver_end.ok
    _tell(benchmark, "calls_per_s", 1)


def _tell(benchmark: Any, unit: str, count: int) -> None:
    if benchmark.stats is not None:
        benchmark.extra_info[unit] = round(count / benchmark.stats.stats.median)
        print(f"\n{benchmark.name}: {benchmark.extra_info[unit]} {unit.replace('_per_', '/')}")
