"""The hardware calendar: `calendar set`, `show calendar`, and the two ways in which calendar and clock set each other.

Rule: the calendar is a clock of its own that runs with the lab's; setting it leaves the router's time alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.commands.system import router_time

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


def said_offset(call: Invocation[Device]) -> timedelta:
    """How far the local time that a line says is from that of the lab's clock, which runs in UTC.

    Raises InvalidInput for a day that the month has not.
    """
    values = call.values
    hour, minute, second = (int(part) for part in str(values["time"]).split(":"))
    year, month, day = (int(str(values[name])) for name in ("year", "month", "day"))
    try:
        wanted = datetime(year, month, day, hour, minute, second)
    except ValueError:
        raise call.invalid("day") from None
    return (
        wanted - router_time.zone_of_local(call.device, wanted).offset - call.device.clock.wall().replace(tzinfo=None)
    )


def calendar_text(device: Device) -> str:
    """As `show calendar` prints: `16:16:41 UTC Tue Nov 18 2003`."""
    return router_time.zoned_text(device, device.clock.wall() + device.calendar_offset)


@handlers.register("clock_set")
def _clock_set(call: Invocation[Device]) -> None:
    call.device.time_offset = said_offset(call)
    call.device.time_source = "user configuration"


@handlers.register("calendar_set")
def _calendar_set(call: Invocation[Device]) -> None:
    call.device.calendar_offset = said_offset(call)


@handlers.register("clock_read_calendar")
def _read(call: Invocation[Device]) -> None:
    call.device.time_offset = call.device.calendar_offset
    call.device.time_source = "hardware calendar"


@handlers.register("clock_update_calendar")
def _update(call: Invocation[Device]) -> None:
    call.device.calendar_offset = call.device.time_offset


@handlers.register("show_calendar")
def _show(call: Invocation[Device]) -> None:
    call.write(f"{calendar_text(call.device)}\n")
