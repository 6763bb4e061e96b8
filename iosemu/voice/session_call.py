"""The default session application: a call from one voice port to another, or from a port to IP and back.

Rule: a call whose inbound peer names no fax application is sent on by the dial plan, from a voice port to a POTS or
VoIP peer, from IP to a POTS peer; what comes in on one side goes out on the other, and each leg on a voice port has a
DSP channel of its own. Two applications of its kind hand a call to the on-ramp: fax rollover, when the dial plan comes
to an MMoIP peer, and fax detection, when a fax machine is heard; digits and prompts of the latter are not played. A
line that does not bring the called number by itself (an access line without
`direct-inward-dial`) would be asked for digits: nobody dials any, so such a call ends when `timeouts initial` is over.
Source: Cisco IOS Voice Configuration Guide, dial peers.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from iosemu.deadline import Deadline
from iosemu.fax.line import LineSignal, Tone, ToneOn
from iosemu.voice.applications import DetectMode, Treatment
from iosemu.voice.call_sides import PortSide, Side, VoipSide
from iosemu.voice.circuit import CallSetup, Cause, End
from iosemu.voice.context import FaxContext, PortFor
from iosemu.voice.dial_plan import DialPeer, PeerType, Route
from iosemu.voice.digits import plain
from iosemu.voice.events import CallRefused
from iosemu.voice.legs import Origin
from iosemu.voice.onramp_way import Refused, choose
from iosemu.voice.ports import VoicePort

if TYPE_CHECKING:
    from iosemu.voice.voip import VoipGateway
    from iosemu.voice.voip_call import IncomingVoipCall

LISTEN_S = 9.0  # inferred
"""How long fax detection listens for a fax machine before it decides."""
# `timeouts initial` of a voice port: how long a dial tone waits for the first digit.
INITIAL_S = 10.0


class Stage(Enum):
    """Where a call stands, between its two sides."""

    HELD = auto()
    """It goes nowhere yet: it is not taken, has a dial tone, or may be a fax machine's."""
    TRYING = auto()
    """A peer is asked, and another may be after it."""
    CONNECTED = auto()
    OVER = auto()


class SessionCall:
    """One call, from its set-up to the end of both legs."""

    def __init__(
        self,
        context: FaxContext,
        port_for: PortFor,
        gateway: VoipGateway,
        near: Side,
        setup: CallSetup,
        inbound: DialPeer | None,
    ) -> None:
        self._context, self._port_for, self._gateway = context, port_for, gateway
        self._settings = context.settings()
        self._near, self._setup, self._inbound = near, setup, inbound
        self._called = plain(setup.called)
        applications = self._settings.applications
        application = inbound.application_in if inbound is not None else ""
        treatment = applications.treatment(application) if isinstance(near, PortSide) else Treatment.OTHER
        self._outward = {PeerType.POTS, PeerType.VOIP} if isinstance(near, PortSide) else {PeerType.POTS}
        if treatment is Treatment.ROLLOVER:
            self._outward.add(PeerType.MMOIP)
        self._detects = applications.mode(application) if treatment is Treatment.FAX_DETECT else None
        self._stage = Stage.HELD
        self._far: Side | None = None
        self._routes: list[Route] = []
        self._patience = Deadline(context.clock)
        """Of whom the near or the far party keeps waiting."""

    def start(self) -> None:
        """Take the call, or release it with the cause that says why not."""
        full = self._inbound is not None and self._context.control.full(self._inbound, own=1)
        cause = Cause.USER_BUSY if full else self._near.take(outgoing=False)
        if cause is not None:
            self._refuse(cause)
            return
        end = self._near.end
        assert end is not None
        self._context.calls.add(self)
        end.on_release = self._near_released
        near = self._near
        if self._detects is not None:
            self._listen(end, self._detects)
            return
        direct = self._inbound is not None and self._inbound.direct_inward_dial
        if isinstance(near, PortSide) and near.port.kind in ("PRI", "BRI") and not direct:
            end.answer()
            near.leg.connected()
            self._patience.start(INITIAL_S, lambda: self._finish(Cause.NORMAL))
            return
        self._send_on()

    def _send_on(self) -> None:
        """Find out who may take the call, and try the first."""
        self._stage = Stage.TRYING
        plan = self._settings.plan
        routes = plan.outbound(plan.expand(self._called), None, self._context.control.last_used)
        self._routes = [route for route in routes if route.peer.type in self._outward]
        self._next_route(Cause.NO_ROUTE)

    def _listen(self, end: End, mode: DetectMode) -> None:
        """Answer, and listen for a fax machine: at once, or while the call goes on as one of voice."""
        end.on_signal = self._heard
        end.answer()
        if self._stage is Stage.OVER:  # it was a fax machine, and quick
            return
        if mode in (DetectMode.CONNECT_FIRST, DetectMode.DEFAULT_VOICE):
            self._send_on()
        else:
            fax = mode is DetectMode.DEFAULT_FAX
            self._patience.start(LISTEN_S, self._hand_to_mail if fax else self._send_on)

    def _heard(self, signal: LineSignal) -> None:
        """A signal of the caller, before and after somebody has answered."""
        if signal == ToneOn(Tone.CNG) and self._goes_by_mail():
            self._hand_to_mail()
        elif self._stage is Stage.CONNECTED:
            assert self._far is not None
            assert self._far.end is not None
            self._far.end.send(signal)

    def _goes_by_mail(self) -> bool:
        try:
            choose(self._settings, self._near.name, self._called, plain(self._setup.calling))
        except Refused:
            return False
        return True

    def _hand_to_mail(self) -> None:
        """The on-ramp takes the call over as it stands."""
        from iosemu.voice.onramp import OnRampCall, TakenOver  # loaded with the first fax

        near, far = self._near, self._far
        assert isinstance(near, PortSide)
        assert near.end is not None
        self._stage = Stage.OVER
        self._patience.stop()
        self._context.calls.discard(self)
        if far is not None:
            far.clear(Cause.NORMAL, by_us=True)
        taken = TakenOver(*near.give_up(), self._detects is not None)
        OnRampCall(self._context, near.port, near.end, taken).start()

    def on(self, port: VoicePort) -> bool:
        """Is one of its legs on that port?"""
        return any(side is not None and side.on(port) for side in (self._near, self._far))

    def uses(self, call_id: int) -> bool:
        """Is that one of its legs?"""
        return any(side is not None and side.leg.call_id == call_id for side in (self._near, self._far))

    def cut(self, cause: Cause) -> None:
        """End the call at once; both sides hear `cause`."""
        self._finish(cause)

    def _refuse(self, cause: Cause) -> None:
        self._context.emit(CallRefused(self._near.name, self._setup, cause, cause.text, ramp=None))
        self._finish(cause)

    def _next_route(self, last: Cause) -> None:
        """Try the best peer that is left; `last` is the cause when none is."""
        if not self._routes:
            self._refuse(last)
            return
        peer = self._routes.pop(0).peer
        if self._context.control.full(peer):
            self._next_route(Cause.NO_CIRCUIT)
        elif peer.type is PeerType.MMOIP:
            self._hand_to_mail()
        elif peer.type is PeerType.VOIP:
            self._go_over_ip(peer)
        else:
            self._go_by_port(peer)

    def _go_by_port(self, peer: DialPeer) -> None:
        port = self._port_for(peer)
        if port is None:
            self._next_route(Cause.NO_CIRCUIT)
            return
        number = self._settings.plan.expand(self._called)
        dialled = peer.dialled(number)
        setup = CallSetup(dialled, plain(self._setup.calling))
        connection = self._near.leg.record.connection
        self._far = far = PortSide(self._context, port, Origin.ORIGINATE, setup, peer, number, connection)
        far.leg.telephony(called=number, translated_called=dialled)
        cause = Cause.INVALID_NUMBER if not dialled else far.take(outgoing=True)
        if cause is not None:
            self._far_released(cause)
            return
        if isinstance(self._near, VoipSide):
            self._near.watch_fax(self._context, far.leg)
        assert far.channel is not None
        far.end = port.place(setup, far.channel)
        self._await(far.end, port.ringing_s)

    def _go_over_ip(self, peer: DialPeer) -> None:
        number = self._settings.plan.expand(self._called)
        setup = CallSetup(number, plain(self._setup.calling), calling_name=self._setup.calling_name)
        call = self._gateway.prepare(peer, setup, self._near.leg.record.connection)
        if isinstance(call, Cause):
            if self._routes and call in self._settings.hunt_causes:
                self._next_route(call)
            else:
                self._refuse(call)
            return
        self._far = far = VoipSide(self._gateway, call)
        far.watch_fax(self._context, self._near.leg)
        self._await(self._gateway.place(call, setup))

    def _await(self, end: End, ringing_s: float | None = None) -> None:
        """Until the far side answers, or `timeouts ringing` of its port has passed."""
        assert self._near.end is not None
        end.on_alerting = self._near.end.alert
        end.on_answer = self._answered
        end.on_release = self._far_released
        if ringing_s is not None:
            self._patience.start(ringing_s, lambda: self._far_released(Cause.NO_ANSWER))

    def _answered(self) -> None:
        near, far = self._near, self._far
        assert near.end is not None
        assert far is not None
        assert far.end is not None
        self._stage = Stage.CONNECTED
        self._patience.stop()
        near.end.on_signal = far.end.send if self._detects is None else self._heard
        far.end.on_signal = near.end.send
        for side in (near, far):
            side.leg.connected()
        if self._detects is None:  # which has answered before
            near.end.answer()

    def _near_released(self, cause: Cause) -> None:
        self._finish(cause, by=self._near)

    def _far_released(self, cause: Cause) -> None:
        far = self._far
        if far is None or self._stage is Stage.OVER:
            return
        self._patience.stop()
        if self._stage is Stage.TRYING and self._routes and cause in self._settings.hunt_causes:
            far.clear(cause, by_us=False)
            self._next_route(cause)
        else:
            self._finish(cause, by=far)

    def _finish(self, cause: Cause, *, by: Side | None = None) -> None:
        """The call is over; `by` is the side that ended it, None for this router."""
        if self._stage is Stage.OVER:
            return
        self._stage = Stage.OVER
        self._patience.stop()
        self._context.calls.discard(self)
        for side in (self._far, self._near):
            if side is not None:
                side.clear(cause, by_us=side is not by)


def from_port(context: FaxContext, port: VoicePort, end: End, port_for: PortFor, gateway: VoipGateway) -> SessionCall:
    """A call that came in on a voice port."""
    called, calling = plain(end.setup.called), plain(end.setup.calling)
    inbound = context.settings().plan.inbound(PeerType.POTS, called=called, calling=calling, port=port.name)
    near = PortSide(context, port, Origin.ANSWER, end.setup, inbound, calling)
    near.end = end
    return SessionCall(context, port_for, gateway, near, end.setup, inbound)


def from_ip(
    context: FaxContext,
    call: IncomingVoipCall,
    inbound: DialPeer | None,
    setup: CallSetup,
    port_for: PortFor,
    gateway: VoipGateway,
) -> SessionCall:
    """A call of another gateway."""
    return SessionCall(context, port_for, gateway, VoipSide(gateway, call), setup, inbound)
