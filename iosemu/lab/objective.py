"""What a lab is for, as its file says it: objectives that `iosemu lab check` tries.

Rule: an objective is one thing that a person would try too: a command and what it must show, a fax that must arrive, a
mail that must become a fax or come back. What is wrong with it is told when the lab file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta


class FaxTrial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"sender": "from"}):
    """Machine `from` faxes a page to the number `to`; every page must be confirmed, and where `mailbox` names a user,
    new mail must lie there."""

    sender: str
    to: str
    mailbox: str = ""


class MailTrial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"sender": "from"}):
    """User `from` mails the address `to`: a whole fax must reach the machine with the number `arrives`, or a report
    that matches the regular expression `returns` must come back."""

    sender: str
    to: str
    arrives: str = ""
    returns: str = ""


class Objective(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One objective, worth `points`: a `fax`, a `mail`, or a privileged EXEC `command` of a `router`, in whose output
    the regular expression `shows` must match a part and `absent` none. What is sent must arrive within `within_s`."""

    name: Annotated[str, Meta(min_length=1)]
    points: Annotated[int, Meta(ge=1, le=100)] = 1
    router: str = ""
    command: str = ""
    shows: str = ""
    absent: str = ""
    fax: FaxTrial | None = None
    mail: MailTrial | None = None
    within_s: Annotated[float, Meta(gt=0, le=3600)] = 180.0


class Named(Protocol):
    @property
    def name(self) -> str: ...


class Server(Protocol):
    @property
    def users(self) -> Mapping[str, str]: ...


class Machine(Protocol):
    @property
    def number(self) -> str: ...


class LabFile(Protocol):
    """What objectives speak of."""

    @property
    def router(self) -> Sequence[Named]: ...

    @property
    def mail(self) -> Sequence[Server]: ...

    @property
    def fax(self) -> Sequence[Machine]: ...

    @property
    def objective(self) -> Sequence[Objective]: ...


def problems(lab: LabFile) -> Iterator[str]:
    """One line a mistake."""
    for objective in lab.objective:
        yield from (f"objective {objective.name!r}: {text}" for text in _problems(lab, objective))


def _problems(lab: LabFile, objective: Objective) -> Iterator[str]:
    kinds = [bool(objective.command), objective.fax is not None, objective.mail is not None]
    if sum(kinds) != 1:
        yield "it needs one of command, fax, mail"
    if objective.command and not (objective.shows or objective.absent):
        yield "a command needs shows or absent"
    if objective.command and objective.router not in {router.name for router in lab.router}:
        yield f"no router {objective.router!r}"
    for pattern in (objective.shows, objective.absent, objective.mail.returns if objective.mail else ""):
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"{pattern!r} is not a regular expression: {error}"
    machines = {_digits(machine.number) for machine in lab.fax}
    users = {user for server in lab.mail for user in server.users}
    if objective.fax is not None:
        if _digits(objective.fax.sender) not in machines:
            yield f"no fax machine {objective.fax.sender!r}"
        if objective.fax.mailbox and objective.fax.mailbox not in users:
            yield f"no mailbox {objective.fax.mailbox!r}"
    if objective.mail is not None:
        if objective.mail.sender not in users:
            yield f"no mailbox {objective.mail.sender!r}"
        if bool(objective.mail.arrives) == bool(objective.mail.returns):
            yield "a mail needs arrives or returns"
        if objective.mail.arrives and _digits(objective.mail.arrives) not in machines:
            yield f"no fax machine {objective.mail.arrives!r}"


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdigit())
