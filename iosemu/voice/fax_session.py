"""The media path of one fax call: circuit, DSP channel, T.38 datagrams, FMSP.

Rule: one session serves one call and is wired once; every event of its engines goes to `emit`, `Finished` as the last.
Source: the architecture of Cisco document 47421 (VTSP and FMSP), ITU-T T.38.
"""

from __future__ import annotations

from collections.abc import Callable

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.fax.document import Document, Quality
from iosemu.fax.dsp import FaxDsp
from iosemu.fax.events import FaxCause, Finished
from iosemu.fax.fmsp import Fmsp
from iosemu.fax.t30 import Profile
from iosemu.voice.circuit import End

# The longest number that CSI and TSI carry, T.30 clause 5.3.6.2.4.
SUBSCRIBER_LENGTH = 20


class FaxSession:
    """A session on an answered circuit `end`, whose DSP channel its owner has taken; call `receive` or `send` once."""

    def __init__(self, clock: Clock, end: End, profile: Profile, emit: EventSink) -> None:
        self._emit = emit
        self._dsp = FaxDsp(clock, end.send, self._to_host)
        self._fmsp = Fmsp(clock, self._dsp.from_host, self._on_event, profile)
        end.on_signal = self._dsp.from_line

    def receive(self, to_dmsp: Callable[[bytes], None]) -> None:
        """On-ramp: answer the fax machine; pages go to `to_dmsp` as a DLE stream."""
        self._fmsp.receive(to_dmsp)

    def send(self, document: Document) -> None:
        """Off-ramp: send `document` to the fax machine that answered."""
        self._fmsp.send(document)

    def confirm(self, ok: bool) -> None:
        """On-ramp: the last page was delivered (MCF) or cannot be (DCN)."""
        self._fmsp.confirm(ok)

    def judge_page(self, quality: Quality) -> bool:
        """On-ramp, while PageEnded is told: how well the page can be read; says whether it stands."""
        return self._fmsp.judge_page(quality)

    def reject_page(self) -> None:
        """On-ramp, while PageEnded is told: answer the page with RTN."""
        self._fmsp.reject_page()

    def abort(self, reason: FaxCause = FaxCause.HANGUP) -> None:
        """The circuit is gone; `Finished` comes unless it came before."""
        self._fmsp.abort(reason)

    def _to_host(self, datagram: bytes) -> None:
        self._fmsp.from_dsp(datagram)

    def _on_event(self, event: object) -> None:
        if isinstance(event, Finished):
            self._dsp.close()
        self._emit(event)


def subscriber_id(text: str) -> str:
    """What may stand in CSI and TSI of a configured text: `+`, digits and spaces, at most 20."""
    return "".join(char for char in text if char in "+0123456789 ")[:SUBSCRIBER_LENGTH]


def on_ramp_profile(subscriber: str) -> Profile:
    """What the gateway offers a sending fax machine."""
    return Profile(subscriber_id=subscriber_id(subscriber))


def off_ramp_profile(subscriber: str, max_rate_bps: int) -> Profile:
    """What the gateway is as a sender; `fax send max-speed` caps training."""
    return Profile(subscriber_id=subscriber_id(subscriber), max_rate_bps=max_rate_bps)
