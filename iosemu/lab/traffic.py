"""What went over the wires of a lab: every T.38 datagram and SMTP segment, into a capture file and, for a while, kept
call by call.

Rule: whoever sends says which call it is for: a leg of a router, or the mail session of one, which the ladders of the
lab join to a call. The oldest packets go as new ones come.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from iosemu.clock import Clock
from iosemu.events import EventBus
from iosemu.lab.capture import Address, Capture, Leg
from iosemu.lab.conversation import Conversation, Segment
from iosemu.lab.ladder import Call, Ladders
from iosemu.mail.events import ClientConnecting, ServerOpened

MAX_OCTETS: Final = 16 * 1024 * 1024
PACKET_OCTETS: Final = 300
"""What a kept packet takes beside its payload, most of which are shorter than that."""
SMTP_PORT: Final = 25
UNCLAIMED: Final = 100
"""So many mail sessions may wait for their router to say whose they are."""


class _Session:
    """A mail session; `thread` is its name in the ladders, once that is known."""

    def __init__(self, thread: str = "") -> None:
        self.thread = thread


class Packet(NamedTuple):
    """One packet; `segment` is the head of TCP, None where it is UDP. `leg` and `session` tell for which call it is."""

    when_s: float
    source: Address
    destination: Address
    payload: bytes
    segment: Segment | None
    leg: Leg | None
    session: _Session | None


class Traffic:
    """The packets of a lab, of which `MAX_OCTETS` are kept."""

    def __init__(self, clock: Clock, ladders: Ladders) -> None:
        self._clock, self._ladders = clock, ladders
        self.capture: Capture | None = None
        """The file that gets all of them."""
        self._packets: deque[Packet] = deque()
        self._octets = 0
        self._connecting: dict[str, str] = {}  # router -> thread of the session that it opens next
        self._unclaimed: deque[tuple[str, str, _Session]] = deque(maxlen=UNCLAIMED)  # router, who calls it

    def packet(
        self, when_s: float, source: Address, destination: Address, payload: bytes, leg: Leg | None = None
    ) -> None:
        """A UDP datagram, as for a `Capture`."""
        self._keep(Packet(when_s, source, destination, payload, None, leg, None))

    def watch_router(self, name: str, bus: EventBus) -> None:
        """Hear which mail session of a router is which; after the ladders, for each power-on anew."""
        bus.subscribe(ClientConnecting, lambda event: self._opens(name, event.socket))
        bus.subscribe(ServerOpened, lambda event: self._claims(name, event))

    def tap(self, opener: str, client: Address, answerer: str, server: Address) -> Conversation | None:
        """A connection that the node `opener` makes to the node `answerer`; who does not speak SMTP is left alone."""
        if server[1] != SMTP_PORT:
            return None
        session = _Session(self._connecting.pop(opener, ""))
        if not session.thread:
            self._unclaimed.append((answerer, client[0], session))

        def write(source: Address, destination: Address, octets: bytes, segment: Segment) -> None:
            when_s = self._clock.wall().timestamp()
            self._keep(Packet(when_s, source, destination, octets, segment, None, session))

        return Conversation(client, server, write)

    def of_call(self, call: Call) -> list[Packet]:
        """What is kept of a call, oldest first."""
        return [packet for packet in self._packets if self._belongs(packet, call)]

    def all(self) -> list[Packet]:
        """All that is kept, oldest first."""
        return list(self._packets)

    def _belongs(self, packet: Packet, call: Call) -> bool:
        if packet.session is not None:
            return packet.session.thread in call.threads
        return packet.leg is not None and self._ladders.of_leg(*packet.leg) is call

    def _opens(self, router: str, socket: int) -> None:
        self._connecting[router] = self._ladders.session(router, server=False, socket=socket)

    def _claims(self, router: str, event: ServerOpened) -> None:
        for entry in self._unclaimed:
            if entry[:2] == (router, event.peer):
                entry[2].thread = self._ladders.session(router, server=True, socket=event.socket)
                self._unclaimed.remove(entry)
                return

    def _keep(self, packet: Packet) -> None:
        if self.capture is not None:
            _write(self.capture, packet)
        self._packets.append(packet)
        self._octets += PACKET_OCTETS + len(packet.payload)
        while self._octets > MAX_OCTETS:
            self._octets -= PACKET_OCTETS + len(self._packets.popleft().payload)


def pcapng(packets: list[Packet], comment: str) -> bytes:
    """A capture file of these packets."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "packets.pcapng"
        with Capture(path, comment) as capture:
            for packet in packets:
                _write(capture, packet)
        return path.read_bytes()


def _write(capture: Capture, packet: Packet) -> None:
    if packet.segment is None:
        capture.packet(packet.when_s, packet.source, packet.destination, packet.payload)
    else:
        capture.segment(packet.when_s, packet.source, packet.destination, packet.payload, packet.segment)
