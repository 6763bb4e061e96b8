"""Why a file was not carried to or from a server, whatever the protocol: in the words that a router gives in brackets.

Rule: a client of a protocol tells what went wrong as a `TransferError`; what a server says that the router has no word
for is `UNDEFINED`.
"""

from __future__ import annotations

from typing import Final

WAIT_S: Final = 10.0
"""How long a server may take to answer."""

MISSING: Final = "No such file or directory"
DENIED: Final = "Permission denied"
NO_SPACE: Final = "Not enough space on device"
TIMED_OUT: Final = "Timed out"
UNDEFINED: Final = "Undefined error"
BAD_LOGIN: Final = "Incorrect Login/Password"  # recalled


class TransferError(Exception):
    """The file was not carried; `str()` is the reason."""
