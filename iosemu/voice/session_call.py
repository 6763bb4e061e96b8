"""The default session application for a call from one voice port to another: plain voice, or whatever sounds.

Rule: a call whose inbound peer names no fax application is sent on by the dial plan to a POTS peer; each of its legs
has a DSP channel of its own, and what comes in on one side goes out on the other. A line that does not bring the
called number by itself (an access line without `direct-inward-dial`) would be asked for digits: nobody dials any, so
such a call ends when `timeouts initial` is over. Source: Cisco IOS Voice Configuration Guide, dial peers.
"""

from __future__ import annotations

from iosemu.chassis.dsp import DspChannel, Use
from iosemu.clock import Timer
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import CallSetup, Cause, End
from iosemu.voice.context import FaxContext, PortFor
from iosemu.voice.dial_plan import DialPeer, PeerType, Route
from iosemu.voice.digits import outgoing, plain
from iosemu.voice.events import CallRefused
from iosemu.voice.legs import Origin, Telephony
from iosemu.voice.ports import BearerChannel, VoicePort

# `timeouts initial` of a voice port: how long a dial tone waits for the first digit.
INITIAL_S = 10.0


class SessionCall:
    """One call, from the exchange's set-up to the end of both legs."""

    def __init__(self, context: FaxContext, port: VoicePort, end: End, port_for: PortFor) -> None:
        self._context = context
        self._port_for = port_for
        self._settings = context.settings()
        self._called = plain(end.setup.called)
        self._inbound = self._settings.plan.inbound(
            PeerType.POTS, called=self._called, calling=plain(end.setup.calling), port=port.name
        )
        self._near = _Side(context, port, Origin.ANSWER, end.setup, self._inbound, plain(end.setup.calling))
        self._near.end = end
        self._far: _Side | None = None
        self._routes: list[Route] = []
        self._timer: Timer | None = None
        self._over = False

    def start(self) -> None:
        """Take the call, or release it with the cause that says why not."""
        cause = Cause.USER_BUSY if self._full(self._inbound, own=1) else self._near.take(outgoing=False)
        if cause is not None:
            self._refuse(cause)
            return
        end = self._near.end
        assert end is not None
        self._context.calls.add(self)
        end.on_release = self._near_released
        direct = self._inbound is not None and self._inbound.direct_inward_dial
        if self._near.port.kind == "PRI" and not direct:
            end.answer()
            self._near.leg.connected()
            self._timer = self._context.clock.call_later(INITIAL_S, lambda: self._finish(Cause.NORMAL))
            return
        plan = self._settings.plan
        self._routes = list(plan.outbound(plan.expand(self._called), PeerType.POTS, self._context.control.last_used))
        self._next_route(Cause.NO_ROUTE)

    def on(self, port: VoicePort) -> bool:
        """Is one of its legs on that port?"""
        return any(side is not None and side.port is port for side in (self._near, self._far))

    def cut(self, cause: Cause) -> None:
        """End the call at once; both sides hear `cause`."""
        self._finish(cause)

    def _refuse(self, cause: Cause) -> None:
        end = self._near.end
        assert end is not None
        self._context.emit(CallRefused(self._near.port.name, end.setup, cause, cause.text, ramp=None))
        self._finish(cause)

    def _full(self, peer: DialPeer | None, own: int = 0) -> bool:
        """Whether a peer has its maximum of connections, `own` of them of this call."""
        if peer is None or peer.max_connections is None:
            return False
        return self._context.control.connections(peer.tag) - own >= peer.max_connections

    def _next_route(self, last: Cause) -> None:
        """Try the best peer that is left; `last` is the cause when none is."""
        if not self._routes:
            self._refuse(last)
            return
        route = self._routes.pop(0)
        peer = route.peer
        port = self._port_for(peer)
        if port is None or self._full(peer):
            self._next_route(Cause.NO_CIRCUIT)
            return
        number = self._settings.plan.expand(self._called)
        dialled = outgoing(
            number, peer.destination, prefix=peer.prefix, forward=peer.forward_digits, strip=peer.digit_strip
        )
        assert self._near.end is not None
        setup = CallSetup(dialled, plain(self._near.end.setup.calling))
        self._far = far = _Side(self._context, port, Origin.ORIGINATE, setup, peer, number, self._near.leg)
        far.leg.telephony(called=number, translated_called=dialled)
        cause = Cause.INVALID_NUMBER if not dialled else far.take(outgoing=True)
        if cause is not None:
            self._far_released(cause)
            return
        assert far.channel is not None
        far.end = end = port.place(setup, far.channel)
        end.on_alerting = self._near.end.alert
        end.on_answer = self._answered
        end.on_release = self._far_released
        self._timer = self._context.clock.call_later(port.ringing_s, lambda: self._far_released(Cause.NO_ANSWER))

    def _answered(self) -> None:
        near, far = self._near, self._far
        assert near.end is not None
        assert far is not None
        assert far.end is not None
        self._stop_timer()
        near.end.on_signal = far.end.send
        far.end.on_signal = near.end.send
        for side in (near, far):
            side.leg.connected()
        near.end.answer()

    def _near_released(self, cause: Cause) -> None:
        self._finish(cause, by_us=False)

    def _far_released(self, cause: Cause) -> None:
        far = self._far
        if far is None or self._over:
            return
        answered = far.leg.record.connect_s is not None
        self._stop_timer()
        if not answered and self._routes and cause in self._settings.hunt_causes:
            far.clear(cause, by_us=False)
            self._next_route(cause)
        else:
            self._finish(cause, by_us=False)

    def _finish(self, cause: Cause, *, by_us: bool = True) -> None:
        if self._over:
            return
        self._over = True
        self._stop_timer()
        self._context.calls.discard(self)
        for side in (self._far, self._near):
            if side is not None:
                side.clear(cause, by_us=by_us)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Side:
    """One leg of a call with what it occupies."""

    def __init__(
        self,
        context: FaxContext,
        port: VoicePort,
        origin: Origin,
        setup: CallSetup,
        peer: DialPeer | None,
        peer_address: str,
        other: Leg | None = None,
    ) -> None:
        self._context = context
        self.port = port
        self.end: End | None = None
        self.channel: BearerChannel | None = None
        self._dsp: DspChannel | None = None
        detail = Telephony(
            port.name, calling=plain(setup.calling), called=setup.called, calling_name=setup.calling_name, speech=True
        )
        self.leg = context.control.open(
            origin,
            detail,
            connection=other.record.connection if other is not None else None,
            peer=peer,
            peer_address=peer_address,
        )

    def take(self, *, outgoing: bool) -> Cause | None:
        """Occupy a channel and a DSP; gives why not."""
        if not self.port.up:
            return Cause.OUT_OF_ORDER
        self.channel = self.port.seize(self.leg.call_id, outgoing=outgoing)
        if self.channel is None:
            return Cause.NO_CIRCUIT
        self.leg.telephony(channel=self.channel.number)
        self._dsp = self._context.dsp.take(Use.VOICE, self.leg.call_id)
        return None if self._dsp is not None else Cause.NO_RESOURCE

    def clear(self, cause: Cause, *, by_us: bool) -> None:
        """Release the line and give everything back; harmless when done before."""
        if self._dsp is not None:
            self._dsp.free()
        if self.channel is not None:
            self.channel.free()
        self.leg.close(cause, released_by_us=by_us)
        if self.end is not None:
            self.end.release(cause)
