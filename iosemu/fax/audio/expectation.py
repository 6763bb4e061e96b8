"""What a modem knows of the carrier that comes next, from the commands that passed before it.

Rule: a modem cannot tell a rate, a training check or frames from the sound; it reads DCS and CTC as every T.38 gateway
does. After a DCS comes a training check with long training, then pages with short training; after a CTC at once
frames, the first time with long training. Source: ITU-T T.30 clause 5.3, T.38 clause 8.
"""

from __future__ import annotations

from dataclasses import dataclass

from iosemu.fax.line import Modulation
from iosemu.fax.t30 import frames
from iosemu.fax.t30.capabilities import decode_command, decode_modulation
from iosemu.fax.t30.frames import Fcf, FrameError


@dataclass(slots=True)
class Expectation:
    """The next fast carrier of one direction; `modulation` is None before the first command."""

    modulation: Modulation | None = None
    short: bool = False
    training_check: bool = True
    corrected: bool = False

    @property
    def framed(self) -> bool:
        """Whether it carries HDLC frames."""
        return self.corrected and not self.training_check

    def frame(self, octets: bytes) -> bool:
        """A sound V.21 frame passed; says whether it changed what is expected."""
        try:
            message = frames.decode(octets)
            if message.fcf is Fcf.DCS:
                command = decode_command(message.fif)
                self.modulation, self.corrected, self.training_check = command.modulation, command.ecm, True
            elif message.fcf is Fcf.CTC:
                self.modulation, self.corrected, self.training_check = decode_modulation(message.fif), True, False
            else:
                return False
        except FrameError:
            return False
        self.short = False
        return True

    def carrier(self) -> None:
        """The carrier came and is over."""
        self.training_check, self.short = False, True
