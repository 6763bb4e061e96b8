"""IPv4 addresses as numbers and as text: what a configuration needs of them, line after line.

Rule: a text is one that the argument type `A.B.C.D` gave, so it is sound; `ipaddress` would check it again.
"""

from __future__ import annotations


def number(text: str) -> int:
    """The address `10.0.0.1` as a number of 32 bits."""
    first, second, third, fourth = text.split(".")
    return int(first) << 24 | int(second) << 16 | int(third) << 8 | int(fourth)


def text(number: int) -> str:
    """A number of 32 bits as an address."""
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
