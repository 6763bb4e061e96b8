"""Which key does what to the line being typed: the editing keys of IOS, and the few that are left without editing.

Rule: a table from a key, as `keys.KeyStream` gives it, to an operation on the line. Keys that need more than the line
(history, display, the next key taken literally, the end of the line) are the editor's.
"""

from __future__ import annotations

from collections.abc import Callable

from iosemu.terminal.line_buffer import LineBuffer

Operation = Callable[[LineBuffer], bool]

_CONTROL: dict[str, Operation] = {
    "\x01": LineBuffer.home,
    "\x02": LineBuffer.left,
    "\x04": LineBuffer.delete_right,
    "\x05": LineBuffer.end,
    "\x06": LineBuffer.right,
    "\x08": LineBuffer.delete_left,
    "\x0b": LineBuffer.cut_behind,
    "\x14": LineBuffer.transpose,
    "\x15": LineBuffer.cut_before,
    "\x17": LineBuffer.cut_word_left,
    "\x18": LineBuffer.cut_before,
    "\x19": LineBuffer.yank,
    "\x7f": LineBuffer.delete_left,
}
_ESCAPED: dict[str, Operation] = {
    "b": LineBuffer.word_left,
    "c": LineBuffer.capitalise,
    "d": LineBuffer.cut_word_right,
    "f": LineBuffer.word_right,
    "l": LineBuffer.lower,
    "u": LineBuffer.upper,
    "y": LineBuffer.yank_earlier,
    "\x7f": LineBuffer.cut_word_left,
}


def _escape(keys: str) -> frozenset[str]:
    """What an arrow key of a VT100 sends, in either of its modes."""
    return frozenset("\x1b" + lead + key for key in keys for lead in "[O")


OPERATIONS: dict[str, Operation] = (
    _CONTROL
    | {"\x1b" + key: operation for key, operation in _ESCAPED.items()}
    | {"\x1b" + key.upper(): operation for key, operation in _ESCAPED.items()}
    | dict.fromkeys(_escape("C"), LineBuffer.right)
    | dict.fromkeys(_escape("D"), LineBuffer.left)
)
"""With `terminal editing`."""

PLAIN_OPERATIONS: dict[str, Operation] = {
    "\x08": LineBuffer.delete_left,
    "\x15": LineBuffer.cut_before,
    "\x17": LineBuffer.cut_word_left,
    "\x7f": LineBuffer.delete_left,
}
"""With `terminal no editing`: the keys of Release 9.1. # recalled"""

OLDER = frozenset({"\x10"}) | _escape("A")
NEWER = frozenset({"\x0e"}) | _escape("B")
REDRAW = frozenset({"\x0c", "\x12"})
PLAIN_REDRAW = frozenset({"\x12"})
LITERAL = frozenset({"\x16", "\x1bq", "\x1bQ"})
