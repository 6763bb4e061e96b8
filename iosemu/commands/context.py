"""What the commands of a router work on: one `Device`, the parts of a router by name, and the registry of handlers.

Rule: a handler is given an `Invocation[Device]` and reaches everything through it; this module imports none of the
parts, so that a command loads only what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from iosemu.terminal.open_lines import OpenLines

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis
    from iosemu.cli.catalogue import Catalogue
    from iosemu.cli.session import Session
    from iosemu.clock import Clock
    from iosemu.commands.connections import Connections
    from iosemu.commands.scheduled_reload import ScheduledReload
    from iosemu.config.store import FileStore
    from iosemu.config.tree import RunningConfig
    from iosemu.events import EventBus
    from iosemu.management.logging import Logging
    from iosemu.management.rsa_keys import RsaKeys
    from iosemu.network import Network
    from iosemu.terminal.ssh import SshSession
    from iosemu.voice.service import VoiceService


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

    debugs: set[str] = field(default_factory=set)
    """The switches that `debug` turned on, e.g. "foip on-ramp"."""
    sessions: list[Session[Device]] = field(default_factory=list)
    """The EXEC sessions that are open, in the order of their lines; the router keeps it."""
    time_offset: timedelta = timedelta()
    """What `clock set` moved the router's clock by."""
    time_is_set: bool = False
    """False until somebody sets the clock: times then carry a `*`."""
    calendar_offset: timedelta = timedelta()
    """What `calendar set` moved the hardware calendar by."""
    neighbours: dict[str, float] = field(default_factory=dict)
    """The ARP table: neighbours on an Ethernet that answered, and when they first did, in seconds of the clock."""
    counters_cleared: dict[str, float] = field(default_factory=dict)
    """By interface: when its counters were last cleared, in seconds of the clock."""
    reload_reason: str = "power-on"
    """What `show version` says the router came back from."""
    booted_s: float = 0.0
    """When the image was started, in seconds of the clock."""
    register: int = 0x2102
    """The configuration register that is in force since then."""
    scheduled_reload: ScheduledReload | None = None
    """What `reload in` and `reload at` have asked for."""
    unmodified_generation: int = 0
    """The generation of the configuration with which the router started, or which was last saved."""

    config_changed: str = ""
    """When the configuration was last changed since the start, and by whom; "" where it was not."""
    config_saved: str = ""
    """The same of its saving in NVRAM."""

    lines: OpenLines = field(default_factory=OpenLines)
    """The terminals that are at its lines."""
    connections: WeakKeyDictionary[Session[Device], Connections] = field(default_factory=WeakKeyDictionary)
    """The connections to other hosts, by the session that opened them."""
    ssh_sessions: Callable[[], Sequence[SshSession]] = tuple
    """The open SSH sessions, by line; the router sets it."""
    on_reload: Callable[[], object] | None = None
    """Starts the router again from its startup-config; the router sets it."""

    @property
    def uptime_s(self) -> float:
        return self.clock.now() - self.booted_s

    @cached_property
    def voice(self) -> VoiceService:
        """The voice side, made when something first asks for it: many a command line never does."""
        return self.make_voice()

    @property
    def hostname(self) -> str:
        return str(self.config.root.value("hostname", "name", "Router"))
