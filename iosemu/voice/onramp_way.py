"""Where an on-ramp call goes: the dial peers that it meets, and the mailboxes behind them.

Rule: pure functions of the settings and the numbers of a call. A number that several MMoIP peers match equally well
goes to all their mailboxes. Source: Cisco documents 47421 and 47763.
"""

from __future__ import annotations

from dataclasses import dataclass

from iosemu.mail.settings import CALLED
from iosemu.voice.applications import Treatment
from iosemu.voice.circuit import Cause
from iosemu.voice.dial_plan import DialPeer, ImageEncoding, ImageResolution, PeerType
from iosemu.voice.settings import VoiceSettings

Form = tuple[ImageEncoding, ImageResolution, bool]
"""`image encoding`, `image resolution` and `mdn` of a peer."""

_HANDING_ON = (Treatment.ON_RAMP, Treatment.ROLLOVER, Treatment.FAX_DETECT)


@dataclass(frozen=True, slots=True)
class Target:
    """An outbound MMoIP peer and the mailbox that it names."""

    peer: DialPeer
    recipient: str

    @property
    def form(self) -> Form:
        """What decides about the text of the message."""
        return self.peer.image_encoding, self.peer.image_resolution, self.peer.mdn


class Refused(Exception):
    """The call cannot be taken; `cause` goes back to the exchange, the text into the log."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Way:
    """The dial peers of an on-ramp call and the mailboxes that it goes to, at least one."""

    inbound: DialPeer
    targets: tuple[Target, ...]


def choose(settings: VoiceSettings, port: str, called: str, calling: str, redirecting: str = "") -> Way:
    """Find the way of a call by its numbers; raises Refused."""
    plan = settings.plan
    inbound = plan.inbound(PeerType.POTS, called=called, calling=calling, port=port)
    if inbound is None or settings.applications.treatment(inbound.application_in) not in _HANDING_ON:
        raise Refused(Cause.NO_ROUTE, f"no on-ramp application for called number {called}")
    routes = [
        route
        for route in plan.outbound(plan.expand(called), PeerType.MMOIP)
        if settings.applications.treatment(route.peer.application_out) is Treatment.ON_RAMP
        and route.peer.session_target
    ]
    if not routes:
        raise Refused(Cause.NO_ROUTE, f"no outbound MMoIP dial peer for called number {called}")
    best = routes[0].peer
    alike = (route.peer for route in routes if _rank(route.peer) == _rank(best))
    domain = settings.identity.domain_name
    return Way(
        inbound, tuple(Target(peer, mailbox(peer.session_target, called, redirecting, domain)) for peer in alike)
    )


def _rank(peer: DialPeer) -> tuple[object, int]:
    """Peers of one pattern and one preference: not one for want of another, but all of them."""
    return peer.destination, peer.preference


def mailbox(target: str, called: str, redirecting: str = "", domain: str = "") -> str:
    """The address of `session target mailto:...`: `$d$` is the called number, `$m$` the redirecting one or else the
    called, `$e$` an application's address or else the called; a bare name gets the gateway's own domain (inferred)."""
    address = target.removeprefix("mailto:")
    for macro, number in ((CALLED, called), ("$m$", redirecting or called), ("$e$", called)):
        address = address.replace(macro, number)
    return address if "@" in address or not domain else f"{address}@{domain}"
