"""A router's mail transfer agent as a whole: the client for its calls, the outbox for its notices, the server for its
off-ramp.

Rule: settings are asked anew for every decision, so that configuration changes hold at once and a reload changes no
agent; what a router without a fax never needs is not loaded for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.mail.envelope import Envelope, FaxMail, Outcome, Verdict
from iosemu.mail.outbox import Outbox
from iosemu.mail.settings import Identity, ReceiveSettings, SendSettings
from iosemu.mail.spool import Spool
from iosemu.network import Network

if TYPE_CHECKING:
    from iosemu.mail.client import MtaClient
    from iosemu.mail.server import MtaServer


class MailSettings(Protocol):
    """What a configuration says of mail."""

    @property
    def send(self) -> SendSettings: ...

    @property
    def receive(self) -> ReceiveSettings: ...

    @property
    def identity(self) -> Identity: ...


class MailAgent:
    """See the module's rule. Use it inside a running asyncio loop.

    `source` is the address that connections come from, `deliver` faxes one mail, `now` is the router's local time,
    `spawn` runs a coroutine beside it all; `outbox` is the file for notices that wait, None keeps them in memory.
    """

    def __init__(
        self,
        settings: Callable[[], MailSettings],
        *,
        network: Network,
        clock: Clock,
        emit: EventSink,
        source: Callable[[], str],
        deliver: Callable[[FaxMail], Awaitable[Verdict]],
        now: Callable[[], datetime],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        outbox: Path | None = None,
    ) -> None:
        self._settings = settings
        self._network = network
        self._clock = clock
        self._emit = emit
        self._source = source
        self._deliver = deliver
        self._now = now
        self._client: MtaClient | None = None
        self._server: MtaServer | None = None
        self._outbox = Outbox(outbox, clock=clock, send=self._send_notice, spawn=spawn, emit=emit)

    async def send(self, settings: SendSettings, envelope: Envelope, message: bytes | Spool) -> Outcome:
        """Try a message once, over the servers of `settings`; never raises for what a network or a server does."""
        from iosemu.mail.client import MtaClient  # brings aiosmtplib

        if self._client is None:
            self._client = MtaClient(self._network, self._clock, self._emit)
        hello = self._settings().identity.name
        return await self._client.deliver(settings, envelope, message, source=self._source(), hello=hello)

    async def _send_notice(self, envelope: Envelope, message: bytes) -> Outcome:
        return await self.send(self._settings().send, envelope, message)

    def post(self, recipient: str, message: bytes) -> None:
        """See `Outbox.post`."""
        self._outbox.post(recipient, message)

    def resume(self) -> None:
        """Send the notices that an earlier life owed."""
        self._outbox.resume()

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Serve the off-ramp there; OSError where that cannot be."""
        from iosemu.mail.server import MtaServer  # brings aiosmtpd

        self._server = MtaServer(
            lambda: self._settings().receive,
            lambda: self._settings().identity,
            self._deliver,
            now=self._now,
            emit=self._emit,
            source_of=self._network.source_of,
        )
        return await asyncio.get_running_loop().create_server(self._server.factory, host, port)

    async def hang_up(self) -> None:
        """End every dialogue with a client, and the faxes under way."""
        if self._server is not None:
            await self._server.close()

    def stop(self) -> None:
        """Power off, once nothing is under way any more: what was not taken stays on disk."""
        self._outbox.stop()
