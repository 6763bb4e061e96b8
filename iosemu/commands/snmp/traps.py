"""What a router tells the hosts of `snmp-server host` by itself: that it started, links, refused managers, a changed
configuration, calls, messages of the log.

Rule: follows the router's events; nothing is made, and the library not loaded, where nobody is to be told. A host that
cannot be reached costs nothing. Source: RFC 3418, RFC 2863, RFC 2128, CISCO-CONFIG-MAN-MIB,
CISCO-SYSLOG-MIB.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from iosemu.commands.config.stored_config import Configured
from iosemu.commands.interfaces.link_messages import LinkChanged
from iosemu.commands.ip.host_lookup import find_addresses
from iosemu.commands.snmp import settings as snmp_settings
from iosemu.management import snmp
from iosemu.network import Unreachable
from iosemu.voice.events import LegClosed, LegOpened

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Changed
    from iosemu.management.log_history import HistoryMessage
    from iosemu.management.snmp.notifications import Notification
    from iosemu.voice.legs import LegRecord

_START_S = 2.0
"""A router that starts tells of it when its links are up (inferred)."""
_COMMAND_LINE, _COMMAND_SOURCE, _RUNNING = 1, 2, 3


def attach(device: Device) -> None:
    """Tell from now on; that the router has started, a moment later."""
    watch = _Watch(device)
    device.bus.subscribe(LinkChanged, watch.link)
    device.bus.subscribe(Configured, watch.configured)
    device.bus.subscribe(snmp_settings.ManagerRefused, watch.refused)
    device.bus.subscribe(LegOpened, watch.opened)
    device.bus.subscribe(LegClosed, watch.closed)
    device.log.history.told.append(watch.logged)
    device.config.follow(watch.changed, "snmp-server")
    device.snmp_listeners.append(watch.switched)
    device.clock.call_later(_START_S, watch.started)


def tell(device: Device, kind: str, told: Notification) -> None:
    """Send a notification of that kind to every host that wants it."""
    from iosemu.commands.snmp.agent import message_to

    for host in snmp_settings.hosts(device):
        if host.only and kind not in host.only:
            continue
        address = next(iter(find_addresses(device, host.host, lambda said: None)), host.host)
        try:
            source = snmp_settings.trap_source(device)
            endpoint = device.network.datagrams(source, address, host.port, answered=False)
        except Unreachable:
            device.snmp_counters.dropped[host.host, host.port] += 1
            continue
        message = message_to(device, host, told)
        if message is None:
            continue
        try:
            if host.inform and host.version != "1":
                device.snmp_informs.send((host.host, host.port), endpoint, message)
            else:
                _send(endpoint, message)
            device.snmp_counters.told[host.host, host.port] += 1
        except OSError:  # a full queue loses a message, as on a wire
            device.snmp_counters.dropped[host.host, host.port] += 1


def _send(endpoint: tuple[str, int], message: bytes) -> None:
    with socket.socket(socket.AF_INET6 if ":" in endpoint[0] else socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.setblocking(False)
        wire.sendto(message, endpoint)


class _Watch:
    """What became of the router since it was attached to."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._on = snmp_settings.enabled(device)
        self._events = 0

    def started(self) -> None:
        self._start("coldstart")

    def changed(self, change: Changed) -> None:
        self._device.snmp_changed()

    def switched(self) -> None:
        """An agent that comes on while the router runs starts warm."""  # recalled
        was, self._on = self._on, snmp_settings.enabled(self._device)
        if self._on and not was:
            text = f"SNMP agent on host {self._device.hostname} is undergoing a warm start"
            self._device.log.event("SNMP", 5, "WARMSTART", text)
            self._start("warmstart")

    def _start(self, how: str) -> None:
        if self._on and self._wanted("snmp", how):
            from iosemu.management.snmp import notifications

            trap = notifications.COLD_START if how == "coldstart" else notifications.WARM_START
            tell(self._device, "snmp", notifications.Notification(trap))

    def _wanted(self, kind: str, detail: str = "") -> bool:
        device = self._device
        hosts = snmp_settings.lines(device, "host")
        return bool(hosts) and snmp_settings.tells(device, kind, detail) and snmp.available()

    def link(self, changed: LinkChanged) -> None:
        device, up = self._device, changed.status == "up"
        device.link_changes[changed.name] = device.uptime_s
        if not self._wanted("snmp", "linkup" if up else "linkdown"):
            return
        from iosemu.commands.snmp.interfaces import IF_DESCR, IF_ENTRY, IF_INDEX, IF_TYPE, rows
        from iosemu.commands.snmp.values import CISCO, integer, text
        from iosemu.management.snmp import notifications

        row = next((row for row in rows(device) if row.name == changed.name), None)
        if row is None or not row.traps:
            return
        reason = "administratively down" if changed.status.startswith("admin") else changed.status
        objects = [
            ((*IF_ENTRY, IF_INDEX, row.index), integer(row.index)),
            ((*IF_ENTRY, IF_DESCR, row.index), text(row.name)),
            ((*IF_ENTRY, IF_TYPE, row.index), integer(row.type)),
            ((*CISCO, 2, 2, 1, 1, 20, row.index), text(reason)),
        ]
        trap = notifications.LINK_UP if up else notifications.LINK_DOWN
        tell(device, "snmp", notifications.Notification(trap, objects))

    def refused(self, refused: snmp_settings.ManagerRefused) -> None:
        device = self._device
        if device.config.root.flag("logging snmp-authfail"):
            device.log.event("SNMP", 3, "AUTHFAIL", f"Authentication failure for SNMP req from host {refused.sender}")
        if self._wanted("snmp", "authentication"):
            from iosemu.management.snmp import notifications

            tell(device, "snmp", notifications.Notification(notifications.AUTHENTICATION_FAILURE))

    def configured(self, _: Configured) -> None:
        self._events += 1
        if not self._wanted("config"):
            return
        from iosemu.commands.snmp.values import MANAGEMENT, integer
        from iosemu.management.snmp.notifications import Notification

        event = (*MANAGEMENT, 43, 1, 1, 6, 1)
        sources = zip((3, 4, 5), (_COMMAND_LINE, _COMMAND_SOURCE, _RUNNING), strict=True)
        objects = [((*event, column, self._events), integer(value)) for column, value in sources]
        tell(self._device, "config", Notification((*MANAGEMENT, 43, 2, 0, 1), objects))

    def logged(self, message: HistoryMessage) -> None:
        if not self._wanted("syslog"):
            return
        from iosemu.commands.snmp.syslog import syslog_notification

        tell(self._device, "syslog", syslog_notification(self._device, message))

    def opened(self, event: LegOpened) -> None:
        self._call(event.leg, ended=False)

    def closed(self, event: LegClosed) -> None:
        self._call(event.leg, ended=True)

    def _call(self, leg: LegRecord, *, ended: bool) -> None:
        if not self._wanted("dial") and not self._wanted("call-history"):
            return
        from iosemu.commands.snmp.call_traps import call_notification

        tell(self._device, "dial", call_notification(self._device, leg, ended=ended))
