"""T.38 in ASN.1 for asn1tools, as an independent judge of our aligned PER.

Open types stand as octet strings, whose encoding is the same: a length and the octets.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import asn1tools  # type: ignore[import-untyped]

from iosemu.fax.ifp import DataPacket, DataType, FieldType, Indicator, Packet, Syntax

_INDICATORS = [name.lower().replace("_", "-").replace("v34-cc", "v34-CC") for name in Indicator.__members__]
_DATA = [name.lower().replace("_", "-").replace("v34-cc", "v34-CC") for name in DataType.__members__]
_FIELDS = [
    name.lower().replace("_", "-").replace("fcs-ok", "fcs-OK").replace("fcs-bad", "fcs-BAD")
    for name in FieldType.__members__
]


def _enumeration(names: list[str], root: int, extensible: bool = True) -> str:
    extension = ["...", *names[root:]] if extensible else []
    return "ENUMERATED {" + ", ".join(names[:root] + extension) + "}"


def _module(syntax: Syntax) -> str:
    return f"""
T38 DEFINITIONS AUTOMATIC TAGS ::= BEGIN
IFPPacket ::= SEQUENCE {{ type-of-msg Type-of-msg, data-field Data-Field OPTIONAL }}
Type-of-msg ::= CHOICE {{
    t30-indicator {_enumeration(_INDICATORS, 16)},
    t30-data {_enumeration(_DATA, 9)}
}}
Data-Field ::= SEQUENCE OF SEQUENCE {{
    field-type {_enumeration(_FIELDS, 8, syntax is Syntax.V2002)},
    field-data OCTET STRING (SIZE (1..65535)) OPTIONAL
}}
UDPTLPacket ::= SEQUENCE {{
    seq-number INTEGER (0..65535),
    primary-ifp-packet OCTET STRING,
    error-recovery CHOICE {{
        secondary-ifp-packets SEQUENCE OF OCTET STRING,
        fec-info SEQUENCE {{ fec-npackets INTEGER, fec-data SEQUENCE OF OCTET STRING }}
    }}
}}
END
"""


@cache
def t38(syntax: Syntax = Syntax.V2002) -> Any:
    return asn1tools.compile_string(_module(syntax), "per")


def ifp_value(packet: Packet) -> dict[str, Any]:
    """A packet as asn1tools wants it."""
    if isinstance(packet, Indicator):
        return {"type-of-msg": ("t30-indicator", _INDICATORS[packet])}
    fields = [
        {"field-type": _FIELDS[kind]} | ({"field-data": octets} if octets else {}) for kind, octets in packet.fields
    ]
    return {"type-of-msg": ("t30-data", _DATA[packet.kind]), "data-field": fields}


def ifp_octets(packet: DataPacket | Indicator, syntax: Syntax = Syntax.V2002) -> bytes:
    return bytes(t38(syntax).encode("IFPPacket", ifp_value(packet)))


def udptl_octets(sequence: int, primary: bytes, recovery: tuple[str, Any]) -> bytes:
    value = {"seq-number": sequence, "primary-ifp-packet": primary, "error-recovery": recovery}
    return bytes(t38().encode("UDPTLPacket", value))
