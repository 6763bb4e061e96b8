"""Accounting: which servers hear of what was done on a router, and what is under way.

Rule: a method list says who hears and whether of the start, too; the groups of a list are asked in turn until one takes
the record, all of them with `broadcast`. Nobody waits for a server: a record that none takes is counted as dropped.
RADIUS knows no records of commands; TACACS+, which does, is never reached.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.commands.aaa_accounts import Record
from iosemu.commands.aaa_login import list_of_line, method_names

if TYPE_CHECKING:
    from iosemu.cli.session import Session
    from iosemu.commands.aaa_servers import AaaServers
    from iosemu.commands.context import Device
    from iosemu.config.tree import RunningConfig
    from iosemu.management.radius import Attributes

ACCOUNTING = "aaa accounting"
EXEC, CONNECTION = "exec", "connection"


@dataclass(frozen=True, slots=True)
class AccountingList:
    """`aaa accounting SERVICE LIST`: whether the start is told, and the RADIUS groups that are."""

    name: str
    starts: bool
    groups: tuple[str, ...]
    broadcast: bool = False


def list_called(config: RunningConfig, service: str, name: str) -> AccountingList | None:
    """The list of that name, None where nothing is configured under it, or that nobody hears."""
    if not config.root.flag("aaa new-model"):
        return None
    line = next(
        (
            line
            for line in config.root.all(f"aaa accounting {service}")
            if str(line.values["list"]) == name and not line.negated
        ),
        None,
    )
    if line is None or line.values["how"] == "none":
        return None
    words = line.tokens[line.tokens.index(str(line.values["how"])) + 1 :]
    methods = method_names(config, [word for word in words if word != "broadcast"])
    groups = tuple(method.group for method in methods if method.word == "radius")
    return AccountingList(name, line.values["how"] != "stop-only", groups, "broadcast" in words)


class Account:
    """One start and its stop; both go out on their own."""

    def __init__(self, aaa: AaaServers, heard_by: AccountingList, record: Record, now: Callable[[], float]) -> None:
        self._aaa, self._heard_by, self._record, self._now = aaa, heard_by, record, now
        self.session_id = f"{record.task:08X}"

    def start(self, attributes: Attributes) -> None:
        accounts = self._aaa.accounts
        accounts.active[self._record.task] = self._record
        self._aaa.debug(ACCOUNTING, f"{self._who}: Pick method list '{self._heard_by.name}'")
        if self._heard_by.starts:
            accounts.starts[self._record.service] += 1
            self._tell("START", "Start", attributes)

    def stop(self, attributes: Attributes) -> None:
        accounts = self._aaa.accounts
        accounts.active.pop(self._record.task, None)
        accounts.stops[self._record.service] += 1
        elapsed = max(0, int(self._now() - self._record.began_s))
        self._tell("STOP", "Stop", (*attributes, ("Acct-Session-Time", elapsed)))

    @property
    def _who(self) -> str:
        return f"AAA/ACCT/{self._record.service.upper()}({self._record.task:08X})"

    def _tell(self, shown: str, status: str, attributes: Attributes) -> None:
        self._aaa.debug(ACCOUNTING, f"{self._who}: {shown} Request queueing")
        described = (("Acct-Session-Id", self.session_id), ("User-Name", self._record.user), *attributes)
        self._aaa.beside(self._send((*described, ("Acct-Status-Type", status)), shown))

    async def _send(self, attributes: Attributes, shown: str) -> None:
        from iosemu.management.radius import Kind

        taken = False
        for group in self._heard_by.groups:
            answer = await self._aaa.ask(Kind.ACCOUNTING, group, (*attributes, ("Acct-Delay-Time", 0)))
            taken = taken or answer is not None
            if taken and not self._heard_by.broadcast:
                break
        if not taken:
            self._aaa.accounts.drops[self._record.service] += 1
        self._aaa.debug(ACCOUNTING, f"{self._who}: {shown} protocol reply {'PASS' if taken else 'FAIL'}")


def open_account(
    device: Device, heard_by: AccountingList, service: str, where: str, user: str, privilege: int = 1
) -> Account:
    """An account that is about to start."""
    record = Record(device.aaa.new_session(), service, where, user, device.clock.now(), privilege)
    return Account(device.aaa, heard_by, record, device.clock.now)


def follow_exec(device: Device, session: Session[Device]) -> None:
    """Account an EXEC session from now to the end of its terminal's session, if its line's list says so."""
    from iosemu.commands.aaa_lines import port_attributes
    from iosemu.commands.line_config import line_block
    from iosemu.commands.line_numbers import named

    ends: list[Callable[[], object]] | None = getattr(session.terminal, "at_session_end", None)
    line = named(device, session.line)
    heard_by = list_called(device.config, EXEC, list_of_line(line_block(device.config, line.kind, line.number), EXEC))
    if ends is None or heard_by is None:
        return
    account = open_account(device, heard_by, EXEC, f"tty{line.absolute}", session.user, session.privilege)
    authentic = device.aaa.authentic.get(session.line, "Local")
    attributes = (
        ("Acct-Authentic", authentic),
        *port_attributes(device, session.line),
        ("Service-Type", "NAS Prompt"),
    )
    account.start(attributes)

    def ended() -> None:
        cause = "user-request" if session.closed else "lost-carrier"
        account.stop((*attributes, ("Acct-Terminate-Cause", cause)))

    ends.append(ended)
