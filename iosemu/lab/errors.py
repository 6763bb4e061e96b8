"""What can go wrong in the world around the routers, as one family; each text is one line for a person."""

from __future__ import annotations

import os


class LabError(Exception):
    """Something the user asked of a lab cannot be done; `str()` is the whole message, without a line break."""


class TopologyError(LabError):
    """A lab file that does not say what it must."""


class NoSuchMailbox(LabError):
    """The lab's mail servers have no such user."""


class NoSuchMachine(LabError):
    """No fax machine of the lab has that number."""


class MachineInUse(LabError):
    """A fax machine that is in a call already."""


class NotRunning(LabError):
    """No lab of this user answers."""


class StateInUse(LabError):
    """The state directory belongs to a lab that runs."""


def reason(error: OSError) -> str:
    """Why a port could not be had, in words."""
    # What asyncio says beside it, it says in another way in each Python.
    return (os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)).lower()
