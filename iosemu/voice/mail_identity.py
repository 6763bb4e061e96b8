"""How a gateway names itself in mail, and which habits the image has that it runs.

Rule: the name is the configuration's, everything else follows from the release. Real mail of four images: of 2002 and
2011 (`IOS (tm)`), of 2006 and 2008 (the short version banner). Those of 2008 and 2011 say the type of the part twice.
"""

from __future__ import annotations

from iosemu.chassis.schema import Platform
from iosemu.chassis.version_banner import SHORT, version_banner
from iosemu.cli.release import Release
from iosemu.mail.settings import Identity

_TWICE = Release.of("12.3")  # inferred: later than an image of 2002, and the banner is not yet short


def mail_identity(host_name: str, domain_name: str, platform: Platform) -> Identity:
    """The identity of a router of that name."""
    running = Release.of(platform.version)
    return Identity(
        host_name,
        domain_name,
        version_banner(platform)[1],
        dotted=running < SHORT,
        types_twice=running >= _TWICE,
    )
