"""Clears of what was counted or set up: TCP and IP statistics, those of dial peers and channels, routing processes.

Rule: only counters go; what was configured stays. Routing processes have no neighbours that would notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


@handlers.register("clear_tcp_statistics")
async def _tcp(call: Invocation[Device]) -> None:
    from iosemu.commands.ip.tcp_connections import TcpTotals
    from iosemu.commands.questions import confirmed

    if await confirmed(call, "[confirm]"):
        call.device.tcp.totals = TcpTotals()


@handlers.register("clear_ip_traffic")
async def _traffic(call: Invocation[Device]) -> None:
    from iosemu.commands.questions import confirmed

    if await confirmed(call, 'Clear "show ip traffic" counters [confirm]'):
        counters = call.device.ip_counters
        for counter in (counters.packets, counters.protocols, counters.messages, counters.arp):
            counter.clear()


@handlers.register("clear_peer_statistics")
def _peers(call: Invocation[Device]) -> None:
    tag = call.values.get("tag")
    call.device.voice.control.statistics.clear(None if tag is None else int(str(tag)))


@handlers.register("clear_bgp")
def _bgp(call: Invocation[Device]) -> None:
    if not call.device.config.root.children("router bgp"):
        call.write("% BGP not running\n")


@handlers.register("clear_ospf")
async def _ospf(call: Invocation[Device]) -> None:
    if "process" in call.match.tokens:
        which = call.values.get("number")
        await call.terminal.read_line(f"Reset {'OSPF process' if which else 'ALL OSPF processes'}? [no]: ")


@handlers.register("clear_call_counters")
def _calls(call: Invocation[Device]) -> None:
    words, device = call.match.tokens, call.device
    channels = device.voice.control.channels
    if "system-hwm" in words:
        channels.reset("", marks_only=True)
    elif "all" in words:
        for name in ("", *device.voice.ports):
            channels.reset(name)
    else:
        unit = f"{words[2]} {call.values['unit']}"
        if unit not in {controller.name for controller in device.chassis.controllers}:
            raise call.invalid("unit")
        for port in device.voice.ports.values():
            if port.cable == unit:
                channels.reset(port.name)


@handlers.register("clear_csm")
def _csm(call: Invocation[Device]) -> None:
    """What a channel has done is forgotten; which call it is in is not."""
    from iosemu.commands.chassis.modems import modem_asked_for, modems
    from iosemu.commands.chassis.show_csm import channel_named

    device, asked = call.device, call.values.get("channel")
    if call.match.tokens[2] == "modem":
        which = call.values.get("which")
        if isinstance(which, int):  # a group, of which there is none
            return
        for card, number in modems(device) if which is None else [modem_asked_for(call, "which")]:
            device.voice.processors.clear((card.slot, number))
        return
    found = None if asked is None else channel_named(device, str(asked).split("/"))
    if asked is not None and found is None:
        raise call.invalid("channel")
    device.voice.processors.clear(None if found is None else (found[0].slot, found[1]))


@handlers.register("clear_interface")
def _interface(call: Invocation[Device]) -> None:
    """The hardware begins anew: its counters stay, nothing is told."""
    from iosemu.commands.interfaces.show_interfaces import wanted

    wanted(call)
