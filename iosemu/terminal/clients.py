"""What telnet and SSH know of a client alike: where it comes from, what the router's log sends it, how its end goes.

Rule: a client comes from the address that the emulated network knows behind its socket, else from that of the socket.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from iosemu.terminal.vty import Vty

LINGER_S: Final = 5.0
"""How long a closed connection may take to deliver its last output and to take its leave."""
HALF_CLOSED_S: Final = 1.0
"""How long the commands of a client that has closed its sending side may go on."""

AttachLog = Callable[[Vty], Callable[[], None]]
"""Subscribes a terminal to the router's log and gives back what ends that."""


def nothing() -> None:
    """Ends what was never begun."""


def no_log(vty: Vty) -> Callable[[], None]:
    """For terminals that no log reaches."""
    return nothing


def address_of(peername: object, source_of: Callable[[object], str | None]) -> str:
    """The address of a client, "" where nobody knows it; `source_of` is asked first."""
    told = source_of(peername)
    if told is None:
        told = str(peername[0]) if isinstance(peername, tuple) and peername else ""
    return told
