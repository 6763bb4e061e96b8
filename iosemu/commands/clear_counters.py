"""Clears of what was counted or set up: TCP and IP statistics, those of dial peers, routing processes.

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
    from iosemu.commands.questions import confirmed
    from iosemu.commands.tcp_connections import TcpTotals

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
