"""What `debug radius` and the system log say of RADIUS servers, made from the events of the client.

Source: published captures of 12.2 to 15; the lines of a server that does not answer, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.management.radius import Kind, Request
    from iosemu.management.radius_client import Alive, Dead, Received, Sent, Server, Unanswered

AUTHENTICATION, ACCOUNTING = "radius authentication", "radius accounting"
# A router counts the requests of each source port.
_PORTS = {"Authen": 1645, "Account": 1646}


def attach(device: Device) -> None:
    """Have the client's events written once it is made: a router that asks nobody never loads it."""
    device.aaa.on_client = lambda: _attach(device)


def _attach(device: Device) -> None:
    from iosemu.management import radius_client as client
    from iosemu.management.radius import CODES, Kind
    from iosemu.management.radius_attributes import described

    def write(kind: Kind, *lines: str) -> None:
        flag = AUTHENTICATION if kind is Kind.AUTHENTICATION else ACCOUNTING
        if flag in device.debugs:
            for line in lines:
                device.log.debug(line)

    def sent(event: Sent) -> None:
        kind, request, server = event.request.kind, event.request, event.server
        if event.again:
            write(kind, f"RADIUS: Retransmit to ({_place(server)}) for id {_identifier(request)}")
            return
        code = CODES[request.octets[0]]
        to = f"{server.address}:{server.port(kind)} id {_identifier(request)}"
        attributes = [line for name, value in request.attributes for line in described(name, value)]
        write(
            kind,
            f"RADIUS: Send {code} to {to}, len {len(request.octets)}",
            _authenticator(request.octets),
            *(f"RADIUS:{line}" for line in attributes),
        )

    def received(event: Received) -> None:
        kind, answer, server = event.request.kind, event.answer, event.server
        place = f"{server.address}:{server.port(kind)}"
        code = CODES.get(answer.code, str(answer.code))
        attributes = [line for name, value in answer.attributes for line in described(name, value)]
        write(
            kind,
            f"RADIUS: Received from id {_identifier(event.request)} {place}, {code}, len {len(answer.octets)}",
            _authenticator(answer.octets),
            *(f"RADIUS:{line}" for line in attributes),
        )

    def unanswered(event: Unanswered) -> None:
        identifier = _identifier(event.request)
        write(event.request.kind, f"RADIUS: No response from ({_place(event.server)}) for id {identifier}")

    def dead(event: Dead) -> None:
        device.log.event("RADIUS", 4, "RADIUS_DEAD", f"RADIUS server {_place(event.server)} is not responding.")

    def alive(event: Alive) -> None:
        device.log.event("RADIUS", 4, "RADIUS_ALIVE", f"RADIUS server {_place(event.server)} has returned.")

    device.bus.subscribe(client.Sent, sent)
    device.bus.subscribe(client.Received, received)
    device.bus.subscribe(client.Unanswered, unanswered)
    device.bus.subscribe(client.Dead, dead)
    device.bus.subscribe(client.Alive, alive)


def _place(server: Server) -> str:
    return f"{server.address}:{server.auth_port},{server.acct_port}"


def _identifier(request: Request) -> str:
    return f"{_PORTS[request.kind.value]}/{request.identifier}"


def _authenticator(octets: bytes) -> str:
    first, second = octets[4:12], octets[12:20]
    return f"RADIUS:  authenticator {first.hex(' ').upper()} - {second.hex(' ').upper()}"
