"""IPv4 addresses as numbers and as text: what a configuration needs of them, line after line.

Rule: a text is one that the argument type `A.B.C.D` gave, so it is sound; `ipaddress` would check it again.
"""

from __future__ import annotations

from socket import inet_aton, inet_ntoa


def number(text: str) -> int:
    """The address `10.0.0.1` as a number of 32 bits."""
    return int.from_bytes(inet_aton(text), "big")


def text(number: int) -> str:
    """A number of 32 bits as an address."""
    return inet_ntoa(number.to_bytes(4, "big"))
