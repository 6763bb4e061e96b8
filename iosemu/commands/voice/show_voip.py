"""`show voip rtp connections`: the media of calls over IP, in the form of the command reference.

Rule: a row for each leg over IP whose media have a far end; both ports and addresses are those of the leg.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.voice.legs import Origin, Voip

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.legs import LegRecord

_CONTEXT = 0x64FB3358


def rows(legs: list[LegRecord], *, detail: bool) -> list[str]:
    """The rows of the legs over IP; with `detail` what each call and the leg that it goes to are."""
    found: list[str] = []
    speaking = [leg for leg in legs if isinstance(leg.detail, Voip) and leg.detail.media_port]
    for number, leg in enumerate(speaking, 1):
        voip = leg.detail
        assert isinstance(voip, Voip)
        others = [one.call_id for one in legs if one.connection == leg.connection and one is not leg]
        other = others[0] if others else leg.call_id
        ports = f"{voip.own_port:<8} {voip.media_port:<6}"
        found.append(f"{number:<3} {leg.call_id:<7} {other:<10} {ports} {voip.own:<16} {voip.media}")
        if detail:
            way = int(leg.origin is Origin.ANSWER) + 1
            said = f"called={voip.called} calling={voip.calling} redirect="
            found += [
                f"  callId {leg.call_id} (dir={way}):{said}",
                f"     dest callId {other}:{said}",
                f"   1 context {_CONTEXT + 0x118 * leg.call_id:X} xmitFunc 6032E8B4",
            ]
    return found


@handlers.register("show_voip_rtp")
def _connections(call: Invocation[Device]) -> None:
    legs = list(call.device.voice.control.active)
    count = len(rows(legs, detail=False))
    call.write("VoIP RTP active connections :\n")
    call.write("No. CallId  dstCallId  LocalRTP RmtRTP LocalIP          RemoteIP       \n")
    call.write("".join(f"{row}\n" for row in rows(legs, detail=bool(call.values.get("detail")))))
    call.write(f"Found {count} active RTP connections\n\n")
