"""The name service of a lab: its zone, asked and answered in messages of the domain system (RFC 1035).

Rule: a question is answered from the zone alone, with authority; what is no question is not answered. The same answers
are given inside the virtual network and at a port of this machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.reversename
import dns.rrset

_TTL_S = 3600

Zone = Mapping[str, Sequence[str]]
"""Names, as they are said, and their addresses."""


class NameServer(asyncio.DatagramProtocol):
    """Answers for a zone; as a protocol, at a port of this machine."""

    def __init__(self, zone: Zone) -> None:
        self._addresses = {dns.name.from_text(name).canonicalize(): list(found) for name, found in zone.items()}
        self._names = {
            dns.reversename.from_address(address): name for name, found in self._addresses.items() for address in found
        }
        self._transport: asyncio.DatagramTransport | None = None

    def answer(self, datagram: bytes) -> bytes | None:
        """The answer to a message, None for what is no question."""
        try:
            query = dns.message.from_wire(datagram)
        except dns.exception.DNSException:
            return None
        if query.flags & dns.flags.QR or len(query.question) != 1:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        if query.opcode() != dns.opcode.QUERY:
            response.set_rcode(dns.rcode.NOTIMP)
            return response.to_wire()
        question = query.question[0]
        name, kind = question.name.canonicalize(), question.rdtype
        if name in self._addresses and kind in (dns.rdatatype.A, dns.rdatatype.ANY):
            response.answer.append(dns.rrset.from_text_list(question.name, _TTL_S, "IN", "A", self._addresses[name]))
        elif name in self._names and kind in (dns.rdatatype.PTR, dns.rdatatype.ANY):
            target = self._names[name].to_text()
            response.answer.append(dns.rrset.from_text(question.name, _TTL_S, "IN", "PTR", target))
        elif name not in self._addresses and name not in self._names:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self.answer(data)
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)
