"""Voice ports, of primary rate trunks and of analog cards, and their channels.

Rule: the port of a trunk exists because `pri-group` on its controller made it, that of an analog card with the card; it
knows the exchange that it is cabled to and which channels carry calls. Source: ITU-T Q.931 (B channel selection), Cisco
IOS Voice Command Reference, `pri-group`, `voice-port`; an IOS gateway seizes outgoing channels from the highest number
down (`isdn bchan-number-order`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from iosemu.voice.circuit import CallSetup, End

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

    @property
    def idle(self) -> bool:
        return self.call_id is None

    def free(self) -> None:
        self.call_id = None


@dataclass(eq=False, slots=True)
class VoicePort:
    """A voice port: `name` "0:D" or "1/0/0", `cable` the controller "T1 0" or the analog port's own name, `kind` "PRI",
    "FXS", "FXO" or "E&M"; the channels of its `pri-group` without the D channel, an analog port's only one."""

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

    @property
    def up(self) -> bool:
        """Whether the trunk is cabled and nothing is shut down."""
        return self.exchange is not None and not self.shutdown and not self.controller_shutdown

    def seize(self, call_id: int, *, outgoing: bool) -> BearerChannel | None:
        """Occupy an idle channel, from the top for calls going out, from the bottom for those coming in."""
        for channel in reversed(self.channels) if outgoing else self.channels:
            if channel.idle:
                channel.call_id = call_id
                return channel
        return None

    def heard(self, setup: CallSetup) -> CallSetup:
        """What of a call that comes in this port tells: a loop-start line from the exchange only rings."""
        if self.kind != "FXO":
            return setup
        return CallSetup(called=self.plar)

    def set_channels(self, numbers: Iterable[int]) -> None:
        """Take the channels of a changed `pri-group`; calls in progress keep theirs."""
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
