"""`show controllers T1|E1`: the trunks and their alarms."""

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


def _block(device: Device, controller: Controller) -> Block | None:
    return device.config.root.block(f"controller {controller.kind}", unit=controller.unit)


def is_plugged(device: Device, controller: Controller) -> bool:
    """Is a trunk cabled to this controller?"""
    return device.voice.plugged(controller.name)


def controller_state(device: Device, controller: Controller) -> str:
    """ "up", "down" or "administratively down"."""
    block = _block(device, controller)
    if block is not None and block.flag("shutdown"):
        return "administratively down"
    return "up" if is_plugged(device, controller) else "down"


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
            f"  Applique type is Channelized {controller.kind}",
            *([f"  Description: {description}"] if description else []),
            *([f"  Cablelength is {_cable_length(block)}"] if controller.kind == "T1" else []),
            *alarms,
            f"  Framing is {str(block.value('framing', 'framing')).upper()},"
            f" Line Code is {str(block.value('linecode', 'code')).upper()}, Clock Source is {_clock_source(block)}.",
            *_intervals(device, controller),
            "",
        ]
    )


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
    found = [c for c in call.device.chassis.controllers if c.kind == kind and wanted in (None, c.unit)]
    if wanted is not None and not found:
        raise call.invalid("unit")
    call.write("".join(controller_text(call.device, controller) for controller in found))


@handlers.register("show_controllers_t1")
def _t1(call: Invocation[Device]) -> None:
    _show(call, "T1")


@handlers.register("show_controllers_e1")
def _e1(call: Invocation[Device]) -> None:
    _show(call, "E1")
