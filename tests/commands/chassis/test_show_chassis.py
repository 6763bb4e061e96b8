"""What a chassis tells of its memory, its shelf and its cards follows from what is in it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from iosemu.chassis import platform as platforms
from iosemu.chassis import releases
from iosemu.chassis.hardware import Chassis
from iosemu.chassis.platform import names
from iosemu.clock import ManualClock
from iosemu.commands.chassis.show_inventory import inventory_text
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import CARET, User, device

_ROW = re.compile(r"^ 0x([0-9A-F]{8})  0x([0-9A-F]{8})  +(\d+)  (\w+) +R/[WO]    (\S+)$", re.MULTILINE)


@pytest.mark.parametrize("name", names())
def test_the_regions_lie_in_the_memory_of_the_chassis(name: str) -> None:
    router = device(name)
    text = User(router).type("show region")
    assert text.startswith("Region Manager:\n\n      Start         End     Size(b)  Class  Media  Name\n")
    rows = {row[4]: (int(row[0], 16), int(row[1], 16), int(row[2])) for row in _ROW.findall(text)}
    assert all(last - first + 1 == size for first, last, size in rows.values())
    platform = router.chassis.platform
    assert rows["main"][2] == platform.memory_kb * 1024
    assert rows["iomem"][2] == platform.io_memory_kb * 1024
    assert rows["main:text"][0] == int(platform.text_base, 16)
    assert rows["main:data"][0] == int(platform.data_base, 16)
    inner = [rows[f"main:{part}"] for part in ("text", "data", "bss", "heap")]
    assert all(before[1] + 1 == after[0] for before, after in pairwise(inner))
    assert rows["main:heap"][1] == rows["main"][1]
    assert f"{rows['main:heap'][0]:X}" in User(router).type("show memory")


def test_the_dial_shelf_lists_its_cards_and_its_controller() -> None:
    router = device("as5800")
    rows = [line.split() for line in User(router).type("show dial-shelf").splitlines()[3:-1]]
    assert [(row[0], row[1]) for row in rows] == [("0", "CT1"), ("2", "VOICE"), ("12", "DSC")]
    assert {row[-2] for row in rows} == {"Up"}
    assert "All measured values are normal\n" in User(router).type("show environment")
    assert User(device("as5300")).type("show dial-shelf").endswith(CARET)


def test_the_inventory_names_chassis_and_cards() -> None:
    release = releases.release_for("3745", "12.3(4)T", None)
    modules = {"1": "NM-2V", "1/0": "VIC-2FXS"}
    store = FileStore(None)
    router = Router(
        "3745", clock=ManualClock(), network=NoNetwork(), store=store, modules=modules, release=release
    ).device
    text = User(router).type("show inventory")
    assert text.startswith(
        'NAME: "3745 chassis", DESCR: "3745 chassis"\nPID:                   , VID: 2.0, SN: JMX0740L4UY\n\nNAME: "'
    )
    listed = re.findall(r'^NAME: "(.*)", DESCR: "\1"\nPID: (\S+) *, VID: \d\.\d, SN: \d{1,8}$', text, re.MULTILINE)
    assert listed == [
        ("2-slot voice/fax network module", "NM-2V="),
        ("Two port FXS voice interface daughtercard", "VIC-2FXS="),
    ]
    assert User(device("3745")).type("show inventory").endswith(CARET)


@pytest.mark.parametrize(
    ("platform", "modules", "published"),
    [
        (
            "3640",
            {"0": "NM-1FE-TX", "1": "NM-1FE-TX", "2": "NM-1FE-TX"},
            'NAME: "3640 chassis", DESCR: "3640 chassis"\nPID:                   , VID: 0x#, SN: #\n\n'
            + 3
            * (
                'NAME: "One port Fastethernet TX", DESCR: "One port Fastethernet TX"\n'
                "PID: NM-1FE-TX=        , VID: #.#, SN: #\n\n"
            ),
        ),
        (
            "3725",
            {"1": "NM-16ESW"},
            'NAME: "3725 chassis", DESCR: "3725 chassis"\nPID:                   , VID: #.#, SN: #\n\n'
            'NAME: "16 Port 10BaseT/100BaseTX EtherSwitch", DESCR: "16 Port 10BaseT/100BaseTX EtherSwitch"\n'
            "PID: NM-16ESW=         , VID: #.#, SN: #\n\n",
        ),
    ],
)
def test_an_inventory_has_the_lines_of_a_published_one(platform: str, modules: dict[str, str], published: str) -> None:
    text = inventory_text(Chassis(platforms.load(platform), modules))
    assert re.sub(r"(?<=SN: )\w+|(?<=VID: 0x)\w+|(?<=VID: )\d(?=\.)|(?<=\.)\d", "#", text) == published
