"""What the commands of a router work on: one `Device`, the parts of a router by name, and the registry of handlers.

Rule: a handler is given an `Invocation[Device]` and reaches everything through it; this module imports none of the
parts, so that a command loads only what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from iosemu.commands.debug.conditions import CallFilter
from iosemu.commands.ip.counters import IpCounters
from iosemu.terminal.open_lines import OpenLines

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis
    from iosemu.cli.catalogue import Catalogue
    from iosemu.cli.session import Session
    from iosemu.clock import Clock
    from iosemu.commands.aaa.login_watch import LoginWatch
    from iosemu.commands.aaa.servers import AaaServers
    from iosemu.commands.boot.scheduled_reload import ScheduledReload
    from iosemu.commands.interfaces.counters import Traffic
    from iosemu.commands.ip.neighbour import Neighbour
    from iosemu.commands.ip.tcp_connections import TcpConnections
    from iosemu.commands.lines.connections import Connections
    from iosemu.commands.snmp.informs import Informs
    from iosemu.config.store import FileStore
    from iosemu.config.tree import RunningConfig
    from iosemu.events import EventBus
    from iosemu.management.logging import Logging
    from iosemu.management.ntp.service import NtpService
    from iosemu.management.rsa_keys import RsaKeys
    from iosemu.management.snmp.agent import Agent
    from iosemu.management.snmp.counters import Counters
    from iosemu.management.snmp.users import User
    from iosemu.management.syslog import LogHosts
    from iosemu.network import Network
    from iosemu.terminal.ssh import SshSession
    from iosemu.voice.fax_files import FaxFiles
    from iosemu.voice.service import VoiceService


def _nowhere(work: Coroutine[Any, Any, None]) -> None:
    work.close()


@dataclass(eq=False, kw_only=True)
class Device:
    """One router as its commands see it; the router puts it together."""

    clock: Clock
    bus: EventBus
    chassis: Chassis
    catalogue: Catalogue
    config: RunningConfig
    files: FileStore
    keys: RsaKeys
    network: Network
    log: Logging
    make_voice: Callable[[], VoiceService]
    """Makes the voice side; `voice` calls it once."""

    log_hosts: LogHosts = field(init=False)
    """Where the log is sent to; `logging_settings` makes it."""
    debugs: set[str] = field(default_factory=set)
    """The switches that `debug` turned on, e.g. "foip on-ramp"."""
    debug_calls: CallFilter = field(default_factory=CallFilter)
    """The calls that debug text is written of."""
    sessions: list[Session[Device]] = field(default_factory=list)
    """The EXEC sessions that are open, in the order of their lines; the router keeps it."""
    time_offset: timedelta = timedelta()
    """What `clock set` moved the router's clock by."""
    time_source: str = ""
    """Who set the clock, as `show clock detail` says it: "NTP", "user configuration", "hardware calendar"; "" until
    somebody does, and times then carry a `*`."""
    ntp: NtpService | None = None
    """NTP, once something of it was configured or asked (`commands.ntp`)."""
    calendar_offset: timedelta = timedelta()
    """What `calendar set` moved the hardware calendar by."""
    neighbours: dict[int, Neighbour] = field(default_factory=dict)
    """The ARP table, by address as a number."""
    ip_counters: IpCounters = field(default_factory=IpCounters)
    """What became of packets."""
    counters_cleared: dict[str, float] = field(default_factory=dict)
    """By interface: when its counters were last cleared, in seconds of the clock."""
    traffic: dict[str, Traffic] = field(default_factory=dict)
    """By interface: what went in and out; one that is not there was never used."""
    reload_reason: str = "power-on"
    """What `show version` says the router came back from."""
    booted_s: float = 0.0
    """When the image was started, in seconds of the clock."""
    image_file: str = ""
    """The file of the image that is running, e.g. "flash:c3660-js-mz.122-15.T9.bin"."""
    register: int = 0x2102
    """The configuration register that is in force since then."""
    pasting: WeakSet[Session[Device]] = field(default_factory=WeakSet)
    """Sessions that are being given a whole configuration: it began with its `version`."""
    scheduled_reload: ScheduledReload | None = None
    """What `reload in` and `reload at` have asked for."""
    unmodified_generation: int = 0
    """The generation of the configuration with which the router started, or which was last saved."""

    config_changed: str = ""
    """When the configuration was last changed since the start, and by whom; "" where it was not."""
    config_saved: str = ""
    """The same of its saving in NVRAM."""

    link_changes: dict[str, float] = field(default_factory=dict)
    """By interface: when its link last went up or down, in seconds of uptime."""
    snmp_users: dict[str, User] = field(default_factory=dict)
    """The users of SNMP version 3, which the configuration does not show."""
    snmp_agent: Agent | None = None
    """The SNMP agent, once somebody has asked it or it had something to tell (`commands.snmp_agent`)."""
    snmp_listeners: list[Callable[[], object]] = field(default_factory=list)
    """Called when what is configured of SNMP has changed."""

    login_watch: LoginWatch | None = None
    """Who counts the logins on the lines, once somebody came to one (`commands.lines`)."""
    lines: OpenLines = field(default_factory=OpenLines)
    """The terminals that are at its lines."""
    connections: WeakKeyDictionary[Session[Device], Connections] = field(default_factory=WeakKeyDictionary)
    """The connections to other hosts, by the session that opened them."""
    ssh_sessions: Callable[[], Sequence[SshSession]] = tuple
    """The open SSH sessions, by line; the router sets it."""
    spawn: Callable[[Coroutine[Any, Any, None]], object] = _nowhere
    """Starts a coroutine beside everything else, inside an event loop; the router sets it."""
    at_power_off: list[Callable[[], object]] = field(default_factory=list)
    """Called when this power-on ends."""
    on_reload: Callable[[], object] | None = None
    """Starts the router again from its startup-config; the router sets it."""

    @property
    def time_is_set(self) -> bool:
        """Has anybody set the clock?"""
        return bool(self.time_source)

    @property
    def uptime_s(self) -> float:
        return self.clock.now() - self.booted_s

    @cached_property
    def voice(self) -> VoiceService:
        """The voice side, made when something first asks for it: many a command line never does."""
        return self.make_voice()

    @cached_property
    def aaa(self) -> AaaServers:
        """What it asks AAA servers, made when a login or a call first asks."""
        from iosemu.commands.aaa.servers import AaaServers

        return AaaServers(self)

    @cached_property
    def fax_files(self) -> FaxFiles:
        """The records and payloads of faxes, kept as the call history is."""
        from iosemu.voice.fax_files import FaxFiles

        return FaxFiles(self.voice.control.history)

    @cached_property
    def tcp(self) -> TcpConnections:
        """The mail agent's connections; a router without a mail never needs the module."""
        from iosemu.commands.ip.tcp_connections import TcpConnections

        return TcpConnections()

    @cached_property
    def snmp_counters(self) -> Counters:
        """What the SNMP agent has counted."""
        from iosemu.management.snmp.counters import Counters

        return Counters()

    @cached_property
    def snmp_informs(self) -> Informs:
        """The notifications that hosts have not acknowledged yet."""
        from iosemu.commands.snmp.informs import Informs

        return Informs(self)

    def snmp_changed(self) -> None:
        """Tell who follows what is configured of SNMP."""
        for listener in tuple(self.snmp_listeners):
            listener()

    @property
    def hostname(self) -> str:
        return str(self.config.root.value("hostname", "name", "Router"))
