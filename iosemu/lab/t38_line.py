"""A line of the exchange that ends in T.38 on a UDP socket: any T.38 terminal is a fax machine of the lab.

Rule: there is no signalling. A call to the line is answered at once, and the datagrams of its fax begin; the first
datagram of the peer, where no call is up, calls the number that the line's `calls` names. A call ends with the DCN of
either side, when the exchange clears it, or after a minute without a sign of either end; what the peer still sends in
the next seconds belongs to the call that is over. Source: ITU-T T.38, UDPTL.
"""

from __future__ import annotations

import asyncio
from typing import Final

from iosemu.clock import Clock, Hold
from iosemu.deadline import Deadline
from iosemu.fax.ifp import Syntax
from iosemu.fax.line import HdlcFrame, LineSignal
from iosemu.fax.t30 import frames
from iosemu.fax.t38 import Redundancy, T38Link
from iosemu.lab.errors import LabError
from iosemu.lab.topology import PstnLine, digits, parse_endpoint
from iosemu.voice.circuit import CallSetup, Cause, End
from iosemu.voice.ports import Exchange

SILENCE_S: Final = 60.0
PARTING_S: Final = 1.0
"""From a DCN to the end of the call."""
REST_S: Final = 3.0
"""So long the peer has to be quiet after a call before its datagrams are a new one."""
COPIES: Final = Redundancy(3, 3)


class T38Line(asyncio.DatagramProtocol):
    """One line; a `Subscriber` of the exchange that also calls. `await start()`, `await stop()`."""

    def __init__(self, clock: Clock, node: PstnLine, exchange: Exchange) -> None:
        assert node.t38 is not None
        self._clock, self._exchange = clock, exchange
        self.number = digits(node.number)
        self._calls = digits(node.calls)
        self._listen, self._peer = parse_endpoint(node.t38.listen), parse_endpoint(node.t38.peer)
        self._syntax = Syntax.V1998 if node.t38.version == 0 else Syntax.V2002
        self._transport: asyncio.DatagramTransport | None = None
        self._end: End | None = None
        self._link: T38Link | None = None
        self._hold: Hold | None = None
        self._silence = Deadline(clock)
        self._rest = Deadline(clock)

    async def start(self) -> None:
        """Open the socket; raises LabError."""
        loop = asyncio.get_running_loop()
        try:
            self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=self._listen)
        except OSError as error:
            host, port = self._listen
            text = (error.strerror or str(error)).lower()
            raise LabError(f"the T.38 line {self.number} cannot listen on {host}:{port}: {text}") from None

    async def stop(self) -> None:
        """End the call, close the socket."""
        self._hang_up()
        self._rest.stop()
        self._rested()
        if self._transport is not None:
            self._transport.close()

    # The exchange.

    def ring(self, end: End) -> None:
        """A call has come."""
        if self._end is not None or self._rest.running:
            end.release(Cause.USER_BUSY)
            return
        self._begin(end)
        end.alert()
        end.answer()
        self._connected()

    def _begin(self, end: End) -> None:
        self._end = end
        # The peer lives in real time: an instant clock has to wait for it.
        self._hold = self._clock.hold()
        end.on_answer = self._connected
        end.on_release = lambda cause: self._over()
        self._silence.start(SILENCE_S, self._hang_up)

    def _connected(self) -> None:
        end = self._end
        if end is None:
            return
        self._link = T38Link(self._send, self._deliver, COPIES, syntax=self._syntax)
        end.on_signal = self._hear

    def _hang_up(self) -> None:
        if self._end is not None:
            self._end.release()
            self._over()

    def _over(self) -> None:
        self._end = self._link = None
        self._silence.stop()
        self._rest.start(REST_S, self._rested)

    def _rested(self) -> None:
        """The peer has been quiet: its next datagram is a call."""
        if self._hold is not None:
            self._hold.release()
            self._hold = None

    # Signals.

    def _hear(self, signal: LineSignal) -> None:
        """From the line to the peer."""
        self._silence.touch()
        if self._link is not None:
            self._link.signal(signal)
        self._look_for_parting(signal)

    def _deliver(self, signal: LineSignal) -> None:
        """From the peer to the line."""
        if self._end is not None:
            self._end.send(signal)
        self._look_for_parting(signal)

    def _look_for_parting(self, signal: LineSignal) -> None:
        if isinstance(signal, HdlcFrame) and signal.fcs_ok and frames.label(signal.octets) == "DCN":
            self._silence.start(PARTING_S, self._hang_up)

    def _send(self, datagram: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(datagram, self._peer)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """What the peer says; nobody else is listened to."""
        if addr[:2] != self._peer:
            return
        if self._link is not None:
            self._silence.touch()
            self._link.datagram(data)
        elif self._rest.running:
            self._rest.touch()
        elif self._end is None and self._calls:
            self._begin(self._exchange.place(CallSetup(self._calls, self.number)))
