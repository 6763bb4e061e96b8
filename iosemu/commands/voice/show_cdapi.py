"""`show cdapi`: who takes calls from the signalling stacks, and the calls that they have. Form: published samples.

Rule: an ISDN interface is listed while a `pri-group` makes it; a call is one that holds a channel of its port.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.interfaces.state import short_name
from iosemu.commands.registry import handlers
from iosemu.voice.legs import Telephony

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

# Name, types and level of the applications; the last two take calls without sound.
_TUNNELS = (
    ("TSP CDAPI Application Voice", "Voice Data Facility Signaling V110 V120", "Tunnel"),
    ("TSP CDAPI Application COT", "Cot", "Tunnel"),
)
_SWITCHING = ("CSM", "Modem V110 V120", "Basic")
_DIALER = ("dialer", "Data", "Basic")
_BUFFERS = 320


def cdapi_text(device: Device) -> str:
    """The text of `show cdapi`."""
    d_channels = {port.name: port.d_channel for port in device.voice.ports.values() if port.d_channel is not None}
    lines = ["Registered CDAPI Applications/Stacks", "=" * 36, ""]
    if d_channels:
        lines.append("Signaling Stack: ISDN")
        lines += [f"        Interface: {short_name(channel.interface)}" for channel in d_channels.values()]
    for application in _TUNNELS:
        lines += _application(*application)
    if device.chassis.platform.name.startswith("as5"):  # an access server switches modem calls
        lines += [*_application(*_SWITCHING), "Signaling Stack: XCSP"]
    lines += [*_application(*_DIALER), "", "Active CDAPI Calls", "=================="]
    for leg in device.voice.control.active:
        if isinstance(leg.detail, Telephony) and (channel := d_channels.get(leg.detail.port)) is not None:
            where = f"        {short_name(channel.interface)} Call ID = 0x{leg.call_id:X}, Call Type = VOICE"
            lines.append(f"{where}, Application = TSP CDAPI Application Voice")
    lines += ["", "CDAPI Message Buffers", "=====================", f"Free Msg Buffers: {_BUFFERS}"]
    return "\n".join([*lines, f"Free Raw Buffers: {_BUFFERS}", "Free Large-Raw Buffers: 120"]) + "\n"


def _application(name: str, types: str, level: str) -> list[str]:
    return [
        f"Application: {name}",
        f"        Application Type(s) : {types}",
        f"        Application Level   : {level}",
        "        Application Mode    : Enbloc",
    ]


@handlers.register("show_cdapi")
def _cdapi(call: Invocation[Device]) -> None:
    call.write(cdapi_text(call.device))
