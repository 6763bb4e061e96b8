"""What stands before the debug text of calls: `//1/C66D980C8000/CCAPI/ccCallConnect:`, by release and configuration.

Rule: before 12.2(11)T a line begins with the name of its function. From then on it begins with the number of the leg
(-1 before it has one), the identity of its call, and the module, unless `voice call debug` asks otherwise. Source:
Cisco IOS Voice Command Reference, `voice call debug`; published captures of 12.2T to 12.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from iosemu.cli.release import Release

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.voice.legs import LegRecord


class Style(IntEnum):
    """How a release writes the debug text of calls."""

    BARE = 0
    HEADED = 1
    """12.2(11)T: with a header."""
    NAMED = 2
    """12.3(8)T: with a header, and each value by its name, on lines of their own."""


class Said(NamedTuple):
    """One line: `rest` follows the name of the function as it is, `leg` None stands for a call that has no entry. One
    that is not `named` has its function in the header alone, one without a function has no header."""

    module: str
    function: str
    rest: str = ""
    leg: LegRecord | None = None
    named: bool = True


def style(device: Device) -> Style:
    """That of the release that is running."""
    release = Release.of(device.chassis.platform.version)
    if release >= Release.of("12.3(8)T"):
        return Style.NAMED
    return Style.HEADED if release >= Release.of("12.2(11)T") else Style.BARE


def identity(words: tuple[int, int, int, int]) -> str:
    """The identity of a call as it is written out: `C66D980C-17A8-0051-8000-0000010A998A`."""
    first, second, third, fourth = words
    return f"{first:08X}-{second >> 16:04X}-{second & 0xFFFF:04X}-{third >> 16:04X}-{third & 0xFFFF:04X}{fourth:08X}"


def headed(device: Device, lines: Iterable[Said]) -> Iterator[str]:
    """The lines with what stands before each."""
    if style(device) is Style.BARE:
        yield from (f"{line.function}{line.rest}" if line.named else line.rest.lstrip() for line in lines)
        return
    asked = device.config.root.get("voice call debug")
    form = asked.tokens[-1] if asked is not None and not asked.negated else ""
    for line in lines:
        if not line.function:
            yield line.rest
            continue
        number = line.leg.call_id if line.leg is not None else -1
        # The API writes its name in capitals only where no header does.
        function = line.function.replace("cc_API_", "cc_api_")
        said = f"{function}:{line.rest.removeprefix(':')}"
        if form == "short-header":
            yield f"//{number}/{said}"
        else:
            yield f"//{number}/{_identity(line.leg, whole=form == 'full-guid')}/{line.module}/{said}"


def _identity(leg: LegRecord | None, *, whole: bool) -> str:
    if leg is None:
        return "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" if whole else "xxxxxxxxxxxx"
    words = leg.connection.words
    return identity(words) if whole else f"{words[0]:08X}{words[2] >> 16:04X}"
