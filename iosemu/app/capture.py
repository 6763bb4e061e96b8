"""`iosemu capture CALL FILE`: the packets of one call of a running lab, as a capture file."""

from __future__ import annotations

import argparse
import base64

from iosemu.app.errors import ToolError
from iosemu.lab.control import ask
from iosemu.lab.state import find


def capture(options: argparse.Namespace) -> int:
    """Write the file, and say how many packets it has."""
    found = ask(find(options.lab), "call.capture", call=options.call)
    try:
        options.file.write_bytes(base64.b64decode(found["data"]))
    except OSError as error:
        raise ToolError(f"cannot write {options.file}: {(error.strerror or str(error)).lower()}") from None
    print(f"{found['packets']} packets in {options.file}")
    return 0
