"""The dial peers of a router in DIAL-CONTROL-MIB, CISCO-VOICE-DIAL-CONTROL-MIB and CISCO-MMAIL-DIAL-CONTROL-MIB, and
how faxes are headed.

Rule: a row a peer, from the dial plan and the counters that `show dial-peer voice` has. Source: RFC 2128, the MIBs of
Cisco as published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from iosemu.commands.snmp.calls import DIAL_CONTROL
from iosemu.commands.snmp.interfaces import PEER_TYPES
from iosemu.commands.snmp.values import FALSE, MANAGEMENT, TRUE, gauge, integer, octets, text, ticks
from iosemu.management.snmp.mib import Scalar, Table, Value
from iosemu.management.snmp.views import Oid
from iosemu.voice.dial_plan import DialPeer, Dsn, ImageEncoding, ImageResolution, PeerType
from iosemu.voice.digits import Pattern

if TYPE_CHECKING:
    from iosemu.commands.context import Device

_VOICE: Oid = (*MANAGEMENT, 63, 1, 2)
_MAIL: Oid = (*MANAGEMENT, 102, 1)
_PEER_TYPES = {PeerType.POTS: 1, PeerType.VOIP: 2, PeerType.MMOIP: 3}
_SPEECH, _FAX = 2, 10
_BOTH_WAYS = 3
_ACTIVE, _OUT_OF_SERVICE = 1, 2
_UNLIMITED = -1
_FORWARD = {"default": -1, "extra": -2, "all": -3}
_ENCODINGS = {ImageEncoding.PASSTHROUGH: 1, ImageEncoding.MH: 2, ImageEncoding.MR: 3, ImageEncoding.MMR: 4}
_RESOLUTIONS = {
    ImageResolution.PASSTHROUGH: 1,
    ImageResolution.STANDARD: 2,
    ImageResolution.FINE: 3,
    ImageResolution.SUPERFINE: 4,
}
_DSN_BITS = {Dsn.SUCCESS: 0x80, Dsn.FAILURE: 0x40, Dsn.DELAY: 0x20}

_Read = Callable[[DialPeer], Value]


def _pattern(pattern: Pattern | None) -> Value:
    return text(pattern.text if pattern is not None else "")


def _truth(value: bool) -> Value:
    return integer(TRUE if value else FALSE)


def _forwarded(peer: DialPeer) -> Value:
    digits = peer.forward_digits
    return integer(int(digits) if digits.isdigit() else _FORWARD.get(digits, -1))


def _number(value: int) -> _Read:
    return lambda peer: integer(value)


_CONFIGURED: dict[int, _Read] = {
    2: lambda peer: integer(PEER_TYPES[peer.type]),
    3: _number(0),
    4: lambda peer: _pattern(peer.destination),
    5: lambda peer: _pattern(peer.answer_address),
    6: lambda peer: text(""),
    7: lambda peer: text(""),
    8: _number(0),
    9: lambda peer: integer(_FAX if peer.information == "fax" else _SPEECH),
    10: _number(_BOTH_WAYS),
    11: _number(0),
    12: _number(0),
    13: _number(0),
    14: _number(0),
    15: _number(0),
    16: _number(0),
    17: _number(0),
    18: _number(FALSE),
    19: lambda peer: integer(_OUT_OF_SERVICE if peer.shutdown else _ACTIVE),
}
_COMMON: dict[int, _Read] = {
    1: lambda peer: _pattern(peer.incoming_called),
    2: lambda peer: integer(peer.max_connections if peer.max_connections is not None else _UNLIMITED),
    3: lambda peer: text(peer.application_in or peer.application_out),
    4: lambda peer: integer(peer.preference),
    5: lambda peer: _truth(peer.huntstop),
}
_POTS: dict[int, _Read] = {
    1: lambda peer: text(peer.port),
    2: lambda peer: text(peer.prefix),
    3: lambda peer: _truth(peer.direct_inward_dial),
    4: lambda peer: text(""),
    5: _number(TRUE),
    6: _forwarded,
}
_MMOIP: dict[int, _Read] = {
    1: _number(1),
    2: lambda peer: text(peer.session_target),
    3: lambda peer: integer(_ENCODINGS[peer.image_encoding]),
    4: lambda peer: integer(_RESOLUTIONS[peer.image_resolution]),
    5: lambda peer: _truth(peer.mdn),
    6: lambda peer: octets(bytes([sum(_DSN_BITS[word] for word in peer.dsn)])),
}


def peer_objects(device: Device) -> Iterator[Scalar | Table[Any]]:
    """The tables of dial peers, and what is configured of faxes in general."""

    def by_interface(kind: PeerType | None = None, *, tag: bool = False) -> Any:
        def rows() -> list[tuple[Oid, DialPeer]]:
            service = device.voice
            numbers = service.indexes.peers
            peers = [peer for peer in service.settings.plan.peers if kind is None or peer.type is kind]
            return [((*([peer.tag] if tag else []), numbers[peer.tag]), peer) for peer in peers]

        return rows

    yield Scalar((*DIAL_CONTROL, 1, 1, 1), lambda: integer(1))
    yield Scalar((*DIAL_CONTROL, 1, 1, 2), lambda: integer(2))
    yield Table((*DIAL_CONTROL, 1, 2, 1, 1), _CONFIGURED, by_interface(tag=True))
    yield Table((*DIAL_CONTROL, 1, 2, 2, 1), _counted(device), by_interface(tag=True))
    yield Table(
        (*_VOICE, 1, 1),
        {
            2: lambda row: integer(row[0]),
            3: lambda row: integer(_PEER_TYPES[row[1].type]),
            4: _number(1),
            5: _number(1),
        },
        lambda: [((peer.tag,), (index[0], peer)) for index, peer in by_interface()()],
    )
    yield Table((*_VOICE, 2, 1), _POTS, by_interface(PeerType.POTS))
    yield Table((*_VOICE, 4, 1), _COMMON, by_interface())
    yield Table((*_MAIL, 1, 1, 1), _MMOIP, by_interface(PeerType.MMOIP))
    yield from _fax(device)


def _counted(device: Device) -> dict[int, _Read]:
    def row(peer: DialPeer) -> Any:
        return device.voice.control.statistics.row(peer.tag)

    def cause(peer: DialPeer) -> Value:
        last = row(peer).last_cause
        return octets(bytes([last]) if last is not None else b"")

    return {
        1: lambda peer: gauge(row(peer).connect_time),
        2: lambda peer: gauge(0),
        3: lambda peer: gauge(row(peer).successful),
        4: lambda peer: gauge(row(peer).failed),
        5: lambda peer: gauge(row(peer).accepted),
        6: lambda peer: gauge(row(peer).refused),
        7: cause,
        8: lambda peer: text(row(peer).last_text),
        9: lambda peer: ticks(row(peer).last_setup / 100),
    }


def _fax(device: Device) -> Iterator[Scalar]:
    """cmmFaxGeneralCfg: subscriber identities and heading lines, as configured."""
    root = device.config.root

    def said(command: str) -> Callable[[], Value]:
        def read() -> Value:
            line = root.get(command)
            words = line.tokens[command.count(" ") + 1 :] if line is not None and not line.negated else ()
            return text(" ".join(words))

        return read

    commands: tuple[str, ...] = ("receive called-subscriber", "send transmitting-subscriber")
    commands += ("send right-header", "send center-header", "send left-header")
    for number, command in enumerate(commands, 1):
        yield Scalar((*_MAIL, 4, number), said(f"fax {command}"))
