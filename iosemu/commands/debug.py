"""`debug`, `undebug`, `show debugging`: the switches; who writes debug text watches `device.debugs`.

The texts of the switches are inferred: no capture of them was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

TEXTS = {
    "dmsp doc-to-fax": "DMSP doc to fax",
    "dmsp fax-to-doc": "DMSP fax to doc",
    "fmsp receive t30": "FMSP receive T.30",
    "fmsp receive t38": "FMSP receive T.38",
    "fmsp send t30": "FMSP send T.30",
    "fmsp send t38": "FMSP send T.38",
    "foip off-ramp": "FOIP off-ramp",
    "foip on-ramp": "FOIP on-ramp",
    "mmoip aaa": "MMOIP AAA",
    "mspi receive": "MSPI receive",
    "mspi send": "MSPI send",
    "mta receive all": "MTA receive",
    "mta send all": "MTA send",
    "text-to-fax": "Text to fax",
    "tiff reader": "TIFF reader",
    "tiff writer": "TIFF writer",
}
"""By switch: how the router calls it in front of `debugging is on`."""


def debugging_text(device: Device) -> str:
    """The text of `show debugging`: the switches that are on, under the name of their family."""
    lines: list[str] = []
    for flag in sorted(device.debugs):
        family = f"{flag.split()[0]}:"
        if family not in lines:
            lines.append(family)
        lines.append(f"  {TEXTS.get(flag, flag)} debugging is on")
    return "\n".join([*lines, ""]) + "\n"


@handlers.register("debug")
def _debug(call: Invocation[Device]) -> None:
    words = call.match.tokens
    on = words[0] == "debug"
    flag = " ".join(words[2:] if words[:2] == ("no", "debug") else words[1:])
    (call.device.debugs.add if on else call.device.debugs.discard)(flag)
    call.write(f"{TEXTS.get(flag, flag)} debugging is {'on' if on else 'off'}\n")


@handlers.register("undebug_all")
def _undebug_all(call: Invocation[Device]) -> None:
    call.device.debugs.clear()
    call.write("All possible debugging has been turned off\n")


@handlers.register("show_debugging")
def _show(call: Invocation[Device]) -> None:
    call.write(debugging_text(call.device))
