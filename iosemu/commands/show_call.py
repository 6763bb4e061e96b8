"""`show call active fax`, `show call history fax` and their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands import call_text
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


@handlers.register("show_call_active_fax")
def _active(call: Invocation[Device]) -> None:
    voice = call.device.voice
    legs, now_s = voice.control.active, voice.control.uptime()
    if call.values.get("brief"):
        call.write(call_text.active_brief(legs, now_s))
    else:
        call.write(call_text.active(legs, now_s, voice.indexes))


@handlers.register("show_call_active_voice")
def _active_voice(call: Invocation[Device]) -> None:
    """No application of this gateway makes a voice call, so there is never a leg to show."""
    call.write(call_text.call_legs(()))


@handlers.register("show_call_history_fax")
def _history(call: Invocation[Device]) -> None:
    voice = call.device.voice
    voice.refresh_history()
    entries = voice.control.history.entries(voice.control.uptime())
    number = call.values.get("number")
    if isinstance(number, int):
        entries = entries[-number:]
    if call.values.get("brief"):
        call.write(call_text.history_brief(entries))
    else:
        call.write(call_text.history(entries, voice.indexes))
