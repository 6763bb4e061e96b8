"""The version banner of an image: who made it, which one it is, when it was compiled.

Rule: what it says follows from the platform's image alone: which release it is, and when it was compiled. Sources:
published `show version` of 2610s to 2621XMs (12.0(4)T to 12.4(8a)), 3640s and a 3660 (12.1(2)T to 12.3(22)), 3745s
(12.4(15)T12, 12.4(25d)), a 1721 (12.2(11)T) and a 180X (12.4(6)T2).
"""

from __future__ import annotations

from iosemu.chassis.schema import Platform
from iosemu.cli.release import Release

SHORT = Release.of("12.3(4)T")
"""From here on the banner begins `Cisco IOS Software`."""
_ONE_BLANK = Release.of("12.3(8)T")  # recalled; 12.3(4)T4 and T6 still have two
"""Before it the T images have two blanks behind their release."""
_TECHNICAL_SINCE = 2005, 2004
"""The years from which on support is technical: of images of a version itself, of all others."""
_PAGE_UNTIL = Release.of("12.2(4)T")
"""Up to here those of the X trains name a page of their own."""


def image_name(platform: Platform) -> str:
    """Which image it is: `3600 Software (C3660-JS-M), Version 12.2(15)T9,  RELEASE SOFTWARE (fc2)`."""
    running = Release.of(platform.version)
    gap = "  " if running.branch and not running.train and running < _ONE_BLANK else " "
    stage = "EARLY DEPLOYMENT " if running.train else ""
    image = f"{platform.software} Software ({platform.image}), Version {platform.version}"
    return f"{image},{gap}{stage}RELEASE SOFTWARE ({platform.build})"


def version_banner(platform: Platform) -> list[str]:
    """Its lines."""
    running = Release.of(platform.version)
    year = 2000 + int(platform.compiled.split()[1][-2:])  # Sat 01-Nov-03
    short = running >= SHORT
    made_by = [f"Cisco IOS Software, {image_name(platform)}"]
    if not short:
        made_by = ["Cisco Internetwork Operating System Software ", f"IOS (tm) {image_name(platform)}"]
    return [
        *made_by,
        *_support(running, year),
        f"Copyright (c) 1986-{year} by {'C' if short else 'c'}isco Systems, Inc.",
        f"Compiled {platform.compiled}",
    ]


def _support(running: Release, year: int) -> list[str]:
    """Where help is found; the older releases of a version itself name no place."""
    if year >= _TECHNICAL_SINCE[running.branch]:
        return ["Technical Support: http://www.cisco.com/techsupport"]
    if running.train and running < _PAGE_UNTIL:
        return ["TAC:Home:SW:IOS:Specials for info"]
    return ["TAC Support: http://www.cisco.com/tac"] if running.branch else []
