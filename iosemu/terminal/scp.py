"""The server side of SCP, the old `rcp` dialogue on an SSH channel: octets in, octets out.

Rule: one file a run, kept whole in memory between the wire and the file system, and written only when its last octet
is there. What cannot be done is told in the dialogue (octet 1, text, newline), which ends the run.
"""

from __future__ import annotations

import re
import shlex
from typing import Protocol

SCP = "scp"
OK, FAILED = b"\0", b"\1"
_FILE = re.compile(rb"C[0-7]{4} (\d{1,12}) (.+)")
# A message of the client; longer ones are no messages.
LONGEST_LINE = 4096


class ScpRefused(Exception):
    """The text is what the client is told."""


class ScpFiles(Protocol):
    """The files that a client may copy; every method may raise ScpRefused."""

    def read(self, path: str) -> bytes: ...

    def room(self, path: str) -> int:
        """The octets that a file written there may have at most."""
        ...

    def write(self, path: str, octets: bytes) -> None: ...


class ScpServer:
    """One run of `scp -t PATH` (the client puts a file) or `scp -f PATH` (it gets one)."""

    def __init__(self, command: str, files: ScpFiles) -> None:
        self.done = False
        self._files = files
        self._path, self._puts = _read_command(command)
        self._octets = bytearray()
        self._expected: int | None = None
        """The octets of the file under way; None between files."""
        self._name = ""
        self._to_send: list[bytes] = []

    def start(self) -> bytes:
        """What the server says first."""
        if self._puts:
            return OK
        try:
            octets = self._files.read(self._path)
        except ScpRefused as refused:
            return self._fail(str(refused))
        name = self._path.rpartition(":")[2].rpartition("/")[2]
        self._to_send = [f"C0644 {len(octets)} {name}\n".encode(), octets + OK]
        return b""

    def receive(self, octets: bytes) -> bytes:
        """What the server answers to what the client said, in pieces of any size."""
        self._octets += octets
        answer = b""
        while not self.done and (more := self._put() if self._puts else self._get()) is not None:
            answer += more
        return answer

    def _get(self) -> bytes | None:
        if not self._octets:
            return None
        agreed = self._octets.pop(0) == 0
        if agreed and self._to_send:
            return self._to_send.pop(0)
        self.done = True
        return b""

    def _put(self) -> bytes | None:
        if self._expected is None:
            return self._message()
        if len(self._octets) <= self._expected:  # the octet behind the file is the client's own verdict
            return None
        data, verdict = bytes(self._octets[: self._expected]), self._octets[self._expected]
        del self._octets[: self._expected + 1]
        self._expected = None
        if verdict != 0:
            return self._fail("lost connection")
        try:
            self._files.write(self._target(), data)
        except ScpRefused as refused:
            return self._fail(str(refused))
        return OK

    def _target(self) -> str:
        """The path that was asked for; the client's own name where that is a directory."""
        return self._path + self._name if self._path.endswith((":", "/")) else self._path

    def _message(self) -> bytes | None:
        line, newline, rest = bytes(self._octets).partition(b"\n")
        if not newline:
            return self._fail("protocol error") if len(line) > LONGEST_LINE else None
        self._octets[:] = rest
        if line.startswith(b"T"):  # times are not kept
            return OK
        found = _FILE.fullmatch(line)
        if found is None:
            return self._fail("protocol error")
        size, self._name = int(found[1]), found[2].decode("utf-8", "replace")
        try:
            room = self._files.room(self._target())
        except ScpRefused as refused:
            return self._fail(str(refused))
        if size > room:
            return self._fail(f"{self._target()}: Not enough space on device")
        self._expected = size
        return OK

    def _fail(self, text: str) -> bytes:
        self.done = True
        return FAILED + text.encode() + b"\n"


def is_scp(command: str) -> bool:
    """Does a client ask for SCP?"""
    return command.split(" ", 1)[0] == SCP


def _read_command(command: str) -> tuple[str, bool]:
    """The path, and whether the client puts a file there; a command that says neither gets nothing."""
    try:
        words = shlex.split(command)[1:]
    except ValueError:
        words = []
    options = "".join(word for word in words if word.startswith("-"))
    path = next((word for word in words if not word.startswith("-")), "")
    return path, "t" in options
