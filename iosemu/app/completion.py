"""`iosemu completion`: what completes the tool's command lines in bash and zsh, and its man page.

Rule: the scripts hold all words; to complete a line, nothing of the tool is run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from iosemu.app.grammar import Entry, Option, entries
from iosemu.chassis.platform import names

_PLATFORM = "PLATFORM"
Words = Callable[[list[tuple[str, str]]], str]
"""How a shell is given words, each with what it means."""


def run(options: argparse.Namespace) -> int:
    """Print the script or page that was asked for."""
    print({"bash": bash, "zsh": zsh, "man": man}[options.of](), end="")
    return 0


def bash() -> str:
    """A script to source, or to be found as `iosemu` in a completion directory."""
    return _BASH.format(paths=_paths(), values=_values(_bash_words), words=_cases(_bash_words))


def zsh() -> str:
    """A script to be found as `_iosemu` on `fpath`."""
    return _ZSH.format(paths=_paths(), values=_values(_zsh_words), words=_cases(_zsh_words))


_BASH = """\
# Completes iosemu in bash: source <(iosemu completion bash)
_iosemu() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} at="" word words=""
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$at $word" in
{paths}
        esac
    done
    case "$at $previous" in
{values}
        *) case "$at" in
{words}
        esac ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _iosemu iosemu
"""

_ZSH = """\
#compdef iosemu
# Completes iosemu in zsh: iosemu completion zsh > a-directory-of-fpath/_iosemu
_iosemu() {{
    local at="" word
    local -a found
    for word in "${{(@)words[2,CURRENT-1]}}"; do
        case "$at $word" in
{paths}
        esac
    done
    case "$at ${{words[CURRENT-1]}}" in
{values}
        *) case "$at" in
{words}
        esac ;;
    esac
    _describe -o iosemu found
    _files
}}
if [ "$funcstack[1]" = "_iosemu" ]; then _iosemu "$@"; else compdef _iosemu iosemu; fi
"""


def _paths() -> str:
    """The words that lead to a command, each after those before it."""
    steps = {entry.words[:length] for entry in entries() for length in range(1, len(entry.words) + 1)}
    before = sorted(f'"{" ".join(step[:-1])} {step[-1]}"' for step in steps)
    return f'            {" | ".join(before)}) at="${{at:+$at }}$word" ;;'


def _values(words: Words) -> str:
    """What comes after an option whose words are known; nothing where any value may."""
    lines = []
    for entry in entries():
        at = " ".join(entry.words)
        for option in entry.options:
            known = [(choice, "") for choice in option.choices]
            if option.flags and option.metavar:
                patterns = " | ".join(f'"{at} {flag}"' for flag in option.flags)
                lines.append(f"        {patterns}) {words(known)} ;;")
    return "\n".join(lines)


def _cases(words: Words) -> str:
    """What may come next, by the command so far."""
    found = entries()
    lines = []
    for entry in found:
        depth = len(entry.words)
        next_words: dict[str, str] = {}
        for other in found:
            if other.words[:depth] == entry.words and len(other.words) > depth:
                next_words.setdefault(other.words[depth], other.help if len(other.words) == depth + 1 else "")
        known = [*next_words.items(), *_own_words(entry)]
        lines.append(f'            "{" ".join(entry.words)}") {words(known)} ;;')
    return "\n".join(lines)


def _own_words(entry: Entry) -> list[tuple[str, str]]:
    known: list[tuple[str, str]] = []
    for option in entry.options:
        known += [(flag, option.help) for flag in option.flags]
        if not option.flags:
            known += [(word, "") for word in _positional(option)]
    return known


def _positional(option: Option) -> tuple[str, ...]:
    return tuple(names()) if option.metavar == _PLATFORM else option.choices


def _bash_words(known: list[tuple[str, str]]) -> str:
    return f'words="{" ".join(word for word, _ in known)}"'


def _zsh_words(known: list[tuple[str, str]]) -> str:
    texts = (f"{word}:{told}" if told else word for word, told in known)
    return "found=(" + " ".join("'" + text.replace("'", "'\\''") + "'" for text in texts) + ")"


def man() -> str:
    """The man page, in the macros of man(7)."""
    from iosemu.app.man_page import page

    return page(entries())
