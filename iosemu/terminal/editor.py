"""The line editor of a router's terminal, sans-IO: octets from the user in; text to echo and events out.

Rule: `receive` only queues (the type-ahead), `next_event` works through the queue until there is something to tell
the host or nothing left; while no line or key is asked for, nothing is consumed and nothing echoed. So a paste is
worked off in order at the pace of whoever runs the commands. The keys are those of the IOS configuration guide's table
of editing commands. Works the same behind telnet, SSH or a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from iosemu.terminal.history import History
from iosemu.terminal.keys import KeyStream
from iosemu.terminal.screen_line import ScreenLine

# Characters of one line; what is typed beyond is refused with the bell.
LINE_LIMIT = 1000
# Deleted pieces that ^Y and ESC Y bring back.
KILLS_KEPT = 10
BELL = "\a"


@dataclass(frozen=True, slots=True)
class LineEntered:
    """Return was typed."""

    text: str


@dataclass(frozen=True, slots=True)
class LineEnded:
    """^Z was typed: the line is entered, and the configuration mode with it left."""

    text: str


@dataclass(frozen=True, slots=True)
class LineAborted:
    """^C was typed: the line is thrown away; `text` is what had been typed."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """`?` was typed; `text` is the line up to the cursor. Print the help, then `redisplay`."""

    text: str


@dataclass(frozen=True, slots=True)
class CompletionAsked:
    """Tab was typed; `text` is the line up to the cursor. Answer with `complete`."""

    text: str


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The one key that was asked for: a character (`\\r` for Return) or a whole escape sequence."""

    key: str


EditorEvent = LineEntered | LineEnded | LineAborted | HelpAsked | CompletionAsked | KeyPressed


class Mode(Enum):
    """What the host waits for."""

    IDLE = auto()
    LINE = auto()
    KEY = auto()


class LineEditor:
    """One terminal's editor. `width` (columns, 0 = endless) may change; it counts from the next prompt on."""

    __slots__ = (
        "_commands",
        "_cursor",
        "_echo",
        "_history",
        "_keys",
        "_kill_at",
        "_kills",
        "_literal",
        "_mode",
        "_out",
        "_prompt",
        "_screen",
        "_text",
        "width",
    )

    def __init__(self, width: int = 80) -> None:
        self.width = width
        self._keys = KeyStream()
        self._mode = Mode.IDLE
        self._out: list[str] = []
        self._prompt = ""
        self._text = ""
        self._cursor = 0
        self._screen = ScreenLine()
        self._history: History | None = None
        self._echo = True
        self._commands = False
        self._literal = False
        self._kills: list[str] = []
        self._kill_at = 0

    # What the host asks and reads

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def keys(self) -> KeyStream:
        """The type-ahead, for hosts that watch its length or take it raw."""
        return self._keys

    def receive(self, octets: bytes) -> None:
        """Queue what the user typed."""
        self._keys.receive(octets)

    def start_line(
        self, prompt: str, *, echo: bool = True, commands: bool = False, history: History | None = None
    ) -> None:
        """Print `prompt` and read a line. `commands`: `?` and Tab are events, else ordinary characters."""
        self._mode = Mode.LINE
        self._prompt = prompt
        self._echo = echo
        self._commands = commands
        self._history = history
        self._literal = False
        self._text, self._cursor = "", 0
        if history is not None:
            history.rewind()
        self._print_prompt()

    def start_key(self) -> None:
        """Read a single key, without echo."""
        self._mode = Mode.KEY

    def stop(self) -> None:
        """Read nothing any more; what is queued stays for the next reading."""
        self._mode = Mode.IDLE

    def redisplay(self) -> None:
        """Print prompt and line again, at the start of a fresh screen line."""
        self._print_prompt()
        if self._echo:
            self._out.append(self._screen.again(self._text, self._cursor))

    def complete(self, text: str) -> None:
        """Replace the line up to the cursor by `text` and show it on a new screen line, as a router does."""
        self._text = text + self._text[self._cursor :]
        self._cursor = len(text)
        self._out.append("\r\n")
        self.redisplay()

    def take_output(self) -> str:
        """The text to send; line ends are CR LF."""
        text = "".join(self._out)
        self._out.clear()
        return text

    def next_event(self) -> EditorEvent | None:
        """Work through what was typed; None when it is used up, or nothing is being read."""
        while self._mode is Mode.LINE:
            token = self._keys.take_token()
            if not token:
                return None
            event = self._use(token)
            if event is not None:
                return event
        if self._mode is Mode.KEY and (key := self._keys.take_key()):
            self._mode = Mode.IDLE
            return KeyPressed(key)
        return None

    # One token

    def _use(self, token: str) -> EditorEvent | None:
        first = token[0]
        if self._literal:
            self._literal = False
            if len(token) > 1:
                self._keys.give_back(token[1:])
            self._insert(first)
        elif first == "\r":
            return self._entered()
        elif first == "?":
            if self._commands:
                return HelpAsked(self._text[: self._cursor])
            self._insert(token)
        elif first == "\t":
            if self._commands:
                return CompletionAsked(self._text[: self._cursor])
            self._insert(first)
        elif first == "\x1a":
            return self._ended()
        elif first == "\x03":
            return self._aborted()
        elif first == "\x1b" or first < " " or "\x7f" <= first <= "\x9f":
            action = _ACTIONS.get(token)
            if action is not None:
                action(self)
        else:
            self._insert(token)
        return None

    def _entered(self) -> LineEntered:
        self._mode = Mode.IDLE
        self._out.append("\r\n")
        if self._history is not None:
            self._history.add(self._text)
        return LineEntered(self._text)

    def _ended(self) -> LineEnded:
        self._mode = Mode.IDLE
        self._out.append("^Z\r\n")
        if self._history is not None:
            self._history.add(self._text)
        return LineEnded(self._text)

    def _aborted(self) -> LineAborted:
        self._mode = Mode.IDLE
        self._out.append("^C\r\n" if self._echo else "\r\n")
        return LineAborted(self._text)

    # The text and what the screen shows of it

    def _print_prompt(self) -> None:
        self._out.append(self._prompt.replace("\n", "\r\n"))
        self._screen.begin(len(self._prompt) - self._prompt.rfind("\n") - 1, self.width)

    def _insert(self, text: str) -> None:
        room = LINE_LIMIT - len(self._text)
        if len(text) > room:
            text = text[:room]
            self._out.append(BELL)
        at_end = self._cursor == len(self._text)
        self._text = self._text[: self._cursor] + text + self._text[self._cursor :]
        self._cursor += len(text)
        if self._echo:
            if at_end and self._screen.append(text):
                self._out.append(text)
            else:
                self._show()

    def _show(self) -> None:
        if self._echo:
            self._out.append(self._screen.show(self._text, self._cursor))

    def _move_to(self, cursor: int) -> None:
        self._cursor = min(max(cursor, 0), len(self._text))
        self._show()

    def _delete(self, start: int, end: int, *, keep: bool = True) -> None:
        """Cut characters out, the cursor is where they were; `keep` puts them where ^Y finds them."""
        start, end = max(start, 0), min(end, len(self._text))
        if start >= end:
            return
        if keep:
            self._kills.append(self._text[start:end])
            del self._kills[:-KILLS_KEPT]
            self._kill_at = len(self._kills) - 1
        self._text = self._text[:start] + self._text[end:]
        self._cursor = start
        self._show()

    def _replace(self, text: str | None) -> None:
        """Another line, from the history, with the cursor at its end."""
        if text is not None:
            self._text, self._cursor = text, len(text)
            self._show()

    def _word_left(self) -> int:
        """Where the word begins that the cursor is in or behind."""
        return len(self._text[: self._cursor].rstrip().rpartition(" ")[0] + " ") if self._spaced_left() else 0

    def _spaced_left(self) -> bool:
        return " " in self._text[: self._cursor].rstrip()

    def _word_right(self) -> int:
        """Where the word ends that the cursor is in or before."""
        at = self._cursor
        while at < len(self._text) and self._text[at] == " ":
            at += 1
        end = self._text.find(" ", at)
        return len(self._text) if end < 0 else end

    # The keys

    def _backspace(self) -> None:
        self._delete(self._cursor - 1, self._cursor, keep=False)

    def _transpose(self) -> None:
        at = min(self._cursor, len(self._text) - 1)
        if at < 1:
            return
        text = self._text
        self._text = text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
        self._cursor = at + 1
        self._show()

    def _yank(self) -> None:
        if self._kills:
            self._kill_at = len(self._kills) - 1
            self._insert(self._kills[self._kill_at])

    def _yank_earlier(self) -> None:
        if self._kills:
            self._kill_at = (self._kill_at - 1) % len(self._kills)
            self._insert(self._kills[self._kill_at])

    def _older(self) -> None:
        if self._history is not None:
            self._replace(self._history.older(self._text))

    def _newer(self) -> None:
        if self._history is not None:
            self._replace(self._history.newer())

    def _redraw(self) -> None:
        self._out.append("\r\n")
        self.redisplay()

    def _change_word(self, change: Callable[[str], str]) -> None:
        """Capitalise, lower or raise the letters from the cursor to the end of the word."""
        end = self._word_right()
        self._text = self._text[: self._cursor] + change(self._text[self._cursor : end]) + self._text[end:]
        self._cursor = end
        self._show()

    def _quote(self) -> None:
        self._literal = True


def _capitalised(piece: str) -> str:
    bare = piece.lstrip()
    return piece[: len(piece) - len(bare)] + bare[:1].upper() + bare[1:]


_BASIC: dict[str, Callable[[LineEditor], None]] = {
    "\x01": lambda e: e._move_to(0),
    "\x02": lambda e: e._move_to(e._cursor - 1),
    "\x04": lambda e: e._delete(e._cursor, e._cursor + 1, keep=False),
    "\x05": lambda e: e._move_to(len(e._text)),
    "\x06": lambda e: e._move_to(e._cursor + 1),
    "\x08": LineEditor._backspace,
    "\x7f": LineEditor._backspace,
    "\x0b": lambda e: e._delete(e._cursor, len(e._text)),
    "\x0c": LineEditor._redraw,
    "\x0e": LineEditor._newer,
    "\x10": LineEditor._older,
    "\x12": LineEditor._redraw,
    "\x14": LineEditor._transpose,
    "\x15": lambda e: e._delete(0, e._cursor),
    "\x16": LineEditor._quote,
    "\x17": lambda e: e._delete(e._word_left(), e._cursor),
    "\x18": lambda e: e._delete(0, e._cursor),
    "\x19": LineEditor._yank,
}
_ESCAPED: dict[str, Callable[[LineEditor], None]] = {
    "b": lambda e: e._move_to(e._word_left()),
    "f": lambda e: e._move_to(e._word_right()),
    "d": lambda e: e._delete(e._cursor, e._word_right()),
    "c": lambda e: e._change_word(_capitalised),
    "l": lambda e: e._change_word(str.lower),
    "u": lambda e: e._change_word(str.upper),
    "y": LineEditor._yank_earlier,
    "\x7f": lambda e: e._delete(e._word_left(), e._cursor),
}
_CURSOR_KEYS: dict[str, Callable[[LineEditor], None]] = {
    "A": LineEditor._older,
    "B": LineEditor._newer,
    "C": _BASIC["\x06"],
    "D": _BASIC["\x02"],
    "H": _BASIC["\x01"],
    "F": _BASIC["\x05"],
}
_ACTIONS = (
    _BASIC
    | {"\x1b" + key: action for key, action in _ESCAPED.items()}
    | {"\x1b" + key.upper(): action for key, action in _ESCAPED.items() if key.isalpha()}
    | {"\x1b[" + key: action for key, action in _CURSOR_KEYS.items()}
    | {"\x1bO" + key: action for key, action in _CURSOR_KEYS.items()}
    | {"\x1b[3~": _BASIC["\x04"]}
)
