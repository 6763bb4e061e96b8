"""The version banner of an image: who made it, which one it is, when it was compiled.

Rule: what it says follows from the platform's release alone. Sources: published `show version` of a 3660 (12.3(4)T), of
3745s (12.4(15)T12, 12.4(25d)), of a 180X (12.4(6)T2), of a 2621 (12.2(2)XA1) and of 3640s (12.2(23a), 12.2(26)).
"""

from __future__ import annotations

from iosemu.chassis.schema import Platform
from iosemu.cli.release import Release

SHORT = Release.of("12.3(4)T")
"""From here on the banner begins `Cisco IOS Software`."""
_TECHNICAL = Release.of("12.3(8)T")  # recalled
"""From here on support is technical."""


def image_name(platform: Platform) -> str:
    """Which image it is: `3600 Software (C3660-JS-M), Version 12.2(15)T9,  RELEASE SOFTWARE (fc2)`."""
    running = Release.of(platform.version)
    # Before the short banner the T images have two blanks there, those of other trains and of the version itself one.
    gap = "  " if running.branch and not running.train and running < SHORT else " "
    stage = "EARLY DEPLOYMENT " if running.train else ""
    image = f"{platform.software} Software ({platform.image}), Version {platform.version}"
    return f"{image},{gap}{stage}RELEASE SOFTWARE ({platform.build})"


def version_banner(platform: Platform) -> list[str]:
    """Its lines."""
    running = Release.of(platform.version)
    year = 2000 + int(platform.compiled.split()[1][-2:])  # Sat 01-Nov-03
    if running >= SHORT:
        technical = "Technical Support: http://www.cisco.com/techsupport"
        return [
            f"Cisco IOS Software, {image_name(platform)}",
            technical if running >= _TECHNICAL else "TAC Support: http://www.cisco.com/tac",
            f"Copyright (c) 1986-{year} by Cisco Systems, Inc.",
            f"Compiled {platform.compiled}",
        ]
    # The releases of a version itself name no support; the X trains of that time named another page.
    support = ["TAC:Home:SW:IOS:Specials for info" if running.train else "TAC Support: http://www.cisco.com/tac"]
    return [
        "Cisco Internetwork Operating System Software ",
        f"IOS (tm) {image_name(platform)}",
        *(support if running.branch else []),
        f"Copyright (c) 1986-{year} by cisco Systems, Inc.",
        f"Compiled {platform.compiled}",
    ]
