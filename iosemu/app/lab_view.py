"""What a person sees of a running lab: its endpoints, then what happens in it, line by line, under the calls of the
moment.
"""

from __future__ import annotations

import asyncio
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from rich.live import Live
from rich.table import Table
from rich.text import Text

from iosemu.app.screen import screen
from iosemu.lab.events import FaxDialled, FaxReceived, FaxRinging, FaxSent, MailStored, RelayTried
from iosemu.lab.mail_server import PORTS
from iosemu.lab.run import at

if TYPE_CHECKING:
    from iosemu.lab.run import Lab

REFRESH_S = 0.5


class LabView:
    """Draws one lab on standard output."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._console = screen()

    def show_endpoints(self) -> None:
        """Print the table of everything that listens, and who can be reached through it."""
        lab = self._lab
        table = Table("Node", "What", "Emulated address", "Service", "Here", title=f"Lab {lab.topology.name}")
        for name, router in lab.routers.items():
            node = router.node
            for service, port, here in (
                ("console", "", router.console),
                ("telnet", ":23", router.telnet),
                ("SSH", ":22", router.ssh),
                ("SNMP", ":161", router.snmp),
                ("SMTP", ":25", router.smtp),
                ("NTP", ":123", router.ntp if router.tells_time else None),
            ):
                if here is not None:
                    table.add_row(name, node.platform, f"{node.address}{port}" if port else "", service, at(here))
        for name, server in lab.mail.items():
            for protocol, here in server.endpoints.items():
                address = f"{server.node.address}:{PORTS[protocol]}"
                table.add_row(name, "mail server", address, protocol.upper(), at(here))
        for machine in lab.machines.values():
            table.add_row(machine.node.name or "fax", "fax machine", machine.node.number, "telephone", "iosemu fax")
        for name, endpoint in lab.trunks.items():
            table.add_row(name, "SIP trunk", "", "SIP", at(endpoint))
        self._console.print(table)
        for server in lab.mail.values():
            self._console.print(f"Mailboxes of {server.node.domain}: {', '.join(server.node.users)} (iosemu mail)")
            if server.node.readers.keys() - server.endpoints.keys():
                self._console.print("Without Dovecot nobody reads them by IMAP4 or POP3.")
        if lab.web is not None:
            self._console.print(f"Lab page: {lab.web}", soft_wrap=True)
        self._console.print("Stop with Ctrl-C.")

    async def live(self, stop: asyncio.Event) -> None:
        """Tell what happens until `stop` is set."""
        ending = [self._lab.bus.subscribe(kind, self._tell) for kind in _KINDS]
        try:
            if self._console.is_terminal:
                await self._under_status(stop)
            else:
                await stop.wait()
        finally:
            for end in ending:
                end()

    async def _under_status(self, stop: asyncio.Event) -> None:
        with Live(self._status(), console=self._console, auto_refresh=False, transient=True) as live:
            while not stop.is_set():
                live.update(self._status(), refresh=True)
                try:
                    await asyncio.wait_for(stop.wait(), REFRESH_S)
                except TimeoutError:
                    continue

    def _status(self) -> Text:
        lab = self._lab
        waiting = sum(len(server.queue.waiting()) for server in lab.mail.values())
        when = f"{lab.clock.wall():%H:%M:%S} UTC"
        return Text(f"{when}   calls {lab.exchange.calls}   mail waiting {waiting}", style="reverse")

    def _tell(self, event: Any) -> None:
        self._console.print(f"{self._lab.clock.wall():%H:%M:%S} {sentence(event)}", soft_wrap=True)


@singledispatch
def sentence(event: object) -> str:
    """An event of the lab in words."""
    return type(event).__name__


@sentence.register
def _(event: FaxDialled) -> str:
    return f"fax {event.number} dials {event.called}"


@sentence.register
def _(event: FaxRinging) -> str:
    return f"fax {event.number} rings, called by {event.calling or 'an unknown number'}"


@sentence.register
def _(event: FaxSent) -> str:
    return f"fax {event.number} sent {event.pages} page(s) to {event.called}: {event.cause or 'confirmed'}"


@sentence.register
def _(event: FaxReceived) -> str:
    sender, how = event.remote_id or "an unnamed machine", event.cause or "complete"
    return f"fax {event.number} received job {event.job} from {sender}, {event.pages} page(s): {how}"


@sentence.register
def _(event: MailStored) -> str:
    return f"{event.server}: mail for {event.user} from {event.sender or 'the mail system'}: {event.subject}"


@sentence.register
def _(event: RelayTried) -> str:
    then = "" if event.final else ", will try again"
    return f"{event.server}: {event.recipient}: {event.code or 'no connection'} {event.text}{then}"


_KINDS: tuple[type[Any], ...] = (FaxDialled, FaxRinging, FaxSent, FaxReceived, MailStored, RelayTried)
