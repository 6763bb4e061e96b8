"""What the tool refuses: one line on stderr, exit status 2, nothing left running or half written."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from .running import RunningLab, iosemu


def refused(*arguments: str | Path) -> str:
    """The one line that the tool says of bad input."""
    done = iosemu(*arguments, status=2)
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_an_unknown_platform() -> None:
    assert "unknown platform 'as9000'" in refused("exec", "as9000", "-c", "show clock")


def test_a_missing_configuration(tmp_path: Path) -> None:
    assert "none.cfg" in refused("config", "as5300", tmp_path / "none.cfg")


def test_a_binary_configuration(tmp_path: Path) -> None:
    (tmp_path / "image.cfg").write_bytes(bytes(range(256)) * 10)
    assert "image.cfg" in refused("config", "as5300", tmp_path / "image.cfg")


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        'name = "x"\nrouters = 1\n',
        'name = "x"\n[[router]]\nname = "r"\nplatform = "as9000"\naddress = "1.2.3.4"\n',
    ],
)
def test_a_broken_lab_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(text)
    refused("lab", file, "--headless", "--dir", tmp_path / "state")


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "lab.toml").write_text(
            'name = "x"\n[[router]]\nname = "r"\nplatform = "as5300"\naddress = "1.2.3.4"\n'
            f'telnet = "127.0.0.1:{port}"\n'
        )
        assert "r: cannot listen" in refused("lab", tmp_path / "lab.toml", "--headless", "--dir", tmp_path / "state")


@pytest.mark.parametrize(("name", "octets"), [("not.tif", b"II*\0rubbish"), ("empty.tif", b""), ("empty.txt", b"")])
def test_a_file_that_cannot_be_faxed(lab: RunningLab, tmp_path: Path, name: str, octets: bytes) -> None:
    (tmp_path / name).write_bytes(octets)
    line = refused("fax", "send", "--lab", lab.folder, "--from", "555-0100", "--to", "555-0199", tmp_path / name)
    assert name in line


def test_a_fax_machine_that_is_not_there(lab: RunningLab, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    arguments = ("--from", "555-7777", "--to", "555-0199", tmp_path / "a.txt")
    assert "555-7777" in refused("fax", "send", "--lab", lab.folder, *arguments)


def test_a_mailbox_that_is_not_there(lab: RunningLab) -> None:
    assert "mary" in refused("mail", "list", "--lab", lab.folder, "mary")


def test_a_lab_that_is_not_running(tmp_path: Path) -> None:
    refused("fax", "list", "--lab", tmp_path)


def test_a_refused_line_of_a_configuration_is_named_with_the_words_of_the_router(tmp_path: Path) -> None:
    (tmp_path / "a.cfg").write_text("hostname a\nhostnmae b\nmta receive maximum-recipients 1025\n")
    done = iosemu("config", "as5300", tmp_path / "a.cfg", status=1)
    first, second = done.stderr.splitlines()
    assert first == f"{tmp_path / 'a.cfg'}:2: % Invalid input detected at '^' marker."
    assert second == f"{tmp_path / 'a.cfg'}:3: % Invalid input detected at '^' marker."
    assert "\nhostname a\n" in done.stdout
