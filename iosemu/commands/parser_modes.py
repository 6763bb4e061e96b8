"""The modes of the parser by the names that `alias` and `privilege` know them by.

Rule: one such mode may be several of the catalogue (`line` is that of consoles and that of vtys); one that the
catalogue has nothing for can still be named, and what is said of it is only kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.cli.catalogue import Catalogue

# Where the names differ: of a mode of the catalogue, or of all that start so.
_CATALOGUE_NAMES = {
    "configure": "config",
    "dhcp": "dhcp-pool",
    "ip-vrf": "vrf",
    "ipenacl": "access-list-extended",
    "ipsnacl": "access-list-standard",
    "sg-radius": "server-group-radius",
    "sg-tacacs+": "server-group-tacacs",
    "voiceclass": "voice-class",
    "voiceport": "voice-port",
    "voipdialpeer": "dial-peer",
}


def catalogue_modes(catalogue: Catalogue, parser_mode: str) -> tuple[str, ...]:
    """The names of the modes of the catalogue that `parser_mode` stands for."""
    name = _CATALOGUE_NAMES.get(parser_mode, parser_mode)
    return tuple(mode for mode in catalogue.modes if mode == name or mode.startswith(f"{name}-"))
