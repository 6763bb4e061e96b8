"""The AAA servers that a configuration names, and the router's conversation with them over its network.

Rule: who is asked, with which key and how patiently, is read from the configuration for each request. A server that
cannot be reached is one that does not answer: its time passes all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from iosemu.commands.aaa_accounts import Accounts
from iosemu.network import Unreachable

if TYPE_CHECKING:
    from iosemu.clock import Clock
    from iosemu.commands.debugged import DebugLog
    from iosemu.config.tree import Block, Line, RunningConfig
    from iosemu.events import EventBus
    from iosemu.management.radius import Answer, Attributes, Kind, Request
    from iosemu.management.radius_client import Exchange, RadiusClient, Server
    from iosemu.network import Network

RADIUS = "radius"
# Without this address the field cannot be filled: no interface is up.
_NO_ADDRESS = "0.0.0.0"
_MOST_WAITING = 8


def servers_of(config: RunningConfig, group: str) -> list[Server]:
    """The RADIUS servers of a group in its order, its private ones last; `radius` is the group of all that are not."""
    from iosemu.management.radius_client import Server

    def told(line: Line) -> Server:
        return Server(
            str(line.values["address"]),
            int(str(line.values["authport"])),
            int(str(line.values["acctport"])),
            _key(config.root, line.values),
            float(str(line.values.get("seconds", config.root.value("radius-server timeout", "seconds", 5)))),
            int(str(line.values.get("tries", config.root.value("radius-server retransmit", "count", 3)))),
        )

    known = {server.identity: server for server in map(told, config.root.all("radius-server host"))}
    if group == RADIUS:
        return list(known.values())
    block = config.root.block("aaa group server radius", name=group)
    if block is None:
        return []
    wanted = (
        (
            str(line.values["address"]),
            int(str(line.values.get("authport", 1645))),
            int(str(line.values.get("acctport", 1646))),
        )
        for line in block.all("server")
    )
    shared = [known[identity] for identity in wanted if identity in known]
    return shared + [told(line) for line in block.all("server-private")]


def _key(root: Block, values: dict[str, object]) -> str:
    """The key of a server: its own, else the one for all."""
    for said in (values, _values(root, "radius-server key")):
        if "hidden" in said:
            return _unveiled(str(said["hidden"]))
        if "secret" in said:
            form, _, rest = str(said["secret"]).partition(" ")
            return _unveiled(rest) if form == "7" and rest else rest if form == "0" and rest else str(said["secret"])
    return ""


def _unveiled(hidden: str) -> str:
    from iosemu.commands import passwords

    try:
        return passwords.unveil(hidden)
    except passwords.BadHash:
        return ""


def _values(root: Block, command: str) -> dict[str, object]:
    line = root.get(command)
    return line.values if line is not None and not line.negated else {}


class Asking(Protocol):
    """The router that asks."""

    @property
    def clock(self) -> Clock: ...
    @property
    def bus(self) -> EventBus: ...
    @property
    def config(self) -> RunningConfig: ...
    @property
    def network(self) -> Network: ...
    @property
    def log(self) -> DebugLog: ...
    @property
    def debugs(self) -> set[str]: ...
    @property
    def spawn(self) -> Callable[[Coroutine[Any, Any, None]], object]: ...


class AaaServers:
    """What a router asks its servers; one a router, from power-on to power-off."""

    def __init__(self, device: Asking, exchange: Exchange | None = None) -> None:
        """`exchange` takes the place of the router's network."""
        self._device = device
        self._exchange = exchange if exchange is not None else self._over_network
        self._client: RadiusClient | None = None
        self.on_client: Callable[[], object] | None = None
        """Called when the RADIUS client is first made."""
        self.accounts = Accounts()
        self.authentic: dict[str, str] = {}
        """By line: who knew the user that came in there last, `RADIUS` or `Local`."""
        self.last_session = 0
        """The number of the last AAA session, which is its Acct-Session-Id."""

    @property
    def client(self) -> RadiusClient:
        """The RADIUS client."""
        from iosemu.management.radius_client import RadiusClient

        if self._client is None:
            self._client = RadiusClient(self._exchange, self._device.clock.now, self._device.bus.publish)
            if self.on_client is not None:
                self.on_client()
        return self._client

    def debug(self, switch: str, text: str) -> None:
        """Write a line of debug text while that switch is on."""
        if switch in self._device.debugs:
            self._device.log.debug(text)

    def new_session(self) -> int:
        self.last_session += 1
        return self.last_session

    async def ask(self, kind: Kind, group: str, attributes: Attributes) -> Answer | None:
        """The answer of a RADIUS group; None where none of its servers gives one, or no packet can be made."""
        from iosemu.commands.aaa_attributes import nas_address, wanted_attributes
        from iosemu.management import radius
        from iosemu.management.radius_attributes import of_vendor

        if not radius.available():
            return None
        config = self._device.config
        address = self.address(group)
        servers = [replace(server, source=address) for server in servers_of(config, group)]
        block = config.root.block("aaa group server radius", name=group)
        own = block.value("deadtime", "minutes") if block is not None else None
        minutes = own if own is not None else config.root.value("radius-server deadtime", "minutes", 0)
        told = [pair for pair in attributes if not of_vendor(pair[0]) or self._sends_vendor_attributes(kind)]
        if kind is radius.Kind.AUTHENTICATION:
            told += wanted_attributes(config.root, address, attributes)
        told.append(("NAS-IP-Address", nas_address(config.root, address)))
        return await self.client.ask(kind, servers, told, float(str(minutes)) * 60)

    def _sends_vendor_attributes(self, kind: Kind) -> bool:
        """`radius-server vsa send`, for one kind of requests or for both."""
        word = "accounting" if kind.value == "Account" else "authentication"
        lines = self._device.config.root.all("radius-server vsa send")
        return any(line.values.get("what", word) == word for line in lines if not line.negated)

    def address(self, group: str = RADIUS) -> str:
        """The address that requests leave with: of the `source-interface` where it is up, else of the first that is."""
        root = self._device.config.root
        block = root.block("aaa group server radius", name=group)
        wanted = (block.value("ip radius source-interface", "interface") if block is not None else None) or root.value(
            "ip radius source-interface", "interface"
        )
        found: dict[str, str] = {}
        for interface in root.children("interface"):
            address = interface.get("ip address")
            up = not interface.flag("shutdown") and address is not None and "address" in address.values
            if up and interface.header is not None and address is not None:
                found[str(interface.header.values["name"])] = str(address.values["address"])
        return found.get(str(wanted), next(iter(found.values()), _NO_ADDRESS))

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do work that nobody waits for; where there is no event loop (offline) it is left undone."""
        try:
            self._device.spawn(work)
        except RuntimeError:
            work.close()

    async def _over_network(self, server: Server, request: Request) -> Answer | None:
        """One try: the datagram out, and the proven answer that came within the server's time."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # offline
            return None
        network = self._device.network
        try:
            address = (network.resolve(server.address) or [server.address])[0]
            endpoint = network.datagrams(server.source, address, server.port(request.kind))
        except Unreachable:
            over = asyncio.Event()
            timer = self._device.clock.call_later(server.timeout_s, over.set)
            try:
                await over.wait()
            finally:
                timer.cancel()
            return None
        with self._device.clock.hold():
            return await _over_udp(endpoint, server.timeout_s, request)


async def _over_udp(endpoint: tuple[str, int], timeout_s: float, request: Request) -> Answer | None:
    packets: asyncio.Queue[bytes] = asyncio.Queue(_MOST_WAITING)
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await loop.create_datagram_endpoint(lambda: _Mailbox(packets), remote_addr=endpoint)
    except OSError:
        return None
    try:
        transport.sendto(request.octets)
        async with asyncio.timeout(timeout_s):
            while True:
                answer = request.read(await packets.get())
                if answer is not None:
                    return answer
    except TimeoutError:
        return None
    finally:
        transport.close()


class _Mailbox(asyncio.DatagramProtocol):
    """What comes in waits its turn; a flood is dropped."""

    def __init__(self, packets: asyncio.Queue[bytes]) -> None:
        self._packets = packets

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not self._packets.full():
            self._packets.put_nowait(data)
