"""`show arp`, `show ip arp`, `clear arp-cache`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.ip.arp_table import entries
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

HEADING = "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n"


def arp_text(device: Device, *, address: str = "", hardware: str = "", interface: str = "") -> str:
    """The rows of the ARP table that have what was asked for, "" for any; nothing where there are none."""
    rows = [
        f"Internet  {entry.address:<15} {'-' if entry.age is None else entry.age!s:>9}   "
        f"{entry.hardware or 'Incomplete':<14}  ARPA   {entry.interface}".rstrip()
        + "\n"
        for entry in entries(device)
        if address in ("", entry.address)
        and hardware.lower() in ("", entry.hardware)
        and interface in ("", entry.interface)
    ]
    return HEADING + "".join(rows) if rows else ""


@handlers.register("show_arp")
def _show(call: Invocation[Device]) -> None:
    call.write(arp_text(call.device))


@handlers.register("show_ip_arp")
def _show_ip(call: Invocation[Device]) -> None:
    wanted = {name: str(call.values.get(name, "")) for name in ("address", "hardware", "interface")}
    call.write(arp_text(call.device, **wanted))


@handlers.register("clear_arp_cache")
def _clear(call: Invocation[Device]) -> None:
    call.device.neighbours.clear()
