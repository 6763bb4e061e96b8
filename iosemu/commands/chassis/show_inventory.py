"""`show inventory`: the chassis and its cards with what identifies each as a product and as a unit.

Rule: what is listed follows from the cards of the chassis, in the order of their places. The form is that of published
output of 2691s, 3640s, 3725s and 3745s: their chassis has no product number, its version is that of its processor, and
they do not tell places, as later routers do. Network modules and the older voice cards are listed as spare parts, with
an equals sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.commands.chassis.eeprom import Eeprom
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.hardware import Card, Chassis
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_REVISION = re.compile(r"\(revision (\S+)\)")
_BOARD_ID = re.compile(r"Processor board ID (\w+)")
_PRODUCT_COLUMN = 18
_SPARE = ("NM-", "VIC-", "VWIC-")


def inventory_text(chassis: Chassis) -> str:
    """The text of `show inventory`."""
    return "".join(
        f'NAME: "{name}", DESCR: "{text}"\nPID: {product:<{_PRODUCT_COLUMN}}, VID: {version}, SN: {serial}\n\n'
        for name, text, product, version, serial in (_chassis(chassis), *_cards(chassis))
    )


def _chassis(chassis: Chassis) -> tuple[str, str, str, str, str]:
    told = "\n".join(chassis.platform.processor)
    version, serial = _REVISION.search(told), _BOARD_ID.search(told)
    name = f"{chassis.platform.product} chassis"
    own = Eeprom(name, chassis.identity)
    return name, name, "", version[1] if version else "1.0", serial[1] if serial else own.serial


def _cards(chassis: Chassis) -> Iterator[tuple[str, str, str, str, str]]:
    placeless = not chassis.platform.product.startswith("AS")
    for card in chassis.cards:
        if card.slot in chassis.pulled:
            continue
        eeprom = Eeprom.of(chassis, card)
        version = ".".join(map(str, eeprom.hardware_version))
        text = card.module.description
        product = f"{card.name}=" if card.name.startswith(_SPARE) else card.name
        yield text if placeless else f"{text} on {_place(card)}", text, product, version, eeprom.serial


def _place(card: Card) -> str:
    return f"Slot {card.slot}" + (f" SubSlot {card.bay}" if card.place != card.slot else "")


@handlers.register("show_inventory")
def _inventory(call: Invocation[Device]) -> None:
    call.write(inventory_text(call.device.chassis))
