"""IFP packets of T.38: indicators and data fields in aligned PER, written directly because every packet passes here.

Rule: `encode` gives the canonical octets, `decode` takes nothing else than one whole packet and raises only IfpError.
Source: ITU-T T.38 annex A and ITU-T X.691 (aligned variant). The 2002 syntax, used by T.38 versions 1 and later, made
the field type extensible; version 0 (1998) writes it in three bits without an extension bit, which moves everything
after it.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import Final, NamedTuple


class IfpError(Exception):
    """Octets that are no IFP packet, or a packet that has no encoding."""


class Syntax(Enum):
    """Which ASN.1 module of T.38 is meant."""

    V1998 = 0
    V2002 = 1


class Indicator(IntEnum):
    """t30-indicator; the code is the index in the ASN.1 enumeration, those from 16 on are its extensions."""

    NO_SIGNAL = 0
    CNG = 1
    CED = 2
    V21_PREAMBLE = 3
    V27_2400_TRAINING = 4
    V27_4800_TRAINING = 5
    V29_7200_TRAINING = 6
    V29_9600_TRAINING = 7
    V17_7200_SHORT_TRAINING = 8
    V17_7200_LONG_TRAINING = 9
    V17_9600_SHORT_TRAINING = 10
    V17_9600_LONG_TRAINING = 11
    V17_12000_SHORT_TRAINING = 12
    V17_12000_LONG_TRAINING = 13
    V17_14400_SHORT_TRAINING = 14
    V17_14400_LONG_TRAINING = 15
    V8_ANSAM = 16
    V8_SIGNAL = 17
    V34_CNTL_CHANNEL_1200 = 18
    V34_PRI_CHANNEL = 19
    V34_CC_RETRAIN = 20
    V33_12000_TRAINING = 21
    V33_14400_TRAINING = 22


class DataType(IntEnum):
    """t30-data: the modulation of a data packet; those from 9 on are extensions."""

    V21 = 0
    V27_2400 = 1
    V27_4800 = 2
    V29_7200 = 3
    V29_9600 = 4
    V17_7200 = 5
    V17_9600 = 6
    V17_12000 = 7
    V17_14400 = 8
    V8 = 9
    V34_PRI_RATE = 10
    V34_CC_1200 = 11
    V34_PRI_CH = 12
    V33_12000 = 13
    V33_14400 = 14


class FieldType(IntEnum):
    """field-type of a data field; those from 8 on are extensions."""

    HDLC_DATA = 0
    HDLC_SIG_END = 1
    HDLC_FCS_OK = 2
    HDLC_FCS_BAD = 3
    HDLC_FCS_OK_SIG_END = 4
    HDLC_FCS_BAD_SIG_END = 5
    T4_NON_ECM_DATA = 6
    T4_NON_ECM_SIG_END = 7
    CM_MESSAGE = 8
    JM_MESSAGE = 9
    CI_MESSAGE = 10
    V34RATE = 11


# These two are tuples, not dataclasses: one of each is made for every packet, and tuples take half the time.


class Field(NamedTuple):
    """One data field; empty `octets` mean that the field carries none. First bit on the line leftmost."""

    kind: FieldType
    octets: bytes = b""


class DataPacket(NamedTuple):
    """A t30-data packet."""

    kind: DataType
    fields: tuple[Field, ...]


Packet = Indicator | DataPacket

MAX_FIELD_OCTETS: Final = 65535
MAX_FIELDS: Final = 16383  # more would need a fragmented length, which no packet on a network reaches

_INDICATORS: Final = tuple(Indicator)
_DATA_TYPES: Final = tuple(DataType)
_FIELD_TYPES: Final = tuple(FieldType)

_INDICATOR_ROOT: Final = 16
_DATA_ROOT: Final = 9
_FIELD_ROOT: Final = 8

# First bits: is a data field present, which choice, extended or not; then the index: in the root in four bits, among
# the extensions as a small number in seven, whose first is 0.
_INDICATOR_OCTETS: Final = tuple(
    bytes([code << 1]) if code < _INDICATOR_ROOT else (0x2000 | (code - _INDICATOR_ROOT) << 6).to_bytes(2, "big")
    for code in _INDICATORS
)
_DATA_OCTETS: Final = tuple(
    bytes([0xC0 | code << 1]) if code < _DATA_ROOT else (0xE000 | (code - _DATA_ROOT) << 6).to_bytes(2, "big")
    for code in _DATA_TYPES
)
_BY_INDICATOR_OCTET: Final[dict[bytes, Packet]] = {
    octets: _INDICATORS[code] for code, octets in enumerate(_INDICATOR_OCTETS)
}

# Header bits of a field without and with octets: (value, how many bits), by syntax and field type.
_Header = tuple[int, int]


def _headers(syntax: Syntax, present: int) -> tuple[_Header | None, ...]:
    headers: list[_Header | None] = []
    for code in _FIELD_TYPES:
        if syntax is Syntax.V1998:
            headers.append((present << 3 | code, 4) if code < _FIELD_ROOT else None)
        elif code < _FIELD_ROOT:
            headers.append((present << 4 | code, 5))
        else:
            headers.append((present << 8 | 0x80 | (code - _FIELD_ROOT), 9))
    return tuple(headers)


# By far the most packets: one field with octets, of a type in the root; all of it before the length.
_LONE_FIELDS: Final = tuple(
    tuple(head + bytes((1, 0x80 | code << 3)) for code in range(_FIELD_ROOT)) for head in _DATA_OCTETS
)
_BY_LONE_FIELD: Final = {
    _LONE_FIELDS[kind][code]: (_DATA_TYPES[kind], _FIELD_TYPES[code])
    for kind in range(_DATA_ROOT)
    for code in range(_FIELD_ROOT)
}

_HEADERS: Final = {syntax: (_headers(syntax, 0), _headers(syntax, 1)) for syntax in Syntax}


def encode(packet: Packet, syntax: Syntax = Syntax.V2002) -> bytes:
    """The octets of a packet; raises IfpError where a field is too long or of a type that the syntax lacks."""
    if isinstance(packet, Indicator):
        return _INDICATOR_OCTETS[packet]
    fields = packet.fields
    count = len(fields)
    if count == 1 and syntax is Syntax.V2002:
        kind, octets = fields[0]
        if octets and kind < _FIELD_ROOT and len(octets) <= MAX_FIELD_OCTETS:
            return b"".join((_LONE_FIELDS[packet.kind][kind], (len(octets) - 1).to_bytes(2, "big"), octets))
    if count > MAX_FIELDS:
        raise IfpError(f"{count} fields in a packet")
    head = _DATA_OCTETS[packet.kind]
    parts = [head, bytes((count,)) if count < 128 else (0x8000 | count).to_bytes(2, "big")]
    bits = width = 0
    headers = _HEADERS[syntax]
    for kind, octets in fields:
        header = headers[1 if octets else 0][kind]
        if header is None:
            raise IfpError(f"{kind.name} does not exist in the 1998 syntax")
        if width:
            bits = bits << header[1] | header[0]
            width += header[1]
        else:
            bits, width = header
        if octets:
            length = len(octets)
            if length > MAX_FIELD_OCTETS:
                raise IfpError(f"a field of {length} octets")
            size = (width + 7) >> 3
            # The bits, padding up to an octet, then the length less one in two octets.
            parts.append(((bits << (size * 8 - width)) << 16 | (length - 1)).to_bytes(size + 2, "big"))
            parts.append(octets)
            width = 0
    if width:
        size = (width + 7) >> 3
        parts.append((bits << (size * 8 - width)).to_bytes(size, "big"))
    return b"".join(parts)


def decode(octets: bytes, syntax: Syntax = Syntax.V2002, *, padded: bool = False) -> Packet:
    """The packet in `octets`; raises IfpError for anything that is not exactly one packet.

    `padded` allows zeros behind it, as they stand behind a packet that was repaired by parity.
    """
    if len(octets) < 3 and (indicator := _BY_INDICATOR_OCTET.get(octets)) is not None:
        return indicator
    try:
        lone = _BY_LONE_FIELD.get(octets[:3]) if syntax is Syntax.V2002 else None
        if lone is not None and (octets[3] << 8 | octets[4]) + 6 == len(octets):
            return DataPacket(lone[0], (Field(lone[1], octets[5:]),))
        if padded and octets and not octets[0] & 0x80:
            return _decode_padded_indicator(octets)
        return _decode_data(octets, syntax, padded)
    except IndexError:
        raise IfpError("the packet ends too early") from None


def _decode_padded_indicator(octets: bytes) -> Packet:
    size = 2 if octets[0] & 0x20 else 1
    indicator = _BY_INDICATOR_OCTET.get(octets[:size])
    if indicator is None or any(octets[size:]):
        raise IfpError(f"first octet {octets[0]:02x}")
    return indicator


def _decode_data(octets: bytes, syntax: Syntax, padded: bool) -> DataPacket:
    first = octets[0]
    if first & 0xE0 == 0xC0:
        code = first >> 1 & 0x0F
        if code >= _DATA_ROOT:
            raise IfpError(f"data type {code}")
        at = 1
    elif first & 0xF0 == 0xE0:
        code = _DATA_ROOT + ((first & 0x0F) << 2 | octets[1] >> 6)
        if code >= len(_DATA_TYPES):
            raise IfpError(f"data type {code}")
        at = 2
    else:
        raise IfpError(f"first octet {first:02x}")
    count = octets[at]
    at += 1
    if count & 0x80:
        if count & 0x40:
            raise IfpError("a fragmented length")
        count = (count & 0x3F) << 8 | octets[at]
        at += 1
    extensible = syntax is Syntax.V2002
    total = len(octets)
    fields = []
    offset = 0  # bits of octets[at] that are used up
    for _ in range(count):
        # The header takes at most nine bits: look at three octets, beyond the end at zeros.
        if offset == 0 and extensible and not octets[at] & 0x40:
            header = octets[at]
            kind = header >> 3 & 7
            present = header & 0x80
            offset = 5
        else:
            window = int.from_bytes(octets[at : at + 3].ljust(3, b"\0"), "big") << offset & 0xFFFFFF
            present = window & 0x800000
            if not extensible:
                kind = window >> 20 & 7
                offset += 4
            elif not window & 0x400000:
                kind = window >> 19 & 7
                offset += 5
            else:
                if window & 0x200000:
                    raise IfpError("an unknown field type")
                kind = _FIELD_ROOT + (window >> 15 & 0x3F)
                offset += 9
            if kind >= len(_FIELD_TYPES):
                raise IfpError(f"field type {kind}")
            at, offset = at + (offset >> 3), offset & 7
        if present:
            if offset:
                at += 1
                offset = 0
            start = at + 2
            at = start + (octets[at] << 8 | octets[at + 1]) + 1
            if at > total:
                raise IfpError("a field ends too early")
            fields.append(Field(_FIELD_TYPES[kind], octets[start:at]))
        else:
            fields.append(Field(_FIELD_TYPES[kind]))
    at += 1 if offset else 0
    if at != total and not (padded and at < total and not any(octets[at:])):
        raise IfpError("the packet and its octets differ in length")
    return DataPacket(_DATA_TYPES[code], tuple(fields))
