"""A RADIUS server for the tests of a router's commands: it knows some users and keeps every request."""

from __future__ import annotations

from dataclasses import dataclass, field

from iosemu.cli.session import run_now
from iosemu.commands.aaa.servers import AaaServers
from iosemu.commands.context import Device
from iosemu.management.radius import ACCESS_ACCEPT, ACCESS_REJECT, ACCOUNTING_RESPONSE, Answer, Kind, Request
from iosemu.management.radius_client import Server

LINES = (
    "aaa new-model",
    "radius-server host 10.9.9.9 key k",
    "radius-server vsa send",
    "interface FastEthernet0",
    "ip address 10.1.1.1 255.0.0.0",
)


@dataclass
class RadiusServer:
    """What it answers: by user a password and the attributes that come with it; nothing at all while `silent`."""

    users: dict[str, tuple[str, tuple[tuple[str, object], ...]]] = field(default_factory=dict)
    silent: bool = False
    requests: list[Request] = field(default_factory=list)
    asked: list[Server] = field(default_factory=list)

    async def exchange(self, server: Server, request: Request) -> Answer | None:
        self.requests.append(request)
        self.asked.append(server)
        if self.silent:
            return None
        if request.kind is Kind.ACCOUNTING:
            return Answer(ACCOUNTING_RESPONSE)
        said = dict(request.attributes)
        known = self.users.get(str(said["User-Name"]))
        if known is None or known[0] != said["User-Password"]:
            return Answer(ACCESS_REJECT)
        return Answer(ACCESS_ACCEPT, known[1])

    def serve(self, router: Device) -> Device:
        """Have this router's requests come here, those that nobody waits for at once."""
        router.aaa = AaaServers(router, self.exchange)
        router.spawn = run_now
        return router

    def told(self, index: int = -1) -> dict[str, object]:
        """The attributes of a request."""
        return dict(self.requests[index].attributes)
