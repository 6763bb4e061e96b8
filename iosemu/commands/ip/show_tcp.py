"""`show tcp [brief [all]]`, `show ip sockets`, `show ip traffic`: the router's own end of the IP network.

Rule: what is listed is open: users' terminals, their connections to other hosts, the mail agent's dialogues, and what
the configuration has listening. What is counted was really sent or received. Forms: 12.2; the words of counters that
are always 0 here are recalled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from iosemu.commands.ip.source_address import source_address
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

TELNET, SMTP, SNMP, SYSLOG = 23, 25, 161, 514
_TCP, _UDP = 6, 17
_TERMINAL_TCB, _USER_TCB = 0x61A00000, 0x61B00000


class Row(NamedTuple):
    """One connection of the table; `line` is the number of the line that it belongs to."""

    tcb: int
    local: str
    remote: str
    state: str
    line: int = 0
    sent: int = 0
    received: int = 0
    octets_sent: int = 0
    octets_received: int = 0


def connections(device: Device) -> Iterator[Row]:
    """The open connections: terminals, users' own, the mail agent's."""
    from iosemu.commands.lines.numbers import named

    own = source_address(device)
    for place, vty in enumerate(device.lines.open):
        if vty.name.startswith("vty"):
            line = named(device, vty.name).absolute
            far = f"{vty.peer or '*'}.{11000 + line}"
            yield Row(_TERMINAL_TCB + place * 0x1A4, f"{own}.{TELNET}", far, "ESTAB", line)
    for session, opened in device.connections.items():
        line = named(device, session.line).absolute
        for connection in opened.open:
            tcb = _USER_TCB + line * 0x1A4
            yield Row(tcb, f"{own}.{11000 + line}", f"{connection.address}.{TELNET}", "ESTAB", line)
    for tcp in device.tcp:
        yield Row(
            tcp.tcb,
            f"{own}.{tcp.local_port}",
            f"{tcp.remote}.{tcp.remote_port}",
            tcp.state,
            0,
            tcp.sent,
            tcp.received,
            tcp.octets_sent,
            tcp.octets_received,
        )


def listeners(device: Device) -> Iterator[Row]:
    """What waits for somebody to call."""
    yield Row(_TERMINAL_TCB - 0x400, f"*.{TELNET}", "*.*", "LISTEN")
    if device.voice.settings.receive.maximum_recipients:
        yield Row(_TERMINAL_TCB - 0x800, f"*.{SMTP}", "*.*", "LISTEN")


def brief_text(device: Device, *, every: bool) -> str:
    """The text of `show tcp brief [all]`."""
    rows = [*connections(device), *(listeners(device) if every else ())]
    lines = ["TCB       Local Address           Foreign Address        (state)"]
    lines += [f"{row.tcb:08X}  {row.local:<22}  {row.remote:<21}  {row.state}" for row in rows]
    return "\n".join(lines) + "\n"


def tcp_text(device: Device) -> str:
    """The text of `show tcp`: one paragraph a connection."""
    return "\n".join(_paragraph(device, row) for row in connections(device))


def _paragraph(device: Device, row: Row) -> str:
    local, _, local_port = row.local.rpartition(".")
    remote, _, remote_port = row.remote.rpartition(".")
    head = f"tty{row.line}, connection 1 to host {remote}" if row.line else "Stand-alone TCP connection"
    return (
        f"\n{head}\nConnection state is {row.state}, I/O status: 1, unread input bytes: 0\n"
        f"Local host: {local}, Local port: {local_port}\n"
        f"Foreign host: {remote}, Foreign port: {remote_port}\n\n"
        "Enqueued packets for retransmit: 0, input: 0  mis-ordered: 0 (0 bytes)\n\n"
        f"Datagrams (max data segment is 536 bytes):\n"
        f"Rcvd: {row.received} (out of order: 0), with data: {row.received}, total data bytes: {row.octets_received}\n"
        f"Sent: {row.sent} (retransmit: 0, fastretransmit: 0), with data: {row.sent},"
        f" total data bytes: {row.octets_sent}\n"
    )


def sockets_text(device: Device) -> str:
    """The text of `show ip sockets`: what is there for datagrams, and the mail port."""
    own = source_address(device)
    lines = ["Proto    Remote      Port      Local       Port  In Out Stat TTY OutputIF"]
    root = device.config.root
    if device.voice.settings.receive.maximum_recipients:
        lines.append(_socket(_TCP, "--listen--", "", own, SMTP))
    if next(iter(root.all("snmp-server community")), None) is not None:
        lines.append(_socket(_UDP, "--listen--", "", own, SNMP))
    lines += [_socket(_UDP, host, str(SYSLOG), own, SYSLOG) for host in device.log_hosts.sent]
    return "\n".join(lines) + "\n"


def _socket(protocol: int, remote: str, remote_port: str, local: str, local_port: int) -> str:
    return f"{protocol:>3} {remote:<15} {remote_port:>5} {local:<15} {local_port:>5}   0   0    1   0 "


def traffic_text(device: Device) -> str:
    """The text of `show ip traffic`."""
    tcp = device.tcp.totals
    counters = device.ip_counters
    packets, messages, arp = counters.packets, counters.messages, counters.arp
    datagrams_in, datagrams_out = counters.protocols["in", _UDP], counters.protocols["out", _UDP]
    echoes_in, replies_in = messages["in", 8, 0], messages["in", 0, 0]
    echoes_out, replies_out, exceeded_out = messages["out", 8, 0], messages["out", 0, 0], messages["out", 11, 0]
    unreachable_in, unreachable_out = (
        sum(times for (way, kind, _), times in messages.items() if (way, kind) == (wanted, 3))
        for wanted in ("in", "out")
    )
    local = tcp.received + packets["local"]
    received = tcp.received + packets["received"]
    sent = tcp.sent + packets["generated"]
    return f"""\
IP statistics:
  Rcvd:  {received} total, {local} local destination
         0 format errors, 0 checksum errors, {packets["bad hop count"]} bad hop count
         0 unknown protocol, 0 not a gateway
         0 security failures, 0 bad options, 0 with options
  Opts:  0 end, 0 nop, 0 basic security, 0 loose source route
         0 timestamp, 0 extended security, 0 record route
         0 stream ID, 0 strict source route, 0 alert, 0 cipso
         0 other
  Frags: 0 reassembled, 0 timeouts, 0 couldn't reassemble
         0 fragmented, 0 couldn't fragment
  Bcast: 0 received, 0 sent
  Mcast: 0 received, 0 sent
  Sent:  {sent} generated, {packets["forwarded"]} forwarded
  Drop:  {packets["encapsulation failed"]} encapsulation failed, 0 unresolved, 0 no adjacency
         {packets["no route"]} no route, 0 unicast RPF, 0 forced drop

ICMP statistics:
  Rcvd: 0 format errors, 0 checksum errors, 0 redirects, {unreachable_in} unreachable
        {echoes_in} echo, {replies_in} echo reply, 0 mask requests, 0 mask replies, 0 quench
        0 parameter, 0 timestamp, 0 info request, 0 other
        0 irdp solicitations, 0 irdp advertisements
  Sent: 0 redirects, {unreachable_out} unreachable, {echoes_out} echo, {replies_out} echo reply
        0 mask requests, 0 mask replies, 0 quench, 0 timestamp
        0 info reply, {exceeded_out} time exceeded, 0 parameter problem
        0 irdp solicitations, 0 irdp advertisements

UDP statistics:
  Rcvd: {datagrams_in} total, 0 checksum errors, 0 no port
  Sent: {datagrams_out} total, 0 forwarded broadcasts

TCP statistics:
  Rcvd: {tcp.received} total, 0 checksum errors, 0 no port
  Sent: {tcp.sent} total

ARP statistics:
  Rcvd: {arp["requests in"]} requests, {arp["replies in"]} replies, 0 reverse, 0 other
  Sent: {arp["requests out"]} requests, {arp["replies out"]} replies ({arp["by proxy"]} proxy), 0 reverse
"""


@handlers.register("show_tcp")
def _tcp(call: Invocation[Device]) -> None:
    call.write(tcp_text(call.device))


@handlers.register("show_tcp_brief")
def _brief(call: Invocation[Device]) -> None:
    call.write(brief_text(call.device, every=bool(call.values.get("all"))))


@handlers.register("show_ip_sockets")
def _sockets(call: Invocation[Device]) -> None:
    call.write(sockets_text(call.device))


@handlers.register("show_ip_traffic")
def _traffic(call: Invocation[Device]) -> None:
    call.write(traffic_text(call.device))


@handlers.register("show_tcp_statistics")
def _statistics(call: Invocation[Device]) -> None:
    totals = call.device.tcp.totals
    call.write(
        f"Rcvd: {totals.received} Total, 0 no port\n"
        "      0 checksum error, 0 bad offset, 0 too short\n"
        f"      {totals.received} packets ({totals.octets_received} bytes) in sequence\n"
        "      0 dup packets (0 bytes)\n      0 partially dup packets (0 bytes)\n"
        "      0 out-of-order packets (0 bytes)\n      0 packets (0 bytes) with data after window\n"
        "      0 packets after close\n      0 window probe packets, 0 window update packets\n"
        f"      0 dup ack packets, 0 ack packets with unsend data\n      {totals.sent} ack packets"
        f" ({totals.octets_sent} bytes)\n"
        f"Sent: {totals.sent} Total, 0 urgent packets\n      0 control packets (including 0 retransmitted)\n"
        f"      {totals.sent} data packets ({totals.octets_sent} bytes)\n"
        "      0 data packets (0 bytes) retransmitted\n      0 ack only packets (0 delayed)\n"
        "      0 window probe packets, 0 window update packets\n"
        f"{totals.initiated} Connections initiated, {totals.accepted} connections accepted,"
        f" {totals.established} connections established\n"
        f"{totals.closed + totals.failed} Connections closed (including 0 dropped, {totals.failed} embryonic dropped)\n"
        "0 Total rxmt timeout, 0 connections dropped in rxmt timeout\n"
        "0 Keepalive timeout, 0 keepalive probe, 0 Connections dropped in keepalive\n"
    )
