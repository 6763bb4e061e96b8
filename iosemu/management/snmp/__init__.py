"""The SNMP agent, and what it sends by itself; speaks through pysnmp.

Rule: messages go in and out as octets; nothing here knows of routers: who asks, and what there is to see, is given to
it. Whoever does not use SNMP never loads the library.
"""

from __future__ import annotations

from importlib.util import find_spec


def available() -> bool:
    """Is the library there that speaks the protocol?"""
    return find_spec("pysnmp") is not None
