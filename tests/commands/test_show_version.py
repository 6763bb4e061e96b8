"""`show version` beside captured ones: for the same hardware and image it has the same lines in the same form."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from iosemu.chassis import platform as platforms
from iosemu.chassis.hardware import Chassis
from iosemu.chassis.platform import Platform
from iosemu.commands.show_version import version_text
from tests.commands.routers import User, device
from tests.commands.test_show_voice_hardware import router_with

SHOWS = Path(__file__).parents[3] / "shared" / "corpus" / "show"

# Published elsewhere; the values of the units are made up.
PUBLISHED = {
    "3660-12.3(4)T": """\
Cisco IOS Software, 3600 Software (C3660-I-M), Version 12.3(4)T, RELEASE SOFTWARE (fc1)
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
DRAM configuration is 64 bits wide with parity disabled.
151K bytes of NVRAM.
125440K bytes of ATA System CompactFlash (Read/Write)

Configuration register is 0x2102
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
    # Modem and terminal cards are not emulated; a sample that wrapped a line has half of it to itself.
    "show-version__genie-generic-g_ios_c2600_2.txt": {"# terminal line(s)", "minutes"},
    # An emulated machine's: it has no ROM, and tells of no known start.
    "show-version__manual-3640-12.2-26.txt": {
        "ROM: ROMMON Emulation Microcode",
        "DRAM configuration is # bits wide with parity enabled.",
    },
}
"""Masked lines of a sample that we do not print, with the reason."""


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
    return msgspec.structs.replace(
        base,
        version=version,
        image=said(r"\((C\S+-M)\)", base.image.replace("-JS-", f"-{features}-")),
        build=said(r"RELEASE SOFTWARE \((fc\d)\)", "fc1"),
        compiled=said(r"^Compiled (.+)$", base.compiled),
        image_file=said(r'^System image file is "(flash:.+)"', base.image_file),
        memory_kb=int(said(r"with (\d+)K/", 0)),
        io_memory_kb=int(said(r"K/(\d+)K bytes of memory", 0)),
        nvram_kb=int(said(r"^(\d+)K bytes of (?:NVRAM|non-vol)", 0)),
        flash_kb=int(said(r"^(\d+)K bytes of (?:processor|ATA)", 0)),
    )


def cards(text: str, base: Platform) -> dict[str, str]:
    """Cards that bring as many serial ports as the sample counts, and no trunk."""
    found = re.search(r"^(\d+) Serial", text, re.MULTILINE)
    serial = int(found[1]) if found else 0
    modules = {slot: "empty" for slot, spec in base.slots.items() if "NM" in spec.accepts}
    if any(spec.default == "NM-2FE2W" for spec in base.slots.values()):
        modules["0"] = "NM-2FE2W"
    if serial == 1:
        modules["0/0"] = "WIC-1T"
    elif serial == 4:
        modules["1"] = "NM-4T"
    return modules


def masked(text: str) -> list[str]:
    """The lines without blanks at their ends, names and numbers of the unit left out."""
    lines = []
    for line in text.splitlines():
        line = re.sub(r"^\S+ uptime is .*", "NAME uptime is TIME", line.rstrip())
        line = re.sub(r"^(Processor board ID|System returned to ROM by|System image file is|Compiled) .*", r"\1", line)
        line = re.sub(r"^(ROM: System Bootstrap, Version) \S+ .*", r"\1", line)
        line = re.sub(r"\(revision \S+\)", "(revision #)", line)
        lines.append(re.sub(r"0x\w+|\b\d[\d.]*", "#", line))
    return [line for line in lines if line and not line.startswith("# SOURCE")]


@pytest.mark.parametrize("name", samples())
def test_a_router_of_that_kind_prints_the_same_lines(name: str) -> None:
    text = samples()[name]
    base = described(name, text)
    router = device(base.name)
    router.chassis = Chassis(base, cards(text, base))
    ours, theirs = masked(version_text(router)), masked(text)
    missing = MISSING.get(name, set())
    assert missing <= set(theirs)
    expected = [line for line in theirs if line not in missing]
    if theirs[0].startswith("#") or not theirs[0].lower().startswith("cisco i"):  # a piece of one
        ours = ours[ours.index(expected[0]) : ours.index(expected[-1]) + 1]
    own = [line for line in ours if line not in theirs]
    assert own == [] or (missing and len(own) <= len(missing))
    assert [line for line in ours if line in theirs] == expected


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
