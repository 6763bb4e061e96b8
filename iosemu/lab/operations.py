"""What a running lab does for its tools: fax and mail, as operations of the control socket.

Rule: an operation checks what it is asked, raises LabError in words for the person at the tool, and gives plain values.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

import msgspec

from iosemu.clock import Clock
from iosemu.fax import render
from iosemu.fax.document import Document, DocumentError
from iosemu.lab.control import Operation, Request, Tell
from iosemu.lab.errors import LabError, NoSuchMailbox
from iosemu.lab.fax_machine import FaxMachine, MachineBusy, SendResult
from iosemu.lab.mail_accounts import Accounts
from iosemu.lab.mail_server import MailServer
from iosemu.lab.topology import digits
from iosemu.lab.tray import Tray


class World(Protocol):
    """What the operations need of a running lab."""

    @property
    def clock(self) -> Clock: ...

    @property
    def tray(self) -> Tray: ...

    @property
    def mail(self) -> Mapping[str, MailServer]: ...

    def machine(self, number: str) -> FaxMachine: ...

    def endpoints(self) -> dict[str, object]: ...


def operations(lab: World) -> dict[str, Operation]:
    """The operations by name."""
    desk = _Desk(lab)
    return {
        "lab.endpoints": desk.endpoints,
        "fax.send": desk.fax_send,
        "fax.list": desk.fax_list,
        "fax.document": desk.fax_document,
        "mail.server": desk.mail_server,
        "mail.list": desk.mail_list,
        "mail.message": desk.mail_message,
    }


class _Desk:
    def __init__(self, lab: World) -> None:
        self._lab = lab

    async def endpoints(self, request: Request, tell: Tell) -> Any:
        """The endpoints, as `iosemu lab --json` prints them."""
        return self._lab.endpoints()

    async def fax_send(self, request: Request, tell: Tell) -> Any:
        """Send `data` (base64 of a file called `name`) from machine `from` to number `to`; cancelled: hang up."""
        machine = self._lab.machine(_text(request, "from"))
        called = _text(request, "to")
        if not digits(called):
            raise LabError(f"{called!r} is not a telephone number")
        document = await self._document(request)
        ended: asyncio.Future[SendResult] = asyncio.get_running_loop().create_future()

        def watch(event: Any) -> None:
            if not isinstance(event, SendResult):
                tell(asdict(event))
            elif not ended.done():
                ended.set_result(event)

        try:
            sending = machine.send(document, called, watch)
        except MachineBusy as error:
            raise LabError(str(error)) from None
        try:
            return asdict(await ended)
        finally:
            if not ended.done():
                sending.hang_up()

    async def _document(self, request: Request) -> Document:
        name = _text(request, "name")
        try:
            octets = base64.b64decode(_text(request, "data"), validate=True)
        except binascii.Error:
            raise LabError("the file did not arrive whole") from None
        try:
            # Drawing pages takes a while; the calls of others must not wait for it.
            with self._lab.clock.hold():
                return await asyncio.to_thread(render.load_octets, octets, name)
        except DocumentError as error:
            raise LabError(str(error)) from None

    async def fax_list(self, request: Request, tell: Tell) -> Any:
        """The received documents, oldest first."""
        return [msgspec.to_builtins(job) for job in self._lab.tray.jobs()]

    async def fax_document(self, request: Request, tell: Tell) -> Any:
        """The path of a job's TIFF file."""
        try:
            job = int(_text(request, "job"))
        except ValueError:
            raise LabError(f"{request['job']!r} is not the number of a fax job") from None
        return str(self._lab.tray.document(job))

    async def mail_server(self, request: Request, tell: Tell) -> Any:
        """Where a user's mail server listens, and the user's address."""
        user = _text(request, "user")
        for server in self._lab.mail.values():
            if _has(server.accounts, user):
                address = f"{server.accounts.owner(_local(user, server.accounts))}@{server.accounts.domain}"
                return {"host": server.endpoint[0], "port": server.endpoint[1], "address": address}
        raise self._unknown(user)

    async def mail_list(self, request: Request, tell: Tell) -> Any:
        """What lies in a user's mailbox, oldest first."""
        user = _text(request, "user")
        return [asdict(summary) for summary in self._accounts(user).contents(user)]

    async def mail_message(self, request: Request, tell: Tell) -> Any:
        """Message `number` of a user's mailbox, whole, as base64."""
        user, number = _text(request, "user"), request.get("number")
        accounts = self._accounts(user)
        try:
            octets = accounts.message(user, int(number or 0))
        except (IndexError, ValueError, TypeError):
            raise LabError(f"no message {number} in the mailbox of {user}") from None
        return base64.b64encode(octets).decode("ascii")

    def _accounts(self, user: str) -> Accounts:
        for server in self._lab.mail.values():
            if _has(server.accounts, user):
                return server.accounts
        raise self._unknown(user)

    def _unknown(self, user: str) -> NoSuchMailbox:
        users = [name for server in self._lab.mail.values() for name in server.accounts.users]
        return NoSuchMailbox(f"no mailbox {user!r}; the users are {', '.join(users) or 'none'}")


def _has(accounts: Accounts, user: str) -> bool:
    return accounts.is_local(_local(user, accounts)) and accounts.owner(_local(user, accounts)) is not None


def _local(user: str, accounts: Accounts) -> str:
    return user if "@" in user else f"{user}@{accounts.domain}"


def _text(request: Request, key: str) -> str:
    value = request.get(key)
    if not isinstance(value, str):
        raise LabError(f"the request lacks {key!r}")
    return value
