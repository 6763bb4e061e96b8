"""`show controllers T1|E1|T3`: the trunks and their alarms.

Rule: a T3 is up where one of its lines is cabled. The form of T1 and E1 is published, that of a T3 recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.hardware import Controller
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

# The length of the interval whose errors are counted, 15 minutes.
INTERVAL_S = 900
# How many of those before it are kept, a day of them.
INTERVALS = 96

# By state of a controller.
_ALARMS = {
    "up": ["  No alarms detected."],
    "down": ["  Transmitter is sending remote alarm.", "  Receiver has loss of signal."],
    "administratively down": ["  Transmitter is sending AIS."],
}


_FIRMWARE = "Firmware: 20020812, FPGA: 11"  # recalled


def _block(device: Device, controller: Controller) -> Block | None:
    return device.config.root.block(f"controller {controller.kind}", unit=controller.unit)


def controllers(device: Device, kind: str | None = None) -> list[Controller]:
    """The T1 and E1 controllers that there are: lines of a T3 only where the T3 has been told so."""
    found = [c for c in device.chassis.controllers if kind in (None, c.kind)]
    return [c for c in found if not c.of or _block(device, c) is not None]


def is_plugged(device: Device, controller: Controller) -> bool:
    """Is a trunk cabled to this controller?"""
    return device.voice.plugged(controller.name)


def controller_state(device: Device, controller: Controller) -> str:
    """ "up", "down" or "administratively down"; with its T3 shut down a line is down."""
    block = _block(device, controller)
    t3 = device.config.root.block("controller T3", unit=controller.of) if controller.of else None
    if t3 is not None and t3.flag("shutdown"):
        return "down"
    if block is not None and block.flag("shutdown"):
        return "administratively down"
    return "up" if is_plugged(device, controller) and not device.chassis.is_out(controller.name) else "down"


def controller_text(device: Device, controller: Controller) -> str:
    """One controller as `show controllers` prints it."""
    block = _block(device, controller)
    if block is None:
        return ""
    state = controller_state(device, controller)
    alarms = _ALARMS[state]
    description = block.value("description", "text")
    return "\n".join(
        [
            f"{controller.name} is {state}.",
            f"  Applique type is Channelized {controller.kind}{_termination(controller, block)}",
            *([f"  Description: {description}"] if description else []),
            *([f"  Cablelength is {_cable_length(block)}"] if controller.kind == "T1" else []),
            *alarms,
            *_multiflex(device, block),
            f"  Framing is {str(block.value('framing', 'framing')).upper()},"
            f" Line Code is {str(block.value('linecode', 'code')).upper()}, Clock Source is {_clock_source(block)}.",
            *_intervals(device, controller),
            "",
        ]
    )


def _termination(controller: Controller, block: Block) -> str:
    """What the cable of an E1 is."""
    if controller.kind != "E1":
        return ""
    return " - unbalanced" if block.value("line-termination", "ohms") == "75-ohm" else " - balanced"


def _multiflex(device: Device, block: Block) -> list[str]:
    """What the trunk cards of the modular routers tell besides.  # recalled"""
    if device.chassis.platform.family.startswith("as"):
        return []
    trigger = block.get("alarm-trigger blue")
    return [
        f"  alarm-trigger is {'not ' if trigger is None or trigger.negated else ''}set",
        f"  Version info {_FIRMWARE}",
    ]


def _cable_length(block: Block) -> str:
    line = block.get("cablelength")
    return " ".join(line.tokens[1:]) if line is not None and not line.negated else "long gain36 0db"


def _intervals(device: Device, controller: Controller) -> Iterator[str]:
    """The interval under way, those before it with the last one first, and all of them together."""
    now_s = device.clock.now()
    whole, elapsed = divmod(int(device.uptime_s), INTERVAL_S)
    whole = min(whole, INTERVALS)

    def missing(from_s: float, to_s: float, *, comma: str = "") -> list[str]:
        """Without a signal nothing can be told of its quality: such seconds are unavailable."""
        seconds = round(device.voice.cables.without_s(controller.name, from_s, to_s))
        return [
            f"     0 Line Code Violations, 0 Path Code Violations{comma}",
            f"     0 Slip Secs, 0 Fr Loss Secs, 0 Line Err Secs, 0 Degraded Mins{comma}",
            f"     0 Errored Secs, 0 Bursty Err Secs, 0 Severely Err Secs, {seconds} Unavail Secs",
        ]

    begun = now_s - elapsed
    yield f"  Data in current interval ({elapsed} seconds elapsed):"
    yield from missing(begun, now_s)
    for number in range(1, whole + 1):
        yield f"  Data in Interval {number}:"
        yield from missing(begun - number * INTERVAL_S, begun - (number - 1) * INTERVAL_S)
    if whole:
        yield (
            "  Total Data (last 24 hours)"
            if whole == INTERVALS
            else f"  Total Data (last {whole} 15 minute intervals):"
        )
        yield from missing(begun - whole * INTERVAL_S, begun, comma=",")


def _clock_source(block: Block) -> str:
    line = block.get("clock source")
    words = line.tokens[2:] if line is not None else ("line",)
    return " ".join(word.capitalize() for word in words)


def _show(call: Invocation[Device], kind: str) -> None:
    wanted = call.values.get("unit")
    found = [c for c in controllers(call.device, kind) if wanted in (None, c.unit)]
    if wanted is not None and not found:
        raise call.invalid("unit")
    call.write("".join(controller_text(call.device, controller) for controller in found))


@handlers.register("show_controllers_t1")
def _t1(call: Invocation[Device]) -> None:
    _show(call, "T1")


@handlers.register("show_controllers_e1")
def _e1(call: Invocation[Device]) -> None:
    _show(call, "E1")


_T3_COUNTS = """\
     0 Line Code Violations, 0 P-bit Coding Violation
     0 C-bit Coding Violation
     0 P-bit Err Secs, 0 P-bit Severely Err Secs
     0 Severely Err Framing Secs, {unavailable} Unavailable Secs
     0 Line Errored Secs, 0 C-bit Errored Secs
     0 C-bit Severely Errored Secs
"""


def t3_state(device: Device, unit: str) -> str:
    """ "up", "down" or "administratively down"."""
    block = device.config.root.block("controller T3", unit=unit)
    if block is not None and block.flag("shutdown"):
        return "administratively down"
    lines = (controller for controller in device.chassis.controllers if controller.of == unit)
    return "up" if any(is_plugged(device, line) for line in lines) else "down"


def t3_text(device: Device, unit: str) -> str:
    """One T3 as `show controllers` prints it."""
    state, block = t3_state(device, unit), device.config.root.block("controller T3", unit=unit)
    assert block is not None
    elapsed = int(device.uptime_s) % INTERVAL_S
    source = block.get("clock source")
    clock = source.tokens[2].capitalize() if source is not None else "Line"
    counts = _T3_COUNTS.format(unavailable=0 if state == "up" else elapsed)
    return (
        f"T3 {unit} is {state}.\n  Applique type is Channelized T3\n"
        + "".join(f"{line}\n" for line in _ALARMS[state])
        + "  MDL transmission is disabled\n\n  FEAC code received: No code is being received\n"
        + f"  Framing is {str(block.value('framing', 'framing', 'm23')).upper()}, Line Code is B3ZS,"
        + f" Clock Source is {clock}\n  Data in current interval ({elapsed} seconds elapsed):\n{counts}"
    )


@handlers.register("show_controllers_t3")
def _t3(call: Invocation[Device]) -> None:
    wanted = call.values.get("unit")
    found = [unit for unit in call.device.chassis.t3s if wanted in (None, unit)]
    if wanted is not None and not found:
        raise call.invalid("unit")
    call.write("".join(t3_text(call.device, unit) for unit in found))
