"""What the sensors of a chassis say: `show environment`.

Rule: which sensors there are, and what they measure in a cool room with nothing to do, says the platform file; the
readings follow from that, from the unit, and from how many calls the signal processors carry, which warms the air
behind them. A chassis without an entry has no monitor. Forms: that of a 7206 and of an AS5350 are published, that of
the modular routers is recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from iosemu.commands.registry import handlers
from iosemu.dates import clock_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iosemu.chassis.schema import Environment
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_NORMAL = "All measured values are normal\n"
# A degree for so many busy channels behind the fans; the air that comes in does not change.
_CALLS_A_DEGREE, _INLET = 30, "inlet"
_UPDATED_S = 60


def _temperature(device: Device, sensor: str, at_rest: int) -> int:
    """In degrees Celsius."""
    warmth = 0 if _INLET in sensor.lower() else len(device.chassis.dsp.in_use) // _CALLS_A_DEGREE
    return at_rest + warmth + _own(device, sensor, 3)


def _own(device: Device, sensor: str, bound: int) -> int:
    """By how much this unit differs from others."""
    return crc32(f"{device.chassis.identity} {sensor}".encode()) % bound


def _degrees(celsius: int) -> str:
    return f"{celsius}C/{celsius * 9 // 5 + 32}F"


def _npe(device: Device, found: Environment) -> Iterator[str]:
    yield ""
    yield "Power Supplies:"
    for number in range(1, found.supply_bays + 1):
        there = number <= found.supplies
        yield f"        Power Supply {number} is {f'{found.supply}. Unit is on' if there else 'empty'}."
    yield ""
    yield "Temperature readings:"
    for sensor, at_rest in found.temperatures.items():
        yield f"        {sensor:<20} measured at {_degrees(_temperature(device, sensor, at_rest))}"
    yield ""
    yield "Voltage readings:"
    for sensor, millivolts in found.voltages.items():
        yield f"        {sensor} measured at {(millivolts + 10 * _own(device, sensor, 3)) / 1000:+.2f} V"
    yield ""
    yield "Envm stats saved 0 time(s) since reload"


def _gateway(device: Device, found: Environment) -> Iterator[str]:
    yield "Temperature:"
    yield "Temperature Reading:"
    readings = {sensor: _temperature(device, sensor, at_rest) for sensor, at_rest in found.temperatures.items()}
    for sensor, celsius in readings.items():
        yield f"Temp at {sensor} is measured as {_degrees(celsius)}."
    if len(readings) == 2:
        first, second = readings.values()
        yield f"Temp delta of {' and '.join(readings)} is measured as {_degrees(second - first)}."
    yield "Temperature State:"
    yield "Temperature is in normal state."
    yield ""
    yield "Voltage:"
    yield "Voltage Reading:"
    for sensor, millivolts in found.voltages.items():
        yield f"{sensor} is measured as {millivolts + 4 * _own(device, sensor, 16)}."
    yield "Voltage State:"
    yield "Voltage is in 0 state."
    yield ""
    yield "Power Supply:"
    yield f"Redundant Power System is {'' if found.supplies > 1 else 'not '}present."
    for what in ("Input Voltage", "Output Voltage", "Fan", "Thermal", "OverVoltage"):
        yield f"PS {what} status:  normal"


def _modular(device: Device, found: Environment) -> Iterator[str]:
    for number in range(1, found.supply_bays + 1):
        if number > found.supplies:
            yield f" SYS PS{number} is absent."
            continue
        yield f" SYS PS{number} is present."
        for what in ("Fan", "Input Voltage", "DC Output Voltage"):
            yield f"        {what} status: Normal"
        yield f"        Type: {found.supply}"
        yield "        Thermal status: Normal"
    yield ""
    for number in range(1, found.fans + 1):
        yield f" Fan {number} Normal"
    yield ""
    yield " Fan Speed Setting: Normal"
    yield ""
    for sensor, at_rest in found.temperatures.items():
        yield f" {sensor}: {_temperature(device, sensor, at_rest)} Celsius (normal)"
        yield ""
    yield f" Environmental information last updated {clock_digits(int(device.uptime_s) % _UPDATED_S)} ago"


_FORMS: dict[str, Callable[[Device, Environment], Iterator[str]]] = {
    "npe": _npe,
    "gateway": _gateway,
    "modular": _modular,
}


def environment_text(device: Device, *, everything: bool) -> str:
    """The text of `show environment`, or with `everything` of `show environment all`."""
    found = device.chassis.platform.environment
    if found is None:
        return "Environmental monitoring is not available on this platform\n"  # inferred
    if found.form == "npe" and not everything:
        return _NORMAL
    return "\n".join(_FORMS[found.form](device, found)) + "\n"


@handlers.register("show_environment")
def _environment(call: Invocation[Device]) -> None:
    call.write(environment_text(call.device, everything=call.tokens[-1] == "all"))
