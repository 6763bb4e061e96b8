"""What the fax applications of a router share: its clock, call table, settings, DSP channels and way to the mail
server.

Rule: an application reaches the rest of the router only through this value; the mailer is a coroutine function, so that
the call side needs no socket and no mail library.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from iosemu.chassis.dsp import DspPool
from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.mail.envelope import Envelope, Outcome
from iosemu.mail.ids import IdSource
from iosemu.mail.settings import SendSettings
from iosemu.mail.spool import Spool
from iosemu.voice.accounting import FaxAdmission
from iosemu.voice.ccapi import CallControl
from iosemu.voice.circuit import Cause
from iosemu.voice.dial_plan import DialPeer
from iosemu.voice.ports import VoicePort
from iosemu.voice.settings import VoiceSettings

Mailer = Callable[[SendSettings, Envelope, Spool], Awaitable[Outcome]]
"""Sends one message (CRLF line ends) to one recipient; never raises for what a network or a server does."""

Post = Callable[[str, bytes], object]
"""Sends a notice to one address, now or later, with the null path as its sender; never raises."""

PortFor = Callable[[DialPeer], VoicePort | None]
"""The voice port that a call by an outbound POTS peer takes now; None where the peer names none that is there."""

Spawn = Callable[[Coroutine[Any, Any, None]], object]
"""Starts a coroutine beside the call and keeps it alive."""


class Cut(Protocol):
    """A call under way, as whoever switches the router off or pulls out a cable sees it."""

    def on(self, port: VoicePort) -> bool:
        """Is it on that voice port?"""
        ...

    def uses(self, call_id: int) -> bool:
        """Is that one of its legs on a voice port?"""
        ...

    def cut(self, cause: Cause) -> None:
        """End it at once, giving back all that it took; the far end hears `cause`."""
        ...


@dataclass(frozen=True, slots=True)
class FaxContext:
    """See the module's rule.

    `now` is the router's local time with its zone, `settings` is asked anew for each call; `calls` are those under way.
    """

    clock: Clock
    emit: EventSink
    control: CallControl
    settings: Callable[[], VoiceSettings]
    dsp: DspPool
    mailer: Mailer
    post: Post
    spawn: Spawn
    now: Callable[[], datetime]
    ids: IdSource
    admission: FaxAdmission | None = None
    """Asks AAA whether a fax call may be; None where there is none to ask."""
    calls: set[Cut] = field(default_factory=set)
