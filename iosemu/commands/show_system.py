"""`show version`, `clock`, `privilege`, `terminal`, `users`, `history`, `hosts`: what the router says of itself.

Rule: each text is made by a plain function of the device; the handler at the end only prints it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands import router_time
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation, Session
    from iosemu.commands.context import Device

# A vty's number among all lines of a router without modem lines: console 0, auxiliary 1, then the vtys.
FIRST_VTY = 2


def version_text(device: Device) -> str:
    """The text of `show version`."""
    platform = device.chassis.platform
    figures = {"product": platform.product, "dram": platform.memory_kb, "io": platform.io_memory_kb}
    own = f"ROM: {platform.software} Software ({platform.image}), Version {platform.version},  RELEASE SOFTWARE (fc2)"
    lines = [
        "Cisco Internetwork Operating System Software ",
        f"{platform.banner}, Version {platform.version},  RELEASE SOFTWARE (fc2)",
        "TAC Support: http://www.cisco.com/tac",
        "Copyright (c) 1986-2003 by cisco Systems, Inc.",
        f"Compiled {platform.compiled}",
        f"Image text-base: {platform.text_base}, data-base: {platform.data_base}",
        "",
        f"ROM: {platform.rom}",
        f"BOOTLDR: {platform.bootldr}" if platform.bootldr else own,
        "",
        f"{device.hostname} uptime is {router_time.duration_text(device.clock.now())}",
        f"System returned to ROM by {device.reload_reason}",
        f'System image file is "{platform.image_file}"',
        "",
        *(line.format(**figures) for line in platform.processor),
        *_interface_counts(device),
        f"{platform.nvram_kb}K bytes of non-volatile configuration memory.",
        f"{platform.flash_kb}K bytes of processor board System flash (Read/Write)",
    ]
    if platform.boot_flash_kb:
        lines.append(f"{platform.boot_flash_kb}K bytes of processor board Boot flash (Read/Write)")
    lines += ["", f"Configuration register is {platform.configuration_register}", ""]
    return "\n".join(lines) + "\n"


def _interface_counts(device: Device) -> Iterator[str]:
    kinds = [interface.kind for interface in device.chassis.interfaces]
    for kind, text in (
        ("Ethernet", "Ethernet/IEEE 802.3 interface(s)"),
        ("FastEthernet", "FastEthernet/IEEE 802.3 interface(s)"),
        ("Serial", "Serial network interface(s)"),
    ):
        if kind in kinds:
            yield f"{kinds.count(kind)} {text}"
    trunks = [controller.kind for controller in device.chassis.controllers]
    for kind in ("T1", "E1"):
        if kind in trunks:
            yield f"{trunks.count(kind)} Channelized {kind}/PRI port(s)"


def users_text(device: Device, own: Session[Device]) -> str:
    """The text of `show users`."""
    lines = ["    Line       User       Host(s)              Idle       Location"]
    for session in device.sessions:
        mark = "*" if session is own else " "
        # A terminal that came over the network knows from where, and how long it has been silent.
        place = str(getattr(session.terminal, "peer", ""))
        idle = 0 if session is own else int(getattr(session.terminal, "idle_s", 0))
        number = f"{mark}{_line_number(session.line):>3} {session.line:<9}"
        lines.append(f"{number} {session.user:<10} {'idle':<20} {router_time.clock_digits(idle):<10} {place}".rstrip())
    return "\n".join([*lines, "", "  Interface    User               Mode         Idle     Peer Address", ""])


def _line_number(name: str) -> int:
    kind, _, number = name.partition(" ")
    return {"con": 0, "aux": 1}.get(kind, FIRST_VTY + (int(number) if number.isdigit() else 0))


def terminal_text(session: Session[Device]) -> str:
    """The text of `show terminal`: the settings that a user can change; the electrical ones are the line's defaults."""
    terminal = session.terminal
    place = "Primary terminal line" if session.line.startswith("con") else ""
    return (
        f'Line {_line_number(session.line)}, Location: "{place}", Type: "{getattr(terminal, "terminal_type", "")}"\n'
        f"Length: {terminal.length} lines, Width: {terminal.width} columns\n"
        "Status: PSI Enabled, Ready, Active\n"
        "Capabilities: none\n"
        "Modem state: Ready\n"
        "Special Chars: Escape  Hold  Stop  Start  Disconnect  Activation\n"
        "                ^^x    none   -     -       none         \n"
        f"History is enabled, history size is {getattr(getattr(terminal, 'history', None), 'size', 10)}.\n"
        "DNS resolution in show commands is enabled\n"
        "Full user help is disabled\n"
        "Allowed transports are telnet.  Preferred is telnet.\n"
        "No output characters are padded\n"
        "No special data dispatching characters\n"
    )


def hosts_text(device: Device) -> str:
    """The text of `show hosts`."""
    root = device.config.root
    servers = [str(line.values["address"]) for line in root.all("ip name-server")]
    lookup = "name/address lookup uses domain service" if servers else "name/address lookup uses static mappings"
    domain = root.value("ip domain name", "name")
    lines = [
        f"Default domain is {domain}" if domain else "Default domain is not set",
        lookup[:1].upper() + lookup[1:],
        f"Name servers are {', '.join(servers) if servers else '255.255.255.255'}",
        "",
        "Host                     Port  Flags      Age Type   Address(es)",
    ]
    for line in root.all("ip host"):
        lines.append(f"{line.values['name']!s:<25}None  (perm, OK)  0   IP    {line.values['address']}")
    return "\n".join(lines) + "\n"


@handlers.register("show_version")
def _version(call: Invocation[Device]) -> None:
    call.write(version_text(call.device))


@handlers.register("show_clock")
def _clock(call: Invocation[Device]) -> None:
    call.write(router_time.clock_text(call.device) + "\n")
    if call.values.get("detail"):
        call.write("No time source\n")


@handlers.register("clock_set")
def _clock_set(call: Invocation[Device]) -> None:
    from datetime import datetime

    device = call.device
    month = str(call.values["month"]).lower()
    names = enumerate(router_time.MONTHS, 1)
    found = [number for number, name in names if month[:3] == name.lower()]
    hour, minute, second = (int(part) for part in str(call.values["time"]).split(":"))
    try:
        wanted = datetime(int(str(call.values["year"])), found[0], int(str(call.values["day"])), hour, minute, second)
    except (IndexError, ValueError):
        raise call.invalid("month" if not found else "day") from None
    now = device.clock.wall().replace(tzinfo=None)
    device.time_offset = wanted - router_time.zone(device).offset - now
    device.time_is_set = True


@handlers.register("show_privilege")
def _privilege(call: Invocation[Device]) -> None:
    call.write(f"Current privilege level is {call.session.privilege}\n")


@handlers.register("show_users")
def _users(call: Invocation[Device]) -> None:
    call.write(users_text(call.device, call.session))


@handlers.register("show_terminal")
def _terminal(call: Invocation[Device]) -> None:
    call.write(terminal_text(call.session))


@handlers.register("show_hosts")
def _hosts(call: Invocation[Device]) -> None:
    call.write(hosts_text(call.device))


@handlers.register("show_history")
def _history(call: Invocation[Device]) -> None:
    # A terminal that edits lines keeps them; a file of commands has none.
    history = getattr(call.session.terminal, "history", None)
    for line in history.lines if history is not None else ():
        call.write(f"  {line}\n")
