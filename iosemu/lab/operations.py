"""What a running lab does for its tools: commands, fax and mail, as operations of the control socket.

Rule: an operation checks what it is asked, raises LabError in words for the person at the tool, and gives plain values.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath
from typing import Any, Protocol

import msgspec

from iosemu.chassis.hardware import BadModule
from iosemu.cli.session import PRIVILEGED
from iosemu.cli.terminal import Transcript
from iosemu.clock import Clock
from iosemu.commands.chassis import card_swap
from iosemu.commands.context import Device
from iosemu.fax import render
from iosemu.fax.document import Document, DocumentError
from iosemu.lab import phone_book
from iosemu.lab.control import Operation, Request, Tell
from iosemu.lab.delayed import DelayedFaxes
from iosemu.lab.errors import LabError, MachineInUse, NoSuchMailbox
from iosemu.lab.fax_machine import FaxMachine, MachineBusy, SendResult
from iosemu.lab.ladder import Ladders
from iosemu.lab.ladder_text import draw
from iosemu.lab.letter import compose, post
from iosemu.lab.mail_accounts import Accounts
from iosemu.lab.mail_server import MailServer
from iosemu.lab.router_node import RunningRouter
from iosemu.lab.topology import Topology
from iosemu.lab.traffic import Traffic, pcapng
from iosemu.lab.tray import Tray


class World(Protocol):
    """What the operations need of a running lab."""

    @property
    def clock(self) -> Clock: ...

    @property
    def tray(self) -> Tray: ...

    @property
    def delayed(self) -> DelayedFaxes: ...

    @property
    def topology(self) -> Topology: ...

    @property
    def machines(self) -> Mapping[str, FaxMachine]: ...

    @property
    def mail(self) -> Mapping[str, MailServer]: ...

    @property
    def routers(self) -> Mapping[str, RunningRouter]: ...

    @property
    def ladders(self) -> Ladders: ...

    @property
    def traffic(self) -> Traffic: ...

    def machine(self, number: str) -> FaxMachine: ...

    def endpoints(self) -> dict[str, object]: ...


def operations(lab: World) -> dict[str, Operation]:
    """The operations by name."""
    desk = _Desk(lab)
    return {
        "lab.endpoints": desk.endpoints,
        "router.execute": desk.router_execute,
        "fax.send": desk.fax_send,
        "fax.numbers": desk.fax_numbers,
        "fax.delay": desk.fax_delay,
        "fax.delayed": desk.fax_delayed,
        "fax.cancel": desk.fax_cancel,
        "fax.machines": desk.fax_machines,
        "fax.refill": desk.fax_refill,
        "card.pull": desk.card_pull,
        "card.put": desk.card_put,
        "fax.list": desk.fax_list,
        "fax.document": desk.fax_document,
        "call.list": desk.call_list,
        "call.ladder": desk.call_ladder,
        "call.capture": desk.call_capture,
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

    async def router_execute(self, request: Request, tell: Tell) -> Any:
        """What `router` prints for each of the `commands`, typed one after the other into a privileged session."""
        router, commands = self._router(request), request.get("commands")
        if not isinstance(commands, list) or not all(isinstance(each, str) for each in commands):
            raise LabError("the request lacks 'commands'")
        terminal = Transcript()
        session = router.router.open_session(terminal, privilege=PRIVILEGED)
        printed = []
        try:
            for command in commands:
                await session.execute(command)
                printed.append(terminal.take())
        finally:
            session.closed = True
        return printed

    def _router(self, request: Request) -> RunningRouter:
        name = _text(request, "router")
        if name not in self._lab.routers:
            raise LabError(f"no router {name!r}; the routers are {', '.join(self._lab.routers)}")
        return self._lab.routers[name]

    async def card_pull(self, request: Request, tell: Tell) -> Any:
        """Take the card out of the `slot` of `router`."""
        return self._move(card_swap.pull, request)

    async def card_put(self, request: Request, tell: Tell) -> Any:
        """Put the card back into the `slot` of `router`."""
        return self._move(card_swap.put, request)

    def _move(self, how: Callable[[Device, str], None], request: Request) -> dict[str, Any]:
        try:
            how(self._router(request).router.device, _text(request, "slot"))
        except BadModule as error:
            raise LabError(str(error)) from None
        return {}

    async def fax_send(self, request: Request, tell: Tell) -> Any:
        """Send `data` (base64 of a file called `name`) from machine `from` to number `to`; cancelled: hang up."""
        machine = self._lab.machine(_text(request, "from"))
        called = self._number(_text(request, "to"))
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
            raise MachineInUse(str(error)) from None
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

    def _number(self, called: str) -> str:
        found = phone_book.numbers(self._lab.topology.phone_book, called)
        if len(found) != 1:
            raise LabError(f"{called!r} is a group; send to each of {', '.join(found) or 'nobody'}")
        return found[0]

    async def fax_numbers(self, request: Request, tell: Tell) -> Any:
        """The numbers that `to` stands for: itself, or what the phone book has under that name."""
        return phone_book.numbers(self._lab.topology.phone_book, _text(request, "to"))

    async def fax_delay(self, request: Request, tell: Tell) -> Any:
        """As `fax.send`, at the time `due` (ISO 8601 with its zone); gives the number of what waits."""
        machine, to = self._lab.machine(_text(request, "from")), self._number(_text(request, "to"))
        try:
            due = datetime.fromisoformat(_text(request, "due"))
        except ValueError:
            raise LabError(f"{request['due']!r} is not a time") from None
        if due.tzinfo is None:
            raise LabError(f"{request['due']!r} is a time without its zone")
        await self._document(request)  # what cannot be faxed is told now
        name, octets = _file(request)
        return self._lab.delayed.add(machine.node.number, to, name, octets, due).number

    async def fax_delayed(self, request: Request, tell: Tell) -> Any:
        """The faxes whose sending was delayed, oldest first."""
        return [msgspec.to_builtins(fax) for fax in self._lab.delayed.listed()]

    async def fax_cancel(self, request: Request, tell: Tell) -> Any:
        """Forget the fax `number` that waits."""
        self._lab.delayed.cancel(_whole(request, "number"))
        return {}

    async def fax_machines(self, request: Request, tell: Tell) -> Any:
        """The machines, each with what it does and the sheets that it has left (null: they never end)."""
        return [
            {
                "number": each.node.number,
                "name": each.node.name,
                "state": each.state,
                "in_call": each.in_call,
                "paper": each.feed.sheets,
            }
            for each in self._lab.machines.values()
        ]

    async def fax_refill(self, request: Request, tell: Tell) -> Any:
        """Put `sheets` into the machine `machine` (null: they never end), and take out what is stuck."""
        sheets = None if request.get("sheets") is None else _whole(request, "sheets")
        self._lab.machine(_text(request, "machine")).feed.refill(sheets)
        return {}

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

    async def call_capture(self, request: Request, tell: Tell) -> Any:
        """The packets of `call` as a capture file, in base64, and how many they are."""
        call = self._lab.ladders.find(_text(request, "call"))
        packets = self._lab.traffic.of_call(call)
        if not packets:
            raise LabError(f"no packet of call {call.name} is kept")
        octets = pcapng(packets, f"call {call.name}, {call.title}")
        return {"packets": len(packets), "data": base64.b64encode(octets).decode("ascii")}

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


def _whole(request: Request, key: str) -> int:
    value = request.get(key)
    if not isinstance(value, int) or value < 0:
        raise LabError(f"the request lacks {key!r}")
    return value


def _has(accounts: Accounts, user: str) -> bool:
    return accounts.is_local(_local(user, accounts)) and accounts.owner(_local(user, accounts)) is not None


def _local(user: str, accounts: Accounts) -> str:
    return user if "@" in user else f"{user}@{accounts.domain}"


def _text(request: Request, key: str) -> str:
    value = request.get(key)
    if not isinstance(value, str):
        raise LabError(f"the request lacks {key!r}")
    return value
