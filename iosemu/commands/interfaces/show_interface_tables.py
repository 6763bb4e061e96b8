"""`show interfaces description|stats|accounting|summary`: all interfaces, or the one that is named, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.interfaces.show_interfaces import wanted
from iosemu.commands.interfaces.state import short_name
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.commands.interfaces.state import InterfaceState

_ROW = "{:>24} {:>10} {:>10} {:>10} {:>10}\n"


@handlers.register("show_interfaces_description")
def _description(call: Invocation[Device]) -> None:
    call.write("Interface                      Status         Protocol Description\n")
    for state in wanted(call):
        status = "admin down" if state.shutdown else state.status
        call.write(f"{short_name(state.name):<31}{status:<15}{state.protocol:<9}{state.description}\n")


@handlers.register("show_interfaces_stats")
def _stats(call: Invocation[Device]) -> None:
    """What went over each interface, by how it was switched: every packet here is the router's own."""
    for state in wanted(call):
        call.write(_stats_text(call.device, state))


def _stats_text(device: Device, state: InterfaceState) -> str:
    if state.shutdown:
        return f"Interface {state.name} is disabled\n\n"
    traffic = device.traffic.get(state.name)
    own = (0, 0, 0, 0)
    if traffic is not None:
        own = (traffic.input.packets, traffic.input.octets, traffic.output.packets, traffic.output.octets)
    return (
        f"{state.name}\n"
        + _ROW.format("Switching path", "Pkts In", "Chars In", "Pkts Out", "Chars Out")
        + _ROW.format("Processor", *own)
        + _ROW.format("Route cache", 0, 0, 0, 0)
        + _ROW.format("Total", *own)
    )


@handlers.register("show_interfaces_part")
def _part(call: Invocation[Device]) -> None:
    """No rate is limited and no precedence counted, so that of these nothing is said."""
    which = call.match.tokens[-1]
    if which == "accounting":
        _accounting(call)
    elif which == "summary":
        _summary(call)
    else:
        wanted(call)


def _accounting(call: Invocation[Device]) -> None:
    """What went over each interface, by protocol: over an Ethernet only IP does, over a D channel only its own."""
    for state in wanted(call):
        if state.shutdown:
            call.write(f"Interface {state.name} is disabled\n\n")
            continue
        call.write(f"{state.name} {state.description}".rstrip(" ") + " \n")
        traffic = call.device.traffic.get(state.name)
        if traffic is None or not traffic.input.packets + traffic.output.packets:
            call.write("No traffic sent or received on this interface.\n")
            continue
        sent, received = traffic.output, traffic.input
        protocol = "IP" if state.kind.endswith("Ethernet") else "Other"
        call.write(_ROW.format("Protocol", "Pkts In", "Chars In", "Pkts Out", "Chars Out"))
        call.write(_ROW.format(protocol, received.packets, received.octets, sent.packets, sent.octets))


_SUMMARY = """
 *: interface is up
 IHQ: pkts in input hold queue     IQD: pkts dropped from input queue
 OHQ: pkts in output hold queue    OQD: pkts dropped from output queue
 RXBS: rx rate (bits/sec)          RXPS: rx rate (pkts/sec)
 TXBS: tx rate (bits/sec)          TXPS: tx rate (pkts/sec)
 TRTL: throttle count

  Interface              IHQ   IQD  OHQ   OQD  RXBS RXPS  TXBS TXPS TRTL
------------------------------------------------------------------------
"""


def _summary(call: Invocation[Device]) -> None:
    """No queue ever holds a packet; the rates are those of `show interfaces`.  # the form is recalled"""
    device, rows = call.device, []
    for state in wanted(call):
        traffic, now_s = device.traffic.get(state.name), device.clock.now()
        received, sent = (
            ((0, 0), (0, 0)) if traffic is None else (traffic.input.rates(now_s), traffic.output.rates(now_s))
        )
        mark = "*" if state.protocol == "up" else " "
        rates = f"{received[0]:>6}{received[1]:>5}{sent[0]:>6}{sent[1]:>5}"
        rows.append(f"{mark} {state.name:<23}{0:>3}{0:>6}{0:>5}{0:>6}{rates}{0:>5}\n")
    call.write(_SUMMARY + "".join(rows))
    call.write(
        "NOTE:No separate counters are maintained for subinterfaces\n     Hence Details of subinterface are not shown\n"
    )
