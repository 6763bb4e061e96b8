"""Lines to elsewhere: `show dialer|frame-relay|ppp multilink|backup|vlans|standby|caller`.

Rule: what stands there follows from the configuration and from the state of interfaces and channels; nobody at the far
end of a line speaks Frame Relay or PPP, and no other router of a standby group is heard, so this one is active where
its interface is up. Forms: published output of 12.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.interfaces.state import short_name, states
from iosemu.commands.registry import handlers
from iosemu.dates import clock_digits

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.commands.interfaces.state import InterfaceState
    from iosemu.config.tree import Line

# Dialling.

_CHANNEL = """\
Idle timer ({idle} secs), Fast idle timer ({fast} secs)
Wait for carrier ({wait} secs), Re-enable (15 secs)
Dialer state is idle
"""


def _timers(state: InterfaceState) -> str:
    value = state.block.value
    return _CHANNEL.format(
        idle=value("dialer idle-timeout", "seconds", 120),
        fast=value("dialer fast-idle", "seconds", 20),
        wait=value("dialer wait-for-carrier-time", "seconds", 30),
    )


def _dialers(device: Device) -> Iterator[tuple[InterfaceState, str, list[str]]]:
    """The interfaces that can dial, how, and the channels of each."""
    channels = {
        port.d_channel.interface: [
            f"{port.d_channel.interface.partition(':')[0]}:{ch.number - 1}" for ch in port.channels
        ]
        for port in device.voice.ports.values()
        if port.d_channel is not None
    }
    for state in states(device):
        if state.name in channels:
            yield state, "ISDN", channels[state.name]
        elif state.kind == "BRI":
            yield state, "ISDN", [f"{state.name}:1", f"{state.name}:2"]
        elif state.kind == "Dialer":
            yield state, "UNKNOWN", []
        elif state.block.flag("dialer in-band"):
            yield state, "IN-BAND SYNC NO-PARITY", []


@handlers.register("show_dialer")
def _dialer(call: Invocation[Device]) -> None:
    wanted = call.values.get("interface")
    for state, kind, channels in _dialers(call.device):
        if wanted is not None and str(wanted) != state.name:
            continue
        call.write(f"\n{state.name} - dialer type = {kind}\n")
        if not channels:
            call.write(_timers(state))
        call.write("\nDial String      Successes   Failures    Last DNIS   Last status\n")
        for line in state.block.all("dialer string"):
            call.write(f"{line.values['number']!s:<17}{0:>9}{0:>11}    never                -   Default\n")
        if kind == "ISDN":
            call.write("0 incoming call(s) have been screened.\n0 incoming call(s) rejected for callback.\n")
        for channel in channels:
            call.write(f"\n{channel} - dialer type = ISDN\n{_timers(state)}")


@handlers.register("show_dialer_maps")
def _dialer_maps(call: Invocation[Device]) -> None:
    for state, _, _ in _dialers(call.device):
        for line in state.block.all("dialer map"):
            words = line.tokens[2:]
            call.write(f"Static dialer map {words[0]} {words[1]} on {state.name}\n")


@handlers.register("show_ppp_multilink")
def _multilink(call: Invocation[Device]) -> None:
    call.write("No active bundles\n")


# Frame Relay.

_LMI = (
    ("Invalid Unnumbered info", "Invalid Prot Disc"),
    ("Invalid dummy Call Ref", "Invalid Msg Type"),
    ("Invalid Status Message", "Invalid Lock Shift"),
    ("Invalid Information ID", "Invalid Report IE Len"),
    ("Invalid Report Request", "Invalid Keep IE Len"),
    ("Num Status Enq. Sent", "Num Status msgs Rcvd"),
    ("Num Update Status Rcvd", "Num Status Timeouts"),
)


def _relays(device: Device) -> list[InterfaceState]:
    """The interfaces with the encapsulation, sub-interfaces not."""
    found = []
    for state in states(device):
        line = state.block.get("encapsulation")
        if line is not None and not line.negated and "frame-relay" in line.tokens:
            found.append(state)
    return found


def _end(state: InterfaceState) -> str:
    return str(state.block.value("frame-relay intf-type", "type", "dte")).upper()


@handlers.register("show_frame_relay_lmi")
def _lmi(call: Invocation[Device]) -> None:
    for state in _relays(call.device):
        kind = str(state.block.value("frame-relay lmi-type", "type", "cisco")).upper()
        call.write(f"\nLMI Statistics for interface {state.name} (Frame Relay {_end(state)}) LMI TYPE = {kind}\n")
        call.write("".join(f"  {left} 0\t\t{right} 0\n" for left, right in _LMI))


def _circuits(device: Device, relay: InterfaceState) -> list[tuple[int, InterfaceState, Line | None]]:
    """The virtual circuits of an interface and of those below it: number, interface, the map where it is one."""
    found: list[tuple[int, InterfaceState, Line | None]] = []
    for state in states(device):
        if state.name.partition(".")[0] != relay.name:
            continue
        for line in state.block.all("frame-relay map"):
            found.append((int(str(line.values["number"])), state, line))
        for block in state.block.children("frame-relay interface-dlci"):
            assert block.header is not None
            found.append((int(str(block.header.values["number"])), state, None))
    return sorted(found, key=lambda one: one[0])


_PVC = """
  input pkts 0             output pkts 0            in bytes 0         
  out bytes 0              dropped pkts 0           in FECN pkts 0         
  in BECN pkts 0           out FECN pkts 0          out BECN pkts 0         
  in DE pkts 0             out DE pkts 0         
  out bcast pkts 0         out bcast bytes 0         
"""  # noqa: W291  (device text, literal)


@handlers.register("show_frame_relay_pvc")
def _pvc(call: Invocation[Device]) -> None:
    wanted, age = call.values.get("dlci"), clock_digits(int(call.device.uptime_s))
    for relay in _relays(call.device):
        circuits = _circuits(call.device, relay)
        if wanted is None:
            call.write(
                f"\nPVC Statistics for interface {relay.name} (Frame Relay {_end(relay)})\n\n"
                "              Active     Inactive      Deleted       Static\n"
                f"  Local          0            0         {len(circuits):>4}            0\n"
                "  Switched       0            0            0            0\n"
                "  Unused         0            0            0            0\n"
            )
        for number, state, _ in circuits:
            if wanted is None or int(str(wanted)) == number:
                call.write(
                    f"\nDLCI = {number}, DLCI USAGE = LOCAL, PVC STATUS = DELETED, INTERFACE = {state.name}\n{_PVC}"
                    f"  pvc create time {age}, last time pvc status changed {age}\n"
                )


@handlers.register("show_frame_relay_map")
def _map(call: Invocation[Device]) -> None:
    for relay in _relays(call.device):
        for number, state, line in _circuits(call.device, relay):
            # A number as it stands in the two octets of the address field.
            octets = (number >> 4) << 10 | (number & 15) << 4
            numbers = f"dlci {number}(0x{number:X},0x{octets:X})"
            if line is None:
                call.write(f"{state.name} ({state.protocol}): point-to-point dlci, {numbers}, broadcast\n")
                call.write("          status deleted\n")
                continue
            more = ["broadcast,"] if "broadcast" in line.tokens else []
            kind = "IETF" if "ietf" in line.tokens else "CISCO"
            call.write(f"{state.name} ({state.protocol}): {' '.join(line.tokens[2:4])} {numbers}, static,\n")
            call.write("".join(f"              {text}\n" for text in [*more, f"{kind}, status deleted"]))


@handlers.register("show_frame_relay_traffic")
def _relay_traffic(call: Invocation[Device]) -> None:
    call.write(
        "Frame Relay statistics:\n"
        "\tARP requests sent 0, ARP replies sent 0\n\tARP request recvd 0, ARP replies recvd 0\n"
    )


# Sub-interfaces, substitutes, standby groups.


@handlers.register("show_vlans")
def _vlans(call: Invocation[Device]) -> None:
    shown = False
    for state in states(call.device):
        line = state.block.get("encapsulation")
        number = line.values.get("vlan", line.values.get("vlan_isl")) if line is not None else None
        if number is None:
            continue
        shown = True
        kind = "IEEE 802.1Q" if line is not None and "vlan" in line.values else "Inter Switch Link"
        call.write(f"\nVirtual LAN ID:  {number} ({kind} Encapsulation)\n\n   vLAN Trunk Interface:   {state.name}\n\n")
        if line is not None and "native" in line.tokens:
            call.write(" This is configured as native Vlan for the following interface(s) :\n")
            call.write(f"{state.name.partition('.')[0]}\n\n")
        call.write("   Protocols Configured:   Address:              Received:        Transmitted:\n")
        if state.address:
            traffic = call.device.traffic.get(state.name)
            received, sent = (traffic.input.packets, traffic.output.packets) if traffic is not None else (0, 0)
            call.write(f"           IP              {state.address:<22}{received:>10}{sent:>20}\n")
        call.write("\n")
    if not shown:
        call.write("\nNo Virtual LANs configured.\n\n")


@handlers.register("show_backup")
def _backup(call: Invocation[Device]) -> None:
    call.write("Primary Interface   Secondary Interface   Status\n")
    call.write("-----------------   -------------------   ------\n")
    for state in states(call.device):
        name = state.block.value("backup interface", "interface")
        if name:
            status = "normal operation" if state.protocol == "up" else "backup mode"
            call.write(f"{state.name:<20}{name!s:<22}{status}\n")


def _groups(device: Device) -> Iterator[tuple[InterfaceState, int, dict[str, Line]]]:
    """By interface and group: the lines of `standby` by their first word."""
    for state in states(device):
        groups: dict[int, dict[str, Line]] = {}
        for line in state.block.all("standby"):
            words = line.tokens[2:] if line.tokens[1].isdigit() else line.tokens[1:]
            if not line.negated:
                groups.setdefault(int(str(line.values.get("group", 0))), {}).setdefault(words[0], line)
        for number, lines in sorted(groups.items()):
            yield state, number, lines


@handlers.register("show_standby")
def _standby(call: Invocation[Device]) -> None:
    wanted, brief = call.values.get("interface"), "brief" in call.match.tokens
    shown = [row for row in _groups(call.device) if wanted is None or str(wanted) == row[0].name]
    if brief and shown:
        call.write(f"{'':21}P indicates configured to preempt.\n{'':21}|\n")
        call.write("Interface   Grp Prio P State    Active addr     Standby addr    Group addr     \n")
    for state, number, lines in shown:
        active = state.protocol == "up" and "ip" in lines
        priority = lines["priority"].values["priority"] if "priority" in lines else 100
        address = str(lines["ip"].values.get("address", "unknown")) if "ip" in lines else "unknown"
        preempts = "preempt" in lines
        status = "Active" if active else "Init"
        if brief:
            mark = "P" if preempts else " "
            who = "local" if active else "unknown"
            row = f"{short_name(state.name):<11} {number:<3} {priority!s:<4} {mark} {status:<8} {who:<15} "
            call.write(f"{row}{'unknown':<15} {address:<15}\n")
            continue
        call.write("".join(f"{text}\n" for text in _group(call.device, state, number, lines, active=active)))


def _group(
    device: Device, state: InterfaceState, number: int, lines: dict[str, Line], *, active: bool
) -> Iterator[str]:
    """One group of `show standby`, in the form that came with object tracking."""
    said = lines["timers"].values if "timers" in lines else {}
    hello, hold = said.get("hello", 3), said.get("hold", 10)
    address = lines["ip"].values.get("address", "unknown") if "ip" in lines else "unknown"
    yield f"{state.name} - Group {number}"
    yield f"  State is {'Active' if active else 'Init (interface down)'}"
    if active:
        changed = clock_digits(int(device.uptime_s - device.link_changes.get(state.name, 0.0)))
        yield f"    2 state changes, last state change {changed}"
    yield f"  Virtual IP address is {address}"
    yield f"  Active virtual MAC address is {f'0000.0c07.ac{number:02x}' if active else 'unknown'}"
    yield f"    Local virtual MAC address is 0000.0c07.ac{number:02x} (default)"
    yield f"  Hello time {hello} sec, hold time {hold} sec"
    if active:
        yield f"    Next hello sent in {int(str(hello)) - 1}.000 secs"
    yield f"  Preemption {'enabled' if 'preempt' in lines else 'disabled'}"
    yield f"  Active router is {'local' if active else 'unknown'}"
    yield "  Standby router is unknown"
    if "priority" in lines:
        priority = lines["priority"].values["priority"]
        yield f"  Priority {priority} (configured {priority})"
    else:
        yield "  Priority 100 (default 100)"


@handlers.register("show_caller")
def _caller(call: Invocation[Device]) -> None:
    """Who is at the lines: a terminal each."""
    from iosemu.commands.lines.numbers import named

    call.write(f"{'':51}Active      Idle\n  Line           User               Service          Time      Time\n")
    device = call.device
    for session in device.sessions:
        if session.closed:
            continue
        line = named(device, session.line)
        idle = 0 if session is call.session else int(getattr(session.terminal, "idle_s", 0))
        kind = "TTY" if line.text.startswith(("con", "aux", "tty")) else "VTY"
        age = clock_digits(int(device.uptime_s))
        call.write(f"  {line.text:<15}{session.user or '-':<19}{kind:<15}{age:>8}{clock_digits(idle):>10}\n")
