"""A manager's messages, made and read with pysnmp, for the tests of the agent."""

from __future__ import annotations

from typing import Any

from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto.api import v1, v2c

MODULES = {"1": v1, "2c": v2c}
Oid = tuple[int, ...]


def request(
    kind: str, *asked: Oid | tuple[Oid, Any], version: str = "2c", community: str = "public", repetitions: int = 10
) -> bytes:
    """A message: kind "Get", "GetNext", "GetBulk" or "Set"; what is set is (identifier, value)."""
    module: Any = MODULES[version]
    pdu = getattr(module, f"{kind}RequestPDU")()
    interface = module.apiBulkPDU if kind == "GetBulk" else module.apiPDU
    interface.set_defaults(pdu)
    if kind == "GetBulk":
        interface.set_max_repetitions(pdu, repetitions)
        interface.set_non_repeaters(pdu, 0)
    bound = [one if isinstance(one[0], tuple) else (one, module.Null("")) for one in asked]
    interface.set_varbinds(pdu, bound)
    message = module.Message()
    module.apiMessage.set_defaults(message)
    module.apiMessage.set_community(message, community)
    module.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def read(octets: bytes, version: str = "2c") -> tuple[int, list[tuple[Oid, Any]]]:
    """The error status and the variables of a response."""
    module: Any = MODULES[version]
    message, rest = decoder.decode(octets, asn1Spec=module.Message())
    assert not rest
    pdu = module.apiMessage.get_pdu(message)
    return int(module.apiPDU.get_error_status(pdu)), [(tuple(o), v) for o, v in module.apiPDU.get_varbinds(pdu)]


def read_trap(octets: bytes) -> tuple[str, list[tuple[Oid, Any]]]:
    """The community and the variables of a notification of version 2c."""
    message, _ = decoder.decode(octets, asn1Spec=v2c.Message())
    pdu = v2c.apiMessage.get_pdu(message)
    return str(v2c.apiMessage.get_community(message)), [(tuple(o), v) for o, v in v2c.apiTrapPDU.get_varbinds(pdu)]
