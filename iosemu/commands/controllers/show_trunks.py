"""What stands on the time slots of trunks: `show controllers timeslots`, `show controllers t1|e1 call-counters`, `show
trunk group`, `show voice call summary`.

Rule: a time slot is what its group in the configuration makes it, its state is that of the channel and of the call leg
on it. Forms: published output of the command references; what they do not show is marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.chassis.hardware import D_CHANNEL
from iosemu.commands.controllers.show_controllers import controller_state, controllers
from iosemu.commands.registry import handlers
from iosemu.dates import clock_digits
from iosemu.voice.legs import LegRecord, Origin, Telephony
from iosemu.voice.trunk_groups import members, preference_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.hardware import Controller
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.ports import BearerChannel, VoicePort

_Legs = dict[tuple[str, int], LegRecord]


def legs_by_channel(device: Device) -> _Legs:
    """The legs in progress by voice port and channel."""
    active = device.voice.control.active
    return {(leg.detail.port, leg.detail.channel): leg for leg in active if isinstance(leg.detail, Telephony)}


def _slots(device: Device, controller: Controller) -> dict[int, tuple[VoicePort, BearerChannel]]:
    """By time slot: the voice port that it is a channel of."""
    ports = [port for port in device.voice.ports.values() if port.cable == controller.name]
    return {channel.number: (port, channel) for port in ports for channel in port.channels}


# Time slots.

_SLOTS_HEADING = """\
Loopback: NONE
DS0 Type         Modem    <->  Service   Channel     Rx        Tx
                               State     State       A B C D   A B C D
---------------------------------------------------------------------------
"""


def timeslots_text(device: Device, controller: Controller) -> str:
    """One trunk of `show controllers timeslots`."""
    state = controller_state(device, controller)
    slots, legs = _slots(device, controller), legs_by_channel(device)
    primary = any(port.d_channel is not None for port, _ in slots.values())
    rows = []
    for number in range(1, controller.timeslots + 1):
        if primary and number == D_CHANNEL[controller.kind] + 1:
            rows.append(f"{number:2}  {'pri-sig':<12}-      -   {'outofsvc':<10}reserved")
        elif number not in slots:
            rows.append(f"{number:2}  unused")
        else:
            rows.append(_slot(number, *slots[number], legs))
    return f"{controller.name} is {state}:\n{_SLOTS_HEADING}" + "".join(f"{row}\n" for row in rows)


def _slot(number: int, port: VoicePort, channel: BearerChannel, legs: _Legs) -> str:
    kind = "pri" if port.d_channel is not None else "cas"
    leg = legs.get((port.name, channel.number))
    way = "-" if leg is None else "in" if leg.origin is Origin.ANSWER else "out"
    named = kind if leg is None else f"{kind}-voice"  # inferred
    if channel.busied_out:
        return f"{number:2}  {named:<12}-      {way:<4}{'maint':<10}{'static-bo':<12}0 0 0 0   1 1 1 1"
    service = "insvc" if port.up else "outofsvc"
    busy = "busy" if kind == "pri" else "connected"
    row = f"{number:2}  {named:<12}-      {way:<4}{service:<10}{'idle' if channel.idle else busy:<12}"
    if kind == "pri":
        return row.rstrip()
    bits = "0 0 0 0" if channel.idle else "1 1 1 1"
    return f"{row}{bits}   {bits}"


# Call counters.


def counters_text(device: Device, controllers: list[Controller]) -> str:
    """`show controllers t1 call-counters`."""
    most = device.voice.control.channels.most[""]
    blocks = [line for controller in controllers for line in _counters(device, controller)]
    return "\n".join([*blocks, f"System's DS0's Active High Water Mark: {most}"]) + "\n"


def _counters(device: Device, controller: Controller) -> Iterator[str]:
    control, legs = device.voice.control, legs_by_channel(device)
    slots = _slots(device, controller)
    if not slots:
        return
    ports = {port.name for port, _ in slots.values()}
    yield f"{controller.name}:"
    yield f"  DS0's Active: {sum(control.channels.active[name] for name in ports)}"
    yield f"  DS0's Active High Water Mark: {sum(control.channels.most[name] for name in ports)}"
    yield "  TimeSlot   Type   TotalCalls   TotalDuration"
    for number, (port, _) in sorted(slots.items()):
        place = port.name, number
        leg = legs.get(place)
        seconds = control.channels.seconds[place]
        seconds += int(leg.duration_s(control.uptime())) if leg is not None else 0
        kind = "pri" if port.d_channel is not None else "cas"
        yield f"{number:7}       {kind}   {control.channels.calls[place]:9}       {clock_digits(seconds)}"


# Trunk groups.


def group_text(device: Device, name: str) -> str:
    """One group of `show trunk group`."""
    block = device.config.root.block("trunk group", name=name)
    if block is None:
        return ""
    scheme = block.get("hunt-scheme")
    lines = [
        f"Trunk group: {name}",
        f"        Description: {block.value('description', 'text', '')}".rstrip(),
        f"        trunk group label: {name}",
        "        Translation profile (Incoming):",
        "        Translation profile (Outgoing):",
        f"        Hunt Scheme is {scheme.tokens[1] if scheme is not None else 'least-used'}",
        "        Max Calls (Incoming):   NOT-SET (Any)   NOT-SET (Voice) NOT-SET (Data)",
        "        Max Calls (Outgoing):   NOT-SET (Any)   NOT-SET (Voice) NOT-SET (Data)",
        "        Retries: 0",
    ]
    voice = free = 0
    for port in sorted(members(device.config.root, device.voice.ports, name), key=lambda port: port.name):
        idle = port.idle_channels if port.up else 0
        calls = sum(not channel.idle for channel in port.channels)
        voice, free = voice + calls, free + idle
        where = port.d_channel.interface.replace("Serial", "Se") if port.d_channel is not None else port.name
        chosen = preference_of(device.config.root, port, name)
        lines += [
            f"        Trunk {where}        Preference {chosen if chosen is not None else 'DEFAULT'}",
            f"                Total channels available : {idle}",
            f"                Data = 0, Voice = {calls}, Modem = 0, Pending = 0, Free = {idle}",
        ]
    lines += [
        f"        Total calls for trunk group: Data = 0, Voice = {voice}, Modem = 0",
        f"                                     Pend = 0, Free = {free}",
    ]
    return "\n".join(lines) + "\n"


# Calls by port.

_CALLS_HEADING = """\
PORT           CODEC    VAD VTSP STATE            VPM STATE
============== ======== === ==================== ======================
"""
# By kind of port: the state machine's name, and what it calls a line at rest and in a call.  # R2 recalled
_MACHINES = {"FXS": "FXSLS", "FXO": "FXOLS", "E&M": "EM"}


def calls_text(device: Device) -> str:
    """`show voice call summary`."""
    legs = legs_by_channel(device)
    rows = [
        _call(port, channel, legs.get((port.name, channel.number if port.digital else 1)))
        for port in device.voice.ports.values()
        for channel in port.channels
    ]
    return _CALLS_HEADING + "".join(f"{row}\n" for row in rows)


def _call(port: VoicePort, channel: BearerChannel, leg: LegRecord | None) -> str:
    name = f"{port.name}.{channel.number}" if port.digital else port.name
    if port.shutdown:
        return f"{name:<14} {'-':<8}  -  {'-':<21} *shutdown*"
    if leg is None or channel.idle:
        return f"{name:<14} {'-':<8}  -  {'-':<21} {line_state(port, None)}".rstrip()
    connected = leg.connect_s is not None
    codec = "g711ulaw" if isinstance(leg.detail, Telephony) and leg.detail.speech and connected else "None"
    return f"{name:<14} {codec:<8}  y  {vtsp_state(leg):<21} {line_state(port, leg)}".rstrip()


def vtsp_state(leg: LegRecord | None) -> str:
    """The column VTSP STATE, "" for a channel without a call."""
    return "" if leg is None else "S_CONNECT" if leg.connect_s is not None else "S_ALERTING"


def line_state(port: VoicePort, leg: LegRecord | None) -> str:
    """The column VPM STATE."""
    connected = leg is not None and leg.connect_s is not None
    if port.kind in ("PRI", "BRI"):
        if leg is None:
            return ""
        return "S_TSP_CONNECT" if connected else "S_TSP_INCALL" if leg.origin is Origin.ANSWER else "S_TSP_OUTCALL"
    if port.kind == "R2":
        if leg is None:
            return "R2_Q421_IDLE"
        return f"R2_Q421_{'IC' if leg.origin is Origin.ANSWER else 'OG'}_{'ANSWER' if connected else 'SEIZE'}"
    ground = port.cas is not None and port.cas.name.endswith("ground-start")
    machine = _MACHINES[port.kind].replace("LS", "GS") if ground else _MACHINES[port.kind]
    return f"{machine}_{'ONHOOK' if leg is None else 'CONNECT' if connected else 'OFFHOOK'}"


@handlers.register("show_controllers_timeslots")
def _timeslots(call: Invocation[Device]) -> None:
    call.write("".join(timeslots_text(call.device, controller) for controller in controllers(call.device)))


@handlers.register("show_call_counters_t1")
def _counters_t1(call: Invocation[Device]) -> None:
    call.write(counters_text(call.device, controllers(call.device, "T1")))


@handlers.register("show_call_counters_e1")
def _counters_e1(call: Invocation[Device]) -> None:
    call.write(counters_text(call.device, controllers(call.device, "E1")))


@handlers.register("show_trunk_group")
def _group(call: Invocation[Device]) -> None:
    wanted = call.values.get("name")
    blocks = call.device.config.root.children("trunk group")
    names = [str(block.header.values["name"]) for block in blocks if block.header is not None]
    call.write("".join(group_text(call.device, name) for name in names if wanted in (None, name)))


@handlers.register("show_voice_call_summary")
def _calls(call: Invocation[Device]) -> None:
    call.write(calls_text(call.device))
