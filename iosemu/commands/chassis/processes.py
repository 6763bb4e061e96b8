"""The processes of an image of 12.2: those that it always has, those of what runs, and one for each open line.

Rule: what is not configured, or has no hardware, has no process; an open line and an open SSH session have one. A
process has been run as often as its period and the router's uptime make it; the time it took follows from that. Names
and stack sizes are recalled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.commands.context import Device

# Name, queue and state, seconds between two runs (0: once), microseconds of a run, octets of stack, octets held.
_ALWAYS = (
    ("Load Meter", "Csp", 5, 0, 5892, 3772),
    ("Exec", "", 0, 0, 0, 0),
    ("Check heaps", "Lst", 60, 4000, 5892, 6772),
    ("Chunk Manager", "Cwe", 0, 0, 5644, 6772),
    ("Pool Manager", "Cwe", 600, 0, 5892, 6772),
    ("Timers", "Mst", 0, 0, 5892, 6772),
    ("Serial Backgroun", "Mwe", 0, 0, 5892, 6772),
    ("Environmental mo", "Lwe", 60, 20, 5892, 6772),
    ("ARP Input", "Mwe", 30, 40, 11892, 12932),
    ("DDR Timers", "Mwe", 0, 0, 5892, 6772),
    ("Dialer event", "Mwe", 0, 0, 5892, 6868),
    ("Entity MIB API", "Lwe", 0, 0, 5892, 6772),
    ("SERIAL A'detect", "Mwe", 0, 0, 5892, 6772),
    ("Critical Bkgnd", "Cwe", 0, 0, 5892, 6772),
    ("Net Background", "Mwe", 1, 20, 11892, 12772),
    ("Logger", "Mwe", 0, 0, 11892, 12772),
    ("TTY Background", "Msp", 1, 10, 5892, 6772),
    ("Per-Second Jobs", "Msp", 1, 10, 5892, 6868),
    ("Net Input", "Mwe", 10, 20, 11892, 12772),
    ("Compute load avg", "Csp", 5, 8, 5892, 6772),
    ("Per-minute Jobs", "Msp", 60, 4000, 5892, 6772),
    ("IP Input", "Mwe", 10, 40, 11892, 13112),
    ("CDP Protocol", "Mwe", 60, 40, 5892, 7396),
    ("TCP Timer", "Mwe", 0, 0, 5892, 6772),
    ("TCP Protocols", "Lwe", 0, 0, 11892, 13092),
    ("Probe Input", "Mwe", 0, 0, 5892, 6772),
    ("RARP Input", "Mwe", 0, 0, 5892, 6772),
    ("HTTP Timer", "Mwe", 0, 0, 5892, 6772),
    ("IP Background", "Lwe", 60, 20, 11892, 12808),
    ("IP Cache Ager", "Mwe", 60, 0, 5892, 6772),
    ("ISDN Timers", "Mwe", 0, 0, 5892, 6772),
    ("ISDN", "Mwe", 0, 0, 11892, 12772),
    ("CC-API_VCM", "Mwe", 0, 0, 23892, 24772),
    ("CCVPM_HTSP", "Mwe", 0, 0, 23892, 24772),
    ("VPM", "Mwe", 0, 0, 5892, 6772),
    ("ESMTP Server", "Mwe", 0, 0, 11892, 12772),
    ("Syslog Traps", "Mwe", 0, 0, 5892, 6772),
    ("IP SNMP", "Mwe", 0, 0, 11892, 12772),
    ("SNMP ENGINE", "Mwe", 0, 0, 11892, 12772),
)
_EXEC_PLACE = 1


def _has_voice(device: Device) -> bool:
    return bool(device.chassis.analog_ports or device.chassis.dsp.cards)


def _is_managed(device: Device) -> bool:
    return any(not line.negated for line in device.config.root.lines if line.command_id.startswith("snmp-server"))


def _takes_mail(device: Device) -> bool:
    return bool(device.config.root.value("mta receive maximum-recipients", "number", 0))


# By name: what has to be there for a process to run.
_WHEN = {
    "CDP Protocol": lambda device: device.config.root.flag("cdp run"),
    "HTTP Timer": lambda device: device.config.root.flag("ip http server"),
    "CC-API_VCM": _has_voice,
    "CCVPM_HTSP": _has_voice,
    "VPM": _has_voice,
    "ESMTP Server": _takes_mail,
    "IP SNMP": _is_managed,
    "SNMP ENGINE": _is_managed,
}


@dataclass(frozen=True, slots=True)
class Process:
    """One row: queue and state as `show processes` writes them, octets of its stack and of what it holds."""

    pid: int
    name: str
    state: str
    invoked: int
    run_us: int
    stack: int
    held: int
    line: int = 0

    @property
    def runtime_ms(self) -> int:
        return self.invoked * self.run_us // 1000


def processes(device: Device) -> Iterator[Process]:
    """All processes, by number; an open session is an Exec of its line, and the one who asks is running."""
    from iosemu.commands.lines.numbers import named

    pid = 0
    for place, (name, state, period, run_us, stack, held) in enumerate(_ALWAYS):
        if place == _EXEC_PLACE:
            for session in device.sessions:
                pid += 1
                line = named(device, session.line)
                name = "Exec" if line.kind == "con" else "Virtual Exec"
                yield Process(pid, name, "Mwe", 1, 4000, 11892, 21844, line.absolute)
            for ssh in device.ssh_sessions():
                pid += 1
                yield Process(pid, "SSH Process", "Mwe", 1, 4000, 11892, 21844, ssh.line)
            continue
        runs = _WHEN.get(name)
        if runs is not None and not runs(device):
            continue
        pid += 1
        invoked = int(device.uptime_s // period) + 1 if period else 1
        yield Process(pid, name, state, invoked, run_us, stack, held)
