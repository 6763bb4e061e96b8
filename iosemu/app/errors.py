"""The one exception of the command line."""

from __future__ import annotations


class ToolError(Exception):
    """What the user asked for cannot be done; `str()` is the one line that says so."""
