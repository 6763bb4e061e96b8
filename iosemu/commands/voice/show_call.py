"""`show call active fax|voice` and `show call history fax|voice`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.commands.voice import call_text

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.legs import LegRecord


@handlers.register("show_call_active_fax")
def _active_fax(call: Invocation[Device]) -> None:
    _active(call, voice=False)


@handlers.register("show_call_active_voice")
def _active_voice(call: Invocation[Device]) -> None:
    _active(call, voice=True)


@handlers.register("show_call_history_fax")
def _history_fax(call: Invocation[Device]) -> None:
    _history(call, voice=False)


@handlers.register("show_call_history_voice")
def _history_voice(call: Invocation[Device]) -> None:
    _history(call, voice=True)


def _active(call: Invocation[Device], *, voice: bool) -> None:
    service = call.device.voice
    now_s = service.control.uptime()
    legs = [leg for leg in service.control.active if call_text.is_voice(leg) is voice and _asked_for(call, leg, now_s)]
    if call.values.get("brief"):
        call.write(call_text.active_brief(legs, now_s))
    elif call.values.get("compact"):
        call.write(call_text.compact(legs, now_s))
    else:
        call.write(call_text.active(legs, now_s, service.indexes))


def _history(call: Invocation[Device], *, voice: bool) -> None:
    service = call.device.voice
    service.refresh_history()
    now_s = service.control.uptime()
    found = service.control.history.entries(now_s)
    entries = [e for e in found if call_text.is_voice(e.leg) is voice and _asked_for(call, e.leg, now_s)]
    number = call.values.get("number")
    if isinstance(number, int):
        entries = entries[-number:]
    if call.values.get("brief"):
        call.write(call_text.history_brief(entries))
    elif call.values.get("compact"):
        call.write(call_text.compact([entry.leg for entry in entries], now_s))
    else:
        call.write(call_text.history(entries, service.indexes))


def _asked_for(call: Invocation[Device], leg: LegRecord, now_s: float) -> bool:
    """Is it of the call that `id` names, and has it lasted as long as `duration` says?"""
    wanted = call.values.get("identifier")
    if wanted is not None and str(wanted).upper() != f"{leg.connection.number:X}":
        return False
    less, more = call.values.get("less_s"), call.values.get("more_s")
    lasted = leg.duration_s(now_s)
    return not (isinstance(less, int) and lasted >= less) and not (isinstance(more, int) and lasted <= more)
