"""The calling terminal that fetches a document (polling).

Rule: it calls like a sender and receives like a called terminal; instead of DIS it sends DTC, when the far end's DIS
says that there is something to fetch. Source: ITU-T T.30 clauses 5.3.6.1.2 (DTC, CIG, SEP, PWD) and 5.2.
"""

from __future__ import annotations

from collections.abc import Sequence

from iosemu.fax.events import FaxCause
from iosemu.fax.t30 import frames
from iosemu.fax.t30.block_receiver import BlockReceiver
from iosemu.fax.t30.capabilities import Capabilities, decode_capabilities, encode_capabilities
from iosemu.fax.t30.frames import Fcf, Frame, FrameError
from iosemu.fax.t30.procedure import T1_S, T2_S
from iosemu.fax.t30.receiver import State


class Poller(BlockReceiver):
    """Receives what the called terminal has to be polled."""

    from_caller = True
    _far: Capabilities | None = None
    """What the called terminal announced; None before its first DIS."""

    def start(self) -> None:
        """The call is answered: begin with CNG."""
        self._overall.start(T1_S, self._nobody_there)
        self._call_out()

    def _on_message(self, message: Frame, before: Sequence[Frame]) -> None:
        if message.fcf is Fcf.DIS and self._state is State.ANNOUNCING:
            self._on_offer(message.fif)
        else:
            super()._on_message(message, before)

    def _on_offer(self, fif: bytes) -> None:
        try:
            self._far = decode_capabilities(fif)
        except FrameError:
            return
        if self._far.has_document:
            self._announce()
        else:
            self._give_up(FaxCause.NOTHING_TO_POLL)

    def _announce(self) -> None:
        self._state = State.ANNOUNCING
        profile = self.profile
        said = {Fcf.SEP: profile.polled_address, Fcf.PWD: profile.password}
        taken = self._far.addressing if self._far is not None else frozenset()
        identity = {fcf: text for fcf, text in said.items() if fcf in taken} | {Fcf.CIG: profile.subscriber_id}
        messages = [*frames.identifiers(identity), (Fcf.DTC, encode_capabilities(self._own))]
        self._after = self._await_far_end
        self._send([self._say(*messages)], self._after)

    def _await_far_end(self) -> None:
        # Longer than the called terminal waits before it repeats its DIS or DCS, so that the two never speak at once.
        self._reply.start(T2_S, self._announce)

    def _on_listening(self) -> None:
        if self._far is None and self._overall.running:
            self._call_out_later()
        else:
            super()._on_listening()

    def _nobody_there(self) -> None:
        self._modem.stop()
        self._give_up(FaxCause.NO_ANSWER if self._far is None else FaxCause.T1_TIMEOUT)
