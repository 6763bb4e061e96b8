"""The DSP channel of a fax call: fax modem on the line side, T.38 on the host side.

Rule: it is a gateway, not a terminal: T.30 frames pass through unread. What comes from the line goes out as datagrams
at once; what comes from the host is put on the line as it comes, and a carrier that the host leaves without news is
dropped.
Source: ITU-T T.38 clause 7 and appendix I.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from iosemu.clock import Clock
from iosemu.deadline import Deadline
from iosemu.fax.line import CarrierOff, CarrierOn, LineSignal
from iosemu.fax.t38 import Redundancy, T38Link

HOST_SILENCE_S: Final = 6.0
"""A carrier without a datagram for this long is dropped; the far terminal's T2 has then ended too."""


class FaxDsp:
    """One channel on one call; `to_line` gets line signals, `to_host` UDPTL datagrams."""

    def __init__(
        self,
        clock: Clock,
        to_line: Callable[[LineSignal], None],
        to_host: Callable[[bytes], None],
        redundancy: Redundancy | None = None,
    ) -> None:
        self._to_line = to_line
        self._link = T38Link(to_host, self._modulate, redundancy)
        self._host = Deadline(clock)

    @property
    def malformed(self) -> int:
        """Datagrams or packets of the host that could not be read."""
        return self._link.malformed

    def from_line(self, signal: LineSignal) -> None:
        """Demodulate: tell the host what the line brought."""
        self._link.signal(signal)

    def from_host(self, datagram: bytes) -> None:
        """Take a datagram and modulate what it says."""
        self._host.touch()
        self._link.datagram(datagram)

    def close(self) -> None:
        """The call is over: no timer is left."""
        self._host.stop()

    def _modulate(self, signal: LineSignal) -> None:
        if isinstance(signal, CarrierOn):
            self._host.start(HOST_SILENCE_S, self._drop_carrier)
        elif isinstance(signal, CarrierOff):
            self._host.stop()
        self._to_line(signal)

    def _drop_carrier(self) -> None:
        self._link.end_carrier()
