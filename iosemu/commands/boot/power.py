"""`reload`, now or later, `reload cancel` and `show reload`.

Rule: a scheduled reload lives on the lab's clock and dies with the router that was told to; every open line is warned
of it. What is to be kept is asked for first, as a router asks.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from iosemu.cli.match import Incomplete
from iosemu.cli.session import Refused
from iosemu.commands.boot.scheduled_reload import ScheduledReload, countdown, left_text
from iosemu.commands.config.stored_config import is_modified, save
from iosemu.commands.questions import confirmed, said_yes
from iosemu.commands.registry import handlers
from iosemu.commands.system import router_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

WARNINGS_S = (3600, 1800, 300, 60)  # recalled
"""How long before a scheduled reload all lines are warned of it."""
LATEST_S = 24 * 86400
"""A reload must be scheduled within about 24 days."""

_DELAY = re.compile(r"(?:(\d{1,3}):(\d{2})|(\d{1,5}))")
_PROCEED = "Proceed with reload? [confirm]"
_NONE = "No reload is scheduled.\n"


def reload_now(device: Device) -> None:
    """Log it and start again."""
    if device.scheduled_reload is not None:
        device.scheduled_reload.cancel()
    device.log.event("SYS", 5, "RELOAD", "Reload requested")
    if device.on_reload is not None:
        device.on_reload()


def schedule(device: Device, delay_s: float, reason: str) -> None:
    """Reload after `delay_s`, in place of whatever was scheduled, and warn all lines when the time comes near."""
    if device.scheduled_reload is not None:
        device.scheduled_reload.cancel()
    pending = device.scheduled_reload = ScheduledReload(device.clock.now() + delay_s, reason)

    def warning(left_s: float) -> Callable[[], None]:
        return lambda: tell_all(device, f"SHUTDOWN in {countdown(left_s)}")

    for left_s in WARNINGS_S:
        if left_s < delay_s:
            pending.timers.append(device.clock.call_at(pending.at_s - left_s, warning(left_s)))
    pending.timers.append(device.clock.call_at(pending.at_s, lambda: _due(device)))
    if delay_s <= WARNINGS_S[-2]:
        warning(delay_s)()


def tell_all(device: Device, text: str) -> None:
    """Interrupt every open line with a message between stars, and ring its bell."""
    terminals = [session.terminal for session in device.sessions if not session.closed]
    waiting = [vty for vty in device.lines.open if not any(vty is terminal for terminal in terminals)]
    for terminal in (*terminals, *waiting):
        getattr(terminal, "notify", terminal.write)(f"\n\n\a***\n*** --- {text} ---\n***")


def scheduled_text(device: Device, pending: ScheduledReload) -> str:
    """`Reload scheduled for 11:33:53 EST Sat Feb 1 2003 (in 20 minutes)`, with its reason in a line of its own."""
    left = left_text(pending.at_s - device.clock.now())
    if device.time_is_set:
        when = router_time.utc(device) + timedelta(seconds=pending.at_s - device.clock.now())
        first = f"Reload scheduled for {router_time.zoned_text(device, when)} (in {left})"
    else:
        first = f"Reload scheduled in {left}"
    return f"{first}\nReload reason: {pending.reason}\n" if pending.reason else f"{first}\n"


def _due(device: Device) -> None:
    tell_all(device, "SHUTDOWN NOW")
    device.scheduled_reload = None
    reload_now(device)


async def _keep_changes(call: Invocation[Device]) -> None:
    if is_modified(call.device) and await said_yes(call, "\nSystem configuration has been modified. Save?"):
        save(call.device, call.terminal.write, call.session.user)


@handlers.register("reload")
async def _reload(call: Invocation[Device]) -> None:
    first, *more = str(call.values.get("reason", "")).split() or [""]
    if first in ("at", "in"):  # which makes it a time, not a reason
        raise call.invalid("reason", len(first) + 1) if more else Incomplete
    await _keep_changes(call)
    if not await confirmed(call, _PROCEED):
        return
    reload_now(call.device)
    call.session.closed = True


@handlers.register("reload_in")
async def _reload_in(call: Invocation[Device]) -> None:
    found = _DELAY.fullmatch(str(call.values["delay"]))
    if found is None:
        raise call.invalid("delay")
    hours, minutes, only_minutes = (int(part or 0) for part in found.groups())
    delay_s = 60.0 * (60 * hours + minutes + only_minutes)
    if not 0 < delay_s <= LATEST_S:
        raise call.invalid("delay")
    await _reload_after(call, delay_s)


@handlers.register("reload_at")
async def _reload_at(call: Invocation[Device]) -> None:
    device = call.device
    if not device.time_is_set:
        raise Refused("Clock must be set before a reload can be scheduled for a time of day.")  # inferred
    await _reload_after(call, (_moment(call) - router_time.local(device).replace(tzinfo=None)).total_seconds())


def _moment(call: Invocation[Device]) -> datetime:
    """The next time that it is then; a date without a year is the next such day."""
    now = router_time.local(call.device).replace(tzinfo=None)
    hour, minute = (int(part) for part in str(call.values["time"]).split(":"))
    moment = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    day, month = call.values.get("day"), call.values.get("month")
    if day is None or month is None:
        return moment if moment > now else moment + timedelta(days=1)
    try:
        moment = moment.replace(day=int(str(day)), month=int(str(month)))
        moment = moment if moment > now else moment.replace(year=now.year + 1)
    except ValueError:
        raise call.invalid("day") from None
    if (moment - now).total_seconds() > LATEST_S:
        raise Refused("%Scheduled reload must be within 24 days.")  # inferred
    return moment


async def _reload_after(call: Invocation[Device], delay_s: float) -> None:
    device = call.device
    reason = str(call.values.get("reason", ""))
    await _keep_changes(call)
    call.terminal.write(scheduled_text(device, ScheduledReload(device.clock.now() + delay_s, reason)))
    if await confirmed(call, _PROCEED):
        schedule(device, delay_s, reason)


@handlers.register("reload_cancel")
def _reload_cancel(call: Invocation[Device]) -> None:
    device = call.device
    if device.scheduled_reload is None:
        call.write(_NONE)
        return
    device.scheduled_reload.cancel()
    device.scheduled_reload = None
    tell_all(device, "SHUTDOWN ABORTED")


@handlers.register("show_reload")
def _show_reload(call: Invocation[Device]) -> None:
    pending = call.device.scheduled_reload
    call.write(_NONE if pending is None else scheduled_text(call.device, pending))
