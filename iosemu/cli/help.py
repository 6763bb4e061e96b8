"""What `?` prints and what Tab completes: the second and third walk over the command graph.

Rule: `?` right behind a word lists the words that it begins, side by side; behind a blank it lists what may come
next, one a line with its help, `<cr>` last where the line may end. A blank line follows either list. Nothing to list is
`% Unrecognized command`. Tab writes out the one keyword that a word abbreviates, and leaves the line alone otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

from iosemu.cli import builtin, filters
from iosemu.cli.declaration import EXEC, Mode
from iosemu.cli.graph import State
from iosemu.cli.interface_names import KINDS, kinds_of
from iosemu.cli.match import Ambiguous, InvalidInput, MatchError, follow, split_prefix

UNRECOGNIZED = "% Unrecognized command\n"
_SCREEN_COLUMNS = 80
INTERFACE = "INTERFACE"
"""The argument type that is helped with the kinds of interface."""


def columns(words: list[str]) -> str:
    """Words side by side, as word help prints them: on one line while they fit, else in columns of one width."""
    line = "".join(f"{word}  " for word in words)
    if len(line) <= _SCREEN_COLUMNS:
        return line + "\n"
    width = max(map(len, words)) + 2
    each = max(_SCREEN_COLUMNS // width, 1)
    rows = (words[at : at + each] for at in range(0, len(words), each))
    return "".join("".join(word.ljust(width) for word in row).rstrip() + "  \n" for row in rows)


def table(entries: list[tuple[str, str]], ends: bool) -> str:
    """Words with their help, aligned; `<cr>` where the line may end."""
    entries = [*entries, *([("<cr>", "")] if ends else [])]
    width = max((len(word) for word, _ in entries), default=0)
    return "".join(_row(word.ljust(width), text) for word, text in entries)


def _row(word: str, text: str) -> str:
    """One entry; a text that reaches the last column of the screen goes on below itself."""
    line, below = f"  {word}", " " * (len(word) + 4)
    rows = []
    for part in f" {text}".split(" "):
        if len(line) + 1 + len(part) >= _SCREEN_COLUMNS and len(line) > len(below):
            rows.append(line)
            line = below + part
        else:
            line += f" {part}"
    return "".join(f"{row.rstrip()}\n" for row in [*rows, line])


def _entries(state: State) -> list[tuple[str, str]]:
    """Keywords and arguments that may follow, in the order of their characters, hidden ones left out."""
    edges = [edge for edge in (*state.keywords.values(), *state.arguments) if not edge.hidden]
    texts = {edge.text: edge.help for edge in edges if edge.type != INTERFACE}
    return sorted({**(KINDS if _names_interface(state) else {}), **texts}.items())


def _names_interface(state: State) -> bool:
    """May an interface be named here? Its kinds are then helped and completed as keywords are."""
    return any(edge.type == INTERFACE and not edge.hidden for edge in state.arguments)


def _word_start(line: str) -> int:
    """Where the word under way begins; the end of the line behind a blank."""
    return max(line.rfind(" "), line.rfind("\t")) + 1


def full_help(
    modes: tuple[Mode, ...],
    line: str,
    privilege: int,
    aliases: Mapping[str, str] | None = None,
    modifiers: filters.Offered = filters.NO_FILES,
) -> str:
    """`?` of a line in the first of `modes` (a sub-mode, then the modes that it falls back to) that can follow it.

    `aliases` are shown in front of the commands where the first word is helped, as `*alias=line`.
    """
    line = line.lstrip()
    error: MatchError = InvalidInput(0)
    for mode in modes:
        try:
            return _help(mode, line, privilege, aliases or {}, modifiers)
        except Ambiguous as ambiguous:
            return f"{ambiguous}\n"
        except InvalidInput as invalid:
            error = invalid if not isinstance(error, Ambiguous) else error
    return UNRECOGNIZED


def _help(
    mode: Mode, line: str, privilege: int, aliases: Mapping[str, str], modifiers: filters.Offered = filters.NO_FILES
) -> str:
    if mode.name == EXEC and (bar := filters.split(line)) is not None and bar[1:2] != ("",):
        return _modifier_help(bar[1], modifiers.at(privilege))
    at = _word_start(line)
    prefix, column = split_prefix(mode, line[:at])
    state = follow(mode.start(privilege), line[:at], column)
    prefixed = mode.name != EXEC and not prefix and not line[:at].strip()
    entries = _entries(state)
    if prefixed:
        entries = sorted({**builtin.PREFIX_HELP, **dict(entries)}.items())
    word = line[at:].lower()
    if word:
        found = [text for text, _ in entries if text.lower().startswith(word) and text[0] not in "<"]
        if not line[:at].strip():
            found = [*(_alias(name, aliases[name]) for name in sorted(aliases) if name.startswith(word)), *found]
        if not found and not any(not isinstance(edge.read(line, at), int) for edge in state.arguments):
            raise InvalidInput(at)
        # A word that can only be an argument is helped with the argument itself.
        return (columns(found) if found else table([(edge.text, edge.help) for edge in state.arguments], False)) + "\n"
    ends = bool(state.ends)
    if ends and mode.name == EXEC and filters.takes(line):
        entries.append(("|", "Output modifiers"))
    if not entries and not ends:
        raise InvalidInput(at)
    heading = f"{mode.heading}\n" if not line.strip() and mode.heading else ""
    return heading + table(entries, ends) + "\n"


def _modifier_help(behind: str, offered: filters.Offered) -> str:
    """`?` behind a `|`."""
    words = behind.split()
    typing = bool(words) and not behind[-1:].isspace()
    if not words:
        return table([(name, filters.HELP[name]) for name in offered.names], False) + "\n"
    found = [name for name in offered.names if name.startswith(words[0].lower())]
    if len(words) == 1 and typing:
        return columns(found) if found else UNRECOGNIZED
    if len(found) != 1:
        return UNRECOGNIZED
    if found[0] not in filters.TO_URLS:
        return "  LINE  Regular Expression\n\n"
    urls = [(prefix, "Uniform Resource Locator") for prefix in offered.prefixes]  # recalled
    return table([*([(filters.APPEND, filters.HELP["append"])] if found[0] == "tee" else []), *urls], False) + "\n"


def _alias(name: str, meant: str) -> str:
    return f'*{name}="{meant}"' if " " in meant else f"*{name}={meant}"


def complete(modes: tuple[Mode, ...], line: str, privilege: int) -> str:
    """The line with its last word written out and a blank behind it, or as it was."""
    at = _word_start(line)
    word = line[at:]
    if not word:
        return line
    for mode in modes:
        prefix, column = split_prefix(mode, line[:at])
        try:
            state = follow(mode.start(privilege), line[:at], column)
        except MatchError:
            continue
        words = {edge.text for edge in state.find(word) if not edge.hidden}
        words |= set(kinds_of(word)) if _names_interface(state) else set()
        if mode.name != EXEC and not prefix and not line[:at].strip():
            words |= {text for text in builtin.PREFIX_HELP if text.startswith(word.lower())}
            words = {word.lower()} if word.lower() in words else words
        if words:
            return f"{line[:at]}{words.pop()} " if len(words) == 1 else line
    return line
