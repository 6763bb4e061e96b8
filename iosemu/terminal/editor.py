"""The line editor of a router's terminal, sans-IO: octets from the user in; text to echo and events out.

Rule: `receive` only queues (the type-ahead), `next_event` works through the queue until there is something to tell
the host or nothing left; while no line or key is asked for, nothing is consumed and nothing echoed. So a paste is
worked off in order at the pace of whoever runs the commands. A key that can do nothing rings the bell. Works the same
behind telnet, SSH or a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from iosemu.terminal.editing_keys import (
    LITERAL,
    NEWER,
    OLDER,
    OPERATIONS,
    PLAIN_OPERATIONS,
    PLAIN_REDRAW,
    REDRAW,
    Operation,
)
from iosemu.terminal.history import History
from iosemu.terminal.keys import KeyStream
from iosemu.terminal.line_buffer import LineBuffer
from iosemu.terminal.screen_line import ScreenLine

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
    """`?` was typed; `text` is the line up to the cursor. `put_aside` it, print the help, then `take_up`."""

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


@dataclass(frozen=True, slots=True)
class LineAside:
    """A line under way that was put aside for other questions."""

    prompt: str
    line: LineBuffer
    screen: ScreenLine
    history: History | None
    echo: bool
    commands: bool


class Mode(Enum):
    """What the host waits for."""

    IDLE = auto()
    LINE = auto()
    KEY = auto()


class LineEditor:
    """One terminal's editor. `width` (columns, 0 = endless) may change; it counts from the next prompt on."""

    __slots__ = (
        "_commands",
        "_echo",
        "_history",
        "_keys",
        "_line",
        "_literal",
        "_mode",
        "_out",
        "_prompt",
        "_screen",
        "editing",
        "width",
    )

    def __init__(self, width: int = 80) -> None:
        self.width = width
        self.editing = True
        """`terminal editing`: are there more keys than those that delete, redisplay and end the line?"""
        self._keys = KeyStream()
        self._mode = Mode.IDLE
        self._out: list[str] = []
        self._prompt = ""
        self._line = LineBuffer()
        self._screen = ScreenLine()
        self._history: History | None = None
        self._echo = True
        self._commands = False
        self._literal = False

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
        self._line.clear()
        if history is not None:
            history.rewind()
        self._print_prompt()

    def start_key(self) -> None:
        """Read a single key, without echo."""
        self._mode = Mode.KEY

    def stop(self) -> None:
        """Read nothing any more; what is queued stays for the next reading."""
        self._mode = Mode.IDLE

    def put_aside(self) -> LineAside:
        """Keep the line under way, so that others can be read; `take_up` goes on with it."""
        aside = LineAside(self._prompt, self._line, self._screen, self._history, self._echo, self._commands)
        self._line, self._screen = LineBuffer(), ScreenLine()
        return aside

    def take_up(self, aside: LineAside) -> None:
        """Print prompt and line again, and go on with them."""
        self._mode = Mode.LINE
        self._prompt, self._line, self._screen = aside.prompt, aside.line, aside.screen
        self._history, self._echo, self._commands = aside.history, aside.echo, aside.commands
        self.redisplay()

    def redisplay(self) -> None:
        """Print prompt and line again, at the start of a fresh screen line."""
        self._print_prompt()
        self._show()

    def complete(self, text: str) -> None:
        """Replace the line up to the cursor by `text` and show it on a new screen line; rings where nothing is new."""
        line = self._line
        if text == line.before:
            self._out.append(BELL)
        line.text = text + line.text[line.cursor :]
        line.cursor = len(text)
        self._redraw()

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
                return HelpAsked(self._line.before)
            self._insert(token)
        elif first == "\t":
            if self._commands:
                return CompletionAsked(self._line.before)
            self._insert(first)
        elif first == "\x1a":
            return self._ended()
        elif first == "\x03":
            return self._aborted()
        elif first < " " or "\x7f" <= first <= "\x9f":
            if self.editing:
                self._edit(token)
            else:
                self._edit_plainly(token)
        else:
            self._insert(token)
        return None

    def _entered(self) -> LineEntered:
        return LineEntered(self._finish("\r\n"))

    def _ended(self) -> LineEnded:
        return LineEnded(self._finish("^Z\r\n"))

    def _finish(self, echo: str) -> str:
        self._mode = Mode.IDLE
        self._out.append(echo)
        if self._history is not None:
            self._history.add(self._line.text)
        return self._line.text

    def _aborted(self) -> LineAborted:
        self._mode = Mode.IDLE
        self._out.append("^C\r\n" if self._echo else "\r\n")
        return LineAborted(self._line.text)

    # The keys

    def _edit(self, key: str) -> None:
        if key[:2] == "\x1b[" and len(key) > 3:
            # A router knows no sequence longer than an arrow key's: of Delete, ESC [ 3 ~, the `~` is typed. # recalled
            self._keys.give_back(key[3:])
            key = key[:3]
        operation = OPERATIONS.get(key)
        if operation is not None:
            self._do(operation)
        elif key in OLDER:
            self._recall(self._history.older(self._line.text) if self._history is not None else None)
        elif key in NEWER:
            self._recall(self._history.newer() if self._history is not None else None)
        elif key in REDRAW:
            self._redraw()
        elif key in LITERAL:
            self._literal = True
        elif key[0] == "\x1b" and key[1:] < " ":
            # ESC typed by mistake does not swallow Return.
            self._keys.give_back(key[1:])

    def _edit_plainly(self, key: str) -> None:
        operation = PLAIN_OPERATIONS.get(key)
        if operation is not None:
            self._do(operation)
        elif key in PLAIN_REDRAW:
            self._redraw()
        elif len(key) > 1:
            # What an arrow key sends behind its ESC is text here. # inferred
            self._keys.give_back(key[1:])

    def _do(self, operation: Operation) -> None:
        self._show_or_ring(operation(self._line))

    def _recall(self, text: str | None) -> None:
        """Another line, from the history."""
        self._show_or_ring(self._line.replace(text))

    def _show_or_ring(self, done: bool) -> None:
        if not done:
            self._out.append(BELL)
        self._show()

    # The text and what the screen shows of it

    def _print_prompt(self) -> None:
        self._out.append(self._prompt.replace("\n", "\r\n"))
        # Without editing nothing scrolls, the terminal wraps.
        width = self.width if self.editing else 0
        self._screen.begin(len(self._prompt) - self._prompt.rfind("\n") - 1, width)

    def _redraw(self) -> None:
        self._out.append("\r\n")
        self.redisplay()

    def _insert(self, text: str) -> None:
        line = self._line
        at_end, before = line.cursor == len(line.text), line.cursor
        if not line.insert(text):
            self._out.append(BELL)
            text = line.text[before : line.cursor]
        if self._echo and at_end and text.isprintable() and self._screen.append(text):
            self._out.append(text)
        else:
            self._show()

    def _show(self) -> None:
        if self._echo:
            line = self._line
            if line.text.isprintable():
                self._out.append(self._screen.show(line.text, line.cursor))
            else:
                self._out.append(self._screen.show(_drawn(line.text), len(_drawn(line.before))))


def _drawn(text: str) -> str:
    """Text as a screen can show it: `^C` for a control character, a blank for a tab, `.` for what has no shape."""
    return "".join(_glyph(character) for character in text)


def _glyph(character: str) -> str:
    if character.isprintable():
        return character
    if character == "\t":
        return " "
    return "^" + chr(ord(character) ^ 0x40) if character < " " or character == "\x7f" else "."
