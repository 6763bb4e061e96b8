"""A SIP trunk of the lab's exchange: a real exchange, gateway or adapter is the rest of the telephone network.

Rule: what the peer calls is a number of the lab; what the lab calls by the trunk's numbers goes to the peer. A call
begins with G.711. Whoever is called asks for T.38 when a fax answers there, by its tone or its first flags; a caller
asks by itself only when it hears the tone and nobody asked. Where the peer has no T.38, or the trunk does without, a
fax goes on as sound, if the trunk has modems; else there is none. While a call is up a lab in a hurry keeps to the
peer's time. Source: RFC 3261, RFC 3264, ITU-T T.38 Annex D.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Final

from iosemu import __version__
from iosemu.clock import Clock, Hold
from iosemu.fax import audio
from iosemu.lab.datagrams import DatagramPort
from iosemu.lab.errors import LabError
from iosemu.lab.pstn import Exchange
from iosemu.lab.topology import digits, parse_endpoint
from iosemu.lab.trunk_calls import IncomingTrunkCall, OutgoingTrunkCall
from iosemu.lab.trunk_nodes import TrunkNode
from iosemu.network import Endpoint
from iosemu.sip import sdp
from iosemu.sip.agent import IncomingCall, OutgoingCall, UserAgent
from iosemu.voice.circuit import CallSetup, Cause, End

CODECS: Final = {"g711ulaw": sdp.Codec.PCMU, "g711alaw": sdp.Codec.PCMA}
LOOK_S: Final = 0.25


class SipTrunk:
    """One trunk; a `Subscriber` of the exchange that also calls. `await start()`, `await stop()`."""

    def __init__(self, clock: Clock, node: TrunkNode, exchange: Exchange) -> None:
        self.clock, self.node, self.exchange = clock, node, exchange
        self._listen, self._peer = parse_endpoint(node.sip.listen), parse_endpoint(node.sip.peer)
        self._port: DatagramPort | None = None
        self._agent: UserAgent | None = None
        self._hold: Hold | None = None
        self.host = self._listen[0]
        """The address of this machine that the peer sees."""
        self.own_t38 = sdp.T38Parameters(version=node.t38_version, max_datagram=1400, fec=node.fec)
        self.has_t38, self.sounds = node.fax != "sound", node.fax != "t38"
        self.asks = self.has_t38 and node.asks
        self.codecs = tuple(CODECS[name] for name in node.codecs)

    async def start(self) -> None:
        """Open the socket; raises LabError."""
        name = f"the trunk {self.node.name}"
        if self.sounds:
            try:
                audio.load()
            except audio.MissingLibrary as error:
                raise LabError(f"{name} carries sound, but {error}") from None
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(*self._peer, family=socket.AF_INET, type=socket.SOCK_DGRAM)
        except OSError:
            raise LabError(f"{name}: no such host: {self._peer[0]}") from None
        self._peer = str(found[0][4][0]), self._peer[1]
        try:
            self._port = DatagramPort(self._listen, self._receive)
        except OSError as error:
            text = (error.strerror or str(error)).lower()
            raise LabError(f"{name} cannot listen on {self._listen[0]}:{self._listen[1]}: {text}") from None
        self.host = _seen_by(self._peer) if self._listen[0] == "0.0.0.0" else self._port.endpoint[0]
        own = self.host, self._port.endpoint[1]
        self._agent = UserAgent(
            self.clock,
            self._port.send,
            lambda peer: own,
            self._called,
            product=f"iosemu/{__version__}",
            on_register=self._registered,
        )

    @property
    def endpoint(self) -> Endpoint:
        """Where its SIP is on this machine, once it has started."""
        assert self._port is not None
        return self._port.endpoint

    async def stop(self) -> None:
        """End the calls, close the socket."""
        if self._agent is not None:
            for call in self._agent.calls:
                call.hang_up()
            self._agent.stop()
        if self._port is not None:
            self._port.close()
        self._look()

    def ring(self, end: End) -> None:
        """A call of the lab for a number of the peer's."""
        if self._agent is None:
            end.release(Cause.OUT_OF_ORDER)
            return
        OutgoingTrunkCall(self, end)
        self._look()

    def call(self, setup: CallSetup, offer: bytes) -> OutgoingCall:
        """An INVITE to the peer."""
        assert self._agent is not None
        calling = digits(setup.calling)
        return self._agent.call(setup.called, self._peer, calling=calling, name=setup.calling_name, offer=offer)

    def _receive(self, octets: bytes, source: Endpoint) -> None:
        """Nobody but the peer is listened to."""
        if source[0] == self._peer[0] and self._agent is not None:
            self._agent.receive(octets, source)
            self._look()

    def _registered(self, source: Endpoint) -> None:
        """An adapter that registers is called where it registers from."""
        self._peer = source

    def _called(self, call: IncomingCall) -> None:
        called = digits(call.called)
        found = self.exchange.find(called)
        if found is None or found[1] is self:  # a number of the peer's own would come back
            call.reject(404)
            return
        IncomingTrunkCall(self, call, called)

    def _look(self) -> None:
        """The peer lives in real time: an instant clock has to wait while it has something to say."""
        busy = self._agent is not None and self._agent.busy
        if busy and self._hold is None:
            self._hold = self.clock.hold()
            self._look_later()
        elif not busy and self._hold is not None:
            self._hold.release()
            self._hold = None

    def _look_later(self) -> None:
        if self._hold is not None:
            self._look()
            self.clock.call_later(LOOK_S, self._look_later)


def _seen_by(peer: Endpoint) -> str:
    """The address of this machine on the way to a peer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect(peer)
        host: str = way.getsockname()[0]
        return host
