"""Version 3: users with passwords, through the security model of pysnmp's engine.

Rule: the engine checks who speaks and hides what is said; what is answered is the agent's. The engine's own clock
counts its time, and it has been started as often as it is told. Source: RFC 3412, RFC 3414.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.carrier.base import AbstractTransportDispatcher
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.error import PySnmpError
from pysnmp.proto import rfc1902, rfc1905

if TYPE_CHECKING:
    from iosemu.management.snmp.users import User

LEVELS = {"noauth": "noAuthNoPriv", "auth": "authNoPriv", "priv": "authPriv"}
"""By the word of the configuration: the level of security."""
Respond = Callable[[Any, str, str, int], Any]
"""Gives the Response-PDU to a PDU, of the user of that name ("" for one who may nothing), at a level, within as many
octets; None for what is no request."""
_REQUESTS = (rfc1905.GetRequestPDU, rfc1905.GetNextRequestPDU, rfc1905.GetBulkRequestPDU, rfc1905.SetRequestPDU)
_MODEL = 3
_AUTHENTICATION = {"md5": config.USM_AUTH_HMAC96_MD5, "sha": config.USM_AUTH_HMAC96_SHA, "": config.USM_AUTH_NONE}


class UserSecurity:
    """An engine that speaks version 3, and has been started `boots` times."""

    def __init__(self, engine_id: bytes, boots: int) -> None:
        self.engine_id = engine_id
        self._engine = SnmpEngine()
        builder = self._engine.get_mib_builder()
        own, starts = builder.import_symbols("__SNMP-FRAMEWORK-MIB", "snmpEngineID", "snmpEngineBoots")
        own.syntax = self._engine.snmpEngineID = own.syntax.clone(engine_id)
        starts.syntax = starts.syntax.clone(boots)
        self._outlet = _Outlet()
        self._engine.register_transport_dispatcher(self._outlet)
        kinds = tuple(request.tagSet for request in _REQUESTS)
        self._engine.message_dispatcher.register_context_engine_id(own.syntax, kinds, self._request)
        self._users: frozenset[User] = frozenset()
        self._respond: Respond | None = None

    def set_users(self, users: frozenset[User]) -> None:
        """These are the users from now on."""
        for user in self._users - users:
            config.delete_v3_user(self._engine, user.name)
        for user in users - self._users:
            privacy = config.USM_PRIV_CBC56_DES if user.privacy_password else config.USM_PRIV_NONE
            config.add_v3_user(
                self._engine,
                user.name,
                _AUTHENTICATION[user.authentication],
                user.password or None,
                privacy,
                user.privacy_password or None,
            )
        self._users = users

    def answer(self, octets: bytes, sender: str, respond: Respond) -> bytes | None:
        """What the engine answers to a message, which may be a report."""
        self._respond = respond
        address = udp.UdpTransportAddress((sender, 0))
        self._engine.message_dispatcher.receive_message(self._engine, udp.DOMAIN_NAME, address, octets)
        return self._outlet.take()

    def trap(self, user: str, level: str, pdu: Any) -> bytes | None:
        """The message that carries a notification in a user's name; None where the user has no such level."""
        strength = tuple(LEVELS.values()).index(level) + 1
        engine, address = self._engine, udp.UdpTransportAddress(("0.0.0.0", 0))
        send = engine.message_dispatcher.send_pdu
        with suppress(PySnmpError):
            send(
                *(engine, udp.DOMAIN_NAME, address, _MODEL, _MODEL, rfc1902.OctetString(user), strength),
                *(engine.snmpEngineID, b"", 1, pdu, False),
            )
        return self._outlet.take()

    def _request(self, engine: Any, processing: int, model: int, user: Any, level: int, *rest: Any) -> None:
        """A request that the engine found good; a context other than the own one shows nothing."""
        context_engine, context, version, pdu, room, reference = rest
        assert self._respond is not None
        name = "" if bytes(context) else str(user)
        response = self._respond(pdu, name, tuple(LEVELS.values())[int(level) - 1], int(room))
        if response is not None:
            engine.message_dispatcher.return_response_pdu(
                *(engine, processing, model, user, level, context_engine, context, version, response),
                *(room, reference, {}),
            )


class _Outlet(AbstractTransportDispatcher):  # type: ignore[misc]  # pysnmp has no types
    """Takes what the engine sends."""

    def __init__(self) -> None:
        super().__init__()
        self._message: bytes | None = None

    def send_message(self, outgoing: Any, domain: Any, address: Any) -> None:
        self._message = bytes(outgoing)

    def take(self) -> bytes | None:
        message, self._message = self._message, None
        return message
