"""Packets of the net: what a router, or the lab around it, reads from datagrams and from servers that mean ill.

Rule: no sockets. Where an answer has to prove something (a RADIUS key, the number of a question), every other input is
given the proof, for whoever has the key may mean ill too.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import dns.message
import dns.rrset

from iosemu.clock import ManualClock
from iosemu.commands.ip import name_queries
from iosemu.commands.snmp import agent as snmp_agent
from iosemu.lab.name_server import NameServer
from iosemu.management.ntp.association import Configured
from iosemu.management.ntp.packet import Mode, Packet, decode, encode, timestamp
from iosemu.management.ntp.service import LOCAL_CLOCK, Access, NtpService, Settings
from iosemu.management.radius import ACCESS_ACCEPT, ACCOUNTING_RESPONSE, Kind, Request
from iosemu.management.tftp import BLOCK, Get, Put
from iosemu.terminal.telnet_options import CLIENT, MAX_SUBNEGOTIATION, ROUTER, Data, TelnetOptions
from tests.commands.routers import User, device
from tests.management.snmp_messages import read, request

from .surface import Surface, framed, pieces_of, reader

# Domain names.

_ZONE = {"mail.example.com": ["10.0.0.9", "10.0.0.10"], "gw": ["10.0.0.1"]}
_SERVER = NameServer(_ZONE)


def _ask(octets: bytes) -> None:
    answer = _SERVER.answer(octets)
    if answer is not None:
        assert dns.message.from_wire(answer).id == int.from_bytes(octets[:2], "big")


def _hear(octets: bytes) -> None:
    """As the answer to a question of the router, with its number and without."""
    for own in (True, False):

        def ask(source: str, server: str, port: int, query: bytes, own: bool = own) -> bytes:
            return query[:2] + octets[2:] if own else octets

        asking: Any = SimpleNamespace(network=SimpleNamespace(ask=ask))
        found = name_queries.addresses(asking, "mail.example.com", ["10.0.0.2"])
        assert all(address.count(".") == 3 for address in found)


def _questions() -> tuple[bytes, ...]:
    asked = [("mail.example.com", "A"), ("9.0.0.10.in-addr.arpa", "PTR"), ("nobody", "MX"), ("gw", "ANY")]
    return tuple(dns.message.make_query(name, kind, use_edns=kind == "MX").to_wire() for name, kind in asked)


def _name_answers() -> tuple[bytes, ...]:
    query = dns.message.make_query("mail.example.com", "A")
    found = dns.message.make_response(query)
    found.answer.append(dns.rrset.from_text("mail.example.com.", 60, "IN", "CNAME", "gw."))
    found.answer.append(dns.rrset.from_text_list("mail.example.com.", 60, "IN", "A", ["10.0.0.9", "10.0.0.10"]))
    found.additional.append(dns.rrset.from_text("gw.", 60, "IN", "TXT", '"a text"'))
    return found.to_wire(), *filter(None, map(_SERVER.answer, _questions()))


# RADIUS.

_KEY = "s3cret"
_ASKED = Request(Kind.AUTHENTICATION, 7, _KEY, (("User-Name", "tom"), ("User-Password", "maui")))


def _answered(octets: bytes) -> None:
    _ASKED.read(octets)
    head, attributes = octets[:1] + b"\x07" + struct.pack("!H", 20 + len(octets[20:])), octets[20:]
    proof = hashlib.md5(head + _ASKED.authenticator + attributes + _KEY.encode()).digest()
    answer = _ASKED.read(head + proof + attributes)
    if answer is not None:
        assert all(isinstance(name, str) for name, _ in answer.attributes)


def _radius_answers() -> tuple[bytes, ...]:
    pair = b"shell:priv-lvl=15"
    of_vendor = struct.pack("!BBIBB", 26, 8 + len(pair), 9, 1, 2 + len(pair)) + pair
    attributes = (
        struct.pack("!BBIBBI", 6, 6, 6, 27, 6, 60) + of_vendor,  # Service-Type, Session-Timeout, Cisco-AVPair
        b"\x08\x06\x0a\x01\x02\x03\x12\x09welcome\x19\x04\0\x01",  # Framed-IP-Address, Reply-Message, Class
    )
    head = (struct.pack("!BBH", code, 7, 20) + bytes(16) for code in (ACCESS_ACCEPT, ACCOUNTING_RESPONSE))
    return tuple(start + values for start in head for values in attributes)


# SNMP.

_NAME = (1, 3, 6, 1, 2, 1, 1, 5)
_AGENT_LINES = (
    "snmp-server community public RO",
    "snmp-server community private RW",
    "snmp-server group ops v3 priv read v1default",
    "snmp-server user bob ops v3 auth sha authpass12",
)


@contextmanager
def _agent() -> Iterator[Any]:
    router = device("3640")
    refused = User(router).configure(*_AGENT_LINES)
    assert "%" not in refused, refused
    asked = request("Get", (*_NAME, 0))

    def take(octets: bytes) -> None:
        answer = snmp_agent.answer(router, octets, "192.0.2.1")
        assert answer is None or len(answer) <= 1500
        again = snmp_agent.answer(router, asked, "192.0.2.1")
        assert again is not None
        assert read(again)[0] == 0

    yield take


def _snmp_requests() -> tuple[bytes, ...]:
    from pysnmp.proto import rfc1902

    plain = [
        request(kind, (*_NAME, 0), (1, 3, 6, 1, 2, 1, 2, 2, 1, 2), version=version)
        for kind in ("Get", "GetNext")
        for version in ("1", "2c")
    ]
    bulk = request("GetBulk", (1, 3, 6, 1, 2, 1), repetitions=20)
    write = request("Set", ((*_NAME, 0), rfc1902.OctetString("gw")), community="private")
    # A question of version 3 for the engine (RFC 3414 section 4), written out.
    discovery = bytes.fromhex(
        "303e020103301102047a5b1c2d020300ffe30401040201030410300e0400020100020100040004000400"
        "301404000400a00e02042f6d0b1a0201000201003000"
    )
    return (*plain, bulk, write, discovery)


# TFTP.


def _transfer(octets: bytes) -> None:
    for transfer in (Get("lab-confg", 10_000), Put("lab-confg", bytes(3 * BLOCK))):
        for packet in pieces_of(octets):
            transfer.receive(packet)
            assert len(transfer.last) <= 4 + BLOCK
    got = Get("x", 100)
    got.receive(struct.pack("!HH", 3, 1) + b"right")
    assert got.octets == b"right"


def _transfers() -> tuple[bytes, ...]:
    data = [struct.pack("!HH", 3, number) + bytes(BLOCK if number < 4 else 9) for number in range(1, 5)]
    acks = [struct.pack("!HH", 4, number) for number in range(5)]
    return framed(data), framed(acks), framed([struct.pack("!HH", 5, 1) + b"no file\0"])


# Telnet.


# NTP.

_TIME_SERVER, _STRANGER = "10.0.0.1", "10.0.0.9"


@contextmanager
def _clock() -> Iterator[Any]:
    """A router with a server, a peer and a key: messages come from each of them and from a stranger, who is answered
    afterwards; to every other one belongs the poll that it answers."""
    clock, sent = ManualClock(), list[tuple[bytes, str]]()
    service = NtpService(
        clock,
        now=clock.wall,
        send=lambda octets, address, port, source: sent.append((octets, address)),
        correct=lambda seconds: None,
        is_set=lambda: True,
        owns=lambda address: False,
        access=lambda address: Access.SET_TIME,
        emit=lambda event: None,
    )
    hosts = (Configured(_TIME_SERVER, key=5), Configured("10.0.0.2", Mode.ACTIVE))
    service.configure(Settings(hosts, master=8, keys={5: "cisco"}, authenticate=True))

    def take(octets: bytes) -> None:
        clock.run(clock.now() + 64.0)
        for one in tuple(service.associations):
            if one.said.address == LOCAL_CLOCK:
                continue
            own = octets[:24] + one.transmitted.to_bytes(8, "big") + octets[32:]
            service.receive(own, one.said.address, 123)
        for address in (_TIME_SERVER, "10.0.0.2", _STRANGER):
            service.receive(octets, address, 123)
        sent.clear()
        service.receive(encode(Packet(Mode.CLIENT, transmit=77)), _STRANGER, 5000)
        ((answer, _),) = sent
        read = decode(answer)
        assert read is not None
        assert (read.mode, read.originate) == (Mode.SERVER, 77)
        assert len(service.associations) <= 5

    yield take
    service.stop()


def _time_messages() -> tuple[bytes, ...]:
    now = timestamp(ManualClock().wall())
    times = {"reference": now, "originate": now, "receive": now, "transmit": now}
    said = [Packet(mode, 0, stratum=2, key=key, **times) for mode in (1, 2, 3, 4, 5) for key in (0, 5)]
    return tuple(encode(packet, "cisco") for packet in said)


def _negotiate(octets: bytes) -> None:
    for policy in (ROUTER, CLIENT):
        whole, cut = TelnetOptions(policy), TelnetOptions(policy)
        said = _data(whole, octets)
        assert len(whole.take_output()) <= 40 * len(octets) + MAX_SUBNEGOTIATION
        assert said == b"".join(_data(cut, octets[at : at + 1]) for at in range(len(octets)))
        whole.receive(b"\xff\xf0\xff\xf0")  # whatever was under way is over
        assert _data(whole, b"right") == b"right"


def _data(options: TelnetOptions, octets: bytes) -> bytes:
    return b"".join(event.octets for event in options.receive(octets) if isinstance(event, Data))


_NEGOTIATIONS = (
    b"\xff\xfb\x18\xff\xfb\x1f\xff\xfd\x01\xff\xfd\x03show\r\0",
    b"\xff\xfb\x1f\xff\xfa\x1f\0\x50\0\x18\xff\xf0\xff\xf6\xff\xf3",
    b"\xff\xfb\x18\xff\xfa\x18\0xterm-256color\xff\xf0\xff\xff\xff\xf4",
    b"\xff\xfc\x01\xff\xfe\x03\xff\xfa\x63" + bytes(300) + b"\xff\xf0",
)


PACKETS = (
    reader("dns", _ask, (), _questions(), share=20),
    reader("dns-answers", _hear, (), _name_answers(), share=10),
    reader("radius", _answered, (), _radius_answers(), share=20),
    Surface("snmp", _agent, _snmp_requests, share=1),
    Surface("ntp", _clock, _time_messages, share=10),
    reader("tftp", _transfer, (), _transfers(), share=30),
    reader("telnet-options", _negotiate, (), _NEGOTIATIONS, share=20),
)
