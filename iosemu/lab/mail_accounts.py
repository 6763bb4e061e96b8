"""The mailboxes of a lab's mail server: one Maildir a user, on disk before the sender hears that the mail was
taken.

Rule: delivery is the standard library's Maildir (written to tmp/, then moved to new/), so a killed lab leaves whole
messages or none, and any mail reader can open the folder, move and delete what lies there while it is read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from mailbox import Maildir
from pathlib import Path

from iosemu.lab.errors import NoSuchMailbox

POSTMASTER = "postmaster"  # every mail domain has it, RFC 5321 4.5.1


@dataclass(frozen=True, slots=True)
class MailSummary:
    """One message of a mailbox; `number` counts from 1 in order of arrival."""

    number: int
    sender: str
    to: str
    subject: str
    date: str
    size: int


class Accounts:
    """The users of one mail domain and what lies in their mailboxes; `lists` go to their members."""

    def __init__(
        self, root: Path, domain: str, users: Mapping[str, str], lists: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._root = root
        self.domain = domain
        self.users = dict(users)
        self._lists = {name.casefold(): tuple(members) for name, members in (lists or {}).items()}

    def is_local(self, address: str) -> bool:
        """Whether the address is in this server's own domain."""
        return address.rpartition("@")[2].casefold() == self.domain.casefold()

    def owner(self, address: str) -> str | None:
        """The user whose mailbox a local address names, or None."""
        local = address.rpartition("@")[0].casefold()
        if local == POSTMASTER:
            return POSTMASTER
        return next((user for user in self.users if user.casefold() == local), None)

    def knows(self, address: str) -> bool:
        """Whether mail for a local address finds somebody: a user or a list."""
        return self.owner(address) is not None or address.rpartition("@")[0].casefold() in self._lists

    def members(self, addresses: Sequence[str]) -> list[str]:
        """The addresses with every list taken apart, lists in lists too; nobody twice, and a list that holds itself
        once."""
        found: dict[str, str] = {}
        waiting, opened = list(reversed(addresses)), set()
        while waiting:
            address = waiting.pop()
            if "@" not in address:
                address = f"{address}@{self.domain}"
            name = address.rpartition("@")[0].casefold()
            if not self.is_local(address) or name not in self._lists or self.owner(address) is not None:
                found.setdefault(address.casefold(), address)
            elif name not in opened:
                opened.add(name)
                waiting += reversed(self._lists[name])
        return list(found.values())

    def deliver(self, user: str, message: bytes) -> None:
        """Store a message, with the line ends of this machine's mail readers; returns when it is on disk."""
        self._open(user).add(message.replace(b"\r\n", b"\n"))

    def contents(self, user: str) -> list[MailSummary]:
        """What lies in a mailbox, oldest first; raises NoSuchMailbox."""
        box, keys = self._messages(user)
        found = []
        for number, key in enumerate(keys, 1):
            with suppress(KeyError, FileNotFoundError):
                found.append(_summary(number, box.get_bytes(key)))
        return found

    def count(self, user: str) -> int:
        """How many messages lie in a mailbox; raises NoSuchMailbox."""
        return len(self._messages(user)[1])

    def message(self, user: str, number: int) -> bytes:
        """The whole message `number` of a mailbox; raises NoSuchMailbox, IndexError where there is no such message."""
        box, keys = self._messages(user)
        if not 1 <= number <= len(keys):
            raise IndexError(number)
        try:
            return box.get_bytes(keys[number - 1])
        except (KeyError, FileNotFoundError):
            raise IndexError(number) from None

    def _messages(self, user: str) -> tuple[Maildir, list[str]]:
        name = self.owner(f"{user.partition('@')[0]}@{self.domain}")
        if name is None or ("@" in user and not self.is_local(user)):
            raise NoSuchMailbox(f"no mailbox {user!r}; the users are {', '.join(self.users)}")
        box = self._open(name)
        return box, sorted(box.keys(), key=_arrival)

    def _open(self, user: str) -> Maildir:
        self._root.mkdir(parents=True, exist_ok=True)
        return Maildir(self._root / user, create=True)


def _arrival(key: str) -> tuple[int, int, int]:
    """Order of arrival from the name that the standard library gives a message: SECONDS.MmicrosPpidQcount.HOST."""
    seconds, _, rest = key.partition(".")
    micros, _, rest = rest.removeprefix("M").partition("P")
    count = rest.partition("Q")[2].partition(".")[0]
    try:
        return int(seconds), int(micros), int(count)
    except ValueError:  # a message that another program put there
        return (int(seconds) if seconds.isdigit() else 0), 0, 0


def _summary(number: int, octets: bytes) -> MailSummary:
    message = BytesParser(policy=policy.default).parsebytes(octets, headersonly=True)

    def header(name: str) -> str:
        try:
            return " ".join(str(message.get(name, "")).split())
        except Exception:  # the header parser of the standard library stumbles over some malformed headers
            return ""

    return MailSummary(number, header("From"), header("To"), header("Subject"), header("Date"), len(octets))
