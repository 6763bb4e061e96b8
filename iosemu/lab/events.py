"""What happens in the world around the routers, for whoever watches a lab: its live view and, over the control
socket, its tools.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailStored:
    """A message lies in a user's mailbox."""

    server: str
    user: str
    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class RelayTried:
    """The relay offered a message to a router; `code` is the SMTP reply (0: none), `final`: it will not try again."""

    server: str
    recipient: str
    code: int
    text: str
    final: bool


@dataclass(frozen=True, slots=True)
class FaxRinging:
    """A fax machine's bell rings."""

    number: str
    calling: str


@dataclass(frozen=True, slots=True)
class FaxDialled:
    """A fax machine went off-hook and dialled."""

    number: str
    called: str


@dataclass(frozen=True, slots=True)
class FaxSent:
    """A fax machine is done sending; `cause` is empty where every page was confirmed."""

    number: str
    called: str
    pages: int
    cause: str


@dataclass(frozen=True, slots=True)
class FaxReceived:
    """A fax machine laid a document into its tray as `job`; `cause` is empty where the call ended well."""

    number: str
    job: int
    remote_id: str
    pages: int
    cause: str
