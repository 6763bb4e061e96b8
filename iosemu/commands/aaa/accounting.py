"""Accounting: which servers hear of what was done on a router, and what is under way.

Rule: a method list says who hears and whether of the start, too; the groups of a list are asked in turn until one takes
the record, all of them with `broadcast`. What is under way is told again every so often with `aaa accounting update
periodic`. Nobody waits for a server: a record that none takes is counted as dropped. RADIUS knows no records of
commands, which only the TACACS+ groups of a list hear of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.commands.aaa.accounts import Record
from iosemu.commands.aaa.login import MethodName, list_of_line, method_names
from iosemu.commands.aaa.protocols import PROTOCOLS, TACACS
from iosemu.commands.system import router_time

if TYPE_CHECKING:
    from iosemu.cli.session import Session
    from iosemu.clock import Clock, Timer
    from iosemu.commands.aaa.servers import AaaServers
    from iosemu.commands.context import Device
    from iosemu.commands.lines.connections import Connection
    from iosemu.config.tree import RunningConfig
    from iosemu.management.radius import Attributes

ACCOUNTING = "aaa accounting"
EXEC, CONNECTION, SYSTEM, COMMANDS = "exec", "connection", "system", "commands"
ON, OFF = "Accounting-On", "Accounting-Off"
_LINES = {SYSTEM: "aaa accounting system default"}  # which has no other list
NO_SESSION = "00000000"  # recalled: what concerns no session


@dataclass(frozen=True, slots=True)
class AccountingList:
    """`aaa accounting SERVICE LIST`: whether the start is told, and the groups that are."""

    name: str
    starts: bool
    groups: tuple[MethodName, ...]
    broadcast: bool = False


def list_called(config: RunningConfig, service: str, name: str, level: int | None = None) -> AccountingList | None:
    """The list of that name (of commands: for those of a level), None where nothing is configured under it, or that
    nobody hears."""
    if not config.root.flag("aaa new-model"):
        return None
    line = next(
        (
            line
            for line in config.root.all(_LINES.get(service, f"aaa accounting {service}"))
            if str(line.values.get("list", "default")) == name
            and line.values.get("level") == level
            and not line.negated
        ),
        None,
    )
    if line is None or line.values["how"] == "none":
        return None
    words = line.tokens[line.tokens.index(str(line.values["how"])) + 1 :]
    methods = method_names(config, [word for word in words if word != "broadcast"])
    hearing = (TACACS,) if service == COMMANDS else PROTOCOLS
    groups = tuple(method for method in methods if method.word in hearing)
    if not groups and service == COMMANDS:
        return None
    return AccountingList(name, line.values["how"] != "stop-only", groups, "broadcast" in words)


class Account:
    """One start and its stop, and what is told between them every `period_s`, unless that is 0; all go out on their
    own."""

    def __init__(
        self, aaa: AaaServers, heard_by: AccountingList, record: Record, clock: Clock, period_s: float = 0.0
    ) -> None:
        self._aaa, self._heard_by, self._record, self._clock = aaa, heard_by, record, clock
        self._period_s = period_s
        self._timer: Timer | None = None
        self.session_id = f"{record.task:08X}"

    def start(self, attributes: Attributes) -> None:
        accounts = self._aaa.accounts
        accounts.active[self._record.task] = self._record
        self._aaa.debug(ACCOUNTING, f"{self._who}: Pick method list '{self._heard_by.name}'")
        if self._heard_by.starts:
            accounts.starts[self._record.service] += 1
            self._tell("START", "Start", attributes)
            self._await_update(attributes)

    def stop(self, attributes: Attributes) -> None:
        if self._timer is not None:
            self._timer.cancel()
        accounts = self._aaa.accounts
        accounts.active.pop(self._record.task, None)
        accounts.stops[self._record.service] += 1
        self._tell("STOP", "Stop", (*attributes, self._elapsed))

    @property
    def _elapsed(self) -> tuple[str, object]:
        return "Acct-Session-Time", max(0, int(self._clock.now() - self._record.began_s))

    def _await_update(self, attributes: Attributes) -> None:
        if self._period_s:
            self._timer = self._clock.call_later(self._period_s, lambda: self._update(attributes))

    def _update(self, attributes: Attributes) -> None:
        self._aaa.accounts.updates[self._record.service] += 1
        self._tell("UPDATE", "Watchdog", (*attributes, self._elapsed))
        self._await_update(attributes)

    @property
    def _who(self) -> str:
        return f"AAA/ACCT/{self._record.service.upper()}({self._record.task:08X})"

    def _tell(self, shown: str, status: str, attributes: Attributes) -> None:
        self._aaa.debug(ACCOUNTING, f"{self._who}: {shown} Request queueing")
        described = (("Acct-Session-Id", self.session_id), ("User-Name", self._record.user), *attributes)
        self._aaa.beside(self._send((*described, ("Acct-Status-Type", status)), shown))

    async def _send(self, attributes: Attributes, shown: str) -> None:
        taken = await _told(self._aaa, self._heard_by, self._record, attributes)
        self._aaa.debug(ACCOUNTING, f"{self._who}: {shown} protocol reply {'PASS' if taken else 'FAIL'}")


async def _told(aaa: AaaServers, heard_by: AccountingList, record: Record, attributes: Attributes) -> bool:
    """Tell the groups of a list; whether one of them took it."""
    taken = False
    for group in heard_by.groups:
        taken = await _taken(aaa, group, record, attributes) or taken
        if taken and not heard_by.broadcast:
            break
    if not taken:
        aaa.accounts.drops[record.service] += 1
    return taken


async def _taken(aaa: AaaServers, group: MethodName, record: Record, attributes: Attributes) -> bool:
    if group.word == TACACS:
        from iosemu.commands.aaa import records, tacacs

        return await tacacs.account(aaa, group.group, records.record(record, attributes))
    from iosemu.management.radius import Kind

    told = (*attributes, ("Acct-Delay-Time", 0))
    return await aaa.ask(Kind.ACCOUNTING, group.group, told) is not None


def open_account(
    device: Device, heard_by: AccountingList, service: str, where: str, user: str, privilege: int = 1
) -> Account:
    """An account that is about to start."""
    now, zone = device.clock.now(), router_time.zone(device).name
    record = Record(device.aaa.new_session(), service, where, user, now, privilege, zone)
    values = [line.values for line in device.config.root.all("aaa accounting update") if not line.negated]
    minutes = next((said.get("period", said.get("minutes", 0)) for said in values), 0)
    return Account(device.aaa, heard_by, record, device.clock, 60.0 * int(str(minutes)))


def account_system(device: Device, status: str) -> None:
    """Tell that the router is there from now on (`ON`), or will not be (`OFF`)."""
    heard_by = list_called(device.config, SYSTEM, "default")
    if heard_by is None or (status == ON and not heard_by.starts):
        return
    counted = device.aaa.accounts.starts if status == ON else device.aaa.accounts.stops
    counted[SYSTEM] += 1
    attributes = (("Acct-Session-Id", NO_SESSION), ("Acct-Status-Type", status))

    record = Record(0, SYSTEM, "", "", device.clock.now(), 1)

    async def tell() -> None:
        await _told(device.aaa, heard_by, record, attributes)

    device.aaa.beside(tell())


def follow_connection(device: Device, session: Session[Device], connection: Connection, port: int) -> None:
    """Account a connection out of the router from now to its end, if its line's list says so."""
    from iosemu.commands.aaa.port import port_attributes

    where, heard_by = heard_on_line(device, session.line, session.user, CONNECTION)
    if heard_by is None:
        return
    account = open_account(device, heard_by, CONNECTION, where, session.user, session.privilege)
    attributes = (
        *port_attributes(device, session.line),
        ("Service-Type", "Login"),
        ("Login-Service", "Telnet"),
        ("Login-IP-Host", connection.address),
        ("Login-TCP-Port", port),
    )
    account.start(attributes)
    connection.at_end.append(lambda: account.stop(attributes))


def account_refusal(device: Device, line: str, user: str) -> None:
    """Tell of somebody who was not let in, where such records are wanted."""
    from iosemu.commands.aaa.port import port_attributes

    where, heard_by = heard_on_line(device, line, user, EXEC)
    if heard_by is not None and device.config.root.flag("aaa accounting send stop-record authentication failure"):
        open_account(device, heard_by, EXEC, where, user).stop(
            (*port_attributes(device, line), ("Service-Type", "NAS Prompt"), ("Acct-Terminate-Cause", "user-request"))
        )


def heard_on_line(
    device: Device, name: str, user: str, service: str, level: int | None = None
) -> tuple[str, AccountingList | None]:
    """A line as `show accounting` names it, and who hears of such a service (commands: of that level) of a user
    there."""
    from iosemu.commands.lines.line_config import line_block
    from iosemu.commands.lines.numbers import named

    line = named(device, name)
    block = line_block(device.config, line.kind, line.number)
    own = list_of_line(block, service, level="" if level is None else str(level))
    heard_by = list_called(device.config, service, own, level)
    unknown = not user and device.config.root.flag("aaa accounting suppress null-username")
    return f"tty{line.absolute}", None if unknown else heard_by


def follow_exec(device: Device, session: Session[Device]) -> None:
    """Account an EXEC session from now to the end of its terminal's session, if its line's list says so."""
    from iosemu.commands.aaa.port import port_attributes

    ends: list[Callable[[], object]] | None = getattr(session.terminal, "at_session_end", None)
    where, heard_by = heard_on_line(device, session.line, session.user, EXEC)
    if ends is None or heard_by is None:
        return
    account = open_account(device, heard_by, EXEC, where, session.user, session.privilege)
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
