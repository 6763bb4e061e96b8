"""`show users`, `show line`, `show terminal`, `show history`: who is at the lines of a router, and how they are set.

Rule: each text is made by a plain function of the device; the handler at the end only prints it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from iosemu.commands.lines.line_config import access_list, line_block
from iosemu.commands.lines.lines import all_lines, asked_line, configured, session_at, settings_of, terminals
from iosemu.commands.lines.numbers import AUX, CONSOLE, TTY_KIND, LineName, named
from iosemu.commands.registry import handlers
from iosemu.dates import clock_digits
from iosemu.terminal.line_settings import ESCAPE_WORDS

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation, Session
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_USERS_HEAD = "    Line       User       Host(s)              Idle       Location"
_PEERS = "\n  Interface    User               Mode         Idle     Peer Address\n"
_LINES_HEAD = "   Tty Typ     Tx/Rx    A Modem  Roty AccO AccI   Uses   Noise  Overruns   Int\n"
_TYPES = {CONSOLE: "CTY", TTY_KIND: "TTY", AUX: "AUX"}
# recalled: nothing is on an auxiliary line or a tty
_SIGNALS, _NO_SIGNALS = {CONSOLE: "CTS* noDSR  DTR RTS"}, "noCTS noDSR  DTR RTS"
_DEFAULT_SIZE, _DEFAULT_SPEED, _SUMMARY_COLUMNS = (24, 80), 9600, 36


def users_text(device: Device, own: Session[Device], *, everybody: bool = False) -> str:
    """The text of `show users`; with `everybody` the lines too that nobody is at."""
    sessions = [session for session in device.sessions if not session.closed]
    busy = sorted({named(device, session.line) for session in sessions}, key=lambda line: line.absolute)
    lines = [_USERS_HEAD]
    for line in all_lines(device) if everybody else busy:
        there = [session for session in sessions if session.line == line.text]
        lines += [row for session in there for row in _user_rows(device, own, session, line)]
        if not there:
            lines.append(f" {line.absolute:>3} {line.text:<42}00:00:00")
    return "\n".join([*lines, _PEERS])


def _user_rows(device: Device, own: Session[Device], session: Session[Device], line: LineName) -> list[str]:
    """One session: a row for each of its connections, or that it has none."""
    mark = "*" if session is own else " "
    # A terminal that came over the network knows from where, and how long it has been silent.
    place = str(getattr(session.terminal, "peer", "")) or configured(device, line).location
    idle = 0 if session is own else int(getattr(session.terminal, "idle_s", 0))
    held = device.connections.get(session)
    hosts = [(one.host, int(one.idle_s)) for one in held.open] if held is not None else []
    head = f"{mark}{line.absolute:>3} {line.text:<9} {session.user:<10}"
    rows = []
    for host, silent in hosts or [("idle", idle)]:
        rows.append(f"{head} {host:<20} {clock_digits(silent):<10} {place}".rstrip())
        head, place = " " * len(head), ""
    return rows


def lines_text(device: Device, lines: list[LineName]) -> str:
    """The table of `show line`."""
    return _LINES_HEAD + "".join(_row(device, line) for line in lines)


def _missing_text(lines: list[LineName]) -> str:
    """What follows the table where the numbers of its lines have gaps."""
    numbers = [line.absolute for line in lines]
    gaps = [(before + 1, after - 1) for before, after in pairwise(numbers) if after > before + 1]
    spans = ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in gaps)
    return f"Line(s) not in async mode -or- with no hardware support:\n{spans}\n" if spans else ""


def _row(device: Device, line: LineName) -> str:
    block = line_block(device.config, line.kind, line.number)
    used = bool(terminals(device, line)) or session_at(device, line) is not None
    speeds = "" if line.kind in ("vty", CONSOLE) else "/".join([str(_speed(block))] * 2)
    lists = [(access_list(block, way) if block is not None else "") or "-" for way in ("out", "in")]
    rotary = block.value("rotary", "group", "-") if block is not None else "-"
    modem = str(block.value("modem", "control", "   -")) if block is not None else "   -"
    return (
        f"{'*' if used else ' '}{line.absolute:>6} {_TYPES.get(line.kind, 'VTY')} {speeds:>11}  - {modem:<10}"
        f"{rotary:>1} {lists[0]:>4} {lists[1]:>4} {device.lines.uses[line.text]:>6} {0:>7}     0/0       -\n"
    )


def _speed(block: Block | None) -> object:
    return block.value("speed", "rate", _DEFAULT_SPEED) if block is not None else _DEFAULT_SPEED


def line_text(device: Device, line: LineName, session: Session[Device] | None) -> str:
    """How a line is set, as `show line N` and `show terminal` tell it; `session` is the one that uses it."""
    held = session is not None and getattr(session.terminal, "settings", None) is not None
    settings = settings_of(device, session) if session is not None and held else configured(device, line)
    block = line_block(device.config, line.kind, line.number)
    terminal = session.terminal if session is not None else None
    length = getattr(terminal, "length", settings.length if settings.length is not None else _DEFAULT_SIZE[0])
    width = getattr(terminal, "width", settings.width if settings.width is not None else _DEFAULT_SIZE[1])
    timers = getattr(terminal, "timers", None)
    active = clock_digits(int(timers.active_s)) if timers is not None else "never"
    history = getattr(getattr(terminal, "history", None), "size", settings.history_size)
    editing = getattr(getattr(terminal, "editor", None), "editing", settings.editing)
    lookup = block is None or block.flag("domain-lookup")
    help_ = block is not None and block.flag("full-help")
    return "".join(
        f"{text}\n"
        for text in (
            f'Line {line.absolute}, Location: "{settings.location}", Type: "{getattr(terminal, "terminal_type", "")}"',
            f"Length: {length} lines, Width: {width} columns",
            *([_baud(block)] if line.kind in _TYPES else []),
            f"Status: {'PSI Enabled, Ready, Active' if session is not None else 'No Exit Banner'}",
            "Capabilities: none",
            f"Modem state: {'Ready' if session is not None else 'Idle'}",
            *([f"Modem hardware state: {_SIGNALS.get(line.kind, _NO_SIGNALS)}"] if line.kind in _TYPES else []),
            "Special Chars: Escape  Hold  Stop  Start  Disconnect  Activation",
            f"{_key(settings.escape):>19}    none   -     -       none         ",
            "Timeouts:      Idle EXEC    Idle Session   Modem Answer  Session   Dispatch",
            f"               {_time(settings.exec_timeout_s):<16}{_time(settings.session_timeout_s):<29}"
            f"{_time(settings.absolute_timeout_s, 'none'):<9}not set ",
            "                            Idle Session Disconnect Warning",
            "                              never ",
            "                            Login-sequence User Response",
            f"                             {_time(settings.login_timeout_s)}",
            "                            Autoselect Initial Wait",
            "                              not set ",
            "Modem type is unknown.",
            f"Session limit is {settings.session_limit or 'not set'}.",
            f"Time since activation: {active}",
            f"Editing is {'enabled' if editing else 'disabled'}.",
            f"History is enabled, history size is {history}." if history else "History is disabled.",
            f"DNS resolution in show commands is {'enabled' if lookup else 'disabled'}",
            f"Full user help is {'enabled' if help_ else 'disabled'}",
            *_transports(block, line),
            f"Preferred transport is {settings.preferred}.",
            "No output characters are padded",
            "No special data dispatching characters",
        )
    )


def _baud(block: Block | None) -> str:
    parity, stop, data = (
        (block.value(command, name) if block is not None else other)
        for command, name, other in (("parity", "kind", "none"), ("stopbits", "bits", "2"), ("databits", "bits", 8))
    )
    bits = f"{'no' if parity == 'none' else parity} parity, {stop} stopbits, {data} databits"
    return f"Baud rate (TX/RX) is {_speed(block)}/{_speed(block)}, {bits}"


def _key(character: str) -> str:
    """A special character as the table names it: `^^x` for the escape character Ctrl-^, `none`."""
    if not character:
        return "none"
    if character == ESCAPE_WORDS["DEFAULT"]:
        return "^^x"
    return f"^{chr(ord(character) + 64)}" if character < " " else character


def _time(seconds: float, never: str = "never") -> str:
    return clock_digits(int(seconds)) if seconds else never


def _transports(block: Block | None, line: LineName) -> list[str]:
    """What may come in and go out, in words."""
    told = []
    for way in ("input", "output"):
        said = block.get(f"transport {way}") if block is not None else None
        words = said.tokens[2:] if said is not None else ("all",)
        if "all" in words:
            words = ("none",) if way == "input" and line.kind == CONSOLE else ("pad", "telnet", "rlogin", "ssh")
        told.append(f"Allowed {way} transports are {' '.join(words)}.")
    return told


@handlers.register("show_users")
def _users(call: Invocation[Device]) -> None:
    call.write(users_text(call.device, call.session, everybody="all" in call.values))


@handlers.register("show_line")
def _line(call: Invocation[Device]) -> None:
    device, line = call.device, asked_line(call)
    if line is None:
        lines = all_lines(device)
        call.write(lines_text(device, lines) + "\n" + _missing_text(lines))
        return
    call.write(lines_text(device, [line]) + "\n" + line_text(device, line, session_at(device, line)))


@handlers.register("show_line_summary")
def _summary(call: Invocation[Device]) -> None:
    """A character a line, four in a group: `U` used by an EXEC, `-` vacant, `?` never used."""  # recalled
    device, marks = call.device, ""
    for line in all_lines(device):
        vacant = "-" if device.lines.uses[line.text] else "?"
        marks += "U" if session_at(device, line) is not None else vacant
    for start in range(0, len(marks), _SUMMARY_COLUMNS):
        row = marks[start : start + _SUMMARY_COLUMNS]
        call.write(f"{start:>4}: {' '.join(row[at : at + 4] for at in range(0, len(row), 4))}\n")
    call.write(f"\n{marks.count('U')} character mode users.            (U)\n")
    call.write(f"{marks.count('?')} lines never used                 (?)\n{marks.count('U')} total lines in use\n")


@handlers.register("show_terminal")
def _terminal(call: Invocation[Device]) -> None:
    call.write(line_text(call.device, named(call.device, call.session.line), call.session))


@handlers.register("show_history")
def _history(call: Invocation[Device]) -> None:
    # A terminal that edits lines keeps them; a file of commands has none.
    history = getattr(call.session.terminal, "history", None)
    for line in history.lines if history is not None else ():
        call.write(f"  {line}\n")
