"""EXEC `telnet` and what belongs to connections out of the router: `connect`, `resume`, `disconnect`, `where`, names.

Rule: a command that brings a connection in front ends when it is no longer there: closed by either end, suspended by
the escape keys, or idle too long.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.ip.host_lookup import find_addresses
from iosemu.commands.ip.layer import source_towards
from iosemu.commands.lines.connections import Connection, Connections, Left
from iosemu.commands.lines.line_config import access_list, line_block
from iosemu.commands.lines.lines import settings_of
from iosemu.commands.lines.telnet_connection import TelnetConnection, Way
from iosemu.commands.questions import confirmed
from iosemu.commands.registry import handlers
from iosemu.network import Unreachable

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation, Session
    from iosemu.commands.context import Device

TELNET_PORT = 23
WAYS = ("line", "noecho", "stream")
SERVICES = {
    "bgp": 179, "chargen": 19, "cmd": 514, "daytime": 13, "discard": 9, "domain": 53, "echo": 7, "exec": 512,
    "finger": 79, "ftp": 21, "ftp-data": 20, "gopher": 70, "hostname": 101, "ident": 113, "irc": 194, "klogin": 543,
    "kshell": 544, "login": 513, "lpd": 515, "nntp": 119, "pim-auto-rp": 496, "pop2": 109, "pop3": 110, "smtp": 25,
    "sunrpc": 111, "syslog": 514, "tacacs": 49, "talk": 517, "telnet": 23, "time": 37, "uucp": 540, "whois": 43,
    "www": 80,
}  # fmt: skip
"""The names of ports that `telnet HOST ?` offers."""
UNKNOWN_HOST = "% Unknown command or computer name, or unable to find computer address"
NONE_OPEN = "% No connections open"
REFUSED = "% Connection refused by remote host"
_HOST_NAME = re.compile(r"(?!\d+$)[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")


@handlers.register("telnet")
async def telnet(call: Invocation[Device]) -> None:
    """`telnet [HOST [PORT] [OPTIONS]]`."""
    device, terminal = call.device, call.terminal
    host = str(call.values["host"]) if "host" in call.values else (await terminal.read_line("Host: ")).strip()
    if not host:
        return
    said = call.values.get("port", TELNET_PORT)
    port = SERVICES[said] if isinstance(said, str) and said in SERVICES else int(str(said))
    address = address_of(call, host)
    check_way_out(call, address, "telnet")
    quiet = "/quiet" in call.values
    shown = host if host == address else f"{host} ({address})"
    if not quiet:
        terminal.write(f"Trying {shown}{'' if port == TELNET_PORT else f', {port}'} ... ")
    try:
        wire = await device.network.connect(source_of(call, address, "telnet"), address, port)
    except Unreachable as error:
        terminal.write("\n")
        raise Refused(f"% {error}") from None
    window = (min(terminal.width, 65535), min(terminal.length, 65535))
    connection = TelnetConnection(host, address, wire, window, Way(*(f"/{way}" in call.values for way in WAYS)))
    if await connection.refused():
        connection.close()
        terminal.write("\n")
        raise Refused(REFUSED)
    if not quiet:
        terminal.write("Open\n")
    connections_of(device, call.session).add(connection)
    if device.config.root.flag("aaa new-model"):
        from iosemu.commands.aaa.accounting import follow_connection

        follow_connection(device, call.session, connection, port)
    await bring_in_front(call, connection)


def instead_of(device: Device, session: Session[Device], word: str) -> str:
    """The EXEC line that a router runs in place of a word which is no command: a call to the host of that name.

    "" where it could be no host, or the line prefers no protocol (`transport preferred none`).
    """
    preferred = settings_of(device, session).preferred
    return f"telnet {word}" if _HOST_NAME.fullmatch(word) and preferred != "none" else ""


def address_of(call: Invocation[Device], host: str) -> str:
    """The first address of a host, of the version of IP that is wanted."""
    addresses = find_addresses(call.device, host, call.terminal.write)
    for version, sixth in (("/ipv4", False), ("/ipv6", True)):
        if version in call.values:
            addresses = [address for address in addresses if (":" in address) is sixth]
    if not addresses:
        raise Refused(UNKNOWN_HOST)
    return addresses[0]


def connections_of(device: Device, session: Session[Device]) -> Connections:
    """The connections of a session, which end with it."""
    found = device.connections.get(session)
    if found is None:
        found = device.connections[session] = Connections()
        ends = getattr(session.terminal, "at_session_end", None)
        if ends is not None:
            ends.append(found.close)
    return found


def check_way_out(call: Invocation[Device], address: str, protocol: str) -> None:
    """Refuse whom the line does not let out: by this protocol, to that address, or once more."""
    line = settings_of(call.device, call.session)
    limit = line.session_limit
    if limit and len(connections_of(call.device, call.session).open) >= limit:
        raise Refused("% Session limit exceeded")  # inferred
    config = call.device.config
    kind, _, number = call.session.line.partition(" ")
    block = line_block(config, kind, int(number or 0))
    output = block.get("transport output") if block is not None else None
    if output is not None and not {"all", protocol} & set(output.tokens):
        raise Refused(f"% {protocol} connections not permitted from this terminal")  # recalled
    name = line.way_out or (access_list(block, "out") if block is not None else "")
    if name:
        from iosemu.commands.ip.access_lists import permits  # most lines let everybody out

        if not permits(config, name, address):
            raise Refused("% Connections to that host not permitted from this terminal")  # recalled


def source_of(call: Invocation[Device], destination: str, protocol: str) -> str:
    """The address that the router calls from: that of the interface told, else of the one on the way; "" for none."""
    root = call.device.config.root
    wanted = call.values.get("interface", root.value(f"ip {protocol} source-interface", "interface"))
    if wanted is None:
        return source_towards(call.device, destination)
    block = root.block("interface", name=wanted)
    return str(block.value("ip address", "address", "")) if block is not None else ""


async def bring_in_front(call: Invocation[Device], connection: Connection) -> None:
    """Have a connection in front until it leaves, and say why it did."""
    device, session, terminal = call.device, call.session, call.terminal
    opened = connections_of(device, session)
    opened.current = connection
    line = session.terminal
    timers = getattr(line, "timers", None)
    settings = settings_of(device, session)
    if timers is not None:
        timers.held = True
    try:
        left = await connection.attend(terminal, settings, getattr(line, "drain", None))
    finally:
        if timers is not None:
            timers.held = False
            timers.alive()
    if left is Left.SUSPENDED:
        terminal.write("\n")
    elif left is Left.CLOSED:
        opened.remove(connection)
        terminal.write(f"\n[Connection to {connection.host} closed by foreign host]\n")
        session.closed = session.closed or (settings.autohangup and not opened.open)
    else:
        opened.close()
        terminal.write(f"\n[Connection to {connection.host} idle too long; timed out]\n")  # recalled
        session.closed = True
    _note(call)


def _note(call: Invocation[Device]) -> None:
    """Tell the terminal whether an empty line has a connection to go back to."""
    if hasattr(call.session.terminal, "connected"):
        call.session.terminal.connected = bool(connections_of(call.device, call.session).open)


def _wanted(call: Invocation[Device]) -> Connection:
    """The connection that a command names, or the current one."""
    opened = connections_of(call.device, call.session)
    if not opened.open:
        raise Refused(NONE_OPEN)
    said = call.values.get("connection")
    found = opened.current if said is None else opened.find(str(said))
    if found is None:
        raise Refused(f"% {said} is not an open connection")  # recalled
    return found


@handlers.register("resume")
async def _resume(call: Invocation[Device]) -> None:
    """`resume [CONNECTION]`, a bare number, an empty line."""
    connection = _wanted(call)
    call.terminal.write(f"[Resuming connection {connection.number} to {connection.name} ... ]\n")
    await bring_in_front(call, connection)


@handlers.register("disconnect")
async def _disconnect(call: Invocation[Device]) -> None:
    connection = _wanted(call)
    if await confirmed(call, f"Closing connection to {connection.host} [confirm]"):
        connections_of(call.device, call.session).remove(connection)
        _note(call)


@handlers.register("name_connection")
async def _name_connection(call: Invocation[Device]) -> None:
    opened = connections_of(call.device, call.session)
    if not opened.open:
        raise Refused(NONE_OPEN)
    number = (await call.terminal.read_line("Connection number: ")).strip()
    connection = opened.find(number)
    if connection is None:
        raise Refused(f"% {number} is not an open connection")  # recalled
    name = (await call.terminal.read_line("Enter logical name: ")).strip()
    question = f'Connection {connection.number} to {connection.host} will be named "{name.upper()}" [confirm]'
    if name and await confirmed(call, question):
        connection.name = name.upper()


@handlers.register("show_sessions")
def _sessions(call: Invocation[Device]) -> None:
    """`show sessions`, `where`: the connections out of this session."""
    opened = connections_of(call.device, call.session)
    if not opened.open:
        call.write(f"{NONE_OPEN}\n")
        return
    call.write("Conn Host                Address             Byte  Idle Conn Name\n")
    for one in opened.open:
        mark = "*" if one is opened.current else " "
        idle = int(one.idle_s // 60)
        call.write(f"{mark}{one.number:>3} {one.host:<20}{one.address:<20}{one.unread:>4}{idle:>6} {one.name}\n")
