"""Voice ports, of trunks and of analog cards, and their channels.

Rule: the port of a trunk exists because `pri-group` or `ds0-group` on its controller made it, that of an analog card
with the card; it knows the exchange that it is cabled to and which channels carry calls. A line tells of a call what
its signalling can: a D channel all, channel associated signalling the number that was dialled (and the caller's where
`ani` was asked for), a loop from an office only rings. Source: ITU-T Q.931 (B channel selection), Q.400 to Q.490 (R2),
Cisco IOS Voice Command Reference, `pri-group`, `ds0-group`, `voice-port`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from iosemu.voice.circuit import CallSetup, End
from iosemu.voice.q931 import DChannel

# `timeouts ringing` of a voice port.
RINGING_S = 180.0


class Exchange(Protocol):
    """The central office at the other end of a trunk."""

    def place(self, setup: CallSetup) -> End:
        """Start a call; never raises: a refusal comes later through the end's `on_release`."""
        ...


@dataclass(eq=False, slots=True)
class BearerChannel:
    """A B channel; `call_id` is the leg that occupies it. `free` gives it back (twice is harmless)."""

    number: int
    call_id: int | None = None
    busied_out: bool = False
    """`ds0 busyout`: taken out of service, though a call that is on it goes on."""

    @property
    def idle(self) -> bool:
        return self.call_id is None

    @property
    def available(self) -> bool:
        """Can a call take it?"""
        return self.idle and not self.busied_out

    def free(self) -> None:
        self.call_id = None


@dataclass(frozen=True, slots=True)
class CasSignalling:
    """The words behind `type` of a `ds0-group`, e.g. ("e&m-fgb", "dtmf", "dnis")."""

    words: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.words[0]

    @property
    def kind(self) -> str:
        """The kind of voice port: "FXS", "FXO", "R2", or "E&M", which the rest of the family is."""
        family = self.name.partition("-")[0]
        return {"fxs": "FXS", "fxo": "FXO", "sas": "FXS", "r2": "R2", "p7": "R2"}.get(family, "E&M")

    @property
    def external(self) -> bool:
        """Whether something else than this router signals: it can have no call of its own."""
        return self.name in ("none", "ext-sig")

    @property
    def tells_caller(self) -> bool:
        """Feature group D brings the caller's number by its nature, the others where `ani` is among the words."""
        return self.name in ("fgd-eana", "fgd-os") or any("ani" in word.split("-") for word in self.words[1:])


@dataclass(eq=False, slots=True)
class VoicePort:
    """A voice port: `name` "0:D", "0:1" or "1/0/0", `cable` the controller "T1 0" or the analog port's own name, `kind`
    "PRI", "BRI", "FXS", "FXO", "E&M" or "R2"; the channels of its group without the D channel, two of a BRI, an analog
    port's only one."""

    name: str
    cable: str
    channels: list[BearerChannel] = field(default_factory=list)
    kind: str = "PRI"
    exchange: Exchange | None = None
    shutdown: bool = False
    controller_shutdown: bool = False
    ringing_s: float = RINGING_S
    plar: str = ""
    """The number that `connection plar` dials for whoever comes in."""
    cas: CasSignalling | None = None
    """The signalling of a `ds0-group`."""
    d_channel: DChannel | None = None
    """That of a PRI."""
    ascending: bool = False
    """`isdn bchan-number-order`: which channel a call going out takes first."""

    @property
    def digital(self) -> bool:
        """Is it a port of a trunk, with time slots?"""
        return self.kind in ("PRI", "BRI") or self.cas is not None

    @property
    def up(self) -> bool:
        """Whether the trunk is cabled and nothing is shut down."""
        external = self.cas is not None and self.cas.external
        return self.exchange is not None and not (self.shutdown or self.controller_shutdown or external)

    @property
    def in_service(self) -> bool:
        """What is told of it: an FXS or E&M port cannot tell whether anything is plugged in, and waits for a call."""
        return self.up or (self.kind in ("FXS", "E&M") and not self.digital and not self.shutdown)

    @property
    def idle_channels(self) -> int:
        """Those that a call can take."""
        return sum(channel.available for channel in self.channels)

    def seize(self, call_id: int, *, outgoing: bool) -> BearerChannel | None:
        """Occupy an idle channel: the lowest for a call coming in, for one going out on a PRI the highest."""
        channel = self._next(outgoing=outgoing)
        if channel is not None:
            channel.call_id = call_id
        return channel

    def _next(self, *, outgoing: bool) -> BearerChannel | None:
        downwards = outgoing and self.kind == "PRI" and not self.ascending
        channels = reversed(self.channels) if downwards else self.channels
        return next((channel for channel in channels if channel.available), None)

    def place(self, setup: CallSetup, channel: BearerChannel) -> End:
        """Start a call on a channel that was seized; the port must be up."""
        assert self.exchange is not None
        if self.d_channel is not None:
            return self.d_channel.place(self.exchange.place, setup, channel.number)
        told = setup if self.cas is None or self.cas.tells_caller else replace(setup, calling="", calling_name="")
        return self.exchange.place(told)

    def heard(self, end: End) -> End:
        """A call that comes in as this port hears of it."""
        if self.d_channel is not None:
            channel = self._next(outgoing=False)
            return self.d_channel.arrive(end, channel.number if channel is not None else 0)
        if self.kind == "FXO":
            end.setup = CallSetup(called=self.plar)
        elif self.cas is not None:
            calling = end.setup.calling if self.cas.tells_caller else ""
            end.setup = CallSetup(called=self.plar or end.setup.called, calling=calling)
        return end

    def set_channels(self, numbers: Iterable[int]) -> None:
        """Take the channels of a changed group; calls in progress keep theirs."""
        known = {channel.number: channel for channel in self.channels}
        self.channels = [known.get(number, BearerChannel(number)) for number in numbers]


def bearer_numbers(timeslots: Iterable[int], d_channel: int) -> list[int]:
    """The B channels of a `pri-group`: its time slots but the D channel's own (24 of a T1, 16 of an E1)."""
    return [number for number in timeslots if number != d_channel]


@dataclass(frozen=True, slots=True)
class InterfaceIndexes:
    """ifIndex of voice ports by name and of dial peers by tag, as call records name them; 0 where there is none."""

    ports: Mapping[str, int] = field(default_factory=dict)
    peers: Mapping[int, int] = field(default_factory=dict)
