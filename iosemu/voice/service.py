"""The voice side of one router: its ports, its call table, and the applications that take calls and faxes.

Rule: ports follow the configuration (a `pri-group` makes one) and keep their calls and cables when it changes; the fax
applications are loaded with the first call, so that a router without one starts without them. The lab plugs an exchange
into a controller and offers calls on it; the mail server hands over mails with `deliver`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from iosemu.chassis.hardware import D_CHANNEL, AnalogPort, Chassis, Controller
from iosemu.chassis.schema import BASIC_RATE_VOICE
from iosemu.clock import Clock
from iosemu.config.tree import Block, Changed, Line, RunningConfig
from iosemu.events import EventSink
from iosemu.mail.ids import IdSource
from iosemu.network import Network, NoNetwork
from iosemu.voice.accounting import Authenticate, FaxAdmission
from iosemu.voice.applications import Application, Treatment
from iosemu.voice.cables import CableLog
from iosemu.voice.ccapi import CallControl
from iosemu.voice.circuit import CallSetup, Cause, End
from iosemu.voice.context import FaxContext, Mailer, Post, Spawn
from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.digits import plain
from iosemu.voice.events import CableMoved
from iosemu.voice.ports import (
    RINGING_S,
    BearerChannel,
    CasSignalling,
    Exchange,
    InterfaceIndexes,
    VoicePort,
    bearer_numbers,
)
from iosemu.voice.processor_statistics import ProcessorStatistics
from iosemu.voice.q931 import DChannel
from iosemu.voice.settings import SettingsCache, VoiceSettings
from iosemu.voice.trunk_groups import full, members
from iosemu.voice.voip import VoipGateway

if TYPE_CHECKING:
    from iosemu.mail.envelope import FaxMail, Verdict
    from iosemu.voice.voip_call import IncomingVoipCall


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
        authenticate: Authenticate | None = None,
        network: Network | None = None,
    ) -> None:
        self.chassis = chassis
        self.control = CallControl(clock, emit)
        self.processors = ProcessorStatistics(chassis.dsp)
        self.control.ended.append(self.processors.closed)
        self._config = config
        self._clock = clock
        self._emit = emit
        self._cache = SettingsCache(config, chassis.platform)
        config.follow(self._configured, "dial-control-mib", "shutdown")
        self._exchanges: dict[str, Exchange] = {}
        self.cables = CableLog()
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
            FaxAdmission(config.root, authenticate, emit) if authenticate is not None else None,
        )
        self.voip = VoipGateway(self._context, network if network is not None else NoNetwork(), self._called_over_ip)
        if chassis.dsp.total:
            self.voip.serve()

    @property
    def settings(self) -> VoiceSettings:
        """What the configuration says now."""
        return self._cache.current

    def refresh_history(self) -> None:
        """Let the history have the size and age that the configuration says."""
        limits, history = self.settings.history, self.control.history
        history.max_size, history.retain_minutes = limits.max_size, limits.retain_minutes

    def _cut_lost(self) -> None:
        """Calls on a trunk or line that has gone end."""
        lost = [port for port in self.ports.values() if port.exchange is None or port.controller_shutdown]
        for call in tuple(self._context.calls):
            if any(call.on(port) for port in lost):
                call.cut(Cause.OUT_OF_ORDER)

    def hardware_changed(self) -> None:
        """A card was taken out or put in: its ports are as they are now, and calls on what is gone end."""
        self._ports_generation = -1
        self._cut_lost()
        dsp = self.chassis.dsp
        lost = {channel.call_id for channel in dsp.in_use if not dsp.usable(channel.card)}
        for call in tuple(self._context.calls):
            if any(call.uses(call_id) for call_id in lost):
                call.cut(Cause.OUT_OF_ORDER)

    def _called_over_ip(self, call: IncomingVoipCall, peer: DialPeer | None, setup: CallSetup) -> None:
        from iosemu.voice.session_call import from_ip

        from_ip(self._context, call, peer, setup, self.port_for, self.voip).start()

    def _configured(self, change: Changed) -> None:
        if change.line.command_id.startswith("dial-control-mib"):
            self.refresh_history()
        elif change.line.command_id == "shutdown" and self._context.calls:
            self._cut_lost()

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
            self.cables.moved(jack, self._clock.now(), plugged=not was_plugged)
            self._emit(CableMoved(jack))
        self._cut_lost()

    def offer(self, jack: str, end: End) -> None:
        """A call from the exchange on that cable; it is taken or released, both through `end`."""
        groups = [port for port in self.ports.values() if port.cable == jack]
        # The exchange chooses a channel that is idle, and with it the group.
        port = _with_a_channel(groups)
        if port is None:
            end.release(Cause.OUT_OF_ORDER)
            return
        end = port.heard(end)
        if self._goes_to_mail(port, end.setup):
            from iosemu.voice.onramp import OnRampCall  # see the module's rule

            OnRampCall(self._context, port, end).start()
        else:
            from iosemu.voice.session_call import from_port

            from_port(self._context, port, end, self.port_for, self.voip).start()

    def _goes_to_mail(self, port: VoicePort, setup: CallSetup) -> bool:
        """Does the inbound peer of a call name the on-ramp?"""
        settings = self.settings
        called, calling = plain(setup.called), plain(setup.calling)
        peer = settings.plan.inbound(PeerType.POTS, called=called, calling=calling, port=port.name)
        return peer is not None and settings.applications.treatment(peer.application_in) is Treatment.ON_RAMP

    def plugged(self, jack: str) -> bool:
        """Whether a controller or analog port is cabled to an exchange."""
        return jack in self._exchanges

    def shut_down(self) -> None:
        """Power off or reload: cut every call under way; the exchange hears cause 41."""
        for call in tuple(self._context.calls):
            call.cut(Cause.TEMPORARY_FAILURE)
        self.voip.stop()

    async def deliver(self, mail: FaxMail) -> Verdict:
        """Fax one mail to its recipient; see `OffRamp.deliver`."""
        from iosemu.voice.offramp import OffRamp  # see the module's rule

        return await OffRamp(self._context, self.port_for).deliver(mail)

    def port_for(self, peer: DialPeer) -> VoicePort | None:
        """The port that a call by this POTS peer takes: its own, or the first of its groups with an idle channel."""
        ports = [self.ports[peer.port]] if peer.port in self.ports else []
        for group in peer.trunk_groups:
            if not full(self._config.root, self.ports, group):
                ports += members(self._config.root, self.ports, group)
        return _with_a_channel(ports)

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
                for port in self._trunks(controller, known):
                    self._ports[port.name] = port
        return self._ports

    def _analog(self, analog: AnalogPort, known: Mapping[str, VoicePort]) -> VoicePort:
        basic = analog.kind == BASIC_RATE_VOICE
        channels = [BearerChannel(1), BearerChannel(2)] if basic else [BearerChannel(1)]
        port = known.get(analog.unit) or VoicePort(analog.unit, analog.unit, channels, "BRI" if basic else analog.kind)
        self._configure(port)
        return port

    def _trunks(self, controller: Controller, known: Mapping[str, VoicePort]) -> Iterator[VoicePort]:
        """The ports that the groups of a controller make."""
        block = self._config.root.block(f"controller {controller.kind}", unit=controller.unit)
        if block is None:
            return
        primary = block.get("pri-group")
        if primary is not None and not primary.negated:
            yield self._primary_rate(controller, primary, known)
        for group in block.all("ds0-group"):
            if not group.negated:
                yield self._ds0_group(controller, group, known)

    def _primary_rate(self, controller: Controller, group: Line, known: Mapping[str, VoicePort]) -> VoicePort:
        name = self.chassis.voice_port_for(controller)
        port = known.get(name)
        if port is None or port.d_channel is None:
            channel = DChannel(self._clock, self._emit, controller.unit, D_CHANNEL[controller.kind], controller.kind)
            port = VoicePort(name, controller.name, d_channel=channel)
        assert port.d_channel is not None
        port.set_channels(bearer_numbers(_slots(controller, group), D_CHANNEL[controller.kind] + 1))
        interface = self._config.root.block("interface", name=port.d_channel.interface)
        order = interface.value("isdn bchan-number-order", "order") if interface is not None else None
        port.ascending = order == "ascending"
        self._configure(port, controller)
        return port

    def _ds0_group(self, controller: Controller, group: Line, known: Mapping[str, VoicePort]) -> VoicePort:
        name = f"{controller.unit}:{group.values['group']}"
        signalling = CasSignalling(group.tokens[group.tokens.index("type") + 1 :])
        port = known.get(name)
        if port is None or port.cas is None:
            port = VoicePort(name, controller.name)
        port.cas, port.kind = signalling, signalling.kind
        port.set_channels(_slots(controller, group))
        self._configure(port, controller)
        return port

    def _configure(self, port: VoicePort, controller: Controller | None = None) -> None:
        """Cable and settings of a port as they are now."""
        port.exchange = None if self.chassis.is_out(port.cable) else self._exchanges.get(port.cable)
        if controller is not None:
            block = self._config.root.block(f"controller {controller.kind}", unit=controller.unit)
            port.controller_shutdown = block is not None and block.flag("shutdown")
            busied_out = _busied_out(block) if block is not None else frozenset()
            for channel in port.channels:
                channel.busied_out = channel.number in busied_out
        if port.d_channel is not None:
            interface = self._config.root.block("interface", name=port.d_channel.interface)
            port.controller_shutdown |= interface is not None and interface.flag("shutdown")
        own = self._config.root.block("voice-port", port=port.name)
        if own is not None:
            port.shutdown = own.flag("shutdown")
            port.ringing_s = float(str(own.value("timeouts ringing", "seconds", RINGING_S)))
            lines = (own.get(name) for name in ("connection plar", "connection plar opx"))
            port.plar = next((str(line.values["digits"]) for line in lines if line is not None and line.values), "")

    def operational(self, peer: DialPeer) -> bool:
        """The operation state of a peer: it is up and says enough, and a POTS peer's port exists."""
        if peer.shutdown or not peer.valid:
            return False
        if peer.type is not PeerType.POTS or not (peer.port or peer.trunk_groups):
            return True
        return self.port_for(peer) is not None

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


def _slots(controller: Controller, group: Line) -> Iterable[int]:
    """The time slots of a group; one that names none has all."""
    slots = group.values.get("slots")
    return slots if isinstance(slots, tuple) else range(1, controller.timeslots + 1)


def _busied_out(controller: Block) -> frozenset[int]:
    """The time slots that `ds0 busyout` takes out of service."""
    lines = [line.values.get("slots") for line in controller.all("ds0 busyout") if not line.negated]
    return frozenset(slot for slots in lines if isinstance(slots, tuple) for slot in slots)


def _with_a_channel(ports: Sequence[VoicePort]) -> VoicePort | None:
    """The first that is up and has an idle channel; else the first, which will say what is wrong with it."""
    return next((port for port in ports if port.up and port.idle_channels), next(iter(ports), None))
