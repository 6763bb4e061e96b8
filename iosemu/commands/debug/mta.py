"""The text of `debug mta send all`, `debug mta send rcpt-to ADDRESS` and `debug mta receive all`, made from the events
of the MTA client and server.

The lines of a dialogue are prefixed `(C)S:`, `(C)R:` for what the client sends and receives, `(S)S:`, `(S)R:` for the
server. The line of the closing dot and the last line of a delivery are real; the other wordings follow the function
names that the field knows and are inferred.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from iosemu.commands.debug.debugged import Debugged
from iosemu.mail import events as mta

SEND = "mta send all"
RCPT_TO = "mta send rcpt-to "
RECEIVE = "mta receive all"

E = TypeVar("E")


class _OfClient(Protocol):
    """An event of a delivery, told from others by its socket."""

    @property
    def socket(self) -> int: ...


C = TypeVar("C", bound=_OfClient)


def attach(device: Debugged) -> None:
    """Subscribe on the device's bus; text goes to its log while the flag is on."""

    wanted: dict[int, frozenset[str]] = {}  # flags that tell of the deliveries under way, by their sockets

    def opened(event: mta.ClientOpened) -> None:
        if device.debug_calls.passes_mail(tuple(event.recipients)):
            wanted[event.socket] = frozenset((SEND, *((RCPT_TO + address).lower() for address in event.recipients)))

    def closed(event: mta.ClientClosed) -> None:
        wanted.pop(event.socket, None)

    def write(text: str) -> None:
        for line in text.splitlines():
            device.log.debug(line)

    def tell(flag: str, kind: type[E], text: Callable[[E], str]) -> None:
        def heard(event: E) -> None:
            if flag in device.debugs:
                write(text(event))

        device.bus.subscribe(kind, heard)

    def tell_client(kind: type[C], text: Callable[[C], str]) -> None:
        def heard(event: C) -> None:
            if any(flag.lower() in wanted.get(event.socket, ()) for flag in device.debugs):
                write(text(event))

        device.bus.subscribe(kind, heard)

    device.bus.subscribe(mta.ClientOpened, opened)
    tell_client(mta.ClientOpened, _opened)
    tell_client(mta.ClientUnresolved, lambda event: f"esmtp_client_work: no address for mail server {event.name}")
    tell_client(mta.ClientConnecting, _connecting)
    tell_client(mta.ClientConnected, lambda event: f"esmtp_client_work: socket {event.socket} readable for first time")
    tell_client(mta.ClientSent, lambda event: f"(C)S: {event.line}")
    tell_client(mta.ClientReceived, lambda event: f"(C)R: {event.line}")
    tell_client(mta.ClientDataSent, lambda event: f" dot ...(socket={event.socket})\n(C)S: .")
    tell_client(mta.ClientFailed, lambda event: f"esmtp_client_work: socket {event.socket} failed: {event.reason}")
    tell_client(mta.ClientClosed, lambda event: "returned from work-routine, context freed")
    device.bus.subscribe(mta.ClientClosed, closed)
    tell(SEND, mta.NoticeUnsent, _unsent)

    tell(RECEIVE, mta.ServerOpened, lambda event: _server(event.socket, f"connection from {event.peer}"))
    tell(RECEIVE, mta.ServerReceived, _received)
    tell(RECEIVE, mta.ServerSent, lambda event: f"(S)S: {event.line}")
    tell(RECEIVE, mta.ServerMessage, _message)
    tell(RECEIVE, mta.ServerVerdict, _verdict)
    tell(RECEIVE, mta.ServerFault, lambda event: _server(event.socket, f"error: {event.reason}"))
    tell(RECEIVE, mta.ServerClosed, lambda event: _server(event.socket, "closed"))


def _server(socket: int, text: str) -> str:
    return f"esmtp_server_work: socket {socket} {text}"


def _opened(event: mta.ClientOpened) -> str:
    return (
        f"esmtp_client_engine_open: from={event.sender}, to={','.join(event.recipients)}\n"
        f"esmtp_client_engine_add_headers: from_comment={event.origin}"
    )


def _connecting(event: mta.ClientConnecting) -> str:
    return f"esmtp_client_work: socket {event.socket} attempting to connect to IP address {event.address}"


def _unsent(event: mta.NoticeUnsent) -> str:
    then = "will be tried again" if event.again else "given up"
    return f"esmtp_client_work: notice to {event.recipient} {then}: {event.reason}" if event.recipient else event.reason


def _received(event: mta.ServerReceived) -> str:
    return f"(S)R: {event.line}\nesmtp_server_work: calling {event.verb.lower()}"


def _message(event: mta.ServerMessage) -> str:
    parts = f"{event.accepted} parts accepted, {event.discarded} discarded"
    return _server(event.socket, f"message of {event.octets} octets, {parts}")


def _verdict(event: mta.ServerVerdict) -> str:
    return f"esmtp_server_engine_update_recipient_status: {event.recipient} status={event.line}"
