"""`show snmp`, `show ntp`: agents that are configured; nobody in this network speaks to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_SNMP_IN = (
    "Bad SNMP version errors",
    "Unknown community name",
    "Illegal operation for community name supplied",
    "Encoding errors",
    "Number of requested variables",
    "Number of altered variables",
    "Get-request PDUs",
    "Get-next PDUs",
    "Set-request PDUs",
)
_SNMP_OUT = (
    "Too big errors (Maximum packet size {})",
    "No such name errors",
    "Bad values errors",
    "General errors",
    "Response PDUs",
    "Trap PDUs",
)


def snmp_text(device: Device) -> str:
    """The text of `show snmp`; a router without any `snmp-server community` has no agent."""
    root = device.config.root
    if not root.all("snmp-server community"):
        return "%SNMP agent not enabled\n"
    lines = []
    for title, command in (("Chassis", "chassis-id"), ("Contact", "contact"), ("Location", "location")):
        said = root.value(f"snmp-server {command}", "text")
        if said:
            lines.append(f"{title}: {said}")
    lines += ["0 SNMP packets input", *(f"    0 {text}" for text in _SNMP_IN)]
    size = root.value("snmp-server packetsize", "bytes", 1500)
    lines += ["0 SNMP packets output", *(f"    0 {text.format(size)}" for text in _SNMP_OUT), ""]
    hosts = root.all("snmp-server host")
    lines.append(f"SNMP logging: {'enabled' if hosts else 'disabled'}")
    for line in hosts:
        lines.append(f"    Logging to {line.values['host']}.{line.values.get('port', 162)}, 0/10, 0 sent, 0 dropped.")
    return "\n".join(lines) + "\n"


def ntp_status_text() -> str:
    """The text of `show ntp status`: no server ever answered."""
    return (
        "Clock is unsynchronized, stratum 16, no reference clock\n"
        "nominal freq is 250.0000 Hz, actual freq is 250.0000 Hz, precision is 2**18\n"
        "reference time is 00000000.00000000 (00:00:00.000 UTC Mon Jan 1 1900)\n"
        "clock offset is 0.0000 msec, root delay is 0.00 msec\n"
        "root dispersion is 0.00 msec, peer dispersion is 0.00 msec\n"
    )


def ntp_associations_text(device: Device) -> str:
    """The text of `show ntp associations`: the configured servers, none of which was heard."""
    servers = [str(line.values["address"]) for line in device.config.root.all("ntp server")]
    if not servers:
        return ""
    rows = [f" ~{server:<17} 0.0.0.0          16     -    64    0     0.0    0.00  16000.\n" for server in servers]
    heading = "\n      address         ref clock     st  when  poll reach  delay  offset    disp\n"
    legend = " * master (synced), # master (unsynced), + selected, - candidate, ~ configured\n"
    return heading + "".join(rows) + legend


@handlers.register("show_snmp")
def _snmp(call: Invocation[Device]) -> None:
    call.write(snmp_text(call.device))


@handlers.register("show_ntp_status")
def _status(call: Invocation[Device]) -> None:
    call.write(ntp_status_text())


@handlers.register("show_ntp_associations")
def _associations(call: Invocation[Device]) -> None:
    call.write(ntp_associations_text(call.device))
