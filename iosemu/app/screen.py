"""The terminal of the person who runs a tool, as rich draws on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_OF_A_FILE = 160  # columns for output that goes into a pipe or file, so that tables stay whole


def screen(*, stderr: bool = False) -> Console:
    """A console for tables and progress; file names and addresses are printed as they are, without highlighting."""
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    return (
        console
        if console.is_terminal
        else Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=WIDTH_OF_A_FILE)
    )
