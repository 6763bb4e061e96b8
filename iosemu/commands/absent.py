"""What the router says of things that are not there, and that nothing here can bring about: neighbours of protocols
that nobody else in the network speaks, hardware that no card has, services that never run.

Rule: a text is the router's at rest: the heading of an empty table, or a word that something is not enabled; a command
without one prints nothing. It stands under the first words of the command; the longest that fit count. What is
configured has its own module. The texts are recalled where no published output has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_ROUTING_OFF = {
    "apollo": "Apollo routing is not enabled",
    "appletalk": "Appletalk not running",
    "clns": "CLNS not running",
    "decnet": "DECnet routing not enabled",
    "ipx": "IPX not running",
    "vines": "VINES routing is not enabled",
    "xns": "XNS routing is not enabled",
}
TEXTS = {
    **{f"show {protocol}": f"%{text}\n" for protocol, text in _ROUTING_OFF.items()},
    "show ip flow export": "Flow export is disabled\n",
    "show ip igmp groups": (
        "IGMP Connected Group Membership\nGroup Address    Interface            Uptime    Expires   Last Reporter\n"
    ),
    "show ip mroute": "IP Multicast Forwarding is not enabled.\n",
    "show ip pim interface": (
        "\nAddress          Interface                Version/Mode    Nbr   Query     DR\n"
        "                                                         Count Intvl\n"
    ),
    "show ip pim neighbor": (
        "PIM Neighbor Table\nNeighbor Address  Interface          Uptime    Expires   Ver  Mode\n"
    ),
    "show ip rsvp installed": "RSVP: no installed reservations\n",
    "show ip rsvp neighbor": "Interfac  Neighbor        Encapsulation\n",
    "show ip rsvp reservation": ("To            From          Pro DPort Sport Next Hop      I/F   Fi Serv BPS Bytes\n"),
    "show ip rsvp request": "To            From          Pro DPort Sport Next Hop      I/F   Fi Serv BPS Bytes\n",
    "show ip rsvp sender": "To            From          Pro DPort Sport Prev Hop      I/F   BPS   Bytes\n",
    "show arap": "Statistics are cumulative since last reboot\nTotal ARAP connections: 0\n",
    "show dlsw": "DLSw not enabled\n",
    "show async": (
        "Async protocol statistics:\n"
        "    Rcvd: 0 packets, 0 bytes\n          0 format errors, 0 checksum errors, 0 overrun, 0 no buffer\n"
        "    Sent: 0 packets, 0 bytes, 0 dropped\n\n"
        "Int         Local          Remote Qd InPack OutPac Inerr  Drops  MTU\n"
    ),
    "show connection": (
        "\nID   Name               Segment 1            Segment 2           State\n"
        "========================================================================\n"
    ),
    "show spanning-tree": "No spanning tree instances exist.\n",
    "show ccm-manager": "% Call Manager Application is not enabled\n",
    "show kerberos creds": "No Kerberos credentials.\n",
    "show lat": "LAT is not enabled\n",
    "show modem relay": "        Total Modem Relay Call Legs = 0\n",
    "show rawmsg": "Raw Msg Summary:\n       Raw Msg in used: 0\n",
    "show sccp": "SCCP Admin State: DOWN\n",
    "show tarp": "TARP is not running\n",
    "show vpdn": "%No active L2F tunnels\n%No active L2TP tunnels\n%No active PPTP tunnels\n",
    "show xremote": "XRemote server-wide parameters:\n          Font buffersize: 72000          Font loader: ready\n",
}
"""By the first words of a command, in full: what is printed."""


@handlers.register("show_absent")
def show_absent(call: Invocation[Device]) -> None:
    words = call.match.tokens
    if words[1] in _ROUTING_OFF and call.device.config.root.flag(f"{words[1]} routing"):
        return  # it runs, and has met nobody
    keys = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    call.write(next((TEXTS[key] for key in keys if key in TEXTS), ""))


@handlers.register("ping_absent")
def ping_absent(call: Invocation[Device]) -> None:
    """An echo of a protocol that is not there."""
    call.write("% Unrecognized host or address, or protocol not running.\n")
