"""`iosemu config`, `exec` and `platforms`: a router without a network, from its command line."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from iosemu.app import main

HEAVY = ("asyncio", "PIL", "rich", "prompt_toolkit", "pyparsing", "aiosmtplib", "aiosmtpd")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def test_a_configuration_comes_back_as_the_router_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.cfg"
    file.write_text("hostname lab\nfax interface-type fax-mail\n")
    status, out, err = run(capsys, "config", "as5300", str(file))
    assert (status, err) == (0, "")
    assert out.startswith("Building configuration...\n")
    assert "\nhostname lab\n" in out
    assert "\nmta receive maximum-recipients 0\n" in out


def test_each_refused_line_is_told_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.cfg"
    file.write_text("hostname lab\nnonsense\n!\ninterface FastEthernet0\n ip address 1.2.3.4\n")
    status, out, err = run(capsys, "config", "as5300", str(file))
    assert status == 1
    told = err.splitlines()
    assert told[0] == f"{file}:2: % Invalid input detected at '^' marker."
    assert told[1] == f"{file}:5: % Incomplete command."
    assert len(told) == 2
    assert "\nhostname lab\n" in out


def test_commands_run_in_order_on_a_configured_router(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"hostname lab\n")))
    status, out, err = run(
        capsys, "exec", "3660", "-", "-c", "show running-config | include ^hostname", "-c", "show clock"
    )
    assert (status, err) == (0, "")
    name, clock = out.splitlines()
    assert name == "hostname lab"
    assert clock.startswith("*")


@pytest.mark.parametrize("command", ["config", "exec"])
def test_bad_input_is_told_in_one_line(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["-c", "show clock"] if command == "exec" else []
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    (tmp_path / "good").write_text("hostname x\n")
    for platform, file, told in (
        ("as5300", "none", "no such file or directory"),
        ("as5300", "binary", "not a text file"),
        ("as9999", "good", "unknown platform 'as9999'"),
    ):
        status, out, err = run(capsys, command, platform, str(tmp_path / file), *more)
        assert (status, out) == (2, "")
        assert told in err
        assert err.count("\n") == 1


def test_a_release_is_asked_for_or_told_by_the_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.cfg"
    file.write_text("version 12.3\nhostname lab\nboot-start-marker\n")
    status, out, err = run(capsys, "config", "3660", str(file))
    assert (status, err) == (0, "")
    assert "\nversion 12.3\n" in out
    assert "logging queue-limit" not in out
    status, out, err = run(capsys, "config", "3660", str(file), "--release", "12.2(15)T9")
    assert (status, err) == (1, f"{file}:3: % Invalid input detected at '^' marker.\n")
    assert "\nversion 12.2\n" in out
    assert "\nlogging queue-limit 100\n" in out
    assert run(capsys, "config", "3660", str(file), "--release", "13")[0] == 2


def test_show_version_and_the_modifiers_follow_the_release(capsys: pytest.CaptureFixture[str]) -> None:
    commands = ("-c", "show version | include Version|image|Copyright|text-base", "-c", "show run | section ^line con")
    _, out, _ = run(capsys, "exec", "3640", "--release", "12.2(26)", *commands)
    assert out.splitlines()[:3] == [
        "IOS (tm) 3600 Software (C3640-JS-M), Version 12.2(26), RELEASE SOFTWARE (fc2)",
        "Copyright (c) 1986-2004 by cisco Systems, Inc.",
        "Image text-base: 0x60008954, data-base: 0x61A2A000",
    ]
    assert "% Invalid input" in out
    _, out, _ = run(capsys, "exec", "3640", "--release", "12.4(6)T2", *commands)
    lines = out.splitlines()
    assert lines[0].startswith("Cisco IOS Software, 3600 Software (C3640-JS-M), Version 12.4(6)T2, RELEASE SOFTWARE")
    assert lines[1] == "Copyright (c) 1986-2006 by Cisco Systems, Inc."
    assert 'System image file is "flash:c3640-js-mz.124-6.T2.bin"' in lines
    assert lines[-1] == "line con 0"


def test_the_chassis_table_names_every_platform_and_its_limit(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "platforms")
    assert status == 0
    assert "as5350" in out
    assert "2 x fax + voice <= 120" in out


def test_exec_loads_only_what_it_needs() -> None:
    script = (
        "import sys; from iosemu.app import main\n"
        "assert main(['exec', '3660', '-c', 'show clock']) == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    # The first run may have to compile the catalogue, which needs pyparsing.
    for _ in range(2):
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_router_runs_the_image_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["--release", "12.2(2)XA1", "--features", "I", "--module", "1=NM-32A"]
    assert main(["exec", "2621", *wanted, "-c", "show version"]) == 0
    shown = capsys.readouterr().out
    assert "IOS (tm) C2600 Software (C2600-I-M), Version 12.2(2)XA1, EARLY DEPLOYMENT RELEASE SOFTWARE (fc1)\n" in shown
    assert 'System image file is "flash:c2600-i-mz.122-2.XA1.bin"\n' in shown
    assert "\nX.25 software, Version 3.0.0.\n2 FastEthernet/IEEE 802.3 interface(s)\n32 terminal line(s)\n" in shown
    assert main(["exec", "2621", "--features", "a-b", "-c", "show version"]) == 2
    assert "'a-b' is no set of features" in capsys.readouterr().err


def test_a_router_has_the_memory_and_is_the_unit_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    def version(*more: str) -> str:
        return run(capsys, "exec", "2621", *more, "-c", "show version", "-c", "show interfaces FastEthernet0/0")[1]

    first, second = version("--unit", "a"), version("--unit", "b", "--memory", "48")
    assert "with 59392K/6144K bytes of memory" in first
    assert "with 43008K/6144K bytes of memory" in second
    for told in (r"Processor board ID \w+ \(\d+\)", r"address is \S+"):
        (one,), (other,) = (set(re.findall(told, text)) for text in (first, second))
        assert one != other
    assert first == version("--unit", "a")
    with pytest.raises(SystemExit):
        version("--memory", "8")
    assert "argument --memory: '8' is none of 32 to 2048" in capsys.readouterr().err
