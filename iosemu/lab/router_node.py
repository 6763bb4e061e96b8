"""A router as a node of a lab: cabled to the exchange, reachable at its emulated addresses, its T.38 traffic on
record.
"""

from __future__ import annotations

from pathlib import Path

from iosemu.chassis.inference import modules_for
from iosemu.chassis.releases import release_for
from iosemu.clock import Clock
from iosemu.commands.interfaces.link_messages import LinkChanged
from iosemu.commands.ip.host_lookup import find_addresses
from iosemu.commands.ip.layer import IpLayer
from iosemu.config.store import FileStore
from iosemu.fax.events import DatagramSent, Direction
from iosemu.lab.capture import Recorder, ports_of_call
from iosemu.lab.datagrams import chosen
from iosemu.lab.errors import LabError, reason
from iosemu.lab.hosts import Host
from iosemu.lab.network import VirtualNetwork
from iosemu.lab.topology import RouterNode, parse_endpoint
from iosemu.management import snmp
from iosemu.management.rsa_keys import RsaKeys
from iosemu.network import Endpoint
from iosemu.router import Router
from iosemu.terminal import ssh
from iosemu.voice.circuit import End
from iosemu.voice.events import CableMoved, FaxMedia, RelayDatagram, SignallingMessage
from iosemu.voice.ports import Exchange

SSH_PORT, TELNET_PORT, SMTP_PORT, NTP_PORT, SNMP_PORT = 22, 23, 25, 123, 161


class TrunkLine:
    """The exchange's side of a trunk: calls to its numbers go into the router."""

    def __init__(self, router: Router, jack: str) -> None:
        self._router, self._jack = router, jack

    def ring(self, end: End) -> None:
        self._router.offer(self._jack, end)


class RunningRouter:
    """One router of a lab, from power-on to power-off."""

    def __init__(self, node: RouterNode, folder: Path, *, text: str, clock: Clock, network: VirtualNetwork) -> None:
        """Power on with the cards that the lab file and the configuration `text` name.

        Raises what an unknown platform, release or module raises, and OSError for the state directory.
        """
        self.node = node
        self._network = network
        self.host = Host(node.name, self._addresses, stack=IpLayer(lambda: self.router.device))
        self.router = Router(
            node.platform,
            clock=clock,
            network=network.at(self.host, self._resolve),
            store=FileStore(folder),
            modules=modules_for(node.platform, node.modules, text),
            memory_mb=node.memory,
            unit=node.name,
            release=release_for(node.platform, node.release or None, text),
            features=node.features,
            keys=RsaKeys(folder),
            outbox=folder / "outbox.sqlite3",
        )
        self.host.cable_moved = lambda port: self.router.device.bus.publish(CableMoved(port))
        self.router.subscribe(
            lambda bus: bus.subscribe(LinkChanged, lambda link: network.links.changed(self.host, link.name))
        )
        self.console: Endpoint = ("", 0)
        self.telnet: Endpoint = ("", 0)
        self.smtp: Endpoint = ("", 0)
        self.ssh: Endpoint | None = None
        """None where asyncssh is not installed."""
        self.snmp: Endpoint | None = None
        """None where pysnmp is not installed; open only while an agent is configured."""
        self.ntp: Endpoint = ("", 0)
        """Open only while NTP is configured."""

    @property
    def tells_time(self) -> bool:
        """Is NTP on?"""
        return NTP_PORT in self.host.datagrams

    def has_interface(self, port: str) -> bool:
        """Has it an interface of that name? Those that a configuration makes of a controller count as there."""
        interfaces = self.router.device.chassis.interfaces
        return ":" in port or any(interface.name == port for interface in interfaces)

    def cable(self, jack: str, exchange: Exchange) -> None:
        """Plug a line of the exchange into a controller or analog port; raises LabError where the chassis has none."""
        try:
            self.router.plug(jack, exchange)
        except (LookupError, ValueError):
            text = f"router {self.node.name}: the {self.node.platform} has no controller or voice port {jack}"
            raise LabError(text) from None

    def switch_type(self, jack: str) -> str:
        """The ISDN that the router speaks on a controller; "" where it speaks none."""
        device = self.router.device
        controller = device.chassis.controller(jack)
        serial = device.chassis.serial_for(controller) if controller is not None else ""
        block = device.config.root.block("interface", name=serial)
        return str(block.value("isdn switch-type", "type", "")) if block is not None else ""

    def configure(self, text: str) -> list[tuple[int, str]]:
        """Paste a configuration, unless NVRAM has one; gives line number and error text of each refused line."""
        return [] if self.router.device.files.startup_config is not None else self.router.load(text)

    def record(self, capture: Recorder, clock: Clock) -> None:
        """Write every T.38 datagram between DSP and media service to a capture, a pair of ports a call."""
        serials: dict[int, int] = {}

        def write(media: FaxMedia) -> None:
            if not isinstance(media.event, DatagramSent):
                return
            dsp, service = ports_of_call(serials.setdefault(media.call_id, len(serials)))
            own = self.node.address or next(iter(self.router.addresses()), "0.0.0.0")
            ends = ((own, dsp), (own, service))
            source, target = ends if media.event.direction is Direction.TO_HOST else ends[::-1]
            leg = (self.node.name, media.call_id)
            capture.packet(clock.wall().timestamp(), source, target, media.event.octets, leg)

        def signalled(message: SignallingMessage) -> None:
            if message.sip and message.sent:
                capture.packet(clock.wall().timestamp(), message.own, message.peer, message.octets)

        def relayed(sent: RelayDatagram) -> None:
            leg = (self.node.name, sent.call_id)
            capture.packet(clock.wall().timestamp(), sent.source, sent.target, sent.octets, leg)

        self.router.subscribe(lambda bus: bus.subscribe(FaxMedia, write))
        self.router.subscribe(lambda bus: bus.subscribe(RelayDatagram, relayed))
        self.router.subscribe(lambda bus: bus.subscribe(SignallingMessage, signalled))

    async def start(self) -> None:
        """Open the services on loopback and join the virtual network; raises LabError where a port is not to be had."""
        node = self.node
        try:
            self.ntp = self.host.listens[NTP_PORT] = chosen(parse_endpoint(node.ntp))
            services = await self.router.start_services(
                console=parse_endpoint(node.console),
                telnet=parse_endpoint(node.telnet),
                smtp=parse_endpoint(node.smtp),
                ssh=parse_endpoint(node.ssh) if ssh.available() else None,
                snmp=parse_endpoint(node.snmp) if snmp.available() else None,
            )
        except OSError as error:
            raise LabError(f"router {node.name}: cannot listen: {reason(error)}") from None
        # What was asked for is there.
        self.console, self.telnet, self.smtp = (
            endpoint for endpoint in (services.console, services.telnet, services.smtp) if endpoint is not None
        )
        self.ssh = services.ssh
        self.host.ports |= {TELNET_PORT: self.telnet, SMTP_PORT: self.smtp}
        if self.ssh is not None:
            self.host.ports[SSH_PORT] = self.ssh
        self.snmp = services.snmp
        if self.snmp is not None:
            self.host.datagrams[SNMP_PORT] = self.snmp
        self._network.add(self.host)

    async def stop(self) -> None:
        await self.router.stop()

    def _addresses(self) -> set[str]:
        """Those that its configuration has brought up, and that of the lab file where no interface has it."""
        up = set(self.router.addresses())
        said = self.node.address
        interfaces = self.router.device.config.root.children("interface")
        if said and not any(block.value("ip address", "address") == said for block in interfaces):
            up.add(said)
        return up

    def _resolve(self, name: str) -> list[str]:
        """Look up a name as the router is configured to."""
        return find_addresses(self.router.device, name.strip("[]"), lambda text: None)
