"""The protocols that AAA servers speak, by the words that method lists and groups have for them."""

from __future__ import annotations

RADIUS, TACACS = "radius", "tacacs+"
PROTOCOLS = (RADIUS, TACACS)
