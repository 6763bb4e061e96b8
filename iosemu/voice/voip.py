"""The calls over IP of one router: who it calls and who calls it.

Rule: a router with signal processors answers to SIP, and to what stands for H.323, where it has a network. SIP is SIP,
on UDP port 5060 of the emulated network. H.323 is not spoken: a call of a peer without `session protocol sipv2` is set
up by the same messages on UDP port 1720, which nothing shows and no other gateway understands; what is done, and when,
is what H.323 with fast connect does. Media are real datagrams between the addresses of the routers in both cases.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from iosemu.network import Datagrams, Endpoint, Network, Unreachable
from iosemu.voice.circuit import CallSetup, Cause, End
from iosemu.voice.context import FaxContext
from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.digits import plain
from iosemu.voice.events import RelayDatagram, SignallingMessage
from iosemu.voice.h323_statistics import H323Statistics
from iosemu.voice.legs import Connection, Origin, Voip
from iosemu.voice.sip_statistics import SipStatistics
from iosemu.voice.voip_settings import VoipSettings

if TYPE_CHECKING:
    from iosemu.fax.line import LineSignal
    from iosemu.sip.agent import IncomingCall, UserAgent
    from iosemu.voice.voip_call import IncomingVoipCall, OutgoingVoipCall, VoipCall
    from iosemu.voice.voip_media import VoipMedia

SIP_PORT, H323_PORT = 5060, 1720
FIRST_PORT, LAST_PORT = 16384, 32766
"""The range of RTP ports; the even ones carry media."""
_HOP: Final = 2
_PRODUCT: Final = "Cisco-SIPGateway/IOS-12.x"


class VoipGateway:
    """See the module's rule. `on_call` is given each call that comes, with its inbound dial peer."""

    def __init__(
        self,
        context: FaxContext,
        network: Network,
        on_call: Callable[[IncomingVoipCall, DialPeer | None, CallSetup], object],
    ) -> None:
        self._context, self._network, self._on_call = context, network, on_call
        self.statistics = SipStatistics()
        self.h323 = H323Statistics()
        context.control.ended.append(self.h323.ended)
        self._agents: dict[bool, UserAgent] = {}
        self._sockets: dict[bool, Datagrams] = {}
        self._last_port = FIRST_PORT - _HOP
        self._calls: set[VoipCall] = set()

    def serve(self) -> None:
        """Listen for calls, where there is a network."""
        for sip, port in ((True, SIP_PORT), (False, H323_PORT)):
            try:
                self._sockets[sip] = self._network.open(port, self._receiver(sip))
            except (Unreachable, OSError, RuntimeError):  # the last: offline there is no event loop
                return

    def _agent(self, sip: bool) -> UserAgent | None:
        """The user agent, made when it is needed first; None where nothing is listened to, or SIP is not installed."""
        if sip not in self._sockets:
            return None
        if sip not in self._agents:
            try:
                from iosemu.sip.agent import UserAgent
            except ImportError:
                return None
            socket = self._sockets[sip]
            self._agents[sip] = UserAgent(
                self._context.clock,
                lambda octets, to: socket.send(octets, *to),
                lambda peer: self._own(sip, peer),
                lambda call: self._called(sip, call),
                product=_PRODUCT,
                trace=lambda octets, sent, peer: self._told(sip, octets, sent, peer),
            )
        return self._agents[sip]

    def stop(self) -> None:
        """Power off: nobody listens any more; calls were cut before."""
        for agent in self._agents.values():
            agent.stop()
        for socket in self._sockets.values():
            socket.close()
        self._agents.clear()
        self._sockets.clear()

    def prepare(self, peer: DialPeer, setup: CallSetup, connection: Connection) -> OutgoingVoipCall | Cause:
        """A call by a VoIP peer, its leg open; or why it cannot be."""
        settings = peer.voip if peer.voip is not None else VoipSettings()
        agent = self._agent(settings.sip)
        target = self._target(peer, settings)
        leg = self._context.control.open(
            Origin.ORIGINATE,
            Voip(
                *(target or ("0.0.0.0", 0)),
                sip=settings.sip,
                target=peer.session_target,
                vad=settings.vad,
                calling=setup.calling,
                called=setup.called,
            ),
            connection=connection,
            peer=peer,
            peer_address=setup.called,
        )
        if agent is None or target is None:
            leg.close(Cause.NO_ROUTE)
            return Cause.NO_ROUTE
        from iosemu.voice.voip_call import OutgoingVoipCall  # needs what `serve` found

        try:
            own = self._sockets[settings.sip].source(*target)
            call = OutgoingVoipCall(leg, settings, setup, self._make_media, own)
        except Unreachable:
            leg.close(Cause.NO_ROUTE)
            return Cause.NO_ROUTE
        except OSError:
            leg.close(Cause.NO_RESOURCE)
            return Cause.NO_RESOURCE
        self._keep(call)
        return call

    def place(self, call: OutgoingVoipCall, setup: CallSetup) -> End:
        """Send a call that was prepared on its way."""
        detail = call.leg.record.detail
        assert isinstance(detail, Voip)
        agent, target = self._agents[detail.sip], (detail.remote, detail.remote_port)

        def begin() -> None:
            if call.end.up:
                call.start(
                    lambda offer: agent.call(
                        setup.called, target, calling=setup.calling, name=setup.calling_name, offer=offer
                    )
                )

        # Whoever places a call hears nothing before it has set its callbacks.
        self._context.clock.call_later(0.0, begin)
        return call.end

    def over(self, call: VoipCall) -> None:
        """A call has ended."""
        self._calls.discard(call)

    def _told(self, sip: bool, octets: bytes, sent: bool, peer: Endpoint) -> None:
        (self.statistics if sip else self.h323.messages).count(octets, sent)
        self._context.emit(SignallingMessage(sip, sent, self._own(sip, peer), peer, octets))

    def _target(self, peer: DialPeer, settings: VoipSettings) -> Endpoint | None:
        """Where a peer's calls go: `ipv4:ADDRESS[:PORT]`, `dns:NAME` or `sip-server`."""
        said = settings.sip_server if peer.session_target == "sip-server" else peer.session_target
        kind, _, rest = said.partition(":")
        name, _, port = rest.partition(":")
        usual = SIP_PORT if settings.sip else H323_PORT
        if kind not in ("ipv4", "dns") or (port and not port.isdecimal()):
            return None
        addresses = self._network.resolve(name)
        return (addresses[0], int(port) if port else usual) if addresses else None

    def _own(self, sip: bool, peer: Endpoint) -> Endpoint:
        socket = self._sockets[sip]
        try:
            return socket.source(*peer), socket.port
        except Unreachable:
            return "0.0.0.0", socket.port

    def _receiver(self, sip: bool) -> Callable[[bytes, Endpoint], object]:
        def receive(octets: bytes, source: Endpoint) -> None:
            # What was said before a message is heard before it.
            for call in tuple(self._calls):
                call.media.drain()
            agent = self._agent(sip)
            if agent is not None:
                agent.receive(octets, source)

        return receive

    def _called(self, sip: bool, call: IncomingCall) -> None:
        from iosemu.voice.voip_call import IncomingVoipCall

        called, calling = plain(call.called), plain(call.calling)
        setup = CallSetup(called, calling, calling_name=call.calling_name)
        peer = self._context.settings().plan.inbound(PeerType.VOIP, called=called, calling=calling)
        settings = peer.voip if peer is not None and peer.voip is not None else _anything(sip)
        leg = self._context.control.open(
            Origin.ANSWER,
            Voip(
                *call.peer,
                sip=sip,
                protocol_call_id=call.invite.call_id if sip else "",
                vad=settings.vad,
                calling=calling,
                called=called,
            ),
            peer=peer,
            peer_address=calling,
        )
        try:
            own = self._sockets[sip].source(*call.peer)
            made = IncomingVoipCall(leg, settings, setup, self._make_media, own, call)
        except (Unreachable, OSError):
            leg.close(Cause.NO_RESOURCE)
            call.reject(503)
            return
        self._keep(made)
        if not made.agree():
            made.media.close()
            self._calls.discard(made)
            leg.close(Cause.INTERWORKING)
            call.reject(488)
            return
        self._on_call(made, peer, setup)

    def _make_media(self, settings: VoipSettings, deliver: Callable[[LineSignal], None]) -> VoipMedia:
        from iosemu.voice.voip_media import VoipMedia

        span = LAST_PORT - FIRST_PORT + _HOP
        self._last_port = FIRST_PORT + (self._last_port - FIRST_PORT + _HOP) % span
        return VoipMedia(self._context.clock, self._network, self._last_port, settings, deliver)

    def _keep(self, call: VoipCall) -> None:
        """A call is under way."""
        self._calls.add(call)
        emit, leg = self._context.emit, call.leg.call_id
        call.media.on_datagram = lambda source, target, octets: emit(RelayDatagram(leg, source, target, octets))


def _anything(sip: bool) -> VoipSettings:
    """What peer 0 takes: any codec, and the defaults."""
    return VoipSettings(sip=sip, codecs=("g729r8", "g711ulaw", "g711alaw", "g726r32", "g723r63", "gsmfr", "g728"))
