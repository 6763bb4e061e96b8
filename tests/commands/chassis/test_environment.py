"""The sensors of each chassis, in the form of its kind: readings of the unit that rise with its calls."""

from __future__ import annotations

import re

import pytest

from iosemu.chassis import platform
from iosemu.chassis.dsp import Use
from tests.commands.routers import User, device

# `show environment` of an AS5350XM, published; without the sensors that only that board has.
PUBLISHED = """\
Temperature:
Temperature Reading:
Temp at inlet is measured as 24C/75F.
Temp at outlet is measured as 33C/91F.
Temp delta of inlet and outlet is measured as 9C/48F.
Temperature State:
Temperature is in normal state.

Voltage:
Voltage Reading:
Motherbd 5V is measured as 5171.
Memory 2.5V is measured as 2464.
Voltage State:
Voltage is in 0 state.

Power Supply:
Redundant Power System is not present.
PS Input Voltage status:  normal
PS Output Voltage status:  normal
PS Fan status:  normal
PS Thermal status:  normal
PS OverVoltage status:  normal
"""
# `show environment all` of a 7206, published.
NPE = """\

Power Supplies:
        Power Supply 1 is Zytek AC Power Supply. Unit is on.
        Power Supply 2 is empty.

Temperature readings:
        I/O Cont Inlet       measured at 25C/77F
        I/O Cont Outlet      measured at 27C/80F
        NPE Inlet            measured at 28C/82F
        NPE Outlet           measured at 29C/84F

Voltage readings:
        +3.45 V measured at +3.50 V
        +5.15 V measured at +5.25 V
        +12.15 V measured at +12.39 V
        -11.95 V measured at -11.85 V

Envm stats saved 94 time(s) since reload
"""


def form(text: str) -> list[str]:
    """Lines without what is measured."""
    return [re.sub(r"(?<=measured (?:at|as) ).*|\d+(?= time)", "*", line) for line in text.splitlines()]


def test_a_gateway_has_the_lines_of_the_published_one() -> None:
    printed = form(User(device("as5350")).type("show environment"))
    assert [line for line in form(PUBLISHED) if line not in printed] == []


def test_the_router_shelf_of_an_as5800_speaks_as_a_7206() -> None:
    user = User(device("as5800"))
    assert user.type("show environment") == "All measured values are normal\n"
    assert form(user.type("show environment all")) == form(NPE)


def test_calls_warm_the_air_that_goes_out() -> None:
    router = device("as5350")
    user = User(router)

    def readings() -> dict[str, int]:
        found = re.findall(r"Temp at (\w+) is measured as (\d+)C", user.type("show environment"))
        return {sensor: int(celsius) for sensor, celsius in found}

    before = readings()
    taken = [router.chassis.dsp.take(Use.VOICE) for _ in range(90)]
    after = readings()
    assert after == {"inlet": before["inlet"], "outlet": before["outlet"] + 3}
    for channel in taken:
        assert channel is not None
        channel.free()
    assert readings() == before


def test_each_unit_measures_for_itself_and_always_alike() -> None:
    texts = {unit: User(device("as5350", unit=unit)).type("show environment") for unit in ("a", "b", "c")}
    assert len(set(texts.values())) > 1
    assert texts["a"] == User(device("as5350", unit="a")).type("show environment")


@pytest.mark.parametrize("name", [name for name in platform.names() if not name.startswith("17")])
def test_every_chassis_with_a_monitor_tells_of_each_of_its_sensors(name: str) -> None:
    text = User(device(name)).type("show environment all")
    found = platform.load(name).environment
    assert found is not None
    assert all(sensor in text for sensor in (*found.temperatures, *found.voltages))
    assert len(re.findall(r"^ Fan \d+ Normal$", text, re.MULTILINE)) == (found.fans if found.form == "modular" else 0)
