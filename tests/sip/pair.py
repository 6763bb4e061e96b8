"""Two user agents on a manual clock, with a network between them that can lose datagrams."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from sipmessage import Request, Response

from iosemu.clock import ManualClock
from iosemu.network import Endpoint
from iosemu.sip.agent import IncomingCall, OutgoingCall, UserAgent
from iosemu.sip.messages import parse

A, B = ("10.0.0.1", 5060), ("10.0.0.2", 5060)
DELAY_S = 0.01


class Pair:
    """Agents `a` and `b`; `sent` has every datagram with its time and whether it was lost."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.sent: list[tuple[float, Endpoint, Request | Response]] = []
        self.lose: Callable[[Endpoint, Request | Response], bool] = lambda source, message: False
        self.taken: list[IncomingCall] = []
        self.on_call: Callable[[IncomingCall], object] = lambda call: None
        serial = count(1)
        self._agents: dict[Endpoint, UserAgent] = {}
        for own in (A, B):
            self._agents[own] = UserAgent(
                self.clock,
                lambda octets, to, own=own: self._carry(octets, own, to),  # type: ignore[misc]
                lambda peer, own=own: own,  # type: ignore[misc]
                self._take,
                product="test",
                token=lambda: f"t{next(serial)}",
            )
        self.a, self.b = self._agents[A], self._agents[B]

    def call(self, number: str = "5550100", offer: bytes = b"offer") -> OutgoingCall:
        """A calls B."""
        return self.a.call(number, B, calling="5550199", name="Tom", offer=offer)

    def put(self, octets: bytes, source: Endpoint, to: Endpoint) -> None:
        """Somebody's datagram."""
        self._agents[to].receive(octets, source)

    def lines(self, source: Endpoint | None = None) -> list[str]:
        """What went over the network: methods and status codes."""
        return [_name(message) for _, by, message in self.sent if source in (None, by)]

    def _take(self, call: IncomingCall) -> None:
        self.taken.append(call)
        self.on_call(call)

    def _carry(self, octets: bytes, source: Endpoint, to: Endpoint) -> None:
        message = parse(octets)
        self.sent.append((self.clock.now(), source, message))
        if not self.lose(source, message):
            self.clock.call_later(DELAY_S, lambda: self._agents[to].receive(octets, source))


def _name(message: Request | Response) -> str:
    return message.method if isinstance(message, Request) else str(message.code)
