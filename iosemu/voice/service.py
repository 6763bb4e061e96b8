"""The voice side of one router: its ports, its call table, and the applications that take calls and faxes.

Rule: ports follow the configuration (a `pri-group` makes one) and keep their calls and cables when it changes; the fax
applications are loaded with the first call, so that a router without one starts without them. The lab plugs an exchange
into a controller and offers calls on it; the mail server hands over mails with `deliver`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from iosemu.chassis.hardware import D_CHANNEL, AnalogPort, Chassis, Controller
from iosemu.clock import Clock
from iosemu.config.tree import Changed, RunningConfig
from iosemu.events import EventSink
from iosemu.mail.ids import IdSource
from iosemu.voice.applications import Application
from iosemu.voice.ccapi import CallControl
from iosemu.voice.circuit import Cause, End
from iosemu.voice.context import FaxContext, Mailer, Post, Spawn
from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.events import CableMoved
from iosemu.voice.ports import RINGING_S, BearerChannel, Exchange, InterfaceIndexes, VoicePort, bearer_numbers
from iosemu.voice.settings import SettingsCache, VoiceSettings

if TYPE_CHECKING:
    from iosemu.mail.envelope import FaxMail, Verdict


class VoiceService:
    """See the module's rule.

    `mailer` sends one message, `post` a notice, `spawn` starts a coroutine beside the calls, `now` is the router's
    local time with its zone.
    """

    def __init__(
        self,
        *,
        config: RunningConfig,
        chassis: Chassis,
        clock: Clock,
        emit: EventSink,
        mailer: Mailer,
        post: Post,
        spawn: Spawn,
        now: Callable[[], datetime],
        ids: IdSource | None = None,
    ) -> None:
        self.chassis = chassis
        self.control = CallControl(clock, emit)
        self._config = config
        self._emit = emit
        self._cache = SettingsCache(config, chassis.platform.banner)
        config.listeners.append(self._configured)
        self._exchanges: dict[str, Exchange] = {}
        self._ports: dict[str, VoicePort] = {}
        self._ports_generation = -1
        self._context = FaxContext(
            clock,
            emit,
            self.control,
            lambda: self.settings,
            chassis.dsp,
            mailer,
            post,
            spawn,
            now,
            ids if ids is not None else IdSource(),
        )

    @property
    def settings(self) -> VoiceSettings:
        """What the configuration says now."""
        return self._cache.current

    def refresh_history(self) -> None:
        """Let the history have the size and age that the configuration says."""
        limits, history = self.settings.history, self.control.history
        history.max_size, history.retain_minutes = limits.max_size, limits.retain_minutes

    def _configured(self, change: Changed) -> None:
        if change.line.command_id.startswith("dial-control-mib"):
            self.refresh_history()

    # Cables and calls.

    def plug(self, jack: str, exchange: Exchange | None) -> None:
        """Cable controller `T1 0` or analog port `1/0/0` to an exchange, or (None) pull the cable out; raises KeyError
        for one that is not there."""
        if self.chassis.controller(jack) is None and all(port.unit != jack for port in self.chassis.analog_ports):
            raise KeyError(jack)
        was_plugged = self.plugged(jack)
        if exchange is None:
            self._exchanges.pop(jack, None)
        else:
            self._exchanges[jack] = exchange
        self._ports_generation = -1
        if self.plugged(jack) is not was_plugged:
            self._emit(CableMoved(jack))

    def offer(self, jack: str, end: End) -> None:
        """A call from the exchange on that cable; it is taken or released, both through `end`."""
        from iosemu.voice.onramp import OnRampCall  # see the module's rule

        port = next((port for port in self.ports.values() if port.cable == jack), None)
        if port is None:
            end.release(Cause.OUT_OF_ORDER)
            return
        end.setup = port.heard(end.setup)
        OnRampCall(self._context, port, end).start()

    def plugged(self, jack: str) -> bool:
        """Whether a controller or analog port is cabled to an exchange."""
        return jack in self._exchanges

    def shut_down(self) -> None:
        """Power off or reload: cut every call under way; the exchange hears cause 41."""
        for call in tuple(self._context.calls):
            call.cut(Cause.TEMPORARY_FAILURE)

    async def deliver(self, mail: FaxMail) -> Verdict:
        """Fax one mail to its recipient; see `OffRamp.deliver`."""
        from iosemu.voice.offramp import OffRamp  # see the module's rule

        return await OffRamp(self._context, lambda: self.ports).deliver(mail)

    # Ports and peers.

    @property
    def ports(self) -> Mapping[str, VoicePort]:
        """The voice ports by name: analog ones, then those of trunks, each in the order of the chassis."""
        if self._ports_generation != self._config.generation:
            self._ports_generation = self._config.generation
            known, self._ports = self._ports, {}
            for analog in self.chassis.analog_ports:
                self._ports[analog.unit] = self._analog(analog, known)
            for controller in self.chassis.controllers:
                port = self._trunk(controller, known)
                if port is not None:
                    self._ports[port.name] = port
        return self._ports

    def _analog(self, analog: AnalogPort, known: Mapping[str, VoicePort]) -> VoicePort:
        port = known.get(analog.unit) or VoicePort(analog.unit, analog.unit, [BearerChannel(1)], analog.kind)
        self._configure(port)
        return port

    def _trunk(self, controller: Controller, known: Mapping[str, VoicePort]) -> VoicePort | None:
        root = self._config.root
        block = root.block(f"controller {controller.kind}", unit=controller.unit)
        group = block.get("pri-group") if block is not None else None
        if block is None or group is None or group.negated:
            return None
        name = self.chassis.voice_port_for(controller)
        port = known.get(name) or VoicePort(name, controller.name)
        slots = group.values.get("slots")
        if not isinstance(slots, tuple):
            slots = range(1, controller.timeslots + 1)
        port.set_channels(bearer_numbers(slots, D_CHANNEL[controller.kind] + 1))
        port.controller_shutdown = block.flag("shutdown")
        self._configure(port)
        return port

    def _configure(self, port: VoicePort) -> None:
        """Cable and settings of a port as they are now."""
        port.exchange = self._exchanges.get(port.cable)
        own = self._config.root.block("voice-port", port=port.name)
        if own is not None:
            port.shutdown = own.flag("shutdown")
            port.ringing_s = float(str(own.value("timeouts ringing", "seconds", RINGING_S)))
            lines = (own.get(name) for name in ("connection plar", "connection plar opx"))
            port.plar = next((str(line.values["digits"]) for line in lines if line is not None and line.values), "")

    def operational(self, peer: DialPeer) -> bool:
        """Whether a call could meet that peer: it is reachable, and a POTS peer's port exists."""
        if not peer.reachable:
            return False
        return peer.type is not PeerType.POTS or not peer.port or peer.port in self.ports

    def calls_of(self, application: Application) -> int:
        """How many legs in progress a dial peer handed to that application."""
        name = application.name.lower()
        peers = (leg.peer for leg in self.control.active if leg.peer is not None)
        return sum(1 for peer in peers if name in (peer.application_in.lower(), peer.application_out.lower()))

    @property
    def indexes(self) -> InterfaceIndexes:
        """ifIndex in the order in which a router numbers them: interfaces, D channels, voice ports, dial peers."""
        first = len(self.chassis.interfaces) + len(self.ports) + 1
        ports = {name: first + offset for offset, name in enumerate(self.ports)}
        first += len(ports)
        peers = {peer.tag: first + offset for offset, peer in enumerate(self.settings.plan.peers)}
        return InterfaceIndexes(ports, peers)
