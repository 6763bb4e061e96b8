"""The dialogue of SCP."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.terminal.scp import ScpRefused, ScpServer, is_scp


class Files:
    """A file system of at most ten octets a file."""

    def __init__(self) -> None:
        self.files = {"flash:/a": b"hello"}

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise ScpRefused(f"{path}: No such file or directory")
        return self.files[path]

    def room(self, path: str) -> int:
        if path.startswith("bad"):
            raise ScpRefused("Privilege denied.")
        return 10

    def write(self, path: str, octets: bytes) -> None:
        self.files[path] = octets


def test_a_file_is_got() -> None:
    server = ScpServer("scp -f flash:/a", Files())
    assert server.start() == b""
    assert server.receive(b"\0") == b"C0644 5 a\n"
    assert server.receive(b"\0") == b"hello\0"
    assert not server.done
    assert server.receive(b"\0") == b""
    assert server.done


def test_a_missing_file_is_told_of() -> None:
    server = ScpServer("scp -f flash:/b", Files())
    assert server.start() == b"\1flash:/b: No such file or directory\n"
    assert server.done


@given(st.lists(st.integers(1, 40)))
def test_a_file_is_put_in_pieces_of_any_size(cuts: list[int]) -> None:
    files = Files()
    server = ScpServer("scp -p -t 'flash:/b'", files)
    said = b"T1 0 1 0\nC0644 9 b\n" + b"0123\n\x0056\1" + b"\0"
    answer, at = server.start(), 0
    for cut in [*cuts, len(said)]:
        answer += server.receive(said[at : at + cut])
        at += cut
    assert answer == b"\0\0\0\0"
    assert files.files["flash:/b"] == b"0123\n\x0056\1"


def test_a_directory_takes_the_name_that_the_client_gives() -> None:
    files = Files()
    server = ScpServer("scp -t flash:", files)
    server.start()
    server.receive(b"C0644 1 x.cfg\nz\0")
    assert files.files["flash:x.cfg"] == b"z"


@pytest.mark.parametrize(
    ("path", "said", "answer"),
    [
        ("flash:b", b"C0644 11 b\n", b"\1flash:b: Not enough space on device\n"),
        ("bad:b", b"C0644 1 b\n", b"\1Privilege denied.\n"),
        ("flash:b", b"D0755 0 dir\n", b"\1protocol error\n"),
        ("flash:b", b"x" * 5000, b"\1protocol error\n"),
        ("flash:b", b"C0644 1 b\nz\1", b"\0\1lost connection\n"),
    ],
)
def test_what_cannot_be_put_is_told_of_and_ends_the_run(path: str, said: bytes, answer: bytes) -> None:
    files = Files()
    server = ScpServer(f"scp -t {path}", files)
    server.start()
    assert server.receive(said) == answer
    assert server.done
    assert list(files.files) == ["flash:/a"]


@given(st.binary(max_size=60), st.sampled_from(["scp -t flash:b", "scp -f flash:/a", "scp '", "scp"]))
def test_no_octets_upset_it(said: bytes, command: str) -> None:
    server = ScpServer(command, Files())
    server.start()
    server.receive(said)


def test_only_scp_is_scp() -> None:
    assert is_scp("scp -t flash:")
    assert not is_scp("show version")
