"""Every command of README does what README says."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from .running import RunningLab
from .test_faxes import fax_to

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
INSTALL, TEST, LAB, RECEIVED, ROUTER, PLATFORM, FIGURES = BLOCKS


def run(script: str, folder: Path, environment: dict[str, str] | None = None, timeout_s: int = 300) -> str:
    """Run a block as a reader would paste it, in `folder`; it must not fail."""
    scripts = Path(sys.executable).parent
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**own, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", **(environment or {})},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a reader has: the project's files, without anything built or installed."""
    tree = tmp_path / "iosemu"
    hidden = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "dist", "build")
    shutil.copytree(ROOT, tree, ignore=hidden)
    return tree


def test_the_lab_is_used_as_told(lab: RunningLab, clone: Path) -> None:
    environment = {"XDG_RUNTIME_DIR": str(lab.folder / "run")}
    count = len(lab.received())
    printed = run(LAB, clone, environment)
    assert "sent to 555-0199" in printed
    assert "multipart/fax-message" in printed
    fax_to(lab, count)
    run(RECEIVED, clone, environment)
    assert list((clone / "pages").glob("*.png"))


def test_a_router_is_asked_as_told(clone: Path) -> None:
    printed = run(ROUTER, clone)
    assert "hostname vdtl-5300-7a" in printed
    assert re.search(r"^ +2 pots +up +up", printed, re.MULTILINE)
    assert "cisco 3660 (R527x) processor" in printed
    assert "Cisco document 47421" in " ".join(printed.split())


def test_a_platform_is_added_as_told(clone: Path) -> None:
    assert "cisco AS5300 (R4K) processor" in run(PLATFORM, clone)


def test_benchmarks_run_as_told(clone: Path) -> None:
    printed = run(FIGURES, clone)
    assert (clone / "figures.md").read_text().count("|") > 20
    day, kills = (json.loads(line) for line in printed.splitlines() if line.startswith("{"))
    assert (day["hours"], day["left"], day["lost_faxes"], day["lost_mails"]) == (2, [], [], [])
    assert (kills["kills"], kills["lost_faxes"], kills["lost_mails"]) == (1, [], [])


def test_continuous_integration_runs_the_test_command() -> None:
    assert TEST.strip() in (ROOT / ".ci" / "run").read_text()


@pytest.mark.skipif(not os.environ.get("CI"), reason="installs from the package index; run in CI")
def test_the_first_command_brings_up_the_lab_in_a_fresh_environment(clone: Path, tmp_path: Path) -> None:
    install, start = INSTALL.strip().rsplit(" && ", 1)
    venv.main([str(clone / ".venv"), "--clear"])
    run(install, clone, timeout_s=900)
    lab = subprocess.Popen(
        [*start.split(), "--headless", "--json", "--dir", tmp_path / "state"],
        cwd=clone,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert lab.stdout is not None
    endpoints = json.loads(lab.stdout.readline())
    lab.send_signal(signal.SIGINT)
    assert lab.wait(60) == 0
    assert set(endpoints["routers"]) == {"vdtl-5300-7a", "vdtl-5350-8a"}
