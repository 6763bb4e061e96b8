"""The text of `debug ip tcp transactions`: states of connections as they change, in the form of published captures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.ip.tcp_connections import TcpState

if TYPE_CHECKING:
    from iosemu.commands.context import Device

TRANSACTIONS = "ip tcp transactions"
_SEGMENT = 536  # the maximum segment size of a router that has not looked for a larger one


def attach(device: Device) -> None:
    """Subscribe on the device's bus; text goes to its log while the switch is on."""

    def changed(event: TcpState) -> None:
        if TRANSACTIONS in device.debugs:
            for line in state_lines(event):
                device.log.debug(line)

    device.bus.subscribe(TcpState, changed)


def state_lines(event: TcpState) -> Iterator[str]:
    """What is told of a connection that is in its next state."""
    connection = event.connection
    where = f"{connection.remote}({connection.remote_port})"
    if connection.state == "SYNSENT":
        yield f"TCB{connection.tcb:X} created"
        yield f"TCP: sending SYN, seq {connection.tcb & 0xFFFFFF}, ack 0"
        yield f"TCP0: Connection to {connection.remote}:{connection.remote_port}, advertising MSS {_SEGMENT}"
    elif connection.state == "SYNRCVD":
        peer = f"{connection.remote}:{connection.remote_port}"
        yield f"TCP0: Connection to {peer}, received MSS {_SEGMENT}, MSS is {_SEGMENT}"
    yield f"TCP0: state was {event.was} -> {connection.state} [{connection.local_port} -> {where}]"
    if connection.state == "CLOSED":
        yield f"TCB 0x{connection.tcb:X} destroyed"
