"""The SNMP agent of a router: its MIBs, who may ask, and how it tells.

Rule: made when first used, with the library; whether it is on at all the configuration says (`snmp_settings`). What is
configured is asked for with each request, so a change needs no telling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.snmp import settings as snmp_settings
from iosemu.commands.snmp.calls import call_objects
from iosemu.commands.snmp.chassis import chassis_objects
from iosemu.commands.snmp.controllers import controller_objects
from iosemu.commands.snmp.interfaces import interface_objects
from iosemu.commands.snmp.peers import peer_objects
from iosemu.commands.snmp.syslog import syslog_objects
from iosemu.commands.snmp.system import product, system_objects
from iosemu.management.snmp import notifications
from iosemu.management.snmp.agent import Access, Agent
from iosemu.management.snmp.mib import Mib
from iosemu.management.snmp.usm import LEVELS, UserSecurity
from iosemu.management.snmp.views import NOTHING, STANDARD, View

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.commands.snmp.settings import TrapHost
    from iosemu.management.snmp.notifications import Notification

_MILLENNIUM = 946_684_800
"""Managers believe an engine that says it has been started more often than before: seconds since 2000 always are more,
and need not be kept."""
_STRENGTH = tuple(LEVELS)


def answer(device: Device, octets: bytes, sender: str) -> bytes | None:
    """The answer of a router to a datagram; None: none is sent."""
    if not snmp_settings.enabled(device):
        return None
    message = _agent_of(device).answer(octets, sender)
    device.bus.publish(snmp_settings.ManagerAsked(sender, message is not None))
    return message


def message_to(device: Device, host: TrapHost, told: Notification) -> bytes | None:
    """The message that tells a host of something; None where it cannot be made: there is no such user."""
    up_time, first = round(device.uptime_s * 100) % (1 << 32), host.version == "1"
    address = snmp_settings.trap_source(device) if first else ""
    pdu = notifications.pdu(told, up_time, product(device), address, inform=host.inform and not first)
    message = None
    if host.version != "3":
        message = notifications.message(host.community, pdu, first=first)
    elif host.community in device.snmp_users and not host.inform:
        message = _agent_of(device).users().trap(host.community, LEVELS[host.level], pdu)
    if message is not None:
        device.snmp_counters.traps += 1
        device.snmp_counters.out_packets += 1
    return message


def _agent_of(device: Device) -> Agent:
    if device.snmp_agent is None:
        rights = _Rights(device)
        objects = [
            *system_objects(device, device.snmp_counters),
            *interface_objects(device),
            *chassis_objects(device),
            *controller_objects(device),
            *peer_objects(device),
            *call_objects(device),
            *syslog_objects(device),
        ]
        device.snmp_agent = Agent(
            mib=Mib(objects),
            community=rights.community,
            user=rights.user,
            users=rights.users,
            refused=lambda sender: device.bus.publish(snmp_settings.ManagerRefused(sender)),
            most_octets=lambda: snmp_settings.packet_size(device),
            counters=device.snmp_counters,
        )
    return device.snmp_agent


class _Rights:
    """Who may do what."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._security: UserSecurity | None = None

    def community(self, community: bytes, sender: str) -> Access | None:
        """The access that a community gives to a sender."""
        device = self._device
        for line in snmp_settings.lines(device, "community"):
            values = line.values
            if str(values["community"]).encode("latin-1", "replace") != community:
                continue
            if not snmp_settings.lets_in(device, values.get("list"), sender):
                return None
            view = self._view(str(values["view"])) if values.get("view") else STANDARD
            return Access(view, view if values["access"] == "RW" else NOTHING)
        return None

    def _view(self, name: str) -> View:
        """A view by its name; one that is not there shows nothing."""
        lines = [line.values for line in snmp_settings.lines(self._device, "view") if line.values["view"] == name]
        if not lines and name == "v1default":
            return STANDARD
        return View((str(values["tree"]), values["how"] == "included") for values in lines)

    def users(self) -> UserSecurity:
        """Those who speak version 3, as they are configured now."""
        device, engine_id = self._device, snmp_settings.engine_id(self._device)
        if self._security is None or self._security.engine_id != engine_id:
            boots = max(int(device.clock.wall().timestamp()) - _MILLENNIUM, 1)
            self._security = UserSecurity(engine_id, boots)
        self._security.set_users(frozenset(device.snmp_users.values()))
        return self._security

    def user(self, name: str, level: str, sender: str) -> Access | None:
        """What the user's group may do: its line for the strongest level that is not above that of the message."""
        device, user = self._device, self._device.snmp_users.get(name)
        if user is None or not snmp_settings.lets_in(device, user.access_list, sender):
            return None
        words = list(LEVELS.values())
        levels = {
            _STRENGTH.index(str(line.values["level"])): line.values
            for line in snmp_settings.lines(device, "group")
            if line.values["group"] == user.group and "level" in line.values
        }
        fitting = [strength for strength in levels if strength <= words.index(level)]
        if not fitting:
            return None
        values = levels[max(fitting)]
        if not snmp_settings.lets_in(device, values.get("list"), sender):
            return None
        read, write = values.get("read"), values.get("write")
        return Access(self._view(str(read)) if read else STANDARD, self._view(str(write)) if write else NOTHING)
