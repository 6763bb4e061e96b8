"""The telnet protocol as a sans-IO engine: bytes from the wire in, events and answers out; the same for both ends.

Rule: answer every option, wait for none; a byte sequence of any kind leaves the engine in a defined state. What is
already agreed is never acknowledged again, so two ends cannot loop.
RFC 854 (commands), 855 (options), 857 (ECHO), 858 (SUPPRESS-GO-AHEAD), 1073 (NAWS), 1091 (TERMINAL-TYPE).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum, auto


class Command(IntEnum):
    """Octets that may follow IAC (RFC 854)."""

    SE = 240
    NOP = 241
    DATA_MARK = 242
    BREAK = 243
    INTERRUPT = 244
    ABORT_OUTPUT = 245
    ARE_YOU_THERE = 246
    ERASE_CHARACTER = 247
    ERASE_LINE = 248
    GO_AHEAD = 249
    SB = 250
    WILL = 251
    WONT = 252
    DO = 253
    DONT = 254
    IAC = 255


class Option(IntEnum):
    """The options that this end knows."""

    ECHO = 1
    SUPPRESS_GO_AHEAD = 3
    TERMINAL_TYPE = 24
    WINDOW_SIZE = 31


@dataclass(frozen=True, slots=True)
class Data:
    """Octets of the session itself, IAC unescaped."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class WindowSize:
    """The other end's window, in characters; 0 means that it does not say (RFC 1073)."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TerminalType:
    name: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A command without operand: BREAK, INTERRUPT, ERASE_CHARACTER, ERASE_LINE, ABORT_OUTPUT."""

    command: Command


@dataclass(frozen=True, slots=True)
class Changed:
    """An option was agreed or given up; `ours` tells whose side performs it."""

    option: int
    ours: bool
    enabled: bool


TelnetEvent = Data | WindowSize | TerminalType | Signal | Changed


@dataclass(frozen=True, slots=True)
class Policy:
    """What one end offers and asks for by itself, in order, and what else it agrees to when the other end starts."""

    offer: tuple[Option, ...] = ()
    ask: tuple[Option, ...] = ()
    agree_to_do: frozenset[int] = frozenset()
    agree_to_have: frozenset[int] = frozenset()


# What a router's vty says first, in this order, before any text (recorded from routers by service probes).
ROUTER = Policy(
    offer=(Option.ECHO, Option.SUPPRESS_GO_AHEAD),
    ask=(Option.TERMINAL_TYPE, Option.WINDOW_SIZE),
    agree_to_do=frozenset({Option.ECHO, Option.SUPPRESS_GO_AHEAD}),
    agree_to_have=frozenset({Option.SUPPRESS_GO_AHEAD, Option.TERMINAL_TYPE, Option.WINDOW_SIZE}),
)
# The router as a client (EXEC `telnet`): says nothing first, lets the other end echo.
CLIENT = Policy(
    agree_to_do=frozenset({Option.SUPPRESS_GO_AHEAD, Option.TERMINAL_TYPE, Option.WINDOW_SIZE}),
    agree_to_have=frozenset({Option.ECHO, Option.SUPPRESS_GO_AHEAD}),
)

# Longer subnegotiations than any known option needs are read to their end and dropped.
MAX_SUBNEGOTIATION = 256
_IS, _SEND = 0, 1
_SIGNALS = frozenset(
    {Command.BREAK, Command.INTERRUPT, Command.ABORT_OUTPUT, Command.ERASE_CHARACTER, Command.ERASE_LINE}
)


class _At(Enum):
    DATA = auto()
    COMMAND = auto()
    OPTION = auto()
    SUB = auto()
    SUB_COMMAND = auto()


class _Side:
    """One direction of one end's options: what is on, and what was asked for and not yet answered."""

    __slots__ = ("asked", "on")

    def __init__(self, asked: tuple[Option, ...]) -> None:
        self.on: set[int] = set()
        self.asked: set[int] = set(asked)


def escape(octets: bytes) -> bytes:
    """Session octets as they go on the wire: IAC doubled."""
    return octets.replace(b"\xff", b"\xff\xff") if b"\xff" in octets else octets


class TelnetOptions:
    """One end of one telnet connection.

    `terminal_type` and `window` (width, height) are what this end tells when it agreed to tell them.
    """

    __slots__ = ("_at", "_ours", "_out", "_policy", "_sub", "_theirs", "_verb", "terminal_type", "window")

    def __init__(self, policy: Policy = ROUTER) -> None:
        self._policy = policy
        self._ours = _Side(policy.offer)
        self._theirs = _Side(policy.ask)
        self._at = _At.DATA
        self._verb = 0
        self._sub = bytearray()
        self._out = bytearray()
        self.terminal_type = "VT100"
        self.window = (80, 24)

    def greeting(self) -> bytes:
        """The octets this end sends first."""
        octets = bytearray()
        for option in self._policy.offer:
            octets += bytes((Command.IAC, Command.WILL, option))
        for option in self._policy.ask:
            octets += bytes((Command.IAC, Command.DO, option))
        return bytes(octets)

    def resize(self, width: int, height: int) -> None:
        """The window has another size: tell it, where the other end wants to know."""
        self.window = (width, height)
        if self.takes_part(Option.WINDOW_SIZE, ours=True):
            self._agreed(Option.WINDOW_SIZE, ours=True)

    def takes_part(self, option: Option, *, ours: bool) -> bool:
        """Whether `option` is agreed on our side, or on the other."""
        return option in (self._ours if ours else self._theirs).on

    def take_output(self) -> bytes:
        """The answers that have gathered; send them as they are."""
        out = bytes(self._out)
        self._out.clear()
        return out

    def receive(self, octets: bytes) -> list[TelnetEvent]:
        """Take what came from the wire, in pieces of any size."""
        if self._at is _At.DATA and b"\xff" not in octets:
            return [Data(octets)] if octets else []
        events: list[TelnetEvent] = []
        start = 0
        while start < len(octets):
            if self._at is _At.DATA:
                end = octets.find(b"\xff", start)
                if end < 0:
                    end = len(octets)
                else:
                    self._at = _At.COMMAND
                if end > start:
                    events.append(Data(octets[start:end]))
                start = end + 1
            else:
                self._step(octets[start], events)
                start += 1
        return events

    def _step(self, octet: int, events: list[TelnetEvent]) -> None:
        """One octet inside a command."""
        if self._at is _At.COMMAND:
            self._command(octet, events)
        elif self._at is _At.OPTION:
            self._at = _At.DATA
            self._negotiate(self._verb, octet, events)
        elif self._at is _At.SUB:
            if octet == Command.IAC:
                self._at = _At.SUB_COMMAND
            elif len(self._sub) <= MAX_SUBNEGOTIATION:
                self._sub.append(octet)
        elif octet == Command.IAC:  # a doubled IAC inside a subnegotiation
            self._at = _At.SUB
            if len(self._sub) <= MAX_SUBNEGOTIATION:
                self._sub.append(octet)
        else:
            # Anything else than SE here is a broken peer; it ends the subnegotiation and is taken as a command.
            self._at = _At.DATA
            self._subnegotiated(bytes(self._sub), events)
            self._sub.clear()
            if octet != Command.SE:
                self._command(octet, events)

    def _command(self, octet: int, events: list[TelnetEvent]) -> None:
        self._at = _At.DATA
        if octet == Command.IAC:
            events.append(Data(b"\xff"))
        elif octet in (Command.WILL, Command.WONT, Command.DO, Command.DONT):
            self._verb, self._at = octet, _At.OPTION
        elif octet == Command.SB:
            self._sub.clear()
            self._at = _At.SUB
        elif octet == Command.ARE_YOU_THERE:
            self._out += b"\r\n[Yes]\r\n"
        elif octet in _SIGNALS:
            events.append(Signal(Command(octet)))

    def _negotiate(self, verb: int, option: int, events: list[TelnetEvent]) -> None:
        """Answer WILL, WONT, DO or DONT (RFC 855, and RFC 1143 section 1 on loops)."""
        ours = verb in (Command.DO, Command.DONT)
        wants_on = verb in (Command.DO, Command.WILL)
        side = self._ours if ours else self._theirs
        agreeable = self._policy.agree_to_do if ours else self._policy.agree_to_have
        yes, no = (Command.WILL, Command.WONT) if ours else (Command.DO, Command.DONT)
        if wants_on:
            if option in side.on:
                return
            if option in side.asked:
                side.asked.discard(option)
            elif option in agreeable:
                self._say(yes, option)
            else:
                self._say(no, option)
                return
            side.on.add(option)
            self._agreed(option, ours=ours)
        else:
            was_asked = option in side.asked
            side.asked.discard(option)
            if option in side.on:
                side.on.discard(option)
                self._say(no, option)
            elif not was_asked:
                return
        events.append(Changed(option, ours, wants_on))

    def _agreed(self, option: int, *, ours: bool) -> None:
        """What follows at once from an agreement."""
        if option == Option.TERMINAL_TYPE and not ours:
            self._subnegotiate(option, bytes((_SEND,)))
        elif option == Option.WINDOW_SIZE and ours:
            width, height = self.window
            self._subnegotiate(option, width.to_bytes(2, "big") + height.to_bytes(2, "big"))

    def _subnegotiated(self, body: bytes, events: list[TelnetEvent]) -> None:
        if not body or len(body) > MAX_SUBNEGOTIATION:
            return
        option, value = body[0], body[1:]
        if option == Option.WINDOW_SIZE and len(value) == 4 and option in self._theirs.on:
            events.append(WindowSize(int.from_bytes(value[:2], "big"), int.from_bytes(value[2:], "big")))
        elif option == Option.TERMINAL_TYPE and value[:1] == bytes((_IS,)) and option in self._theirs.on:
            events.append(TerminalType(value[1:].decode("ascii", "replace")))
        elif option == Option.TERMINAL_TYPE and value[:1] == bytes((_SEND,)) and option in self._ours.on:
            self._subnegotiate(option, bytes((_IS,)) + self.terminal_type.encode("ascii", "replace"))

    def _say(self, verb: Command, option: int) -> None:
        self._out += bytes((Command.IAC, verb, option))

    def _subnegotiate(self, option: int, body: bytes) -> None:
        self._out += bytes((Command.IAC, Command.SB, option)) + escape(body) + bytes((Command.IAC, Command.SE))
