"""The man page of the tool: its commands and options from their grammar, and what no grammar says.

Rule: macros of man(7) only, so that every formatter shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iosemu import __version__
from iosemu.app.grammar import Entry, Option

_STATUS = (
    ("0", "All went well: a fax or mail was delivered, every objective holds, no line was refused."),
    ("1", "What was asked for was done and did not succeed."),
    ("2", "It could not be done; one line on standard error says why."),
)
_ENVIRONMENT = (
    ("IOSEMU_PLATFORMS", "A directory whose platform files are found before those that come with the program."),
    ("IOSEMU_TRACEBACK", "When set, an internal error shows where it happened."),
    ("XDG_RUNTIME_DIR", "Where running labs are noted, so that the other commands find them."),
    ("XDG_STATE_HOME", "Where the state directories of labs are; without it, ~/.local/state."),
)


def page(entries: Sequence[Entry]) -> str:
    """The whole page."""
    return "\n".join(_lines(entries)) + "\n"


def _lines(entries: Sequence[Entry]) -> Iterator[str]:
    tool, *commands = entries
    yield f'.TH IOSEMU 1 "" "iosemu {__version__}" "User Commands"'
    yield from (".SH NAME", f"iosemu \\- {_text(tool.help.rstrip('.'))}")
    yield from (".SH SYNOPSIS", ".B iosemu", ".I COMMAND", "[\\fIOPTION\\fR ...]")
    yield from (".SH DESCRIPTION", ".B iosemu")
    yield _text(
        "emulates routers with the command line of Cisco IOS 12.2(15)T, and around them a lab: telephone network,"
    )
    yield _text("fax machines, mail server. What it serves is on loopback ports unless told otherwise.")
    yield from (".SH OPTIONS", *_options(tool.options))
    yield ".SH COMMANDS"
    for entry in commands:
        if len(entry.options) > 1 or not _leads_on(entry, commands):
            yield f'.SS "iosemu {" ".join(entry.words)}"'
            yield _text(entry.help[:1].upper() + entry.help[1:] + ".")
            yield from (".PP", _text(entry.usage))
            yield from _options(entry.options)
    yield from _terms("EXIT STATUS", _STATUS)
    yield from _terms("ENVIRONMENT", _ENVIRONMENT)
    yield from (".SH SEE ALSO", ".BR telnet (1),", ".BR tshark (1)")


def _leads_on(entry: Entry, commands: Sequence[Entry]) -> bool:
    """Whether other commands begin with this one's words."""
    return any(other.words[:-1] == entry.words for other in commands)


def _options(options: Sequence[Option]) -> Iterator[str]:
    for option in options:
        shown = ", ".join(f"\\fB{_text(flag)}\\fR" for flag in option.flags)
        if option.metavar:
            shown += f"{' ' if shown else ''}\\fI{_text(option.metavar)}\\fR"
        yield from (".TP", shown, _text(option.help) or "\\&")


def _terms(heading: str, terms: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f'.SH "{heading}"'
    for term, told in terms:
        yield from (".TP", f".B {_text(term)}", _text(told))


def _text(text: str) -> str:
    """Text that the formatter takes as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped
