"""Does what the console blocks of a page say, in two terminals, and compares what is shown with what the page shows.

A block is a screen: `$ ` begins a command, what follows is what it prints; a line `...` stands for any lines, and `...`
within a line for any text. Blocks titled `Terminal 1` have a program that goes on running until `^C`.
"""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from pathlib import Path

BLOCK = re.compile(r'^```console(?: title="(?P<title>[^"]*)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
PROMPT = re.compile(r"^(?P<prompt>[\w-]+(?:\([\w-]+\))?[>#])(?P<typed>.*)$")
PASSWORD, SECRET = "Password: ", "cisco"
PATIENCE_S = 60.0
LISTS = re.compile("iosemu (fax|mail) (list|queue)")
"""Commands that a reader gives again when what he waits for has not come yet."""


class Terminals:
    """A folder to work in, with a program in the first terminal."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder, self._environment = folder, environment
        self._running: subprocess.Popen[str] | None = None

    def follow(self, page: str) -> None:
        """Do all that the page says."""
        for block in BLOCK.finditer(page):
            lines = block["text"].splitlines()
            if block["title"] == "Terminal 1":
                self._first(lines)
                continue
            for command, shown in commands(lines):
                self._second(command, shown)

    def _second(self, command: str, shown: list[str]) -> None:
        if command.startswith("telnet "):
            compare(command, shown, self._telnet(command, shown))
            return
        deadline = time.monotonic() + PATIENCE_S
        while not matches(shown, printed := self._run(command)):
            if not LISTS.match(command) or time.monotonic() > deadline:
                compare(command, shown, printed)
            time.sleep(0.2)

    def stop(self) -> None:
        """End the first terminal's program as Ctrl-C does."""
        if self._running is not None:
            self._running.send_signal(signal.SIGINT)
            told, _ = self._running.communicate(timeout=PATIENCE_S)
            assert self._running.returncode == 0, told
            self._running = None

    def _first(self, lines: list[str]) -> None:
        if lines[0] == "^C":
            self.stop()
            lines = lines[1:]
        for command, shown in commands(lines):
            assert self._running is None
            self._running = self._start(command)
            assert self._running.stdout is not None
            printed = ""
            while not printed.endswith(f"{shown[-1]}\n"):
                line = self._running.stdout.readline()
                assert line, f"{command} ended after {printed!r}"
                printed += line
            compare(command, shown, printed)

    def _start(self, command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _run(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return done.stdout

    def _telnet(self, command: str, shown: list[str]) -> str:
        """Type at the router's prompts what the page types there; gives the whole screen."""
        pid, screen = pty.fork()
        if pid == 0:
            os.chdir(self._folder)
            os.execvpe("bash", ["bash", "-c", command], {**self._environment, "TERM": "vt100"})
        told = ""
        try:
            for line in shown:
                found = PROMPT.match(line)
                if found is not None:
                    told = read(screen, told, found["prompt"])
                    os.write(screen, f"{found['typed']}\r".encode())
                elif line == PASSWORD.rstrip():
                    told = read(screen, told, PASSWORD)
                    os.write(screen, f"{SECRET}\r".encode())
                elif line.startswith("Destination filename"):
                    told = read(screen, told, line)
                    os.write(screen, b"\r")
            told = read(screen, told, None)
        finally:
            os.close(screen)
            os.waitpid(pid, 0)
        return told


def read(screen: int, told: str, prompt: str | None) -> str:
    """What is on the screen once the prompt is there, or (None) once the far end has hung up."""
    deadline = time.monotonic() + PATIENCE_S
    before = len(told)
    while prompt is None or not told[before:].endswith(prompt):
        assert time.monotonic() < deadline, f"no {prompt!r} after {told!r}"
        if not select.select([screen], [], [], 1.0)[0]:
            continue
        try:
            octets = os.read(screen, 4096)
        except OSError:
            octets = b""
        if not octets:
            assert prompt is None, f"the session ended before {prompt!r}: {told!r}"
            return told
        told += octets.decode().replace("\r", "")
    return told


def commands(lines: list[str]) -> list[tuple[str, list[str]]]:
    """Each command of a block with what is shown after it."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def compare(command: str, shown: list[str], printed: str) -> None:
    assert matches(shown, printed), f"$ {command}\n{printed}\n--- but the page shows\n" + "\n".join(shown)


def matches(shown: list[str], printed: str) -> bool:
    """Is it what the page shows? Blanks at the ends of lines do not count."""
    pattern = ""
    for line in shown:
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += ".*".join(map(re.escape, line.rstrip().split("..."))) + r"\n"
    real = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    return re.fullmatch(pattern, real) is not None
