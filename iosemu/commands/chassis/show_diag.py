"""`show diag`: the cards of the chassis slot by slot, with what their EEPROMs say.

Rule: what is listed follows from the cards of the chassis; a processor board with ports of its own is the first card of
slot 0, and carries all others of a 1700. The form is that of 12.2 on modular routers, recalled, and of published output
where the EEPROM is concerned; an AS5300 prints the cookies of its boards as `show version` prints that of its own,
recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.eeprom import Eeprom
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iosemu.chassis.hardware import Card, Chassis
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

# What cards call their ports.  # recalled
_PORTS = {"Ethernet": "Ethernet", "TokenRing": "Token Ring", "BRI": "ISDN BRI S/T", "T1": "CT1/PRI", "E1": "CE1/PRI"}
_SHORT = {"Ethernet": "E", "FastEthernet": "FE", "TokenRing": "R", "GigabitEthernet": "GE"}
_VOICE = ("FXS", "FXO", "E&M")
_MULTIFLEX = {1: "", 2: "Dual "}


def slots(chassis: Chassis) -> list[str]:
    """The numbers of all slots, filled or not, in order."""
    if _carries_all(chassis):
        return ["0"]
    found = {slot.partition("/")[0] for slot in chassis.platform.slots if slot[0].isdigit()}
    found |= {"0"} if chassis.platform.builtin_interfaces else set()
    return sorted(found, key=int)


def _carries_all(chassis: Chassis) -> bool:
    return chassis.platform.family == "1700"


def diag_text(device: Device, slot: str | None = None) -> str:
    """The text of `show diag`, of one slot or of all; a slot without a card has nothing to say."""
    wanted = slots(device.chassis) if slot is None else [slot]
    lines = [line for number in wanted for line in _slot(device.chassis, number)]
    if slot is None:
        lines += _on_board(device.chassis)
    return "".join(f"{line}\n" for line in lines)


def _on_board(chassis: Chassis) -> Iterator[str]:
    """The modules on the processor board itself."""  # recalled
    for card in chassis.cards:
        if not card.place[0].isdigit():
            yield f"AIM Module in slot: {card.place.removeprefix('AIM')}"
            yield from _indented(Eeprom.of(chassis, card).lines())
            yield ""


def _slot(chassis: Chassis, slot: str) -> Iterator[str]:
    """A slot: what is plugged into it, or the processor board, then the cards in the bays of either."""
    cards = [card for card in chassis.cards if card.slot == slot and slot not in chassis.pulled]
    if _carries_all(chassis):
        cards = list(chassis.cards)
    carried = [card for card in cards if card.place != slot or _carries_all(chassis)]
    titled = [(_title(card), Eeprom.of(chassis, card)) for card in cards if card not in carried]
    printed = _with_cookie if chassis.platform.family == "as5300" else _port_adapter
    if slot == "0" and not titled and chassis.platform.builtin_interfaces:
        titled = [(_board_title(chassis), Eeprom(_board_name(chassis), f"{chassis.identity} {slot}"))]
        printed = _board if chassis.platform.family == "2600" else printed
    if not titled:
        return
    yield f"Slot {slot}:"
    for title, eeprom in titled:
        yield from _indented(printed(title, eeprom))
    for card in carried:
        yield ""
        yield from _indented(_daughter(chassis, card))
    yield ""


def _port_adapter(title: str, eeprom: Eeprom) -> Iterator[str]:
    yield from _analyzed(title)
    yield from eeprom.lines()


def _board(title: str, eeprom: Eeprom) -> Iterator[str]:
    yield from _analyzed(title)
    yield from eeprom.board_lines()


def _analyzed(title: str) -> Iterator[str]:
    yield title
    yield "Port adapter is analyzed "
    yield "Port adapter insertion time unknown"
    yield "EEPROM contents at hardware discovery:"


def _with_cookie(title: str, eeprom: Eeprom) -> Iterator[str]:
    major, minor = eeprom.hardware_version
    yield f"{title}:"
    yield "Manufacture Cookie Info:"
    yield f" EEPROM Type 0x0001, EEPROM Version 0x01, Board ID 0x{eeprom.controller & 0xFF:02X},"
    yield f" Board Hardware Version {major}.{minor}, Item Number {'-'.join(map(str, eeprom.assembly))},"
    yield f" Board Revision {eeprom.board_revision}, Serial Number {eeprom.number:08},"
    yield f" PLD/ISP Version 0.0, Manufacture Date {eeprom.made.day}-{eeprom.made:%b-%Y}."


def _daughter(chassis: Chassis, card: Card) -> Iterator[str]:
    """A card in a bay of another one, or of the processor board."""
    place = card.slot if _carries_all(chassis) else card.bay
    if card.module.form == "PVDM":
        yield f"Packet Voice DSP Module Slot {place}:"  # recalled
    else:
        yield f"{'WIC/VIC' if card.module.form == 'VIC' else 'WIC'} Slot {place}:"  # the former recalled
        yield _daughter_title(card)
    yield from Eeprom.of(chassis, card).lines()


def _indented(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"\t{line}"


def _count(ports: Mapping[str, int]) -> str:
    total = sum(ports.values())
    return f", {total} port{'s' if total != 1 else ''}" if total else ""


def _kinds(ports: Mapping[str, int]) -> str:
    return " and ".join(_PORTS.get(kind, kind) for kind in ports)


def _title(card: Card) -> str:
    module = card.module
    if module.title:
        return f"{module.title} Port adapter{_count(module.ports or {'line': module.lines})}"
    if module.dsp is not None and module.form == "NM":
        return f"{'High Density ' if module.ports else ''}Voice Port adapter{_count(module.ports)}"
    if module.form != "NM":  # of an access server
        return module.text
    return f"{_kinds(module.ports) or 'WAN interface card carrier'} Port adapter{_count(module.ports)}"


def _daughter_title(card: Card) -> str:
    ports = card.module.ports
    kind, count = next(iter(ports.items()), (card.module.text, 0))
    if kind in _VOICE:
        return f"{kind} Voice daughter card ({count} port)"
    if kind in ("T1", "E1"):
        return f"{_MULTIFLEX.get(count, '')}{kind} (Multi-Flex Trunk) WAN daughter card"
    if kind == "BRI":
        return (
            f"BRI {'U - 2091' if card.name.endswith('-U') else 'S/T - 2186'} WAN daughter card"  # the latter recalled
        )
    if kind == "Serial":
        return f"Serial {count}T WAN daughter card"
    return f"{_PORTS.get(kind, kind)} WAN daughter card"


def _board_name(chassis: Chassis) -> str:
    product = chassis.platform.product
    return product if product.startswith("AS") else f"C{product}"


def _board_title(chassis: Chassis) -> str:
    kinds = [interface.kind for interface in chassis.platform.builtin_interfaces]
    counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    short = " ".join(f"{count}{_SHORT.get(kind, kind)}" for kind, count in counts.items())
    # The ports of its interface cards are counted in.
    daughters = {
        card.place: sum(card.module.ports.values())
        for card in chassis.cards
        if card.place.startswith("0/") or _carries_all(chassis)
    }
    return f"{_board_name(chassis)} {short} Mainboard Port adapter{_count({**counts, **daughters})}"


@handlers.register("show_diag")
def _diag(call: Invocation[Device]) -> None:
    slot = call.values.get("slot")
    if slot is not None and str(slot) not in slots(call.device.chassis):
        raise call.invalid("slot")
    call.write(diag_text(call.device, None if slot is None else str(slot)))
