"""What a fax machine, a sender and a history are told when something is down; and what survives a kill."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .running import READY_S, RunningLab, split, start, stop
from .test_consoles import Telnet


def lab_without_mail_server(folder: Path) -> Path:
    """The two-gateway lab with its mail server taken out."""
    examples = Path(__file__).parents[2] / "examples" / "t37-lab"
    text = (examples / "lab.toml").read_text()
    head, _, tail = text.partition("[[mail]]")
    zone = tail[tail.index("# Its name service.") : tail.index("# Names for the numbers")]
    (folder / "lab.toml").write_text(head + zone)
    for name in ("vdtl-5300-7a.cfg", "vdtl-5350-8a.cfg"):
        (folder / name).write_text((examples / name).read_text())
    return folder / "lab.toml"


def test_without_a_mail_server_the_sender_is_told_and_the_history_says_why(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("nobody will read this\n")
    lab = start(tmp_path, lab=lab_without_mail_server(tmp_path))
    try:
        lab.iosemu("fax", "send", "--from", "555-0100", "--to", "555-0199", tmp_path / "note.txt", status=1)
        with Telnet(lab.router("vdtl-5300-7a", "telnet")) as telnet:
            telnet.log_in()
            history = telnet.command("show call history fax brief")
    finally:
        assert stop(lab)[0] == 0
    assert "pid:2 Originate tom@testlab-t37.com" in history
    assert "The e-mail was not sent correctly" in history


def test_a_call_that_finds_no_dsp_channel_is_told_so(tmp_path: Path) -> None:
    examples = Path(__file__).parents[2] / "examples" / "t37-lab"
    text = (examples / "lab.toml").read_text()
    config = 'config = "vdtl-5300-7a.cfg"\n'
    bare = text.replace(config, config + 'modules = { 1 = "empty", 2 = "empty" }\n', 1)
    (tmp_path / "lab.toml").write_text(bare)
    for name in ("vdtl-5300-7a.cfg", "vdtl-5350-8a.cfg"):
        (tmp_path / name).write_text((examples / name).read_text())
    (tmp_path / "note.txt").write_text("no channel for this\n")
    lab = start(tmp_path, lab=tmp_path / "lab.toml")
    try:
        arguments = ("--from", "555-0100", "--to", "555-0199", tmp_path / "note.txt")
        told = lab.iosemu("fax", "send", *arguments, status=1)
    finally:
        assert stop(lab)[0] == 0
    assert "no resource" in (told.stdout + told.stderr).lower()


def test_mail_and_configuration_survive_a_kill(own_lab: RunningLab, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("to be kept\n")
    own_lab.iosemu("fax", "send", "--from", "555-0100", "--to", "555-0199", tmp_path / "note.txt")
    with smtplib.SMTP(*own_lab.smtp()) as server:
        server.sendmail(
            "tom@testlab-t37.com", ["FAX=9-555-8355@15.80.7.107"], b"Subject: x\r\n\r\nto a busy machine\r\n"
        )
    with Telnet(own_lab.router("vdtl-5300-7a", "telnet")) as telnet:
        telnet.log_in()
        telnet.command("configure terminal")
        telnet.command("hostname survivor")
        telnet.command("end")
        assert "[OK]" in telnet.command("write memory")
    own_lab.process.kill()
    own_lab.process.communicate()
    again = start(own_lab.folder)
    try:
        assert len(again.mailbox("tom")) >= 1
        with Telnet(again.router("vdtl-5300-7a", "telnet")) as telnet:
            telnet.log_in()
            assert "hostname survivor" in telnet.command("show running-config | include hostname")
    finally:
        assert stop(again)[0] == 0


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.1, 0.3])
def test_a_router_that_is_killed_while_it_saves_comes_back_as_after_power_on(tmp_path: Path, after_s: float) -> None:
    config = tmp_path / "router.cfg"
    config.write_text("hostname first\nline vty 0 4\n privilege level 15\n no login\nend\n")
    command = [sys.executable, "-m", "iosemu", "router", "3640", str(config), "--telnet", "0", "--headless"]
    command += ["--state", str(tmp_path / "state")]
    process, endpoint = powered(command)
    with socket.create_connection(endpoint, READY_S) as client:
        expect(client, b"first#")
        client.sendall(b"write memory\r")
        expect(client, b"[OK]")
        client.sendall(b"".join(b"conf t\rhostname r%d\rend\rwrite memory\r" % number for number in range(500)))
        time.sleep(after_s)
        process.kill()
        process.communicate()
    kept = (tmp_path / "state" / "nvram" / "startup-config").read_text()
    assert kept.startswith("!\n")
    assert kept.endswith("\nend\n\n")
    name = kept.partition("\nhostname ")[2].partition("\n")[0]
    again, endpoint = powered([word for word in command if word != str(config)])
    try:
        with socket.create_connection(endpoint, READY_S) as client:
            expect(client, name.encode() + b"#")
            client.sendall(b"show version | include returned\r")
            expect(client, b"System returned to ROM by power-on")
    finally:
        again.terminate()
        again.communicate(timeout=READY_S)
    assert again.returncode == 0


def powered(command: list[str]) -> tuple[subprocess.Popen[str], tuple[str, int]]:
    """A router in a process of its own, and where its vtys are."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, split(process.stdout.readline().split()[1])


def expect(client: socket.socket, text: bytes) -> None:
    """Read up to `text`."""
    seen = b""
    while text not in seen:
        octets = client.recv(65536)
        assert octets, seen
        seen = (seen + octets)[-65536:]
