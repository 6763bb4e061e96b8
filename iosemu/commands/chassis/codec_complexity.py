"""`codec complexity` of a voice card: how many channels its signal processors carry.

Rule: a processor of a voice module or on the board carries four calls of medium complexity, and two of high complexity;
those of a carrier of voice interface cards have two whatever the codec. A call in progress keeps its channel. Source:
voice command reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Changed

_BOARD = "0"


def follow(device: Device) -> None:
    """Do as the configuration says, now and whenever it changes."""

    def changed(change: Changed) -> None:
        _apply(device)

    _apply(device)
    device.config.follow(changed, "codec complexity", "voice-card")


def _apply(device: Device) -> None:
    blocks = device.config.root.children("voice-card")
    high = {
        str(block.header.values["slot"])
        for block in blocks
        if block.header is not None and block.value("codec complexity", "level") == "high"
    }
    carriers = {card.place for card in device.chassis.cards if card.module.bays and not card.module.ports}
    device.chassis.dsp.high = frozenset(
        card.slot
        for card in device.chassis.dsp.cards
        if card.slot not in carriers and (card.slot if card.slot[0].isdigit() else _BOARD) in high
    )
