"""`show version` beside captured ones: for the same hardware and image it has the same lines in the same form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iosemu.chassis import platform as platforms
from iosemu.chassis.hardware import Chassis
from iosemu.chassis.platform import Platform
from iosemu.commands.chassis.show_version import version_text
from tests.commands.routers import User, device
from tests.commands.test_show_voice_hardware import router_with

SHOWS = Path(__file__).parents[4] / "shared" / "corpus" / "show"

# Published elsewhere; the values of the units are made up.
PUBLISHED = {
    "3660-12.3(4)T": """\
Cisco IOS Software, 3600 Software (C3660-I-M), Version 12.3(4)T,  RELEASE SOFTWARE (fc1)
TAC Support: http://www.cisco.com/tac
Copyright (c) 1986-2003 by Cisco Systems, Inc.
Compiled Thu 18-Sep-03 15:37 by ccai

ROM: System Bootstrap, Version 12.0(6r)T, RELEASE SOFTWARE (fc1)
ROM:

lab1 uptime is 1 week, 3 days, 6 hours, 41 minutes
System returned to ROM by power-on
System image file is "slot0:c3660-i-mz.123-4.T"

Cisco 3660 (R527x) processor (revision 1.0) with 57344K/8192K bytes of memory.
Processor board ID JAB040000AA
R527x CPU at 225Mhz, Implementation 40, Rev 10.0, 2048KB L2 Cache

3660 Chassis type: ENTERPRISE
2 FastEthernet interfaces
4 Serial interfaces
DRAM configuration is 64 bits wide with parity disabled.
125K bytes of NVRAM.
16384K bytes of processor board System flash (Read/Write)

Configuration register is 0x2102
""",
    "3745-12.4(15)T12": """\
Cisco IOS Software, 3700 Software (C3745-JS-M), Version 12.4(15)T12, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2010 by Cisco Systems, Inc.
Compiled Fri 22-Jan-10 04:24 by prod_rel_team

ROM: System Bootstrap, Version 12.4(13r)T5, RELEASE SOFTWARE (fc1)

lab1 uptime is 4 years, 14 weeks, 3 days, 21 hours, 31 minutes
System returned to ROM by power-on
System image file is "flash:c3745-js-mz.124-15.T12.bin"

Cisco 3745 (R7000) processor (revision 2.0) with 184320K/77824K bytes of memory.
Processor board ID JMX0800L0AA
R7000 CPU at 350MHz, Implementation 39, Rev 3.3, 256KB L2, 2048KB L3 Cache
2 FastEthernet interfaces
1 Virtual Private Network (VPN) Module
DRAM configuration is 64 bits wide with parity disabled.
151K bytes of NVRAM.
125440K bytes of ATA System CompactFlash (Read/Write)

Configuration register is 0x2102
""",
    "2610XM-12.3(4)T6": """\
Cisco IOS Software, C2600 Software (C2600-ADVIPSERVICESK9-M), Version 12.3(4)T6,  RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2004 by Cisco Systems, Inc.
Compiled Wed 05-May-04 21:46 by eaarmas

ROM: System Bootstrap, Version 12.2(8r) [cmong 8r], RELEASE SOFTWARE (fc1)

lab1 uptime is 3 hours, 59 minutes
System returned to ROM by power-on
System image file is "flash:c2600-advipservicesk9-mz.123-4.T6.bin"


This product contains cryptographic features and is subject to United
States and local country laws governing import, export, transfer and
use. Delivery of Cisco cryptographic products does not imply
third-party authority to import, export, distribute or use encryption.
Importers, exporters, distributors and users are responsible for
compliance with U.S. and local country laws. By using this product you
agree to comply with applicable laws and regulations. If you are unable
to comply with U.S. and local laws, return this product immediately.

A summary of U.S. laws governing Cisco cryptographic products may be found at:
http://www.cisco.com/wwl/export/crypto/tool/stqrg.html

If you require further assistance please contact us by sending email to
export@cisco.com.

Cisco 2610XM (MPC860P) processor (revision 0x400) with 126976K/4096K bytes of memory.
Processor board ID JHY0900AAAA (4200000000)
M860 processor: part number 5, mask 2
1 FastEthernet interface
1 Serial interface
2 Serial(sync/async) interfaces
32K bytes of NVRAM.
49152K bytes of processor board System flash (Read/Write)

Configuration register is 0x2102
""",
    "2610-12.2(12e)": """\
Cisco Internetwork Operating System Software
IOS (tm) C2600 Software (C2600-I-M), Version 12.2(12e), RELEASE SOFTWARE (fc2)
Copyright (c) 1986-2003 by cisco Systems, Inc.
Compiled Mon 12-May-03 14:42 by pwade
Image text-base: 0x8000808C, data-base: 0x809E1C14

ROM: System Bootstrap, Version 11.3(2)XA4, RELEASE SOFTWARE (fc1)

lab1 uptime is 2 weeks, 4 days, 16 hours, 4 minutes
System returned to ROM by reload
System image file is "flash:c2600-i-mz.122-12e.bin"

cisco 2610 (MPC860) processor (revision 0x202) with 56320K/9216K bytes of memory.
Processor board ID JAB030000AA (3600000000)
M860 processor: part number 0, mask 49
Bridging software.
X.25 software, Version 3.0.0.
Basic Rate ISDN software, Version 1.1.
1 Ethernet/IEEE 802.3 interface(s)
1 Serial network interface(s)
1 ISDN Basic Rate interface(s)
32K bytes of non-volatile configuration memory.
16384K bytes of processor board System flash (Read/Write)

Configuration register is 0x2102
""",
    "2621XM-12.4(8a)": """\
Cisco 2621XM (MPC860P) processor (revision 4.1) with 127102K/3970K bytes of memory.
Processor board ID FTX1000AAAA
M860 processor: part number 5, mask 2
2 FastEthernet interfaces
8 Low-speed serial(sync/async) interfaces
32K bytes of NVRAM.
32768K bytes of processor board System flash (Read/Write)
""",
    # The lines of a 1721.
    "1751-12.2(11)T": """\
cisco 1751 (MPC860P) processor (revision 0x400) with 58983K/6553K bytes of memory.
Processor board ID FOC08500AAA (4000000000), with hardware revision 0000
MPC860P processor: part number 5, mask 2
Bridging software.
X.25 software, Version 3.0.0.
1 FastEthernet/IEEE 802.3 interface(s)
2 Low-speed serial(sync/async) network interface(s)
32K bytes of non-volatile configuration memory.
32768K bytes of processor board System flash (Read/Write)
""",
    "2620-12.2(8)T": """\
cisco 2620 (MPC860) processor (revision 0x102) with 61440K/4096K bytes of memory.
Processor board ID JAD04000AAA (1234567890)
M860 processor: part number 0, mask 49
Bridging software.
X.25 software, Version 3.0.0.
1 FastEthernet/IEEE 802.3 interface(s)
1 Serial network interface(s)
32K bytes of non-volatile configuration memory.
16384K bytes of processor board System flash (Read/Write)
""",
    "3640-12.1(2)T": """\
cisco 3640 (R4700) processor (revision 0x00) with 24576K/8192K bytes of memory.
Processor board ID 25000000
R4700 CPU at 100Mhz, Implementation 33, Rev 1.0
Bridging software.
X.25 software, Version 3.0.0.
2 FastEthernet/IEEE 802.3 interface(s)
1 Serial network interface(s)
DRAM configuration is 64 bits wide with parity disabled.
125K bytes of non-volatile configuration memory.
8192K bytes of processor board System flash (Read/Write)
""",
}
MISSING = {
    "show-version__genie-generic-g_ios_c2600_2.txt": {"minutes": "half of a line that the sample has wrapped"},
    "show-version__manual-3640-12.2-26.txt": {"ROM: ROMMON Emulation Microcode": "an emulated machine's"},
}
"""Masked lines of a sample that we do not print, with the reason."""

# What a count of `show version` stands for, and cards that bring it: the largest first.
_CARDS = {
    r"Ethernet": {4: "NM-4E", 1: "NM-1E"},
    r"FastEthernet": {16: "NM-16ESW", 2: "NM-2FE2W", 1: "NM-1FE-TX"},
    r"Serial(?: network)?": {4: "NM-4T", 1: "WIC-1T"},
    r"Serial\(sync/async\)(?: network)?": {2: "WIC-2T"},
    r"Low-speed serial\(sync/async\)(?: network)?": {8: "NM-8A/S", 4: "NM-4A/S", 2: "WIC-2A/S"},
    r"ISDN Basic Rate": {4: "NM-4B-S/T", 1: "WIC-1B-U"},
    r"Token Ring": {1: "NM-1E1R2W"},
    r"terminal": {32: "NM-32A", 16: "NM-16A"},
    r"Virtual Private Network \(VPN\)": {1: "AIM-VPN/EP"},
}


def samples() -> dict[str, str]:
    """The captured ones of our platforms, by file."""
    found = (
        {file.name: file.read_text() for file in sorted(SHOWS.glob("show-version__*.txt"))} if SHOWS.exists() else {}
    )
    return {name: text for name, text in found.items() if product(text) in platforms.names()} | PUBLISHED


def product(text: str) -> str:
    found = re.search(r"^cisco (\S+) \([^)]*\) processor", text, re.MULTILINE | re.IGNORECASE)
    return found[1].lower() if found else ""


def described(name: str, text: str) -> Platform:
    """The platform of a sample, with its image and its memory."""

    def said(pattern: str, default: object) -> str:
        found = re.search(pattern, text, re.MULTILINE)
        return found[1] if found else str(default)

    base = platforms.load(product(text))
    version = said(r"Version (\d+\.\d+\(\w+\)\w*),", name.partition("-")[2])
    features = "JS" if "TN3270" in text else "I"
    return base._replace(
        version=version,
        image=said(r"\((C\S+-M)\)", base.image.replace("-JS-", f"-{features}-")),
        build=said(r"RELEASE SOFTWARE \((fc\d)\)", "fc1"),
        compiled=said(r"^Compiled (.+?) *$", base.compiled),
        image_file=said(r'^System image file is "(flash:.+)"', base.image_file),
        rom=said(r"^ROM: (System Bootstrap, .*\S)", base.rom),
        memory_kb=int(said(r"with (\d+)K/", 0)),
        io_memory_kb=int(said(r"K/(\d+)K bytes of memory", 0)),
        dram=said(r"^DRAM configuration is (.*)\.", base.dram),
        nvram_kb=int(said(r"^(\d+)K bytes of (?:NVRAM|non-vol)", 0)),
        flash_kb=int(said(r"^(\d+)K bytes of (?:processor|ATA)", 0)),
    )


def cards(text: str, base: Platform) -> dict[str, str]:
    """Cards that bring as many ports as the sample counts, each in the first place that takes it."""
    places = {slot: spec.accepts for slot, spec in base.slots.items()}
    modules = dict.fromkeys(places, "empty")
    builtin = [interface.kind for interface in base.builtin_interfaces]
    for counted, options in _CARDS.items():
        found = re.search(rf"^(\d+) {counted}(?:/IEEE \S+)? (?:interface|line|Module)", text, re.MULTILINE)
        left = int(found[1]) - builtin.count(counted) if found else 0
        for ports, card in options.items():
            while left >= ports:
                free = (at for at, accepts in places.items() if card in base.fitting(accepts))
                place = next(at for at in free if modules.get(at, "empty") == "empty")
                modules[place], left = card, left - ports
                places |= {f"{place}/{bay}": accepts for bay, accepts in enumerate(base.modules[card].bays)}
    return modules


def masked(text: str) -> list[str]:
    """The lines without blanks at their ends, names and numbers of the unit left out."""
    lines = []
    for line in text.splitlines():
        line = re.sub(r"^\S+ uptime is .*", "NAME uptime is TIME", line.rstrip())
        line = re.sub(r"^(System returned to ROM by|System image file is|Compiled) .*", r"\1", line)
        line = re.sub(r"^(ROM: System Bootstrap, Version) \S+ .*", r"\1", line)
        line = re.sub(r"^(Processor board ID) \w+", r"\1 #", line)
        line = re.sub(r"\(revision \S+\)", "(revision #)", line)
        lines.append(re.sub(r"0x\w+|\b\d[\d.]*", "#", line))
    kept = [line for line in lines if not re.match(r"# SOURCE|System restarted at", line)]
    while kept and not kept[0]:
        kept.pop(0)
    return "\n".join(kept).rstrip().splitlines()


@pytest.mark.parametrize("name", samples())
def test_a_router_of_that_kind_prints_the_same_lines(name: str) -> None:
    text = samples()[name]
    base = described(name, text)
    router = device(base.name)
    router.chassis = Chassis(base, cards(text, base))
    ours, theirs = masked(version_text(router)), masked(text)
    missing = MISSING.get(name, {})
    assert missing.keys() <= set(theirs)
    expected = [line for line in theirs if line not in missing]
    if not expected[0].lower().startswith("cisco i"):  # a piece of one
        ours = ours[ours.index(expected[0]) : ours.index(expected[-1]) + 1]
    if "ROM: ROMMON Emulation Microcode" in missing:
        ours.remove("ROM: System Bootstrap, Version")
    assert ours == expected


def test_a_router_that_knows_the_time_tells_when_it_was_started() -> None:
    user = User(device("3660"))
    assert "System restarted" not in user.type("show version")
    user.type("clock set 12:00:00 1 Mar 2003")
    assert "\nSystem restarted at 12:00:00 UTC Sat Mar 1 2003\nSystem image file" in user.type("show hardware")


@pytest.mark.parametrize("name", platforms.names())
def test_what_is_counted_is_what_is_there(name: str) -> None:
    router = device(name)
    counted = dict(
        reversed(row)
        for row in re.findall(
            r"^(\d+) (FastEthernet|Serial|Channelized T1|Voice FXO)", version_text(router), re.MULTILINE
        )
    )
    kinds = [
        port.kind for port in (*router.chassis.interfaces, *router.chassis.controllers, *router.chassis.analog_ports)
    ]
    words = {"FastEthernet": "FastEthernet", "Serial": "Serial", "T1": "Channelized T1", "FXO": "Voice FXO"}
    assert counted == {words[kind]: str(kinds.count(kind)) for kind in words if kind in kinds}


@pytest.mark.parametrize(
    ("name", "percent", "before", "after"),
    [
        ("3745", 30, "249856K/12288K", "184320K/77824K"),  # as published
        ("2621", 8, "59392K/6144K", "60416K/5120K"),  # as published
        ("as5300", 30, "131072K/16384K", "131072K/16384K"),
    ],
)
def test_memory_is_divided_anew_with_the_next_start(name: str, percent: int, before: str, after: str) -> None:
    router = router_with(name, f"memory-size iomem {percent}\n" if name != "as5300" else "")
    assert f"with {before} bytes of memory" in version_text(router.device)
    User(router.device).type("write memory")
    router.reload()
    assert f"with {after} bytes of memory" in version_text(router.device)


def test_channels_of_trunks_count_as_serial_interfaces() -> None:
    router = router_with("3660", "controller T1 1/0\n pri-group timeslots 1-24\n").device
    assert "\n24 Serial network interface(s)\n1 Channelized T1/PRI port(s)\n" in version_text(router)
    router = router_with(
        "3660", "controller T1 1/0\n channel-group 0 timeslots 1-4\n ds0-group 1 timeslots 5 type e&m-wink-start\n"
    ).device
    assert "\n1 Serial network interface(s)\n" in version_text(router)


def test_images_that_encrypt_say_so_from_12_3_on() -> None:
    router = device("3745")
    for version, told in (("12.2(15)T9", False), ("12.3(1a)", True), ("12.4(3)", True)):
        image = platforms.load("3745")._replace(image="C3745-IK9S-M", version=version)
        router.chassis = Chassis(image)
        assert ("\n\n\nThis product contains cryptographic features" in version_text(router)) is told
    router.chassis = Chassis(image._replace(image="C3745-IS-M"))
    assert "cryptographic" not in version_text(router)
