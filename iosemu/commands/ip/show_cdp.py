"""`show cdp`: what the router sends of itself; nobody in this network speaks CDP, so it has no neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.interfaces.state import states
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_CODES = """\
Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge
                  S - Switch, H - Host, I - IGMP, r - Repeater

Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID
"""
_LAYER_2 = {"Ethernet": "ARPA", "FastEthernet": "ARPA", "Serial": "HDLC"}


def _running(device: Device) -> tuple[int, int]:
    """Seconds between two advertisements, and those that a neighbour keeps one; raises Refused with `no cdp run`."""
    root = device.config.root
    if not root.flag("cdp run"):
        raise Refused("% CDP is not enabled")
    return int(str(root.value("cdp timer", "seconds", 60))), int(str(root.value("cdp holdtime", "seconds", 180)))


@handlers.register("show_cdp")
def _show(call: Invocation[Device]) -> None:
    timer, holdtime = _running(call.device)
    version = "" if call.device.config.root.flag("cdp advertise-v2") else "not "
    call.write(
        "Global CDP information:\n"
        f"\tSending CDP packets every {timer} seconds\n"
        f"\tSending a holdtime value of {holdtime} seconds\n"
        f"\tSending CDPv2 advertisements is {version} enabled\n"
    )


@handlers.register("show_cdp_neighbors")
def _neighbors(call: Invocation[Device]) -> None:
    _running(call.device)
    if not call.values.get("detail"):
        call.write(_CODES)


@handlers.register("show_cdp_interface")
def _interfaces(call: Invocation[Device]) -> None:
    timer, holdtime = _running(call.device)
    wanted = call.values.get("interface")
    found = [state for state in states(call.device) if wanted in (None, state.name)]
    if not found:
        raise call.invalid("interface")
    for state in found:
        if state.kind in _LAYER_2 and state.block.flag("cdp enable"):
            call.write(
                f"{state.name} is {state.status}, line protocol is {state.protocol}\n"
                f"  Encapsulation {_LAYER_2[state.kind]}\n"
                f"  Sending CDP packets every {timer} seconds\n"
                f"  Holdtime is {holdtime} seconds\n"
            )


@handlers.register("show_cdp_traffic")
def _traffic(call: Invocation[Device]) -> None:
    _running(call.device)
    call.write(
        "CDP counters :\n"
        "\tTotal packets output: 0, Input: 0\n"
        "\tHdr syntax: 0, Chksum error: 0, Encaps failed: 0\n"
        "\tNo memory: 0, Invalid packet: 0, Fragmented: 0\n"
        "\tCDP version 1 advertisements output: 0, Input: 0\n"
        "\tCDP version 2 advertisements output: 0, Input: 0\n"
    )
