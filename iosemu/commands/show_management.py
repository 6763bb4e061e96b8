"""`show ntp`: servers that are configured; nobody in this network is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


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


@handlers.register("show_ntp_status")
def _status(call: Invocation[Device]) -> None:
    call.write(ntp_status_text())


@handlers.register("show_ntp_associations")
def _associations(call: Invocation[Device]) -> None:
    call.write(ntp_associations_text(call.device))
