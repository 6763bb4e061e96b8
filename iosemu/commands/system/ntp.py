"""`ntp ...` of the configuration at work: servers and peers, the own clock, who may ask, and the log of `ntp logging`.

Rule: UDP port 123 is open while anything of NTP is configured and there is a network. Without an access group a host
may do everything, with one only what the groups that its address is in say, the widest first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.aaa.passwords import BadHash, unveil
from iosemu.commands.ip.access_lists import permits
from iosemu.commands.ip.echo_replies import own_address
from iosemu.commands.ip.host_lookup import find_addresses
from iosemu.commands.routing.table import table_of
from iosemu.commands.system import router_time
from iosemu.management.ntp.association import Configured
from iosemu.management.ntp.events import ReachChanged, Synced
from iosemu.management.ntp.packet import PORT, Mode
from iosemu.management.ntp.service import LOCAL_CLOCK, Access, NtpService, Settings
from iosemu.network import Unreachable

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Line
    from iosemu.network import Datagrams

_MASTER_STRATUM = 8
_GROUPS = {
    "peer": Access.SET_TIME,
    "serve": Access.ASK,
    "serve-only": Access.ASK_TIME,
    "query-only": Access.ASK_STATE,
}
_WAYS = {"server": Mode.CLIENT, "peer": Mode.ACTIVE}
# What does not make the router speak NTP.
_SILENT = ("ntp clock-period", "ntp logging", "ntp max-associations")


def attach(device: Device) -> None:
    """Have NTP follow the configuration as soon as that speaks of it."""
    device.config.follow(lambda change: ntp_of(device), "ntp ")
    if _lines(device):
        ntp_of(device)


def ntp_of(device: Device) -> NtpService:
    """The NTP of a router, made when it is first configured or asked about."""
    if device.ntp is None:
        device.ntp = Ntp(device).service
    return device.ntp


def _lines(device: Device) -> list[Line]:
    """What is configured of NTP and makes the router speak it."""
    return [
        line
        for line in device.config.root.lines
        if line.command_id.startswith("ntp ") and not line.negated and line.command_id not in _SILENT
    ]


class Ntp:
    """What joins NTP to its router."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._port: Datagrams | None = None
        self.service = NtpService(
            device.clock,
            now=lambda: router_time.utc(device),
            send=self._send,
            correct=self._correct,
            is_set=lambda: device.time_is_set or device.config.root.flag("clock calendar-valid"),
            owns=lambda address: table_of(device).owner(address) is not None,
            access=self._access,
            emit=self._happened,
        )
        device.at_power_off.append(self._stop)
        device.config.follow(lambda change: self._follow(), "ntp ")
        self._follow()

    def _follow(self) -> None:
        """Do what is configured now."""
        device, lines = self._device, _lines(self._device)
        root = device.config.root
        if lines and self._port is None:
            try:
                self._port = device.network.open(PORT, lambda octets, sender: self._receive(octets, *sender))
            except (Unreachable, OSError, RuntimeError):  # the last: offline there is no event loop
                self._port = None
        elif not lines and self._port is not None:
            self._port.close()
            self._port = None
        keys = {int(str(one.values["key"])): _secret(one) for one in root.all("ntp authentication-key")}
        trusted = frozenset(int(str(one.values["key"])) for one in root.all("ntp trusted-key") if not one.negated)
        stratum = int(str(root.value("ntp master", "stratum", _MASTER_STRATUM)))
        settings = Settings(
            hosts=tuple(host for line in lines for host in self._hosts(line)),
            master=stratum if root.flag("ntp master") else None,
            keys=keys,
            trusted=trusted,
            authenticate=root.flag("ntp authenticate"),
            most=int(str(root.value("ntp max-associations", "associations"))),
        )
        self.service.configure(settings)

    def _stop(self) -> None:
        self.service.stop()
        if self._port is not None:
            self._port.close()

    def _hosts(self, line: Line) -> list[Configured]:
        """Whom a line of `ntp server` or `ntp peer` names."""
        mode = _WAYS.get(line.command_id.partition(" ")[2])
        if mode is None:
            return []
        values = line.values
        return [
            Configured(
                address,
                mode,
                int(str(values.get("version", 3))),
                int(str(values.get("key", 0))),
                "prefer" in values,
                str(values.get("source", "")),
            )
            for address in find_addresses(self._device, str(values["address"]), lambda text: None)[:1]
        ]

    def _send(self, octets: bytes, address: str, port: int, source: str) -> None:
        wanted = source or str(self._device.config.root.value("ntp source", "interface", ""))
        if self._port is not None:
            self._port.send(octets, address, port, own_address(self._device, wanted) or "" if wanted else "")

    def _receive(self, octets: bytes, address: str, port: int) -> None:
        if not self._is_disabled(address):
            self.service.receive(octets, address, port)

    def _is_disabled(self, address: str) -> bool:
        """Does the interface towards a host take no NTP (`ntp disable`)?"""
        way = table_of(self._device).way(internet4.number(address))
        block = self._device.config.root.block("interface", name=way.interface) if way is not None else None
        return block is not None and block.flag("ntp disable")

    def _access(self, address: str) -> Access:
        groups = {
            kind: line.values["list"]
            for line in self._device.config.root.all("ntp access-group")
            for kind in _GROUPS
            if kind in line.tokens
        }
        if not groups:
            return Access.SET_TIME
        granted = (
            access
            for kind, access in _GROUPS.items()
            if kind in groups and permits(self._device.config, str(groups[kind]), address)
        )
        return next(granted, Access.NONE)

    def _correct(self, seconds: float) -> None:
        device = self._device
        device.time_offset += timedelta(seconds=seconds)
        device.time_source = "NTP"
        if device.config.root.flag("ntp update-calendar"):
            device.calendar_offset = device.time_offset

    def _happened(self, event: object) -> None:
        device = self._device
        device.bus.publish(event)
        if not device.config.root.flag("ntp logging"):
            return
        match event:
            case ReachChanged(address, True):
                device.log.event("NTP", 6, "PEERREACH", f"Peer {address} is reachable")
            case ReachChanged(address, False):
                device.log.event("NTP", 4, "PEERUNREACH", f"Peer {address} is unreachable")
            case Synced(""):
                device.log.event("NTP", 4, "UNSYNC", "NTP sync is lost")
            case Synced(address) if address != LOCAL_CLOCK:
                device.log.event("NTP", 5, "PEERSYNC", f"NTP synced to peer {address}")


def _secret(line: Line) -> str:
    """The secret of a key, which kind 7 hides."""
    said = str(line.values["secret"])
    try:
        return unveil(said) if str(line.values.get("kind")) == "7" else said
    except BadHash:
        return said
