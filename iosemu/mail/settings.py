"""What `mta send *`, `mta receive *` and the host name say, as frozen values.

Rule: the running-config is the only owner of these facts; whoever reads it (the voice side's typed views) fills these
classes, and the mail parts see nothing else of a router. Ranges and defaults: Cisco IOS Voice Command Reference,
chapter m.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

# The printed form of the version banner's second line is cut to this many characters in X-Mailer (four real messages).
MAILER_LENGTH = 35

CALLING = "$s$"
CALLED = "$d$"


class SubjectNumbers(Enum):
    """`mta send with-subject`: which numbers are put after the subject; the value is the keyword."""

    NONE = ""
    CALLED = "$d$"
    CALLING = "$s$"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Identity:
    """How a gateway names itself in mail.

    `mailer` is the second line of its version banner; the message cuts it. The others are habits of the image: where
    it is `dotted`, a router without a domain name is `faxe.` in Received and Content-ID (2002), else plain `mgw01`
    (2008); where it `types_twice`, the part that has the fax says its type two times (2008, 2011).
    """

    host_name: str
    domain_name: str = ""
    mailer: str = ""
    dotted: bool = True
    types_twice: bool = False

    @property
    def name(self) -> str:
        """`host.domain`, or the bare host name without a domain."""
        return f"{self.host_name}.{self.domain_name}" if self.domain_name else self.host_name

    @property
    def qualified(self) -> str:
        """The name as Received and Content-ID have it: with the separating dot even where no domain follows."""
        return f"{self.host_name}." if self.dotted and not self.domain_name else self.name

    @property
    def x_mailer(self) -> str:
        return self.mailer[:MAILER_LENGTH]


@dataclass(frozen=True, slots=True)
class SendSettings:
    """`mta send *`: the on-ramp's SMTP client.

    `servers` in configured order (at most ten), names or addresses. The two halves of `mail-from` and of
    `return-receipt-to` are "" where not configured; a user name may be `$s$`, the calling number.
    """

    servers: tuple[str, ...] = ()
    subject: str = ""
    with_subject: SubjectNumbers = SubjectNumbers.NONE
    origin_prefix: str = ""
    postmaster: str = ""
    mail_from_username: str = ""
    mail_from_hostname: str = ""
    return_receipt_username: str = ""
    return_receipt_hostname: str = ""
    filename: str = ""
    filename_date: bool = False
    success_fax_only: bool = False


@dataclass(frozen=True, slots=True)
class ReceiveSettings:
    """`mta receive *`: the off-ramp's SMTP server.

    `aliases` (at most ten) in configured order, host names or `[a.b.c.d]`; none means the router's own name.
    `maximum_recipients` 0-1024 counts recipients in flight over all connections; 0 takes no mail at all.
    """

    aliases: tuple[str, ...] = ()
    maximum_recipients: int = 0
    generate_mdn: bool = False
    permanent_error: bool = False
    disable_dsn: bool = False

    def names(self, identity: Identity) -> tuple[str, ...]:
        """The hosts for which mail is taken, never empty; the first is what the server calls itself."""
        return self.aliases or (identity.name,)
