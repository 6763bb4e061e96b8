"""What a fax machine, a sender and a history are told when something is down; and what survives a kill."""

from __future__ import annotations

import smtplib
from pathlib import Path

from .running import RunningLab, start, stop
from .test_consoles import Telnet


def lab_without_mail_server(folder: Path) -> Path:
    """The two-gateway lab with its mail server taken out."""
    examples = Path(__file__).parents[2] / "examples" / "t37-lab"
    text = (examples / "lab.toml").read_text()
    head, _, tail = text.partition("[[mail]]")
    (folder / "lab.toml").write_text(head + tail[tail.index("# Its name service.") :])
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


def test_a_call_that_finds_no_dsp_channel_gets_busy(tmp_path: Path) -> None:
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
    assert "busy" in (told.stdout + told.stderr).lower()


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
    own_lab.process.wait()
    again = start(own_lab.folder)
    try:
        assert len(again.mailbox("tom")) >= 1
        with Telnet(again.router("vdtl-5300-7a", "telnet")) as telnet:
            telnet.log_in()
            assert "hostname survivor" in telnet.command("show running-config | include hostname")
    finally:
        assert stop(again)[0] == 0
