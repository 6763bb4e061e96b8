"""What a running lab does for its tools: fax and mail, as operations of the control socket.

Rule: an operation checks what it is asked, raises LabError in words for the person at the tool, and gives plain values.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePath
from typing import Any, Protocol

import msgspec

from iosemu.clock import Clock
from iosemu.fax import render
from iosemu.fax.document import Document, DocumentError
from iosemu.lab.control import Operation, Request, Tell
from iosemu.lab.errors import LabError, NoSuchMailbox
from iosemu.lab.fax_machine import FaxMachine, MachineBusy, SendResult
from iosemu.lab.ladder import Ladders
from iosemu.lab.ladder_text import draw
from iosemu.lab.letter import compose, post
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

    @property
    def ladders(self) -> Ladders: ...

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
        "call.list": desk.call_list,
        "call.ladder": desk.call_ladder,
        "mail.send": desk.mail_send,
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
            if not ended.done() or ended.cancelled():  # who is cancelled while waiting cancels what it waits for
                sending.hang_up()

    async def _document(self, request: Request) -> Document:
        name, octets = _file(request)
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

    async def call_list(self, request: Request, tell: Tell) -> Any:
        """The calls of the routers by name, each with what it is about."""
        return self._lab.ladders.names()

    async def call_ladder(self, request: Request, tell: Tell) -> Any:
        """The ladder of `call`, as text."""
        ladders = self._lab.ladders
        call = ladders.find(_text(request, "call"))
        return draw(call, ladders.rungs(call))

    async def mail_send(self, request: Request, tell: Tell) -> Any:
        """Send `text` and `files` (each a `name` and `data` in base64) from a user to the addresses `to`."""
        user, subject, text = (_text(request, key) for key in ("user", "subject", "text"))
        recipients, files = request.get("to"), request.get("files")
        if not isinstance(recipients, list) or not all(isinstance(each, str) and each for each in recipients):
            raise LabError("the request lacks 'to'")
        if not isinstance(files, list) or not all(isinstance(each, dict) for each in files):
            raise LabError("the request lacks 'files'")
        if not recipients:
            raise LabError("nobody to send to")
        if not files and not text:
            raise LabError("nothing to send: name a file or give a text")
        server = self._server(user)
        sender = f"{server.accounts.owner(_local(user, server.accounts))}@{server.accounts.domain}"
        parts = [(PurePath(name), octets) for name, octets in map(_file, files)]
        await post(server.endpoint, sender, recipients, compose(sender, recipients, subject, text, parts))
        return {"from": sender}

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
        return self._server(user).accounts

    def _server(self, user: str) -> MailServer:
        """The mail server of a user."""
        for server in self._lab.mail.values():
            if _has(server.accounts, user):
                return server
        users = [name for server in self._lab.mail.values() for name in server.accounts.users]
        raise NoSuchMailbox(f"no mailbox {user!r}; the users are {', '.join(users) or 'none'}")


def _file(request: Request) -> tuple[str, bytes]:
    """The `name` and the contents (`data`, base64) of a file that came in a request."""
    name = _text(request, "name")
    try:
        return name, base64.b64decode(_text(request, "data"), validate=True)
    except (binascii.Error, ValueError):
        raise LabError("the file did not arrive whole") from None


def _has(accounts: Accounts, user: str) -> bool:
    return accounts.is_local(_local(user, accounts)) and accounts.owner(_local(user, accounts)) is not None


def _local(user: str, accounts: Accounts) -> str:
    return user if "@" in user else f"{user}@{accounts.domain}"


def _text(request: Request, key: str) -> str:
    value = request.get(key)
    if not isinstance(value, str):
        raise LabError(f"the request lacks {key!r}")
    return value
