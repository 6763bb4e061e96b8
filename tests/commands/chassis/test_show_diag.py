"""`show diag` lists what is in the chassis, and the octets of an EEPROM say what is printed above them."""

from __future__ import annotations

import re

import pytest

from iosemu.chassis.platform import names
from iosemu.clock import ManualClock
from iosemu.commands.chassis.eeprom import Eeprom
from iosemu.commands.chassis.show_diag import diag_text
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import CARET, User, device


def shown(platform: str, modules: dict[str, str], *commands: str) -> str:
    router = Router(platform, clock=ManualClock(), network=NoNetwork(), store=FileStore(None), modules=modules)
    return User(router.device).type(*commands)


def test_every_card_of_the_chassis_is_listed_in_its_slot() -> None:
    modules = {"2": "NM-2V", "2/0": "VIC-2FXS", "2/1": "VIC-2FXO", "3": "NM-2FE2W", "3/1": "WIC-1T"}
    text = shown("3660", modules, "show diag")
    assert re.findall(r"^Slot (\d):", text, re.MULTILINE) == ["0", "1", "2", "3"]
    assert re.findall(r"(?:Product \(FRU\)|FRU Part) Number[ :]+(\S+)", text) == [
        "C3660",
        "NM-HDV-1T1-24",
        "NM-2V=",
        "NM-2FE2W",
    ]
    assert "\tWIC/VIC Slot 1:\n\tFXO Voice daughter card (2 port)\n" in text
    assert "Slot 3:\n\tFastEthernet Port adapter, 2 ports\n\tPort adapter is analyzed \n" in text
    assert "\tWIC Slot 1:\n\tSerial 1T WAN daughter card\n" in text


def test_one_slot_an_empty_one_and_one_that_is_not_there() -> None:
    assert shown("3660", {}, "show diag 1").startswith("Slot 1:\n\tHigh Density Voice Port adapter, 1 port\n")
    assert shown("3660", {}, "show diag 6") == ""
    assert shown("3660", {}, "show diag 7").endswith(CARET)
    assert shown("2611", {"0/0": "WIC-2T"}, "show diag 0").count("Slot 0:") == 2


def test_units_differ_where_parts_do_not() -> None:
    text = shown("3660", {"2": "NM-HDV-1T1-24"}, "show diag 1", "show diag 2")
    serials = re.findall(r"Serial Number +: (\S+)", text)
    assert len(set(serials)) == 2
    assert len(set(re.findall(r"Top Assy. Part Number +: (\S+)", text))) == 1
    assert text == shown("3660", {"2": "NM-HDV-1T1-24"}, "show diag 1", "show diag 2")


@pytest.mark.parametrize("product", ["VIC-2E/M", "NM-HDV-1T1-24", "AS535-DFC-108NP"])
def test_the_contents_hold_what_is_printed(product: str) -> None:
    eeprom = Eeprom(product, "3660 1")
    lines = eeprom.lines()
    printed = {name.strip(): value for name, _, value in (line.partition(": ") for line in lines[:10])}
    octets = bytes.fromhex("".join(line.partition(": ")[2] for line in lines if line.startswith("  0x")))
    assert octets == eeprom.octets
    assert len(octets) == 128
    assembly = octets.index(b"\xc0\x46") + 2
    group, part, version = (
        int.from_bytes(octets[assembly : assembly + 2], "big"),
        int.from_bytes(octets[assembly + 2 : assembly + 5], "big"),
        octets[assembly + 5],
    )
    assert printed["Top Assy. Part Number"] == f"{group}-{part:05}-{version:02}"
    at = octets.index(b"\xc1\x8b") + 2
    assert octets[at : at + 11].decode() == printed["PCB Serial Number"]
    assert octets.rstrip(b"\xff").endswith(product.encode())


def test_a_2611_prints_the_lines_of_a_published_one() -> None:
    """The published one has its interface card in the other bay, of the kind that ends the line itself."""
    text = shown("2611", {"0/0": "empty", "0/1": "WIC-1B-S/T", "1": "empty"}, "show diag")
    lines = [re.sub(r": .*|\d[\d.-]*.*", "#", line.strip()) for line in text.splitlines()]
    assert "\tC2611 2E Mainboard Port adapter, 3 ports\n\tPort adapter is analyzed \n" in text
    names = [line.partition("  ")[0].rstrip("#") for line in lines]
    assert names[4:12] == [
        "EEPROM contents at hardware discovery:",
        "Hardware Revision",
        "PCB Serial Number",
        "Part Number",
        "RMA History",
        "RMA Number",
        "Board Revision",
        "Deviation Number",
    ]
    card = text[text.index("\tWIC Slot 1:\n") :]
    assert re.search(
        r"""\tWIC Slot 1:
\tBRI S/T - 2186 WAN daughter card
\tHardware revision \d\.\d           Board revision [A-E]0
\tSerial number     \d{1,8} +Part number    800-\d{5}-\d\d
\tTest history      0x0           RMA number     00-00-00
\tConnector type    Wan Module
\tEEPROM format version 1
\tEEPROM contents \(hex\):
\t  0x20: 01 (?:[0-9A-F]{2} ){14}00
\t  0x30: (?:[0-9A-F]{2} ){7}01 FF FF FF FF FF FF FF FF
""",
        card,
    )


def test_the_older_formats_hold_what_is_printed() -> None:
    eeprom = Eeprom("WIC-2T", "2611 0/0", 1, "Wan Module")
    octets = eeprom.old_octets
    _, part, version = eeprom.assembly
    assert len(octets) == 32
    assert int.from_bytes(octets[4:8], "big") == eeprom.number
    assert (octets[8], int.from_bytes(octets[9:11], "big"), octets[11]) == (0x50, part, version)
    assert octets[16] == 0x50 + 8 * (ord(eeprom.board_revision[0]) - ord("A"))
    board = Eeprom("C2611", "2611 0")
    assert board.long_serial.encode() in board.board_octets
    assert len(board.board_octets) == 128


def test_an_older_network_module_prints_the_lines_of_a_published_one() -> None:
    text = shown("3640", {"1": "NM-16A", "2": "NM-4T"}, "show diag")
    assert "Slot 2:\n\tMueslix-4T Port adapter, 4 ports\n" in text
    card = text[text.index("Slot 1:\n") :]
    assert re.match(
        r"""Slot 1:
\tAsync Port adapter, 16 ports
\tPort adapter is analyzed \n\tPort adapter insertion time unknown
\tEEPROM contents at hardware discovery:
\tHardware revision \d\.\d           Board revision [A-E]0
\tSerial number     \d{1,8} +Part number    800-\d{5}-\d\d
\tFRU Part Number   NM-16A=
""",
        card,
    )


def test_an_as5300_prints_cookies() -> None:
    text = diag_text(device("as5300"))
    assert text.count("Manufacture Cookie Info:\n") == 3
    assert re.search(r"Serial Number \d{8},\n\t PLD/ISP Version 0.0, Manufacture Date \d+-\w{3}-\d{4}\.", text)


@pytest.mark.parametrize("platform", names())
def test_each_filled_slot_of_each_platform_is_told_of(platform: str) -> None:
    router = device(platform)
    text = diag_text(router)
    for card in router.chassis.cards:
        assert f"Slot {card.slot}:" in text
        if router.chassis.platform.family != "as5300" and card.module.eeprom != 1:
            assert card.name in text


def test_show_version_counts_the_ports_of_the_cards() -> None:
    modules = {"2": "NM-2V", "2/0": "VIC-2FXS", "2/1": "VIC-2E/M", "3": "NM-1FE1R2W", "4": "NM-4B-S/T", "5": "NM-1GE"}
    lines = shown("3660", modules, "show version").splitlines()
    first = lines.index("3 FastEthernet/IEEE 802.3 interface(s)")
    assert lines[first : first + 7] == [
        "3 FastEthernet/IEEE 802.3 interface(s)",
        "1 Gigabit Ethernet/IEEE 802.3 interface(s)",
        "1 Token Ring/IEEE 802.5 interface(s)",
        "4 ISDN Basic Rate interface(s)",
        "1 Channelized T1/PRI port(s)",
        "2 Voice FXS interface(s)",
        "2 Voice E & M interface(s)",
    ]
