"""The agent: what a request is answered, by what its sender may see and set.

Rule: sans-IO. A datagram goes in, the answer comes out, or None: what cannot be read, and who is not known, hears
nothing. Whatever the octets are, nothing but the counters changes. Source: RFC 3416 section 4.2, RFC 3584 section 4
(version 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pysnmp.error import PySnmpError
from pysnmp.proto import rfc1902, rfc1905
from pysnmp.proto.api import decodeMessageVersion, v1, v2c
from pysnmp.proto.proxy import rfc2576

from iosemu.management.snmp.counters import Counters
from iosemu.management.snmp.mib import BadValue, Mib, Snapshot, Value
from iosemu.management.snmp.views import NOTHING, Oid, View

if TYPE_CHECKING:
    from iosemu.management.snmp.usm import UserSecurity

VERSION_1, VERSION_2C, VERSION_3 = 0, 1, 3
_PLAIN = {VERSION_1: v1, VERSION_2C: v2c}
TOO_BIG, NO_ACCESS, NOT_WRITABLE, AUTHORIZATION = "tooBig", "noAccess", "notWritable", "authorizationError"
_STATUS = {name: int(number) for name, number in rfc1905.errorStatus.namedValues.items()}
_MOST_REPETITIONS = 1000
_AROUND = 100
"""Octets of a message around its variables, at most, but for a long community."""
_COUNTER64 = rfc1902.Counter64.tagSet
_EXCEPTIONS = {value.tagSet for value in (rfc1905.noSuchObject, rfc1905.noSuchInstance, rfc1905.endOfMibView)}


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may see, and set."""

    read: View
    write: View = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """See the module's rule.

    `community` gives the access of a community string to a sender (None: none at all), `user` that of a user at a level
    ("authPriv"); `users` are those who speak version 3, made when one first does; `refused` is told of a sender who is
    not let in. `most_octets` is the size of the largest message.
    """

    mib: Mib
    community: Callable[[bytes, str], Access | None]
    user: Callable[[str, str, str], Access | None]
    users: Callable[[], UserSecurity]
    refused: Callable[[str], object]
    most_octets: Callable[[], int]
    counters: Counters

    def answer(self, octets: bytes, sender: str) -> bytes | None:
        """The answer to a datagram from the address `sender`."""
        self.counters.in_packets += 1
        try:
            version = int(decodeMessageVersion(octets))
            if version == VERSION_3:
                reply = self.users().answer(octets, sender, partial(self._of_user, sender))
            elif version in _PLAIN:
                reply = self._plain(octets, version, sender)
            else:
                self.counters.bad_versions += 1
                return None
        except (PyAsn1Error, PySnmpError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError):
            # The library raises nearly anything on octets that are no message.
            self.counters.parse_errors += 1
            return None
        if reply is not None:
            self.counters.out_packets += 1
        return reply

    def _plain(self, octets: bytes, version: int, sender: str) -> bytes | None:
        """A message of version 1 or 2c."""
        module = _PLAIN[version]
        message, _ = decoder.decode(octets, asn1Spec=module.Message())
        community = bytes(module.apiMessage.get_community(message))
        access = self.community(community, sender)
        if access is None:
            self.counters.bad_communities += 1
            self.refused(sender)
            return None
        asked = module.apiMessage.get_pdu(message)
        pdu = rfc2576.v1_to_v2(asked) if version == VERSION_1 else asked

        def wrap(response: Any) -> bytes:
            reply = module.Message()
            module.apiMessage.set_defaults(reply)
            module.apiMessage.set_community(reply, community)
            plain = rfc2576.v2_to_v1(response, asked) if version == VERSION_1 else response
            module.apiMessage.set_pdu(reply, plain)
            return bytes(encoder.encode(reply))

        return self._fitting(pdu, access, wrap, version)

    def _fitting(self, pdu: Any, access: Access, wrap: Callable[[Any], bytes], version: int) -> bytes | None:
        response = self._respond(pdu, access, version, self.most_octets())
        if response is None:
            return None
        self.counters.responses += 1
        reply = wrap(response)
        if len(reply) <= self.most_octets():
            return reply
        self.counters.too_big += 1
        v2c.apiPDU.set_varbinds(response, [])
        _fail(response, TOO_BIG, 0)
        return wrap(response)

    def _of_user(self, sender: str, pdu: Any, user: str, level: str, most: int) -> Any:
        """The Response-PDU to a request of version 3; a user without access gets an error."""
        access = self.user(user, level, sender)
        if access is None:
            response = v2c.apiPDU.get_response(pdu)
            v2c.apiPDU.set_varbinds(response, v2c.apiPDU.get_varbinds(pdu))
            _fail(response, AUTHORIZATION, 1)
        else:
            response = self._respond(pdu, access, VERSION_3, min(most, self.most_octets()))
        self.counters.responses += response is not None
        return response

    def _respond(self, pdu: Any, access: Access, version: int, most: int) -> Any:
        """The Response-PDU, as one of version 2, to a request; None for what is no request.

        `most` is how many octets the message may have.
        """
        counters, now = self.counters, self.mib.now()
        asked = [(tuple(map(int, oid)), value) for oid, value in v2c.apiPDU.get_varbinds(pdu)]
        room = most - _AROUND
        kind, response = pdu.tagSet, v2c.apiPDU.get_response(pdu)
        if kind == rfc1905.GetRequestPDU.tagSet:
            counters.gets += 1
            bound = [(oid, _get(now, oid, access.read)) for oid, _ in asked]
        elif kind == rfc1905.GetNextRequestPDU.tagSet:
            counters.nexts += 1
            bound = [_next(now, oid, access.read, version) for oid, _ in asked]
        elif kind == rfc1905.GetBulkRequestPDU.tagSet and version != VERSION_1:
            counters.nexts += 1
            bound = self._bulk(now, pdu, [oid for oid, _ in asked], access.read, room)
        elif kind == rfc1905.SetRequestPDU.tagSet:
            counters.sets += 1
            bound = asked
            self._set(asked, access, response)
        else:
            return None
        counters.requested += len(bound)
        if version == VERSION_1 and any(_is_exception(value) for _, value in bound):
            counters.no_such_names += 1
        v2c.apiPDU.set_varbinds(response, bound)
        return response

    @staticmethod
    def _bulk(now: Snapshot, pdu: Any, asked: list[Oid], view: View, room: int) -> list[tuple[Oid, Value]]:
        """As many repetitions as are asked for and fit into a message."""
        once = min(max(int(v2c.apiBulkPDU.get_non_repeaters(pdu)), 0), len(asked))
        times = min(max(int(v2c.apiBulkPDU.get_max_repetitions(pdu)), 0), _MOST_REPETITIONS)
        bound = [_next(now, oid, view, VERSION_2C) for oid in asked[:once]]
        last = asked[once:]
        room -= sum(map(_size, bound))
        for _ in range(times if last else 0):
            row = [_next(now, oid, view, VERSION_2C) for oid in last]
            for one in row:
                room -= _size(one)
                if room < 0 and bound:
                    return bound
                bound.append(one)
            if all(_is_exception(value) for _, value in row):
                break
            last = [oid for oid, _ in row]
        return bound

    def _set(self, asked: list[tuple[Oid, Value]], access: Access, response: Any) -> None:
        """All of it, or, where one may not be set, nothing."""
        writes = []
        for at, (oid, value) in enumerate(asked, 1):
            write = self.mib.writable(oid)
            if write is None or not access.write.shows(oid):
                self.counters.bad_uses += write is not None
                return _fail(response, NO_ACCESS if write is not None else NOT_WRITABLE, at)
            writes.append((write, value))
        for at, (write, value) in enumerate(writes, 1):
            try:
                write(value)
            except BadValue as error:
                self.counters.bad_values += 1
                return _fail(response, str(error), at)
            self.counters.altered += 1
        return None


def _fail(response: Any, status: str, at: int) -> None:
    v2c.apiPDU.set_error_status(response, _STATUS[status])
    v2c.apiPDU.set_error_index(response, at)


def _get(now: Snapshot, oid: Oid, view: View) -> Value:
    if not view.shows(oid):
        return rfc1905.noSuchObject
    value = now.get(oid)
    if value is None:
        return rfc1905.noSuchObject if now.find(oid) is None else rfc1905.noSuchInstance
    return value


def _next(now: Snapshot, oid: Oid, view: View, version: int) -> tuple[Oid, Value]:
    found = now.following(oid, view)
    while found is not None and version == VERSION_1 and found[1].tagSet == _COUNTER64:
        found = now.following(found[0], view)
    return found if found is not None else (oid, rfc1905.endOfMibView)


def _is_exception(value: Value) -> bool:
    return value.tagSet in _EXCEPTIONS


def _size(bound: tuple[Oid, Value]) -> int:
    """How many octets a variable takes in a message, at most."""
    oid, value = bound
    if isinstance(value, rfc1902.OctetString):
        return _digits(oid) + len(value) + 12
    return _digits(oid) + (_digits(value) if isinstance(value, rfc1902.ObjectIdentifier) else 9) + 12


def _digits(oid: Iterable[int]) -> int:
    """Octets of an identifier: seven bits each."""
    return sum(max(-(-int(part).bit_length() // 7), 1) for part in oid)
