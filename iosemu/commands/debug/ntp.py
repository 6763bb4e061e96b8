"""The text of `debug ntp packets`, `events`, `sync`, `adjust`, `validity`, in the form of published captures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.routing.table import table_of
from iosemu.commands.system.show_ntp import time_text
from iosemu.management.ntp.association import UNAUTHENTIC
from iosemu.management.ntp.events import ClockSet, PacketReceived, PacketRejected, PacketSent, ReachChanged, Synced
from iosemu.management.ntp.packet import NO_STRATUM, Packet

if TYPE_CHECKING:
    from iosemu.commands.context import Device


def attach(device: Device) -> None:
    """Subscribe on the device's bus; text goes to its log while the switches are on."""

    def debug(switch: str, text: str) -> None:
        if f"ntp {switch}" in device.debugs:
            device.log.debug(text)

    def sent(event: PacketSent) -> None:
        if "ntp packets" in device.debugs:
            debug("packets", f"NTP: xmit packet to {event.address}:\n{_fields(device, event.packet)}")

    def received(event: PacketReceived) -> None:
        if "ntp packets" in device.debugs:
            text = f"NTP: rcv packet from {event.address}{_to(device, event.address)}:\n{_fields(device, event.packet)}"
            debug("packets", f"{text}\n inp {time_text(device, event.arrived)}")

    def rejected(event: PacketRejected) -> None:
        failed = f"NTP: packet from {event.address} failed validity tests {event.wrong:02X}"
        debug("validity", f"{failed}\nAuthentication failed" if event.wrong & UNAUTHENTIC else failed)

    # recalled: the wording of the lines below
    def reached(event: ReachChanged) -> None:
        debug("events", f"NTP: {event.address} {'' if event.reachable else 'un'}reachable")

    def synced(event: Synced) -> None:
        text = f"NTP: synced to new peer {event.address}" if event.address else "NTP: sync lost"
        debug("events", text)
        debug("sync", "NTP: sync change")

    def clock_set(event: ClockSet) -> None:
        debug("events", "NTP: clock reset")
        debug("adjust", f"NTP: clock reset by {event.seconds * 1000:.3f} msec")

    device.bus.subscribe(PacketSent, sent)
    device.bus.subscribe(PacketReceived, received)
    device.bus.subscribe(PacketRejected, rejected)
    device.bus.subscribe(ReachChanged, reached)
    device.bus.subscribe(Synced, synced)
    device.bus.subscribe(ClockSet, clock_set)


def _to(device: Device, sender: str) -> str:
    """The own address and the interface at which a host is heard."""
    table = table_of(device)
    way = table.way(internet4.number(sender))
    one = table.interfaces.get(way.interface) if way is not None else None
    return f" to {internet4.text(one.address)} on {one.state.name}" if one is not None else ""


def _fields(device: Device, packet: Packet) -> str:
    times = {
        "ref": packet.reference,
        "org": packet.originate,
        "rec": packet.receive,
        "xmt": packet.transmit,
    }
    delay, dispersion = (int(one * 65536) & 0xFFFFFFFF for one in (packet.root_delay, packet.root_dispersion))
    reference = packet.reference_id
    lines = [
        f" leap {packet.leap}, mode {packet.mode}, version {packet.version},"
        f" stratum {packet.stratum % NO_STRATUM}, ppoll {1 << max(0, min(packet.poll, 17))}",
        f" rtdel {delay:04X} ({packet.root_delay * 1000:.3f}), rtdsp {dispersion:04X}"
        f" ({packet.root_dispersion * 1000:.3f}), refid {reference:08X} ({internet4.text(reference)})",
    ]
    return "\n".join([*lines, *(f" {name} {time_text(device, stamp)}" for name, stamp in times.items())])
