"""A lab started as a stranger would start it: the `iosemu` command, and nothing but its outside interface."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

READY_S = 60
COMMAND_S = 120


@dataclass(frozen=True)
class RunningLab:
    """A lab in a process of its own, with the endpoints that it printed."""

    process: subprocess.Popen[str]
    folder: Path
    capture: Path
    endpoints: dict[str, Any]

    def router(self, name: str, service: str) -> tuple[str, int]:
        return split(self.endpoints["routers"][name][service])

    def smtp(self, name: str = "testlab-smtp") -> tuple[str, int]:
        return split(self.endpoints["mail"][name]["smtp"])

    def iosemu(self, *arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run an `iosemu fax` or `iosemu mail` command on this lab; its exit status must be `status`."""
        return iosemu(*arguments[:2], "--lab", self.folder, *arguments[2:], status=status)

    def mailbox(self, user: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self.iosemu("mail", "list", user, "--json").stdout)
        return listed

    def received(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self.iosemu("fax", "list", "--json").stdout)
        return listed


def split(endpoint: str) -> tuple[str, int]:
    host, _, port = endpoint.rpartition(":")
    return host, int(port)


def iosemu(*arguments: str | Path, status: int = 0, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the tool; its exit status must be `status`."""
    done = subprocess.run(
        [sys.executable, "-m", "iosemu", *map(str, arguments)],
        input=text,
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
        check=False,
    )
    assert done.returncode == status, f"iosemu {arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done


def start(folder: Path, *options: str | Path, lab: Path | None = None) -> RunningLab:
    """Start a lab at instant pace, in a runtime directory of its own, and wait for its line of endpoints."""
    capture = folder / "calls.pcapng"
    runtime = folder / "run"
    runtime.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "iosemu", "lab", *([str(lab)] if lab else [])]
    process = subprocess.Popen(
        [*command, "--headless", "--json", "--pace", "instant", "--dir", folder, "--capture", capture, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(runtime)},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        _, told = process.communicate(timeout=READY_S)
        pytest.fail(f"the lab did not start: {told}")
    return RunningLab(process, folder, capture, json.loads(line))


def stop(lab: RunningLab) -> tuple[int, str]:
    """End a lab as its user would; gives its exit status and what it said on stderr."""
    lab.process.send_signal(signal.SIGTERM)
    _, told = lab.process.communicate(timeout=READY_S)
    return lab.process.returncode, told
