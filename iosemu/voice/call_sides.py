"""The two sides of a call that a router switches: one on a voice port, or one over IP.

Rule: a side has a leg and, once there is one, an `End`; `take` occupies what it needs and `clear` gives everything
back. What a fax relay on the side over IP tells goes to both legs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from iosemu.chassis.dsp import DspChannel, Use
from iosemu.fax.events import Negotiated, PageConfirmed, RemoteId
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import CallSetup, Cause, End
from iosemu.voice.context import FaxContext
from iosemu.voice.dial_plan import DialPeer
from iosemu.voice.digits import plain
from iosemu.voice.events import RelayMedia, RelayStarted
from iosemu.voice.legs import Connection, Origin, Telephony
from iosemu.voice.ports import BearerChannel, VoicePort
from iosemu.voice.voip_settings import FaxProtocol

if TYPE_CHECKING:
    from iosemu.voice.voip import VoipGateway
    from iosemu.voice.voip_call import VoipCall


class Side(Protocol):
    """Either kind."""

    leg: Leg
    end: End | None

    @property
    def name(self) -> str:
        """Its voice port, or "IP"."""
        ...

    def take(self, *, outgoing: bool) -> Cause | None:
        """Occupy what it needs; gives why not."""
        ...

    def on(self, port: VoicePort) -> bool: ...

    def clear(self, cause: Cause, *, by_us: bool) -> None:
        """Release the far end and give everything back; harmless when done before."""
        ...


class PortSide:
    """A leg on a voice port, with the channel and the DSP that it occupies."""

    def __init__(
        self,
        context: FaxContext,
        port: VoicePort,
        origin: Origin,
        setup: CallSetup,
        peer: DialPeer | None,
        peer_address: str,
        connection: Connection | None = None,
    ) -> None:
        self._context = context
        self.port = port
        self.end: End | None = None
        self.channel: BearerChannel | None = None
        self._dsp: DspChannel | None = None
        detail = Telephony(
            port.name, calling=plain(setup.calling), called=setup.called, calling_name=setup.calling_name, speech=True
        )
        self.leg = context.control.open(origin, detail, connection=connection, peer=peer, peer_address=peer_address)

    @property
    def name(self) -> str:
        return self.port.name

    def take(self, *, outgoing: bool) -> Cause | None:
        if not self.port.up:
            return Cause.OUT_OF_ORDER
        self.channel = self.port.seize(self.leg.call_id, outgoing=outgoing)
        if self.channel is None:
            return Cause.NO_CIRCUIT
        self.leg.telephony(channel=self.channel.number)
        self._dsp = self._context.dsp.take(Use.VOICE, self.leg.call_id)
        return None if self._dsp is not None else Cause.NO_RESOURCE

    def on(self, port: VoicePort) -> bool:
        return self.port is port

    def give_up(self) -> tuple[Leg, BearerChannel]:
        """Leg and channel, for an application that takes the call over and brings a DSP of its own."""
        assert self.channel is not None
        if self._dsp is not None:
            self._dsp.free()
        self.leg.telephony(speech=False)
        return self.leg, self.channel

    def clear(self, cause: Cause, *, by_us: bool) -> None:
        if self._dsp is not None:
            self._dsp.free()
        if self.channel is not None:
            self.channel.free()
        self.leg.close(cause, released_by_us=by_us)
        if self.end is not None:
            self.end.release(cause)


class VoipSide:
    """A leg over IP."""

    def __init__(self, gateway: VoipGateway, call: VoipCall) -> None:
        self._gateway, self.call = gateway, call
        self.leg = call.leg
        self.end: End | None = call.end
        self.name = "IP"

    def take(self, *, outgoing: bool) -> Cause | None:
        return None

    def on(self, port: VoicePort) -> bool:
        return False

    def clear(self, cause: Cause, *, by_us: bool) -> None:
        # First the far end, which may have sent something that still counts.
        if self.end is not None:
            self.end.release(cause)
        self._gateway.over(self.call)
        self.leg.close(cause, released_by_us=by_us)

    def watch_fax(self, context: FaxContext, line: Leg) -> None:
        """Tell what a relay on this side does, as of the leg `line` on the voice port."""

        def began(protocol: FaxProtocol) -> None:
            line.telephony(speech=False)
            self.leg.voip(speech=False, codec=protocol.value)
            context.emit(RelayStarted(line.call_id))

        def told(event: object) -> None:
            match event:
                case Negotiated(rate_bps=rate):
                    line.telephony(rate_bps=rate)
                    self.leg.voip(rate_bps=rate)
                case PageConfirmed(index):
                    line.telephony(pages=index + 1)
                    self.leg.voip(pages=index + 1)
                case RemoteId(_, text):
                    line.telephony(remote_id=text)
            context.emit(RelayMedia(line.call_id, event))

        self.call.media.on_relay = began
        self.call.media.on_t30 = told
