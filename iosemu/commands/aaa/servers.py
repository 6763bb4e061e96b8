"""The AAA servers that a configuration names, and the router's conversation with them over its network.

Rule: who is asked, with which key and how patiently, is read from the configuration for each request.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from iosemu.commands.aaa.accounts import Accounts
from iosemu.commands.aaa.protocols import RADIUS, TACACS
from iosemu.commands.aaa.wires import ask_radius, connect_tacacs

if TYPE_CHECKING:
    from iosemu.clock import Clock
    from iosemu.commands.debug.debugged import DebugLog
    from iosemu.config.tree import Block, Line, RunningConfig
    from iosemu.events import EventBus
    from iosemu.management.radius import Answer, Attributes, Kind
    from iosemu.management.radius_client import Exchange, RadiusClient, Server
    from iosemu.management.tacacs_client import Connect, TacacsClient
    from iosemu.management.tacacs_client import Server as TacacsServer
    from iosemu.network import Network

S = TypeVar("S")

# Without this address the field cannot be filled: no interface is up.
_NO_ADDRESS = "0.0.0.0"


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

    def means(line: Line, server: Server) -> bool:
        ports = int(str(line.values.get("authport", 1645))), int(str(line.values.get("acctport", 1646)))
        return (line.values["address"], *ports) == server.identity

    known = {server.identity: server for server in map(told, config.root.all("radius-server host"))}
    return _members(config.root, RADIUS, group, list(known.values()), means, told)


def tacacs_servers_of(config: RunningConfig, group: str) -> list[TacacsServer]:
    """The servers of a group in its order; `tacacs+` is the group of all that are not private."""
    from iosemu.management.tacacs import PORT
    from iosemu.management.tacacs_client import Server as TacacsServer

    root = config.root

    def told(line: Line) -> TacacsServer:
        said = line.values
        patience = said.get("timeout", said.get("seconds", root.value("tacacs-server timeout", "seconds", 5)))
        key = _key(root, said, "tacacs-server key")
        return TacacsServer(str(said["address"]), int(str(said.get("port", PORT))), key, float(str(patience)))

    known = [told(line) for line in root.all("tacacs-server host") if not line.negated]
    return _members(root, TACACS, group, known, lambda line, server: line.values["address"] == server.address, told)


def _members(
    root: Block,
    protocol: str,
    group: str,
    known: list[S],
    means: Callable[[Line, S], bool],
    private: Callable[[Line], S],
) -> list[S]:
    """The servers of a group of that protocol: those that its `server` lines mean among the known, then its own."""
    if group == protocol:
        return known
    block = root.block(f"aaa group server {protocol}", name=group)
    if block is None:
        return []
    shared = [server for line in block.all("server") for server in known if means(line, server)]
    return shared + [private(line) for line in block.all("server-private")]


def _key(root: Block, values: dict[str, object], for_all: str = "radius-server key") -> str:
    """The key of a server: its own, else the one for all."""
    for said in (values, _values(root, for_all)):
        if "hidden" in said:
            return _unveiled(str(said["hidden"]))
        if "secret" in said:
            return str(said["secret"])
    return ""


def _unveiled(hidden: str) -> str:
    from iosemu.commands.aaa import passwords

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

    def __init__(self, device: Asking, exchange: Exchange | None = None, connect: Connect | None = None) -> None:
        """`exchange` and `connect` take the place of the router's network."""
        self._device = device
        self._exchange = exchange if exchange is not None else partial(ask_radius, device)
        self._connect = connect if connect is not None else partial(connect_tacacs, device)
        self._client: RadiusClient | None = None
        self._tacacs: TacacsClient | None = None
        self.on_client: Callable[[], object] | None = None
        """Called when the RADIUS client is first made."""
        self.on_tacacs: Callable[[], object] | None = None
        """Called when the TACACS+ client is."""
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

    @property
    def tacacs(self) -> TacacsClient:
        """The TACACS+ client."""
        from iosemu.management.tacacs_client import TacacsClient

        if self._tacacs is None:
            self._tacacs = TacacsClient(self._connect, self._device.bus.publish)
            if self.on_tacacs is not None:
                self.on_tacacs()
        return self._tacacs

    def debug(self, switch: str, text: str) -> None:
        """Write a line of debug text while that switch is on."""
        if switch in self._device.debugs:
            self._device.log.debug(text)

    def new_session(self) -> int:
        self.last_session += 1
        return self.last_session

    async def ask(self, kind: Kind, group: str, attributes: Attributes) -> Answer | None:
        """The answer of a RADIUS group; None where none of its servers gives one, or no packet can be made."""
        from iosemu.commands.aaa.attributes import nas_address, wanted_attributes
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

    def tacacs_servers(self, group: str) -> list[TacacsServer]:
        """The TACACS+ servers of a group, asked from the address that is configured for them."""
        source = self.address(group, TACACS)
        return [replace(server, source=source) for server in tacacs_servers_of(self._device.config, group)]

    def _sends_vendor_attributes(self, kind: Kind) -> bool:
        """`radius-server vsa send`, for one kind of requests or for both."""
        word = "accounting" if kind.value == "Account" else "authentication"
        lines = self._device.config.root.all("radius-server vsa send")
        return any(line.values.get("what", word) == word for line in lines if not line.negated)

    def address(self, group: str = RADIUS, protocol: str = RADIUS) -> str:
        """The address that requests leave with: of the `source-interface` where it is up, else of the first that is."""
        root = self._device.config.root
        block = root.block(f"aaa group server {protocol}", name=group)
        command = f"ip {protocol.rstrip('+')} source-interface"
        wanted = (block.value(command, "interface") if block is not None else None) or root.value(command, "interface")
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
