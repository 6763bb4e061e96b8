"""The dialog of a call: who the two sides are to each other, from the first answer on.

Rule: texts of the far side (From, To, Contact, Record-Route) go back as they came. Source: RFC 3261 clause 12.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sipmessage import URI, Address, Message, Request, Response

from iosemu.network import Endpoint
from iosemu.sip.messages import PORT, request

_COMMA = re.compile(r",(?![^<]*>)")


@dataclass(slots=True)
class Dialog:
    """`local` and `remote` are From and To of our requests; `target` is where they go, over `route`."""

    call_id: str
    local: str
    remote: str
    target: URI
    peer: Endpoint
    """Where messages of the far side come from."""
    route: list[str] = field(default_factory=list)
    cseq: int = 0
    remote_cseq: int = -1

    def request(self, method: str, sent_by: Endpoint, branch_id: str, cseq: int | None = None) -> Request:
        """A request within the dialog (12.2.1.1); `cseq`: that of the INVITE, for its ACK."""
        if cseq is None:
            self.cseq += 1
        made = request(method, self.target, sent_by=sent_by, branch_id=branch_id, cseq=cseq or self.cseq)
        made.headers.set("From", self.local)
        made.headers.set("To", self.remote)
        made.headers.set("Call-ID", self.call_id)
        if self.route:
            made.headers.setlist("Route", list(self.route))
        return made

    def next_hop(self) -> Endpoint:
        """Where requests go: to the first hop of the route, else to the target, else back where messages come from."""
        try:
            uri = Address.parse(self.route[0]).uri if self.route else self.target
        except ValueError:
            return self.peer
        literal = uri.host.replace(".", "").isdigit()
        return (uri.host, uri.port or PORT) if literal else self.peer

    def refresh(self, message: Message) -> None:
        """A new Contact of the far side (12.2.1.2, 12.2.2)."""
        self.target = contact_of(message, self.target)


def of_request(invite: Request, local_tag: str, peer: Endpoint) -> Dialog:
    """The dialog of an INVITE that came (12.1.1)."""
    return Dialog(
        invite.call_id,
        f"{invite.headers['To']};tag={local_tag}",
        invite.headers["From"],
        contact_of(invite, invite.from_address.uri),
        peer,
        _routes(invite),
        remote_cseq=invite.cseq.sequence,
    )


def of_answer(invite: Request, answer: Response, peer: Endpoint) -> Dialog:
    """The dialog of an INVITE that was answered (12.1.2)."""
    return Dialog(
        invite.call_id,
        invite.headers["From"],
        answer.headers["To"],
        contact_of(answer, invite.uri),
        peer,
        _routes(answer)[::-1],
        cseq=invite.cseq.sequence,
    )


def _routes(message: Message) -> list[str]:
    """The Record-Route of a message, one hop each."""
    return [hop.strip() for line in message.headers.getlist("Record-Route") for hop in _COMMA.split(line)]


def contact_of(message: Message, otherwise: URI) -> URI:
    """The URI of the Contact of a message."""
    try:
        contacts = message.contact
    except ValueError:
        return otherwise
    return contacts[0].uri if contacts else otherwise
