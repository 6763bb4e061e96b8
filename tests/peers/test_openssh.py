"""OpenSSH's `ssh` with one command, with lines on its input, and at a terminal's size, against a whole router."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peers.served_router import SSH_LOGIN, served_router

pytest.importorskip("asyncssh")
pytestmark = pytest.mark.peer

VERSION = "IOS (tm) 3600 Software (C3660-JS-M), Version 12.2(15)T9,  RELEASE SOFTWARE (fc2)"
OPTIONS = (
    "StrictHostKeyChecking=no UserKnownHostsFile=/dev/null PubkeyAuthentication=no NumberOfPasswordPrompts=1"
    " RequiredRSASize=1024 LogLevel=ERROR"
)


def ssh(folder: Path, port: int, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run it as tom; the password comes from a program, as nobody sits at a terminal."""
    asked = folder / "askpass"
    asked.write_text("#!/bin/sh\necho maui\n")
    asked.chmod(0o700)
    environment = {**os.environ, "SSH_ASKPASS": str(asked), "SSH_ASKPASS_REQUIRE": "force"}
    options = [part for option in OPTIONS.split() for part in ("-o", option)]
    command = ["ssh", "-F", "none", *options, "-p", str(port), "tom@127.0.0.1", *words]
    return subprocess.run(
        command, input=typed, capture_output=True, text=True, timeout=30, env=environment, check=False
    )


def test_one_command_and_lines_on_the_input(need: Callable[[str], str], tmp_path: Path) -> None:
    need("ssh")
    with served_router("3660", SSH_LOGIN) as (port, _):
        ran = ssh(tmp_path, port, "show version | include ^IOS")
        assert (ran.returncode, ran.stdout) == (0, f"{VERSION}\n")

        routes = [f"ip route 10.{n // 250}.{n % 250}.0 255.255.255.0 Null0" for n in range(2000)]
        lines = ["terminal length 0", "configure terminal", *routes, "end", "show running-config | include ^ip route"]
        ran = ssh(tmp_path, port, "-T", typed="\n".join([*lines, "exit", ""]))
        assert ran.returncode == 0
        shown = ran.stdout.splitlines()
        assert [line.partition("#")[2] for line in shown if line.startswith("gate(config)#ip route")] == routes
        assert [line for line in shown if line.startswith("ip route")] == routes

        ran = ssh(tmp_path, port, "-tt", typed="show clock\nexit\n")
        assert ran.returncode == 0
        assert "UTC" in ran.stdout
