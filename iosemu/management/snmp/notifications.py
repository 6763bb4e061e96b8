"""Notifications: what a router tells by itself, as messages of each version.

Rule: sans-IO; a notification is its identifier and what it carries, the message around it follows from who gets it.
Source: RFC 3416 section 4.2.6, RFC 3584 section 3 (version 1), RFC 3418 (the generic ones).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pysnmp.proto import rfc1902
from pysnmp.proto.api import v1, v2c
from pysnmp.proto.proxy import rfc2576

from iosemu.management.snmp.mib import Value
from iosemu.management.snmp.views import Oid

_GENERIC: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 5)
COLD_START: Oid = (*_GENERIC, 1)
WARM_START: Oid = (*_GENERIC, 2)
LINK_DOWN: Oid = (*_GENERIC, 3)
LINK_UP: Oid = (*_GENERIC, 4)
AUTHENTICATION_FAILURE: Oid = (*_GENERIC, 5)

_UP_TIME: Oid = (1, 3, 6, 1, 2, 1, 1, 3, 0)
_TRAP: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
_ENTERPRISE: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 4, 3, 0)
_ADDRESS: Oid = (1, 3, 6, 1, 6, 3, 18, 1, 3, 0)


@dataclass(frozen=True, slots=True)
class Notification:
    """What happened, and the objects that tell more of it."""

    trap: Oid
    objects: Sequence[tuple[Oid, Value]] = ()


def pdu(told: Notification, up_time: int, product: Oid, address: str = "", *, inform: bool = False) -> Any:
    """The PDU of version 2; `up_time` in hundredths of seconds, `product` the router's sysObjectID."""
    made = v2c.InformRequestPDU() if inform else v2c.SNMPv2TrapPDU()
    v2c.apiTrapPDU.set_defaults(made)
    bound = [(_UP_TIME, rfc1902.TimeTicks(up_time)), (_TRAP, rfc1902.ObjectIdentifier(told.trap)), *told.objects]
    if told.trap[:-1] == _GENERIC:
        bound.append((_ENTERPRISE, rfc1902.ObjectIdentifier(product)))
    if address:
        bound.append((_ADDRESS, rfc1902.IpAddress(address)))
    v2c.apiPDU.set_varbinds(made, bound)
    return made


def message(community: str, told: Any, *, first: bool) -> bytes:
    """The message around a PDU; `first`: of version 1, where it becomes a Trap-PDU."""
    module = v1 if first else v2c
    made = module.Message()
    module.apiMessage.set_defaults(made)
    module.apiMessage.set_community(made, community.encode("latin-1", "replace"))
    module.apiMessage.set_pdu(made, rfc2576.v2_to_v1(told) if first else told)
    return bytes(encoder.encode(made))


def request_id(octets: bytes) -> int | None:
    """The number by which a message of version 2c asks and is answered; None where it is no such message."""
    try:
        made, _ = decoder.decode(octets, asn1Spec=v2c.Message())
        return int(v2c.apiPDU.get_request_id(v2c.apiMessage.get_pdu(made)))
    except PyAsn1Error:
        return None
