"""`[HOST:]PORT`: how a lab file and the tools name a place on this machine."""

from __future__ import annotations


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
