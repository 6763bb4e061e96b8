"""Values that pass between the mail parts and the call side: envelopes, outcomes, verdicts, and a mail that is to be
faxed.

Rule: plain data, so that the call plane can use it without loading an SMTP library.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, Flag, auto

from iosemu.mail.address import FaxAddress
from iosemu.mail.spool import Spool


class Notify(Flag):
    """Delivery notifications asked for a recipient (RFC 1891); `NONE` is the NOTIFY=NEVER of the wire."""

    NONE = 0
    SUCCESS = auto()
    FAILURE = auto()
    DELAY = auto()

    @property
    def keywords(self) -> str:
        """The value of the NOTIFY parameter."""
        return ",".join(flag.name or "" for flag in Notify if flag in self) or "NEVER"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes, and what is to be told of it there; `notify` None asks for nothing."""

    address: str
    notify: Notify | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends a message to whom, in the order of RCPT. An empty sender is the null reverse-path.

    `envelope_id` comes back in notifications; a message's id tells which message they speak of (RFC 3249 section 4.3).
    """

    sender: str
    recipients: tuple[Recipient, ...]
    envelope_id: str = ""


class Failure(Enum):
    """Why a message did not reach a server."""

    NONE = auto()
    NO_SERVER = auto()
    UNREACHABLE = auto()
    REFUSED = auto()
    LOST = auto()
    TIMED_OUT = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended: the last reply of the last server that was tried.

    `code` is 0 where no server said anything; `server` is the address that was spoken to, or "".
    """

    ok: bool
    code: int
    text: str
    server: str
    failure: Failure = Failure.NONE

    @property
    def cause_text(self) -> str:
        """The text of a failed e-mail in the call history (its form after 354 is from a real `show call history
        fax`)."""
        return f"The e-mail was not sent correctly. Remote SMTP server said: {self.code or ''} {self.text}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the fax side says to a mail: an SMTP reply code, its enhanced code (RFC 1893) and the text."""

    code: int
    enhanced: str
    text: str

    @property
    def ok(self) -> bool:
        return self.code < 400

    @property
    def line(self) -> str:
        return f"{self.code} {self.enhanced} {self.text}"


class PartKind(Enum):
    """What a fax can carry; the value is the content type."""

    TEXT = "text/plain"
    ENRICHED = "text/enriched"
    TIFF = "image/tiff"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail, decoded: `text` for the text kinds (line ends "\\n"), `data` for a TIFF."""

    kind: PartKind
    text: str = ""
    data: bytes = b""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A parsed mail: header lines as they came (unfolded, undecoded), the parts a fax can carry, and the counts of
    `AcceptedMimeTypes` and `DiscardedMimeTypes`."""

    headers: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    discarded: int = 0

    @property
    def accepted(self) -> int:
        return len(self.parts)

    def header(self, name: str) -> str:
        """The first header of this name, or ""."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class FaxRecipient:
    """A recipient that the server took: the address as written, what it means, and the notifications asked for.

    `original` is the ORCPT parameter decoded (`rfc822;user@host`), or "".
    """

    text: str
    address: FaxAddress
    notify: Notify | None = None
    original: str = ""


@dataclass(frozen=True, slots=True)
class FaxMail:
    """One mail to one fax number, as the off-ramp application gets it.

    `arrived` is the router clock at the end of DATA; `peer` the client's address; `host` the alias it was sent to us
    as. `companions` counts the other recipients of the same transaction (several only under X-SESSION). `message` is
    the mail as it came, shared by its recipients.
    """

    sender: str
    recipient: FaxRecipient
    content: Content
    arrived: datetime
    host: str
    peer: str = ""
    hello: str = ""
    envelope_id: str = ""
    return_full: bool = False
    companions: int = 0
    message: Spool = field(default_factory=Spool, repr=False, compare=False)

    @property
    def size(self) -> int:
        """Octets of the mail."""
        return self.message.size
