"""The D channel of a primary rate interface: the messages by which its calls are set up and cleared.

Rule: a D channel stands between the exchange and whoever takes or places a call on its interface; it passes everything
on at once and emits each message that has then crossed the line. The router is the user side. Source: ITU-T Q.931
(messages and their order in clause 5.1 to 5.3, information elements in clause 4.5), Q.921 (what frames add).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End

# Octet 3 of the bearer capability: what an exchange calls a fax machine's line, and what a gateway asks for.
AUDIO, SPEECH = 0x90, 0x80
# Its octet 5, the law of the country's coding.
_LAW = {"T1": 0xA2, "E1": 0xA3}
_HEADER_OCTETS = 5
"""Protocol discriminator, length and two octets of call reference, message type."""
FRAME_OCTETS = 4
"""What a LAPD frame adds, its check sequence not counted: address and control."""
_FLAG = 0x8000


@dataclass(frozen=True, slots=True)
class Element:
    """An information element: its name in Q.931, its octets without a number's digits, and the digits or text."""

    name: str
    octets: bytes
    digits: str = ""

    @property
    def length(self) -> int:
        """All of it in octets, identifier and length too."""
        return 2 + len(self.octets) + len(self.digits)


@dataclass(frozen=True, slots=True)
class Q931Message:
    """A message on the D channel `interface` ("Serial0:23"); `reference` has its flag as on the line."""

    interface: str
    sent: bool
    name: str
    reference: int
    elements: tuple[Element, ...] = ()

    @property
    def length(self) -> int:
        return _HEADER_OCTETS + sum(element.length for element in self.elements)


@dataclass(frozen=True, slots=True)
class ChannelConnected:
    """A B channel ("Serial0:22") carries a call with `number`."""

    interface: str
    number: str


@dataclass(frozen=True, slots=True)
class ChannelDisconnected:
    """The call on a B channel has ended; `seconds` since it was connected."""

    interface: str
    number: str
    seconds: int


def called_party(number: str) -> Element:
    """Plan and type unknown."""
    return Element("Called Party Number", b"\x80", number)


def calling_party(number: str) -> Element:
    """Plan and type unknown, presentation allowed; 3 in the second octet: the network says so, 0: not screened."""
    return Element("Calling Party Number", b"\x00\x83", number)


def cause_element(cause: Cause, *, by_user: bool) -> Element:
    """Location: the user's own side, or the public network serving the local user."""
    return Element("Cause", bytes([0x80 if by_user else 0x82, 0x80 | cause]))


@dataclass(eq=False, slots=True)
class DChannel:
    """One D channel: `unit` "0" of `Serial0:23`, `number` 23, `trunk` "T1" or "E1"."""

    clock: Clock
    emit: EventSink
    unit: str
    number: int
    trunk: str
    _references: int = field(default=0, init=False)
    _network_references: int = field(default=0, init=False)

    @property
    def interface(self) -> str:
        return f"Serial{self.unit}:{self.number}"

    def place(self, place: Callable[[CallSetup], End], setup: CallSetup, channel: int) -> End:
        """Place a call by the exchange's `place`; the end returned is that of whoever asked for it."""
        self._references += 1
        call = _Call(self, setup, channel, self._references, outgoing=True)
        call.tell(True, "SETUP", *call.setup_elements(SPEECH))
        circuit = Circuit(setup)
        call.join(circuit.called, place(setup))
        call.tell(False, "CALL_PROC", call.channel_element())
        return circuit.calling

    def arrive(self, end: End, channel: int) -> End:
        """A call from the exchange on a channel that it chose (0: it found none); gives the end to take it by."""
        self._network_references += 1
        call = _Call(self, end.setup, channel, self._network_references, outgoing=False)
        call.tell(False, "SETUP", *call.setup_elements(AUDIO))
        circuit = Circuit(end.setup)
        call.join(circuit.calling, end)
        return circuit.called


class _Call:
    """A call on a D channel, between its router's end and the exchange's."""

    def __init__(self, channel: DChannel, setup: CallSetup, bearer: int, reference: int, *, outgoing: bool) -> None:
        self._d = channel
        self._setup = setup
        self._bearer = bearer
        self._reference = reference
        self._outgoing = outgoing
        self._proceeding = outgoing
        self._connected_s: float | None = None

    def join(self, ours: End, theirs: End) -> None:
        """Relay between the two."""
        self._ours, self._theirs = ours, theirs
        ours.on_signal = theirs.send
        theirs.on_signal = ours.send
        ours.on_release = self._router_released
        theirs.on_release = self._network_released
        if self._outgoing:
            theirs.on_alerting = self._alerting
            theirs.on_answer = self._answered
        else:
            ours.on_alerting = self._alerting
            ours.on_answer = self._answered

    def tell(self, sent: bool, name: str, *elements: Element) -> None:
        """A message has crossed the line; the flag is set by the side that did not choose the reference."""
        flag = 0 if sent is self._outgoing else _FLAG
        self._d.emit(Q931Message(self._d.interface, sent, name, flag | self._reference, elements))

    def setup_elements(self, capability: int) -> Iterator[Element]:
        setup = self._setup
        yield Element("Bearer Capability", bytes([0x80 | capability, 0x90, _LAW[self._d.trunk]]))
        if self._bearer:
            yield self.channel_element()
        if setup.calling_name:
            yield Element("Display", b"", setup.calling_name)
        if setup.calling:
            yield calling_party(setup.calling)
        yield called_party(setup.called)

    def channel_element(self) -> Element:
        """A B channel of this primary rate interface and no other."""
        return Element("Channel ID", bytes([0xA9, 0x83, 0x80 | self._bearer]))

    def _proceed(self) -> None:
        if not self._proceeding:
            self._proceeding = True
            self.tell(True, "CALL_PROC", self.channel_element())

    def _alerting(self) -> None:
        self._proceed()
        self.tell(not self._outgoing, "ALERTING")
        (self._ours if self._outgoing else self._theirs).alert()

    def _answered(self) -> None:
        self._proceed()
        self.tell(not self._outgoing, "CONNECT")
        self.tell(self._outgoing, "CONNECT_ACK")
        self._connected_s = self._d.clock.now()
        self._d.emit(ChannelConnected(self._channel_interface, self._number))
        (self._ours if self._outgoing else self._theirs).answer()

    def _router_released(self, cause: Cause) -> None:
        element = cause_element(cause, by_user=True)
        if self._proceeding:
            self.tell(True, "DISCONNECT", element)
            self.tell(False, "RELEASE")
            self.tell(True, "RELEASE_COMP")
        else:
            self.tell(True, "RELEASE_COMP", element)
        self._over()
        self._theirs.release(cause)

    def _network_released(self, cause: Cause) -> None:
        self.tell(False, "DISCONNECT", cause_element(cause, by_user=False))
        self.tell(True, "RELEASE")
        self.tell(False, "RELEASE_COMP")
        self._over()
        self._ours.release(cause)

    def _over(self) -> None:
        if self._connected_s is not None:
            seconds = round(self._d.clock.now() - self._connected_s)
            self._d.emit(ChannelDisconnected(self._channel_interface, self._number, seconds))

    @property
    def _channel_interface(self) -> str:
        return f"Serial{self._d.unit}:{self._bearer - 1}"

    @property
    def _number(self) -> str:
        """The far party's."""
        return self._setup.called if self._outgoing else self._setup.calling
