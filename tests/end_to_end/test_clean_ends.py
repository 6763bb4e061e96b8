"""Ctrl-C and SIGTERM in the middle of everything: status 0 within five seconds, nothing on stderr, nothing lost."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import smtplib
import socket
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from .running import READY_S, RunningLab, start, stop
from .test_consoles import Telnet
from .test_outages import expect, powered

ENDS_S = 5.0
SIGNALS = pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
BUSY = "FAX=9-555-8355@15.80.7.107"
"""A machine that is always busy: mail to it waits in the queue."""


def ended(process: subprocess.Popen[str], how: signal.Signals) -> str:
    """End a process; what it said on stderr. It must end in time, with status 0."""
    process.send_signal(how)
    began = time.monotonic()
    _, told = process.communicate(timeout=READY_S)
    assert (process.returncode, time.monotonic() - began < ENDS_S) == (0, True)
    return told or ""


def under_way(lab: RunningLab, folder: Path) -> subprocess.Popen[str]:
    """A fax that has been answered, on a line that takes its time; what sends it."""
    (folder / "note.txt").write_text("a long fax\n" * 500)
    command = [sys.executable, "-m", "iosemu", "fax", "send", "--lab", lab.folder, "--from", "555-0100"]
    sending = subprocess.Popen(
        [*command, "--to", "555-0199", folder / "note.txt"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + READY_S
    with Telnet(lab.router("vdtl-5300-7a", "telnet")) as telnet:
        telnet.log_in()
        while "Answer 5550100" not in telnet.command("show call active fax brief"):
            assert time.monotonic() < until
            time.sleep(0.2)
    return sending


@SIGNALS
def test_a_lab_with_everything_under_way(tmp_path: Path, how: signal.Signals) -> None:
    lab = start(tmp_path, "--pace", "line")
    with smtplib.SMTP(*lab.smtp()) as server:
        server.sendmail("tom@testlab-t37.com", [BUSY], b"Subject: x\r\n\r\nto a busy machine\r\n")
    sending = under_way(lab, tmp_path)
    telnet = Telnet(lab.router("vdtl-5350-8a", "telnet"))
    half = socket.create_connection(lab.router("vdtl-5350-8a", "smtp"), READY_S)
    half.sendall(
        b"EHLO me\r\nMAIL FROM:<tom@testlab-t37.com>\r\nRCPT TO:<" + BUSY.encode() + b">\r\nDATA\r\nSubject: h"
    )
    with telnet, half:
        telnet.log_in()
        assert ended(lab.process, how) == ""
        while half.recv(65536):
            pass
    _, told = sending.communicate(timeout=READY_S)
    assert sending.returncode in (1, 2)
    assert len(told.splitlines()) <= 1, told
    assert not list((tmp_path / "run").rglob("*.sock"))
    again = start(tmp_path)
    try:
        returned = time.monotonic() + READY_S
        while not any("busy" in str(mail).lower() or "fail" in str(mail).lower() for mail in again.mailbox("tom")):
            assert time.monotonic() < returned, again.mailbox("tom")  # the mail that waited was given up in the end
            time.sleep(0.2)
    finally:
        assert stop(again) == (0, "")


@SIGNALS
def test_a_router_with_a_command_that_runs(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "router.cfg").write_text("hostname r\nline vty 0 4\n privilege level 15\n no login\nend\n")
    command = [sys.executable, "-m", "iosemu", "router", "3640", str(tmp_path / "router.cfg"), "--telnet", "0"]
    process, endpoint = powered([*command, "--headless", "--state", str(tmp_path / "state")])
    with socket.create_connection(endpoint, READY_S) as client:
        expect(client, b"r#")
        client.sendall(b"ping 10.0.0.1\r")
        expect(client, b"Sending")
        assert ended(process, how) == ""


def on_a_terminal(*arguments: str | Path, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """The tool on a terminal of its own, and the user's side of that."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "iosemu", *map(str, arguments)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**os.environ, "XDG_RUNTIME_DIR": str(folder), "TERM": "xterm"},
    )
    os.close(slave)
    return process, master


def seen(master: int, text: bytes) -> bytes:
    shown = b""
    while text not in shown:
        shown += os.read(master, 65536)
    return shown


def leaves(process: subprocess.Popen[bytes], master: int) -> bytes:
    """What is shown until the tool has ended, which it must in time, with status 0."""
    began, shown = time.monotonic(), b""
    try:
        while octets := os.read(master, 65536):
            shown += octets
    except OSError:  # the terminal's other side is closed
        pass
    process.wait(timeout=READY_S)
    assert (process.returncode, time.monotonic() - began < ENDS_S) == (0, True)
    return shown


@pytest.mark.parametrize("key", [b"\x03", b""], ids=["Ctrl-C", "SIGTERM"])
def test_a_lab_with_its_view(tmp_path: Path, key: bytes) -> None:
    process, master = on_a_terminal("lab", "--dir", tmp_path / "state", folder=tmp_path)
    try:
        seen(master, b"testlab-smtp")
        time.sleep(0.5)  # until the view is drawn
        os.write(master, key) if key else process.terminate()
        assert b"Traceback" not in leaves(process, master)
    finally:
        os.close(master)


def test_a_router_on_its_console(tmp_path: Path) -> None:
    process, master = on_a_terminal("router", "3640", "--state", tmp_path / "state", folder=tmp_path)
    try:
        seen(master, b"System Bootstrap")
        process.terminate()
        assert b"Traceback" not in leaves(process, master)
    finally:
        os.close(master)
