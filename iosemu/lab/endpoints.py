"""How a lab file and the tools name places: `[HOST:]PORT` on this machine, IPv4 addresses inside the lab."""

from __future__ import annotations

from ipaddress import IPv4Address


def parse_endpoint(text: str) -> tuple[str, int]:
    """`[HOST:]PORT` as (host, port), loopback where no host is given; raises ValueError."""
    host, _, port = text.rpartition(":")
    number = int(port)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return host.strip("[]") or "127.0.0.1", number


def is_endpoint(text: str) -> bool:
    try:
        parse_endpoint(text)
    except ValueError:
        return False
    return True


def is_address(text: str) -> bool:
    """Is it an IPv4 address, in the form `10.0.0.1`?"""
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True
