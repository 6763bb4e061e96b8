"""Reading the files that a user names, with errors in one line."""

from __future__ import annotations

import sys
from pathlib import Path

from iosemu.app.errors import ToolError

MAX_OCTETS = 64 * 1024 * 1024


def read_octets(path: Path) -> bytes:
    """A file that is not empty and not enormous; `-` is the standard input. Raises ToolError."""
    try:
        if str(path) == "-":
            octets = sys.stdin.buffer.read(MAX_OCTETS + 1)
        else:
            with path.open("rb") as file:
                octets = file.read(MAX_OCTETS + 1)
    except OSError as error:
        raise ToolError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    if not octets:
        raise ToolError(f"{path}: the file is empty")
    if len(octets) > MAX_OCTETS:
        raise ToolError(f"{path}: the file is larger than {MAX_OCTETS // 2**20} MB")
    return octets


def read_text(path: Path) -> str:
    """A text file in UTF-8 or ASCII; raises ToolError."""
    octets = read_octets(path)
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ToolError(f"{path}: not a text file")
    return text
