"""Call control: the legs in progress, and what happens to each when it ends.

Rule: a call has one connection and a leg on each side of the gateway; a leg is opened here, changed only through its
methods, and on its end goes to the history and the counters of its dial peer. Source: Cisco's Call Control API as the
T.37 documents describe it, CISCO-DIAL-CONTROL-MIB.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.voice.call_rates import CallRate
from iosemu.voice.channel_statistics import ChannelStatistics
from iosemu.voice.circuit import Cause
from iosemu.voice.dial_plan import DialPeer
from iosemu.voice.events import LegClosed, LegConnected, LegOpened
from iosemu.voice.history import CallHistory
from iosemu.voice.legs import Connection, LegRecord, Mail, Origin, Telephony, Voip
from iosemu.voice.peer_statistics import PeerStatistics


class Leg:
    """A leg in progress; read `record`, change it through the methods. Ending it twice is harmless."""

    def __init__(self, control: CallControl, record: LegRecord) -> None:
        self._control = control
        self._record = record
        # Counted apart: they change with every piece of a page.
        self._tx_octets = self._rx_octets = self._tx_packets = self._rx_packets = 0
        self.call_id = record.call_id

    @property
    def record(self) -> LegRecord:
        """The leg as it is now."""
        detail = self._record.detail
        if isinstance(detail, Voip):
            detail = replace(detail, sent_packets=self._tx_packets, received_packets=self._rx_packets)
        return replace(self._record, detail=detail, tx_octets=self._tx_octets, rx_octets=self._rx_octets)

    @property
    def tag(self) -> int:
        """That of its dial peer, 0 where it met none."""
        return self._record.tag

    def connected(self) -> None:
        """The media is up (see the rule above); the first time counts."""
        if self._record.connect_s is None:
            self._record = replace(self._record, connect_s=self._control.uptime())
            self._control.emit(LegConnected(self.record))

    def carried(self, *, tx_octets: int = 0, rx_octets: int = 0, tx_packets: int = 0, rx_packets: int = 0) -> None:
        """Count fax or mail data; packets count on a leg over IP."""
        self._tx_octets += tx_octets
        self._rx_octets += rx_octets
        self._tx_packets += tx_packets
        self._rx_packets += rx_packets

    def meets(self, peer: DialPeer | None, peer_address: str | None = None) -> None:
        """The dial peer that took the leg, and the address to show for the far party where it changes."""
        address = self._record.peer_address if peer_address is None else peer_address
        self._record = replace(self._record, peer=peer, peer_address=address)
        self._control._used(peer)

    def telephony(self, **changes: object) -> None:
        """Change fields of the `Telephony` part."""
        assert isinstance(self._record.detail, Telephony)
        self._record = replace(self._record, detail=replace(self._record.detail, **changes))  # type: ignore[arg-type]
        if "channel" in changes:
            self._control.channels.seized(self._record)

    def mail(self, **changes: object) -> None:
        """Change fields of the `Mail` part."""
        assert isinstance(self._record.detail, Mail)
        self._record = replace(self._record, detail=replace(self._record.detail, **changes))  # type: ignore[arg-type]

    def voip(self, **changes: object) -> None:
        """Change fields of the `Voip` part."""
        assert isinstance(self._record.detail, Voip)
        self._record = replace(self._record, detail=replace(self._record.detail, **changes))  # type: ignore[arg-type]

    def close(self, cause: Cause, text: str = "", *, released_by_us: bool = True) -> LegRecord:
        """End the leg; without a text it is the cause's own, e.g. `user busy (17)`."""
        if self._record.disconnect_s is None:
            self._record = replace(
                self._record,
                disconnect_s=self._control.uptime(),
                cause=cause,
                text=text or f"{cause.text} ({cause.value})",
                released_by_us=released_by_us,
            )
            self._control._closed(self)
        return self.record


class CallControl:
    """The table of legs in progress, with the history and the statistics per dial peer."""

    def __init__(self, clock: Clock, emit: EventSink, history: CallHistory | None = None) -> None:
        self.emit = emit
        self.history = history if history is not None else CallHistory()
        self.statistics = PeerStatistics()
        self.channels = ChannelStatistics()
        self.entered, self.failed = CallRate(), CallRate()
        self.ended: list[Callable[[LegRecord], object]] = []
        """Called with each leg that has ended."""
        self._clock = clock
        self._boot_s = clock.now()
        self._legs: dict[int, Leg] = {}
        self._last_used: dict[int, float] = {}
        self._last_call = 0
        self._last_connection = 0

    def uptime(self) -> float:
        """Seconds since the router started."""
        return self._clock.now() - self._boot_s

    def new_connection(self) -> Connection:
        self._last_connection += 1
        ticks = int(self._clock.wall().timestamp() * 1000)
        # The shape of a time-based identity: clock, version nibble 1, a sequence with the variant bit, the node.
        words = (
            (ticks * 2654435761) & 0xFFFFFFFF,
            ((ticks >> 16) & 0xFFFF) << 16 | 0x11D7,
            0x80000000 | (self._last_connection & 0x3FFF) << 16 | (ticks & 0xFFFF),
            0x0F5045C3,
        )
        return Connection(self._last_connection, words)

    def open(
        self,
        origin: Origin,
        detail: Telephony | Mail | Voip,
        *,
        connection: Connection | None = None,
        peer: DialPeer | None = None,
        peer_address: str = "",
    ) -> Leg:
        """Start a leg, on a new connection unless it joins one."""
        self._last_call += 1
        record = LegRecord(
            connection if connection is not None else self.new_connection(),
            self._last_call,
            origin,
            detail,
            peer,
            peer_address,
            self.uptime(),
        )
        leg = Leg(self, record)
        self._legs[leg.call_id] = leg
        self._used(peer)
        if isinstance(detail, Telephony):
            self.entered.count(self.uptime())
        self.emit(LegOpened(record))
        return leg

    @property
    def active(self) -> tuple[LegRecord, ...]:
        """The legs in progress, oldest first."""
        return tuple(leg.record for leg in self._legs.values())

    def connections(self, tag: int) -> int:
        """How many legs in progress use dial peer `tag`."""
        return sum(1 for leg in self._legs.values() if leg.tag == tag)

    def full(self, peer: DialPeer, *, own: int = 0) -> bool:
        """Whether a peer has its `max-conn`; `own` legs are those of the call that asks, and do not count."""
        return peer.max_connections is not None and self.connections(peer.tag) - own >= peer.max_connections

    def last_used(self, tag: int) -> float:
        """When a leg last met dial peer `tag`, in seconds of uptime; -1 where none ever did."""
        return self._last_used.get(tag, -1.0)

    def _used(self, peer: DialPeer | None) -> None:
        if peer is not None:
            self._last_used[peer.tag] = self.uptime()

    def _closed(self, leg: Leg) -> None:
        self._legs.pop(leg.call_id, None)
        self.history.add(leg.record, self.uptime())
        self.statistics.count(leg.record)
        self.channels.closed(leg.record)
        if isinstance(leg.record.detail, Telephony) and leg.record.connect_s is None:
            self.failed.count(self.uptime())
        for told in self.ended:
            told(leg.record)
        self.emit(LegClosed(leg.record))
