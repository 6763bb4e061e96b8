"""Which dial peer a call meets, coming in and going out.

Rule: a plan is a frozen value made from the configuration; it decides, it never acts. Inbound order (Cisco IOS dial
peer matching): `incoming called-number` against the called number, `answer-address` and then `destination-pattern`
against the calling number, then the port of a POTS peer; the longest match of the first attribute that matches at all
wins. Outbound: as `dial-peer hunt` says, by itself the longest match, then the lowest preference; where that
leaves it to chance the order of configuration decides, so that a lab repeats itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from iosemu.voice.digits import NumberExpansion, Pattern, PatternMatch, expand, outgoing
from iosemu.voice.voip_settings import VoipSettings


class PeerType(Enum):
    """`dial-peer voice TAG TYPE`; the value is (keyword, heading of its `show` block without the tag)."""

    POTS = ("pots", "VoiceEncapPeer")
    VOIP = ("voip", "VoiceOverIpPeer")
    MMOIP = ("mmoip", "MultiMediaMailOverIpPeer")  # inferred

    @property
    def keyword(self) -> str:
        return self.value[0]

    @property
    def heading(self) -> str:
        return self.value[1]


class ImageEncoding(Enum):
    """`image encoding`; the value is the keyword."""

    PASSTHROUGH = "passthrough"
    MH = "mh"
    MR = "mr"
    MMR = "mmr"


class ImageResolution(Enum):
    """`image resolution`; the value is the keyword."""

    PASSTHROUGH = "passthrough"
    STANDARD = "standard"
    FINE = "fine"
    SUPERFINE = "superfine"


class Dsn(Enum):
    """`dsn`; the value is the keyword of the command."""

    SUCCESS = "success"
    FAILURE = "failure"
    DELAY = "delay"

    @property
    def notify(self) -> str:
        """The word of the NOTIFY parameter of RCPT, RFC 3461 clause 4.1."""
        return self.value.upper()


@dataclass(frozen=True, slots=True)
class DialPeer:
    """One `dial-peer voice` block. Patterns are None where not configured; numbers carry no punctuation."""

    tag: int
    type: PeerType
    description: str = ""
    shutdown: bool = False
    destination: Pattern | None = None
    incoming_called: Pattern | None = None
    answer_address: Pattern | None = None
    preference: int = 0
    huntstop: bool = False
    max_connections: int | None = None
    application_in: str = ""
    application_out: str = ""
    information: str = "voice"
    # pots
    port: str = ""
    trunk_groups: tuple[str, ...] = ()
    """Best first."""
    prefix: str = ""
    forward_digits: str = "default"
    digit_strip: bool = True
    direct_inward_dial: bool = False
    # mmoip and voip
    session_target: str = ""
    session_protocol: str = ""
    image_encoding: ImageEncoding = ImageEncoding.PASSTHROUGH
    image_resolution: ImageResolution = ImageResolution.PASSTHROUGH
    dsn: frozenset[Dsn] = frozenset()
    mdn: bool = False
    voip: VoipSettings | None = None
    """Of a VoIP peer."""

    @property
    def reachable(self) -> bool:
        """Whether it is administratively up and any attribute lets a call find it."""
        identified = self.destination or self.incoming_called or self.answer_address or self.port
        return not self.shutdown and bool(identified)

    @property
    def valid(self) -> bool:
        """Whether what is configured is enough for its operation state: a pattern is worth nothing without a way out.

        Source: Cisco, Operational Status of Dial Peers (document 12426).
        """
        if self.destination is not None:
            return bool(self.session_target or self.port or self.trunk_groups)
        return bool(self.incoming_called or self.answer_address)

    def dialled(self, number: str) -> str:
        """The digits that a POTS peer dials for `number`."""
        return outgoing(
            number, self.destination, prefix=self.prefix, forward=self.forward_digits, strip=self.digit_strip
        )


@dataclass(frozen=True, slots=True)
class Route:
    """An outbound peer and how the number met its pattern."""

    peer: DialPeer
    match: PatternMatch


def _unused(tag: int) -> float:
    return 0.0


_LONGEST, _PREFERRED, _LEAST_RECENT = range(3)
# `dial-peer hunt`: what decides, in this order.
_HUNT_ORDERS = (
    (_LONGEST, _PREFERRED),
    (_LONGEST, _PREFERRED, _LEAST_RECENT),
    (_PREFERRED, _LONGEST),
    (_PREFERRED, _LONGEST, _LEAST_RECENT),
    (_LEAST_RECENT, _LONGEST, _PREFERRED),
    (_LEAST_RECENT, _PREFERRED, _LONGEST),
    (),
    (_LEAST_RECENT,),
)


@dataclass(frozen=True, slots=True)
class DialPlan:
    """All dial peers in the order of the running-config, the `num-exp` lines and the order of `dial-peer hunt`."""

    peers: tuple[DialPeer, ...] = ()
    expansions: tuple[NumberExpansion, ...] = ()
    hunt: int = 0
    _by_tag: dict[int, DialPeer] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_tag.update((peer.tag, peer) for peer in self.peers)

    def peer(self, tag: int) -> DialPeer | None:
        return self._by_tag.get(tag)

    def expand(self, number: str) -> str:
        """The number after `num-exp`."""
        return expand(number, self.expansions)

    def inbound(self, kind: PeerType, *, called: str, calling: str = "", port: str = "") -> DialPeer | None:
        """The peer that takes a call coming in; None means the default peer 0."""
        peers = [peer for peer in self.peers if peer.type is kind and peer.reachable]
        for attribute, number in (("incoming_called", called), ("answer_address", calling), ("destination", calling)):
            best = _longest(peers, attribute, number)
            if best is not None:
                return best
        if kind is PeerType.POTS and port:
            return next((peer for peer in peers if peer.port == port), None)
        return None

    def outbound(
        self, number: str, kind: PeerType | None = None, last_used: Callable[[int], float] = _unused
    ) -> tuple[Route, ...]:
        """Every peer that the number leads to, best first, cut after a peer with `huntstop`; `last_used` tells when a
        call last met the peer of a tag."""
        routes = []
        for peer in self.peers:
            if peer.destination is None or not peer.reachable or (kind is not None and peer.type is not kind):
                continue
            match = peer.destination.match(number)
            if match is not None:
                routes.append(Route(peer, match))
        order = _HUNT_ORDERS[self.hunt]

        def rank(route: Route) -> tuple[float, ...]:
            ranks = (-route.match.explicit, route.peer.preference, last_used(route.peer.tag))
            return tuple(ranks[place] for place in order)

        routes.sort(key=rank)
        for index, route in enumerate(routes):
            if route.peer.huntstop:
                return tuple(routes[: index + 1])
        return tuple(routes)


def _longest(peers: list[DialPeer], attribute: str, number: str) -> DialPeer | None:
    best: DialPeer | None = None
    weight = (-1, -1)
    if not number:
        return None
    for peer in peers:
        pattern: Pattern | None = getattr(peer, attribute)
        match = pattern.match(number) if pattern is not None else None
        if match is not None and (match.explicit, len(match.matched)) > weight:
            best, weight = peer, (match.explicit, len(match.matched))
    return best
