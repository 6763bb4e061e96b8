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
_STREAMED = "VSP_STATS:Session Statistics -\n        sessions total=0; max_active=0, current=0\n" + "".join(
    f"        {name} last=0; max=0, min=0{unit}\n"
    for name, unit in (
        ("session_duration", " ms"),
        ("pre_stream_wait", " ms"),
        ("stream_duration", " ms"),
        ("post_stream_wait", " ms"),
        ("stream_size", " bytes"),
        ("streaming_rate", " bytes/sec"),
        ("total_packet_count", " packets"),
        ("drop_packet_count", " packets"),
        ("particle_packet_count", " packets"),
    )
)


def _counts(heading: str, names: str) -> str:
    return f"VSP_STATS: {heading} Statistics -\n" + "".join(f"        {name}_count=0\n" for name in names.split())


_STREAMS = (
    _STREAMED
    + _counts("Format", "au_format wav_format other_format")
    + _counts("Codec", "codec_g729 codec_g726 codec_g711 codec_g728 codec_g723 codec_gsm codec_other")
    + _counts("Media", "ram http smtp rtsp other")
    + (
        "VSP_STATS:RTP Statistics -\n        ts_gap_samples max=0, min=0 samples\n"
        "        [Unexpected SSRC Change (USC)]\n                usc_count last=0; total=0, max=0, min=0\n"
        "        [Out of sequence packet (OOSP)]\n                oosp_count last=0; total=0, max=0, min=0\n"
        "        [Unexpected timestamp gap (UTG)]\n                max_utg_count last=0; total=0, max=0, min=0\n"
        "        [Comfort Noise (CN)]\n                max_cn_count last=0; total=0, max=0, min=0\n"
        "        [Unexpected payload type or size (UPTS)]\n"
        "                upt_count last=0; total=0, max=0, min=0; last_type=0\n"
        "                ups_count last=0; total=0, max=0, min=0; last_size=0 bytes\n"
        "        [Data exceeds limit (DEL)]\n                del_count last=0; total=0, max=0, min=0\n"
        "        [Silence exceeds timeout (SET)]\n                set_count last=0; total=0, max=0, min=0\n"
        "VSP_STATS:Packet Statistics -\n"
        "        [Silence patching total (SPT)]\n                spt_count last=0; total=0, max=0, min=0\n"
        "        [Concealment patching total (CPT)]\n                cpt_count last=0; total=0, max=0, min=0\n"
        "        [Normal patching total (NPT)]\n                npt_count last=0; total=0, max=0, min=0\n"
    )
)
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
    "show ipv6 neighbors": "IPv6 Address                              Age Link-layer Addr State Interface\n",
    "show ipv6 protocols": ('IPv6 Routing Protocol is "connected"\nIPv6 Routing Protocol is "static"\n'),
    "show ipv6 route": (
        "IPv6 Routing Table - 0 entries\nCodes: C - Connected, L - Local, S - Static, R - RIP, B - BGP\n"
        "       I1 - ISIS L1, I2 - ISIS L2, IA - ISIS interarea\n"
    ),
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
    "show vsp all": _STREAMS,
    "show vsp session": _STREAMED,
    "show vsp statistics": _STREAMS,
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
