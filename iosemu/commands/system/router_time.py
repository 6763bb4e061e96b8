"""The router's own time: its zone, what `show clock` prints, and the stamps in front of log and debug messages.

Rule: the lab's clock runs in UTC; zone, `clock set` and NTP only move what the router shows. A clock that nobody set is
marked with `*`, one that NTP set and has lost with `.`, as IOS does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from iosemu import dates
from iosemu.commands.system.summer_time import summer_time
from iosemu.management.logging import uptime_stamp

if TYPE_CHECKING:
    from iosemu.commands.context import Device


class Zone(NamedTuple):
    """A time zone by its name and its distance from UTC."""

    name: str = "UTC"
    offset: timedelta = timedelta()


def zone(device: Device, at: datetime | None = None) -> Zone:
    """The zone in which the router shows a moment of UTC, now without one: that of winter or of summer time."""
    winter, summer = _winter(device), summer_time(device.config)
    moment = (utc(device) if at is None else at).replace(tzinfo=None)
    if summer is None or not summer.holds(moment + winter.offset):
        return winter
    return Zone(summer.name, winter.offset + summer.offset)


def zone_of_local(device: Device, shown: datetime) -> Zone:
    """The zone in which the router's clock shows this (without a zone)."""
    winter, summer = _winter(device), summer_time(device.config)
    if summer is None or not summer.holds(shown - summer.offset):
        return winter
    return Zone(summer.name, winter.offset + summer.offset)


def _winter(device: Device) -> Zone:
    """The zone of `clock timezone`; UTC without it."""
    line = device.config.root.get("clock timezone")
    if line is None or line.negated:
        return Zone()
    hours = int(str(line.values["hours"]))
    minutes = int(str(line.values.get("minutes", 0)))
    return Zone(str(line.values["zone"]), timedelta(hours=hours, minutes=-minutes if hours < 0 else minutes))


def utc(device: Device) -> datetime:
    """The router's time without its zone."""
    return device.clock.wall() + device.time_offset


def local(device: Device) -> datetime:
    """The router's time in its zone; the object's own tzinfo means nothing."""
    return utc(device) + zone(device).offset


def now(device: Device) -> datetime:
    """The router's date and time, with its zone."""
    here = zone(device)
    return utc(device).astimezone(timezone(here.offset, here.name))


def mark(device: Device) -> str:
    """What stands before a time: `*` while nobody has set the clock, `.` while NTP follows nobody."""
    if not device.time_is_set:
        return "*"
    return "." if device.ntp is not None and device.ntp.lost else ""


def clock_text(device: Device) -> str:
    """As `show clock` prints: `*18:57:38.347 UTC Mon Oct 19 2015`."""
    now = local(device)
    return mark(device) + dates.exact_text(now, zone(device).name)


def moment_text(device: Device, ago_s: float = 0.0) -> str:
    """Now or `ago_s` seconds ago, as the comments of a configuration write it: `13:53:42 PDT Tue Apr 13 2004`."""
    return zoned_text(device, utc(device) - timedelta(seconds=ago_s))


def zoned_text(device: Device, moment: datetime) -> str:
    """A moment of UTC in the router's zone: `13:53:42 PDT Tue Apr 13 2004`."""
    here = zone(device, moment)
    return dates.zoned_text(moment + here.offset, here.name)


def zoned_milliseconds(device: Device, moment: datetime) -> str:
    """The same with thousandths: `00:10:22.438 PDT Mon Jul 5 1993`."""
    here = zone(device, moment)
    return dates.exact_text(moment + here.offset, here.name)


def summer_text(device: Device) -> str:
    """What `show clock detail` says of summer time, from the first moment of each to the last; "" without one.

    Both are told by the clock of the moment before: `Summer time starts 02:00:00 EST Sun Apr 6 2003`.
    """
    summer, winter = summer_time(device.config), _winter(device)
    if summer is None:
        return ""
    year = local(device).year
    return (
        f"Summer time starts {dates.zoned_text(summer.begins(year), winter.name)}\n"
        f"Summer time ends {dates.zoned_text(summer.ends(year), summer.name)}\n"
    )


def stamp(device: Device) -> Callable[[str], str]:
    """What stands before a message: a function of its kind, "debug" or "log", by `service timestamps`."""

    def before(kind: str) -> str:
        line = device.config.root.get(f"service timestamps {kind}")
        if line is None or line.negated:
            return ""
        return datetime_stamp(device, line.values) if "datetime" in line.tokens else uptime_stamp(device.uptime_s)

    return before


def datetime_stamp(device: Device, options: dict[str, object]) -> str:
    """`*Mar  1 00:00:12.345 UTC: ` with what `options` ask for: msec, localtime, show-timezone."""
    in_zone = "localtime" in options
    now = local(device) if in_zone else utc(device)
    text = f"{mark(device)}{dates.MONTHS[now.month - 1]} {now.day:2} {now:%H:%M:%S}"
    if "msec" in options:
        text += f".{dates.milliseconds(now)}"
    if "show-timezone" in options:
        text += f" {zone(device).name if in_zone else 'UTC'}"
    return f"{text}: "
