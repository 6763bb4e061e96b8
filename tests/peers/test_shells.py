"""Completion and the man page, in the shells and the formatter that people have."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.app import completion
from iosemu.app.grammar import entries
from iosemu.chassis.platform import names

pytestmark = pytest.mark.peer
Need = Callable[[str], str]

BASH = """
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
_iosemu
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
compdef() { }
_files() { print -- files }
_describe() { print -l -- ${(P)@[-1]} }
source $1
shift
words=("$@") CURRENT=$#
_iosemu
"""
LINES = [
    (["lab", "che"], {"check"}),
    (["lab", "--pace", ""], {"line", "instant"}),
    (["lab", "check", "--pace", "i"], {"instant"}),
    (["fax", "se"], {"send"}),
    (["exec", "as58"], {"as5800", "as5850"}),
    (["fax", "send", "--fr"], {"--from"}),
    (["completion", ""], {"bash", "zsh", "man", "-h", "--help"}),
    (["lab", "--dir", ""], set()),
    (["fax", "send", "--to", "lab", "--f"], {"--from"}),
]


def told(command: list[str], script: str, folder: Path, words: list[str]) -> set[str]:
    file = folder / "script"
    file.write_text(script)
    done = subprocess.run(
        [*command, str(file), "iosemu", *words], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.split("\n")) - {""}


@pytest.mark.parametrize(("line", "words"), LINES, ids=[" ".join(line) for line, _ in LINES])
def test_bash_completes(line: list[str], words: set[str], tmp_path: Path, need: Need) -> None:
    assert told([need("bash"), "-c", BASH, "bash"], completion.bash(), tmp_path, line) == words


@pytest.mark.parametrize(("line", "words"), LINES, ids=[" ".join(line) for line, _ in LINES])
def test_zsh_completes(line: list[str], words: set[str], tmp_path: Path, need: Need) -> None:
    offered = told([need("zsh"), "-f", "-c", ZSH, "zsh"], completion.zsh(), tmp_path, line) - {"files"}
    fitting = {word.partition(":")[0] for word in offered if word.startswith(line[-1])}
    assert fitting == words


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_shell_reads_its_script_whole(shell: str, tmp_path: Path, need: Need) -> None:
    script = tmp_path / "script"
    script.write_text(getattr(completion, shell)())
    done = subprocess.run([need(shell), "-n", str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_word_of_the_tool_is_completed() -> None:
    scripts = completion.bash(), completion.zsh()
    for entry in entries():
        for word in (*entry.words, *(flag for option in entry.options for flag in option.flags), *names()):
            assert all(word in script for script in scripts)


def test_the_man_page_has_no_fault(tmp_path: Path, need: Need) -> None:
    page = tmp_path / "iosemu.1"
    page.write_text(completion.man())
    command = [need("man"), "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(page)]
    plain = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    formatted = subprocess.run(command, capture_output=True, text=True, env=plain, check=False)
    assert (formatted.returncode, formatted.stderr) == (0, "")
    shown = subprocess.run(
        [need("man"), "-P", "cat", "-l", str(page)], capture_output=True, text=True, env=plain, check=True
    )
    text = " ".join(shown.stdout.split())
    for entry in entries():
        if len(entry.options) > 1:
            assert f"iosemu {' '.join(entry.words)}".strip() in text
    assert "--fault N" in text
    assert "EXIT STATUS" in text
