"""`show isdn timers` and `show isdn nfas group`: what the layers of D channels are set to, and which trunks share one.

Rule: timers are those of the standards (Q.921 for a T1 or E1, Q.931) where the configuration sets no other; which trunk
has what part in a group follows from its `pri-group`. Forms recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.controllers.show_controllers import controller_state
from iosemu.commands.controllers.show_isdn import primary_rates
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.hardware import Controller
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line

_LAYER_2 = (
    ("K", 7, "outstanding I-frames"),
    ("N200", 3, "max number of retransmits"),
    ("T200", 1, "seconds"),
    ("T203", 30, "seconds"),
)
# In seconds; None: not in force.
_LAYER_3: dict[str, int | None] = {
    "T303": 4,
    "T304": 20,
    "T305": 30,
    "T306": 30,
    "T307": 180,
    "T308": 4,
    "T309": None,
    "T310": 40,
    "T313": 4,
    "T316": 120,
    "T318": 4,
    "T319": 4,
    "T322": 4,
}
_T309_S = 90  # Q.931
"""Where it is only told to be in force."""


def timers_text(device: Device) -> str:
    """The text of `show isdn timers`."""
    switch = device.config.root.value("isdn switch-type", "type")
    if not switch:
        return "**** No Global ISDN Switchtype currently defined ****\n"
    lines: list[str] = []
    for dsl, port in enumerate(primary_rates(device)):
        assert port.d_channel is not None
        name = port.d_channel.interface
        block = device.config.root.block("interface", name=name)
        own = block.value("isdn switch-type", "type", switch) if block is not None else switch
        lines.append(f"ISDN {name} Timers (dsl {dsl}) Switchtype = {own}")
        lines.append("    ISDN Layer 2 values")
        lines += [f"        {name:<4} = {_set(block, name) or value:3}   {unit}" for name, value, unit in _LAYER_2]
        lines.append("    ISDN Layer 3 values")
        for timer, value in _LAYER_3.items():
            seconds = _set(block, timer) or value
            lines.append(f"        {timer} {f'= {seconds:3}   seconds' if seconds else 'Disabled'}")
    return "\n".join(lines) + "\n"


def _set(block: Block | None, timer: str) -> int | None:
    """What the configuration of an interface says of a timer, in seconds; None where it says nothing."""
    if block is None:
        return None
    milliseconds = block.value(f"isdn {timer}", "milliseconds")
    if isinstance(milliseconds, int):
        return milliseconds // 1000
    return _T309_S if timer == "T309" and block.flag("isdn T309-enable") else None


_GROUP_KEYS = {"primary": "group", "backup": "backup_group", "none": "spare_group"}


def groups(device: Device) -> dict[int, list[tuple[str, Controller]]]:
    """The groups by number, each with the part that its trunks have (`primary`, `backup`, `none`), in their order."""
    found: dict[int, list[tuple[str, Controller]]] = {}
    for controller in device.chassis.controllers:
        block = device.config.root.block(f"controller {controller.kind}", unit=controller.unit)
        line: Line | None = block.get("pri-group") if block is not None else None
        role = str(line.values.get("role", "")) if line is not None else ""
        if line is not None and role in _GROUP_KEYS:
            found.setdefault(int(str(line.values[_GROUP_KEYS[role]])), []).append((role, controller))
    return dict(sorted(found.items()))


def group_text(device: Device, number: int, members: list[tuple[str, Controller]]) -> str:
    """The text of `show isdn nfas group` for one group."""
    names = {"primary": "primary D", "backup": "backup D", "none": "NFAS member"}
    lines = [f"ISDN NFAS GROUP 0x{number:X} ENTRIES:", ""]
    lines += [f"The {names[role]} is {device.chassis.serial_for(controller)}." for role, controller in members]
    lines += ["", f"There are {len(members)} total nfas members."]
    lines.append(f"There are {sum(_available(device, role, one) for role, one in members)} total available B channels.")
    return "\n".join([*lines, *_layers(device, members)]) + "\n\n"


def _available(device: Device, role: str, controller: Controller) -> int:
    """The B channels of a trunk that is up: without a D channel of its own all its time slots are."""
    if controller_state(device, controller) != "up":
        return 0
    port = device.voice.ports.get(device.chassis.voice_port_for(controller))
    idle = sum(channel.idle for channel in port.channels) if port is not None else 0
    return idle + (role == "none")


def _layers(device: Device, members: list[tuple[str, Controller]]) -> Iterator[str]:
    dsls = {port.cable: dsl for dsl, port in enumerate(primary_rates(device))}
    up = {role: controller_state(device, one) == "up" for role, one in reversed(members)}
    for role, controller in members:
        if role != "none":
            state = "INITIALIZED" if up[role] else "OUT OF SERVICE"
            yield f"The {role} D-channel is DSL {dsls.get(controller.name, 0)} in state {state}."
    active = next((dsls.get(one.name, 0) for role, one in members if role != "none" and up[role]), None)
    if active is not None:
        yield f"The current active layer 2 DSL is {active}."


@handlers.register("show_isdn_timers")
def _timers(call: Invocation[Device]) -> None:
    call.write(timers_text(call.device))


@handlers.register("show_isdn_nfas_group")
def _groups(call: Invocation[Device]) -> None:
    wanted = call.values.get("group")
    for number, members in groups(call.device).items():
        if wanted in (None, number):
            call.write(group_text(call.device, number, members))
