"""Questions for addresses to the name servers of a router, in messages of the domain system (RFC 1035).

Rule: servers are asked in their order; the first that answers, with whatever answer, is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import dns.exception
import dns.message
import dns.rdataclass
import dns.rdatatype

if TYPE_CHECKING:
    from iosemu.commands.context import Device

DOMAIN_PORT = 53


def addresses(device: Device, name: str, servers: Sequence[str]) -> list[str]:
    """The A records of a name, none where it is unknown or nobody answers."""
    try:
        query = dns.message.make_query(name, dns.rdatatype.A)
    except (dns.exception.DNSException, UnicodeError):  # no name at all
        return []
    for server in servers:
        datagram = device.network.ask("", server, DOMAIN_PORT, query.to_wire())
        if datagram is not None:
            return _addresses(query, datagram)
    return []


def _addresses(query: dns.message.Message, datagram: bytes) -> list[str]:
    try:
        response = dns.message.from_wire(datagram)
    except dns.exception.DNSException:
        return []
    if not query.is_response(response):
        return []
    of_internet = (dns.rdataclass.IN, dns.rdatatype.A)  # in other classes an A record is something else
    groups = (group for group in response.answer if (group.rdclass, group.rdtype) == of_internet)
    return [str(record) for group in groups for record in group]
