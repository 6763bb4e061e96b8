"""What `debug tacacs` says of the conversations with TACACS+ servers, made from the events of the client.

Rule: the lines are those of published captures of 12.2T and later; each conversation has a number of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.management.tacacs_client import Asked, Failed, Received, Sent

SWITCH, EVENTS = "tacacs", "tacacs events"
_HEADER = 12
# The router numbers what servers say otherwise than the packets do.
_STATUS = {
    "PASS": "PASS (2)",
    "FAIL": "FAIL (3)",
    "GETUSER": "GET_USER (7)",
    "GETPASS": "GET_PASSWORD (8)",
    "ERROR": "ERROR (4)",
}


def attach(device: Device) -> None:
    """Have the client's events written once it is made: a router that asks nobody never loads it."""
    device.aaa.on_tacacs = lambda: _attach(device)


def _attach(device: Device) -> None:
    from iosemu.management import tacacs_client as client
    from iosemu.management.tacacs import Accounted, Authorization, Kind, Reply

    told = {
        Kind.AUTHENTICATION: ("Authentication", "authentication start", "Authentication start packet created"),
        Kind.AUTHORIZATION: ("Authorization", "authorization", "Authorization request created"),
        Kind.ACCOUNTING: ("Accounting", "accounting", "Accounting request created"),
    }

    def write(*lines: str) -> None:
        if SWITCH in device.debugs:
            for line in lines:
                device.log.debug(f"TPLUS{line}")

    def write_event(line: str) -> None:
        if EVENTS in device.debugs:
            device.log.debug(f"TPLUS{line}")

    def asked(event: Asked) -> None:
        name, step, created = told[event.kind]
        number, user = event.number, event.subject.user
        write(
            f": Queuing AAA {name} request {number} for processing",
            f": processing {step} request id {number}",
            f": {created} for {number}({user})",
            f": Using server {event.server.address}",
        )
        write_event(f"({number:08X})/0/NB_WAIT: Started {event.server.timeout_s:.0f} sec timeout")

    def sent(event: Sent) -> None:
        write_event(f"({event.number:08X})/0/NB_WAIT: wrote entire {event.octets} bytes request")

    def received(event: Received) -> None:
        number, body = event.number, event.octets - _HEADER
        write_event(f"({number:08X})/0/READ: read entire {_HEADER} header bytes (expect {body} bytes)")
        write_event(f"({number:08X})/0/READ: read entire {event.octets} bytes response")
        write(f"({number:08X})/0: Processing the reply packet")
        answer = event.answer
        if isinstance(answer, Reply):
            write(f": Received authen response status {_STATUS.get(answer.status.name, answer.status.name)}")
        elif isinstance(answer, Authorization):
            write(*(f": Processed AV {argument}" for argument in answer.arguments))
            write(f": received authorization response for {number}: {'PASS' if answer.granted else 'FAIL'}")
        elif isinstance(answer, Accounted):
            write(f": Received accounting response with status {'PASS' if answer.taken else 'FAIL'}")

    def failed(event: Failed) -> None:
        write(f"({event.number:08X})/0/{'READ' if event.opened else 'NB_WAIT'}: timed out")

    device.bus.subscribe(client.Asked, asked)
    device.bus.subscribe(client.Sent, sent)
    device.bus.subscribe(client.Received, received)
    device.bus.subscribe(client.Failed, failed)
