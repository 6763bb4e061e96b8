"""A crowd of clients at once, Postfix's smtp-source, on the lab's mail server: every mail is kept once, every fax
queued once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.clock import ManualClock
from iosemu.lab.mail_server import MailServer
from iosemu.lab.network import VirtualNetwork
from iosemu.lab.topology import MailNode
from tests.peers.test_postfix import run

pytestmark = pytest.mark.peer

DOMAIN = "testlab-t37.com"
FAX = "FAX=9-555-8354@15.80.7.107"
MAILS, SESSIONS = 300, 20


@pytest.mark.parametrize("recipient", [f"tom@{DOMAIN}", f"staff@{DOMAIN}", FAX])
def test_every_mail_of_a_crowd_is_kept_once(need: Callable[[str], str], tmp_path: Path, recipient: str) -> None:
    source = need("smtp-source")
    lists = {"staff": ["tom", "john", FAX]}
    users = {"tom": "tom", "john": "john"}

    async def case() -> None:
        node = MailNode(name="testlab-smtp", address="172.18.106.36", domain=DOMAIN, users=users, lists=lists)
        network = VirtualNetwork({})
        server = MailServer(node, tmp_path, clock=ManualClock(), network=network, emit=lambda event: None)
        await server.start()
        try:
            load = ["-s", str(SESSIONS), "-m", str(MAILS), "-l", "20000"]
            await run(source, *load, "-f", f"john@{DOMAIN}", "-t", recipient, "{}:{}".format(*server.endpoint))
            queued = len(server.queue.waiting())
        finally:
            await server.stop()
        kept = {user: server.accounts.count(user) for user in users}
        wanted = {
            f"tom@{DOMAIN}": ({"tom": MAILS, "john": 0}, 0),
            f"staff@{DOMAIN}": ({"tom": MAILS, "john": MAILS}, MAILS),
            FAX: ({"tom": 0, "john": 0}, MAILS),
        }
        assert (kept, queued) == wanted[recipient]

    asyncio.run(case())
