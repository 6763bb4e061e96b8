"""Dates as mail headers have them (RFC 822 section 5 with the four-digit year of RFC 1123), English whatever the
locale."""

from __future__ import annotations

from datetime import datetime

from iosemu.dates import DAYS, MONTHS


def header_date(moment: datetime) -> str:
    """`Fri, 18 Nov 2011 16:16:41 +0400`; a moment without a zone counts as UTC."""
    offset = moment.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset is not None else 0
    sign = "-" if minutes < 0 else "+"
    hours, minutes = divmod(abs(minutes), 60)
    day, month = DAYS[moment.weekday()], MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02d} {month} {moment.year:04d} {moment:%H:%M:%S} {sign}{hours:02d}{minutes:02d}"
