"""`show isdn status`, `active`, `history` and `service`: the D channels and the calls on their B channels.

Rule: a call is a leg on a primary rate voice port, in progress or in the history of call control. Forms: published
output of 12.2 and later; that of the history is recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.chassis.hardware import D_CHANNEL
from iosemu.cli.release import Release
from iosemu.commands.controllers.show_controllers import controller_state
from iosemu.commands.registry import handlers
from iosemu.voice.legs import LegRecord, Origin, Telephony

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iosemu.chassis.hardware import Controller
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.ports import VoicePort

_RULE = "-" * 80
_SESSIONS = Release.of("12.3(8)T")  # recalled
"""From here on the sessions of layer 2 are numbered."""


def primary_rates(device: Device) -> list[VoicePort]:
    """The voice ports that have a D channel; the place of one is its dsl."""
    return [port for port in device.voice.ports.values() if port.d_channel is not None]


def status_text(device: Device, only: str | None = None) -> str:
    """The text of `show isdn status`, of one interface where `only` names it."""
    switch = device.config.root.value("isdn switch-type", "type")
    if not switch:
        return "**** No Global ISDN Switchtype currently defined ****\n"
    lines, calls = [f"Global ISDN Switchtype = {switch}"], 0
    for dsl, port in enumerate(primary_rates(device)):
        assert port.d_channel is not None
        if only in (None, port.d_channel.interface):
            lines += _status_lines(device, dsl, port, str(switch))
        calls += sum(not channel.idle for channel in port.channels)
    lines.append(f"    Total Allocated ISDN CCBs = {calls}")
    return "\n".join(lines) + "\n"


def _status_lines(device: Device, dsl: int, port: VoicePort, switch: str) -> Iterator[str]:
    """Layer by layer, with the calls on a D channel."""
    controller = device.chassis.controller(port.cable)
    assert controller is not None
    assert port.d_channel is not None
    interface = port.d_channel.interface
    serial = device.config.root.block("interface", name=interface)
    own = serial.value("isdn switch-type", "type", switch) if serial is not None else switch
    shut = serial is not None and serial.flag("shutdown")
    active = controller_state(device, controller) == "up" and serial is not None and not shut
    busy = [(channel.number, channel.call_id or 0) for channel in port.channels if not channel.idle]
    yield f"ISDN {interface} interface"
    if serial is not None and serial.value("isdn protocol-emulate", "side") == "network":
        yield "        ******* Network side configuration ******* "
    yield f"        dsl {dsl}, interface ISDN Switchtype = {own}"
    yield "    Layer 1 Status:"
    yield f"        {'ACTIVE' if active else 'SHUTDOWN' if shut else 'DEACTIVATED'}"
    yield "    Layer 2 Status:"
    if shut:
        yield "        Layer 2 NOT Activated"
    else:
        established = "MULTIPLE_FRAME_ESTABLISHED" if active else "TEI_ASSIGNED"
        yield f"        TEI = 0, Ces = 1, SAPI = 0, State = {established}"
    yield "    Layer 3 Status:"
    yield f"        {len(busy)} Active Layer 3 Call(s)"
    for number, call in busy:
        yield f"        CCB:callid={call:X}, sapi=0, ces=0, B-chan={number}, calltype=VOICE"
    yield f"    Active dsl {dsl} CCBs = {len(busy)}"
    mask = 0 if shut else _free_mask(controller, busy)
    yield f"    The Free Channel Mask:  0x{mask:08X}"
    if Release.of(device.chassis.platform.version) >= _SESSIONS:
        yield f"    Number of L2 Discards = 0, L2 Session ID = {int(active)}"


def _free_mask(controller: Controller, busy: list[tuple[int, int]]) -> int:
    """One bit a B channel, channel 1 lowest; the top bit is always set."""
    mask, taken = 0x80000000, {number for number, _ in busy}
    for channel in range(1, controller.timeslots + 1):
        if channel != D_CHANNEL[controller.kind] + 1 and channel not in taken:
            mask |= 1 << channel - 1
    return mask


def _calls(device: Device, legs: Iterable[LegRecord]) -> list[tuple[LegRecord, Telephony]]:
    """The legs that are on B channels."""
    names = {port.name for port in primary_rates(device)}
    return [(leg, leg.detail) for leg in legs if isinstance(leg.detail, Telephony) and leg.detail.port in names]


def active_text(device: Device) -> str:
    """The text of `show isdn active`."""
    now_s = device.voice.control.uptime()
    rows = [
        _row(leg, detail, f"{int(leg.duration_s(now_s)):7}{0:8}{0:8}{_units(leg)}")
        for leg, detail in _calls(device, device.voice.control.active)
    ]
    heads = (
        "Call    Calling      Called       Remote  Seconds Seconds Seconds Charges",
        "Type    Number       Number       Name    Used    Left    Idle    Units/Currency",
    )
    return _table("ISDN ACTIVE CALLS", [], heads, rows)


def history_text(device: Device) -> str:
    """The text of `show isdn history`."""
    control = device.voice.control
    device.voice.refresh_history()
    legs = [*(entry.leg for entry in control.history.entries(control.uptime())), *control.active]
    rows = [
        _row(leg, detail, f"{_used(leg, control.uptime()):>7}{'':16}{_units(leg)}")
        for leg, detail in _calls(device, legs)
    ]
    limits = [
        f"Call History contains all active calls, and a maximum of {control.history.max_size} inactive calls.",
        f"Inactive call data will be retained for a maximum of {control.history.retain_minutes} minutes.",
    ]
    heads = (
        "Call    Calling      Called       Remote  Seconds Seconds Seconds Charges",
        "Type    Number       Number       Name    Used    Left    Idle    Units/Currency",
    )
    return _table("ISDN CALL HISTORY", limits, heads, rows)


def service_text(device: Device) -> str:
    """The text of `show isdn service`: the state of each channel of each primary rate interface."""  # recalled
    return "".join(line for dsl, port in enumerate(primary_rates(device)) for line in _service(device, dsl, port))


def _service(device: Device, dsl: int, port: VoicePort) -> Iterator[str]:
    controller = device.chassis.controller(port.cable)
    assert controller is not None
    assert port.d_channel is not None
    known = {channel.number: channel for channel in port.channels}
    numbers = range(1, controller.timeslots + 1)
    # The D channel's own slot is reserved, and a slot that is not of the group is not there.
    states = ["2" if n in known and not known[n].idle else "0" if n in known else "3" for n in numbers]
    services = ["0" if n in known and port.up else "2" for n in numbers]
    channels = "    Channel :  " + " ".join(str(n % 10) for n in numbers)
    yield "PRI Channel Statistics:\n"
    yield f"ISDN {port.d_channel.interface.replace('Serial', 'Se')}, Channel [1-{controller.timeslots}]\n"
    yield f"  Configured Isdn Interface (dsl) {dsl}\n"
    yield "   Channel State (0=Idle 1=Proposed 2=Busy 3=Reserved 4=Restart 5=Maint_Pend)\n"
    yield f"{channels}\n    State   :  {' '.join(states)}\n"
    yield "   Service State (0=Inservice 1=Maint 2=Outofservice 8=MaintPend 9=OOSPend)\n"
    yield f"{channels}\n    State   :  {' '.join(services)}\n"


def _used(leg: LegRecord, now_s: float) -> str:
    return "Failed" if leg.disconnect_s is not None and leg.connect_s is None else str(int(leg.duration_s(now_s)))


def _units(leg: LegRecord) -> str:
    """Charges are counted on calls that go out."""
    return f"{0:7}" if leg.origin is Origin.ORIGINATE else ""


def _row(leg: LegRecord, detail: Telephony, rest: str) -> str:
    way = "In" if leg.origin is Origin.ANSWER else "Out"
    called = detail.translated_called if leg.origin is Origin.ORIGINATE else detail.called
    return f"{way:<3}{(detail.calling or '-N/A-')[-12:]:>12}{(called or detail.called)[-13:]:>13}{'':15}{rest}"


def _table(title: str, before: list[str], heads: Iterable[str], rows: list[str]) -> str:
    return "\n".join(_table_lines(title, before, heads, rows)) + "\n"


def _table_lines(title: str, before: list[str], heads: Iterable[str], rows: list[str]) -> Iterator[str]:
    yield from (_RULE, f"{'':32}{title}", _RULE)
    if before:
        yield from (*before, _RULE)
    yield from (*heads, _RULE, *rows, _RULE)


@handlers.register("show_isdn_status")
def _status(call: Invocation[Device]) -> None:
    wanted = call.values.get("interface")
    known = [port.d_channel.interface for port in primary_rates(call.device) if port.d_channel is not None]
    if wanted is not None and str(wanted) not in known:
        raise call.invalid("interface")
    call.write(status_text(call.device, None if wanted is None else str(wanted)))


@handlers.register("show_isdn_active")
def _active(call: Invocation[Device]) -> None:
    call.write(active_text(call.device))


@handlers.register("show_isdn_history")
def _history(call: Invocation[Device]) -> None:
    call.write(history_text(call.device))


@handlers.register("show_isdn_service")
def _service_of_all(call: Invocation[Device]) -> None:
    call.write(service_text(call.device))
