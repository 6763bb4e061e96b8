"""The command line: what it takes, and how it complains."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from iosemu.app import main
from iosemu.app.arguments import due, parse


def test_every_row_of_the_interface_is_read() -> None:
    lab = parse(["lab", "x.toml", "--headless", "--json", "--pace", "instant", "--capture", "c.pcapng", "--dir", "d"])
    assert (lab.file, lab.pace, lab.capture, lab.dir) == (Path("x.toml"), "instant", Path("c.pcapng"), Path("d"))
    assert parse(["lab"]).pace == "line"
    router = parse(["router", "as5300", "c.cfg", "--telnet", "2323", "--smtp", "0.0.0.0:25", "--headless"])
    assert (router.telnet, router.smtp, router.state) == (("127.0.0.1", 2323), ("0.0.0.0", 25), None)
    assert parse(["config", "3660", "-"]).config == "-"
    assert parse(["exec", "3660", "-c", "show clock", "-c", "show version"]).commands == ["show clock", "show version"]
    assert parse(["fax", "send", "--from", "1", "--to", "2", "f.tif", "--lab", "d"]).lab == Path("d")
    assert parse(["fax", "pages", "3", "--out", "d"]).job == "3"
    assert parse(["mail", "show", "tom", "1"]).number == "1"
    sent = parse(["mail", "send", "--from", "tom", "--to", "FAX=9-555-8354@15.80.7.107", "a.tif", "b.txt"])
    assert (sent.to, len(sent.files)) == (["FAX=9-555-8354@15.80.7.107"], 2)
    assert parse(["platforms"]).function == "platforms"


def test_a_word_after_lab_is_a_command_or_a_lab() -> None:
    check = parse(["lab", "check", "x.toml", "--fault", "3", "--json"])
    assert (check.function, check.file, check.fault, check.json) == ("check", Path("x.toml"), 3, True)
    assert (parse(["lab", "save", "lesson-1"]).name, parse(["lab", "save", "a", "b.toml"]).file) == (
        "lesson-1",
        Path("b.toml"),
    )
    for lab in ("./check", "checks", "reset.toml"):
        assert (parse(["lab", lab]).function, parse(["lab", lab]).file) == ("run", Path(lab))
    assert parse(["lab", "--json", "check"]).file == Path("check")


def test_a_time_is_the_next_one() -> None:
    now = datetime.now().astimezone()
    later = parse(["fax", "send", "--from", "1", "--to", "2", "--to", "3", "--at", "+90", "f.txt"])
    assert later.to == ["2", "3"]
    assert timedelta(minutes=89) < later.at - now < timedelta(minutes=91)
    for hour in range(24):
        at = due(f"{hour:02}:30")
        assert timedelta(0) < at - datetime.now().astimezone() <= timedelta(days=1, hours=1)
        assert (at.hour, at.minute) == (hour, 30)


@pytest.mark.parametrize(
    "arguments",
    [
        ["fax", "send", "--from", "1", "--to", "2", "--at", "25:00", "f"],
        ["fax", "send", "--from", "1", "--to", "2", "--at", "+", "f"],
        ["lab", "save"],
        ["lab", "--fault", "x"],
        [],
        ["nonsense"],
        ["exec", "3660"],
        ["fax", "send", "--from", "1", "f"],
        ["router", "as5300", "--telnet", "here"],
        ["lab", "--pace", "fast"],
    ],
)
def test_a_wrong_command_line_is_told_in_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("iosemu")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["lab", "none.toml"], "none.toml: no such file or directory"),
        (["fax", "send", "--from", "1", "--to", "2", "none.tif"], "none.tif: no such file or directory"),
        (["mail", "send", "--from", "tom", "--to", "x@y"], "nothing to send: name a FILE or give --text"),
        (["fax", "list", "--lab", "nowhere"], "no lab is running in nowhere"),
        (["mail", "list", "tom"], "no lab is running; start one with: iosemu lab"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"iosemu: {told}\n"


def test_an_empty_file_is_no_fax(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.tif").touch()
    assert main(["fax", "send", "--from", "1", "--to", "2", str(tmp_path / "empty.tif")]) == 2
    assert capsys.readouterr().err.endswith("empty.tif: the file is empty\n")
