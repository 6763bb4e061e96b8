"""The calls of a router: DIAL-CONTROL-MIB, CISCO-DIAL-CONTROL-MIB, CISCO-VOICE-DIAL-CONTROL-MIB and
CISCO-MMAIL-DIAL-CONTROL-MIB.

Rule: a row for each leg that `show call active` and `show call history` have, from the same records; a leg on a voice
port has a row in the voice tables too, a leg to the mail network one in the mail tables. Two legs that were set up in
the same hundredth of a second are told apart by their order. Source: RFC 2128, the MIBs of Cisco as published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iosemu.commands.snmp.values import (
    EXPERIMENT,
    FALSE,
    MANAGEMENT,
    MIB_2,
    address,
    gauge,
    integer,
    number_of,
    octets,
    text,
    ticks,
)
from iosemu.commands.voice.call_text import is_voice, spans_ms
from iosemu.management.snmp.mib import BadValue, Scalar, Table, Value
from iosemu.management.snmp.views import Oid
from iosemu.voice.legs import LegRecord, Mail, Notification, Telephony

if TYPE_CHECKING:
    from iosemu.commands.context import Device

DIAL_CONTROL: Oid = (*MIB_2, 10, 21)
ACTIVE_ENTRY: Oid = (*DIAL_CONTROL, 1, 3, 1, 1)
HISTORY_ENTRY: Oid = (*DIAL_CONTROL, 1, 4, 3, 1)
_CISCO_HISTORY: Oid = (*EXPERIMENT, 25, 1, 4, 3, 1)
_VOICE: Oid = (*MANAGEMENT, 63, 1)
_MAIL: Oid = (*MANAGEMENT, 102, 1)
SPEECH, FAX = 2, 10
_FAX_RATES = {2400: 2, 4800: 3, 7200: 4, 9600: 5, 14400: 6, 12000: 7}
_OTHER_CODER = 1
_G711_U_LAW = 15
_ENCODINGS = {"MH": 2, "MR": 3, "MMR": 4}
_RESOLUTIONS = {"standard": 2, "fine": 3, "superfine": 4}
_NOTIFICATIONS = {Notification.NONE: 1, Notification.MDN: 2, Notification.DSN: 3, Notification.DSN_MDN: 4}
_LEVEL = -1  # a fax DSP measures none, as `show call` prints
_MOST_ENTRIES, _MOST_MINUTES = 500, 2_147_483_647


@dataclass(frozen=True, slots=True)
class CallRow:
    """A leg and what the tables of calls know it by; `end_s` is now while it lasts."""

    leg: LegRecord
    index: Oid
    number: int
    end_s: float
    peer_interface: int
    logical_interface: int


def active_rows(device: Device) -> list[CallRow]:
    """The legs in progress."""
    now_s = device.voice.control.uptime()
    return _rows(device, ((0, leg, now_s) for leg in device.voice.control.active))


def history_rows(device: Device) -> list[CallRow]:
    """The legs that have ended and are still kept."""
    service = device.voice
    service.refresh_history()
    entries = service.control.history.entries(service.control.uptime())
    return _rows(device, ((entry.index, entry.leg, entry.leg.disconnect_s or 0.0) for entry in entries))


def _rows(device: Device, legs: Iterable[tuple[int, LegRecord, float]]) -> list[CallRow]:
    indexes = device.voice.indexes
    seen: Counter[int] = Counter()
    rows = []
    for number, leg, end_s in legs:
        setup = round(leg.setup_s * 100)
        seen[setup] += 1
        port = leg.detail.port if isinstance(leg.detail, Telephony) else ""
        peer_interface, logical = indexes.peers.get(leg.tag, 0), indexes.ports.get(port, 0)
        rows.append(CallRow(leg, (setup, seen[setup]), number, end_s, peer_interface, logical))
    return rows


def cause(leg: LegRecord) -> Value:
    """The cause as the tables have it, octets of a number; none where there is none."""
    return octets(bytes([leg.cause.value]) if leg.cause is not None else b"")


def _information(row: CallRow) -> Value:
    return integer(SPEECH if is_voice(row.leg) else FAX)


_Read = Callable[[CallRow], Value]
_PEER: tuple[_Read, ...] = (
    lambda row: text(row.leg.peer_address),
    lambda row: text(""),
    lambda row: integer(row.leg.tag),
    lambda row: integer(row.peer_interface),
    lambda row: integer(row.logical_interface),
)
_COUNTS: tuple[_Read, ...] = (
    lambda row: integer(row.leg.origin.value),
    lambda row: gauge(0),
    _information,
    lambda row: gauge(row.leg.tx_packets),
    lambda row: gauge(row.leg.tx_octets),
    lambda row: gauge(row.leg.rx_packets),
    lambda row: gauge(row.leg.rx_octets),
)
_ENDED: tuple[_Read, ...] = (
    *_PEER,
    lambda row: cause(row.leg),
    lambda row: text(row.leg.text),
    lambda row: ticks(row.leg.connect_s),
    lambda row: ticks(row.leg.disconnect_s),
    *_COUNTS,
)
_GOING: tuple[_Read, ...] = (
    *_PEER,
    lambda row: ticks(row.leg.connect_s),
    lambda row: integer(row.leg.state.value),
    *_COUNTS,
)


def call_objects(device: Device) -> Iterator[Scalar | Table[Any]]:
    """The tables of calls, those that go on and those that have ended."""

    def by_time(rows: Callable[[Device], list[CallRow]], kind: type | None = None) -> Any:
        return lambda: [(row.index, row) for row in rows(device) if kind is None or isinstance(row.leg.detail, kind)]

    def by_number(kind: type | None = None) -> Any:
        return lambda: [
            ((row.number,), row) for row in history_rows(device) if kind is None or isinstance(row.leg.detail, kind)
        ]

    def limit(command: str, most: int) -> Callable[[Value], None]:
        def write(value: Value) -> None:
            from iosemu.commands.loading import load

            if load(device, f"dial-control-mib {command} {number_of(value, most)}"):
                raise BadValue("wrongValue")

        return write

    yield Table(ACTIVE_ENTRY, dict(enumerate(_GOING, 3)), by_time(active_rows))
    yield Scalar(
        (*DIAL_CONTROL, 1, 4, 1),
        lambda: integer(device.voice.settings.history.max_size),
        limit("max-size", _MOST_ENTRIES),
    )
    yield Scalar(
        (*DIAL_CONTROL, 1, 4, 2),
        lambda: integer(device.voice.settings.history.retain_minutes),
        limit("retain-timer", _MOST_MINUTES),
    )
    yield Table(HISTORY_ENTRY, dict(enumerate(_ENDED, 1)), by_time(history_rows))
    setup: _Read = lambda row: ticks(row.leg.setup_s)  # noqa: E731
    source: _Read = lambda row: integer(row.leg.release_source)  # noqa: E731
    yield Table(_CISCO_HISTORY, {2: setup, **dict(enumerate(_ENDED, 3)), 20: source}, by_number())
    yield Table((*_VOICE, 3, 1, 1), _VOICE_GOING, by_time(active_rows, Telephony))
    yield Table((*_VOICE, 4, 1, 1), _VOICE_ENDED, by_number(Telephony))
    yield Table((*_MAIL, 2, 1, 1), _MAIL_COLUMNS, by_time(active_rows, Mail))
    yield Table((*_MAIL, 3, 1, 1), _MAIL_COLUMNS, by_number(Mail))


def _identity(row: CallRow) -> Value:
    """The identity of the connection, sixteen octets (CvcGUid)."""
    return octets(b"".join(word.to_bytes(4, "big") for word in row.leg.connection.words))


def _span(place: int) -> _Read:
    return lambda row: gauge(spans_ms(row.leg, row.end_s)[place])


def _telephony(read: Callable[[Telephony], Value]) -> _Read:
    def of(row: CallRow) -> Value:
        assert isinstance(row.leg.detail, Telephony)
        return read(row.leg.detail)

    return of


def _mail(read: Callable[[Mail], Value]) -> _Read:
    def of(row: CallRow) -> Value:
        assert isinstance(row.leg.detail, Mail)
        return read(row.leg.detail)

    return of


def _coder(tele: Telephony) -> Value:
    return integer(_G711_U_LAW if tele.speech else _FAX_RATES.get(tele.rate_bps, _OTHER_CODER))


_SPANS: dict[int, _Read] = {1: _identity, 2: _span(0), 3: _span(1), 4: _span(2), 5: _telephony(_coder)}
_LEVELS: dict[int, _Read] = dict.fromkeys((6, 7), lambda row: integer(_LEVEL))
_PAGES: tuple[_Read, ...] = (
    lambda row: text(""),
    _telephony(lambda tele: gauge(tele.pages)),
    _telephony(lambda tele: text(tele.calling_name)),
    lambda row: integer(FALSE),
)
_VOICE_ENDED = {**_SPANS, **_LEVELS, **dict(enumerate(_PAGES, 8))}
_VOICE_GOING = {
    **_SPANS,
    **_LEVELS,
    8: lambda row: integer(0),
    9: lambda row: integer(0),
    10: lambda row: integer(_LEVEL),
    **dict(enumerate(_PAGES, 11)),
}
_MAIL_COLUMNS: dict[int, _Read] = {
    1: _identity,
    2: _mail(lambda mail: address(mail.remote)),
    3: lambda row: integer(1),
    4: _mail(lambda mail: text(mail.target)),
    5: _mail(lambda mail: text(mail.message_id)),
    6: _mail(lambda mail: text(mail.account_id)),
    7: _mail(lambda mail: integer(_ENCODINGS.get(mail.encoding.upper(), 2))),
    8: _mail(lambda mail: integer(_RESOLUTIONS.get(mail.resolution, 3))),
    9: _mail(lambda mail: gauge(mail.accepted_mime)),
    10: _mail(lambda mail: gauge(mail.discarded_mime)),
    11: _mail(lambda mail: integer(_NOTIFICATIONS[mail.notification])),
}
