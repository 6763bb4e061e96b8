"""The wheel: it has all that a lab needs, and a lab runs from it alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as an installer builds it, without asking the network for the builder."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


def tracked(folder: str) -> set[str]:
    """The files of a folder that belong to the project."""
    skipped = {"__pycache__"}
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and not skipped & set(path.parts))
    return {path.relative_to(ROOT).as_posix() for path in files}


def test_it_has_everything(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert tracked("iosemu") <= names
    assert {f"iosemu/{name}" for name in tracked("platforms") | tracked("examples")} <= names
    for file in (
        "py.typed",
        "fax/font/DejaVuSansMono.ttf",
        "web/static/index.html",
        "web/static/vendor/xterm/xterm.mjs",
        "platforms/as5300.toml",
        "examples/t37-lab/lab.toml",
        "examples/troubleshooting/faults.toml",
    ):
        assert f"iosemu/{file}" in names, file
    assert any(name.startswith("iosemu/catalogue/") and name.endswith(".ios") for name in names)
    assert not any("__pycache__" in name or name.startswith(("tests/", "bench/")) for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_all_means_every_extra_that_is_for_users(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = Parser().parsestr(archive.read(name).decode())
    required: dict[str, set[str]] = {}
    for line in metadata.get_all("Requires-Dist", []):
        requirement, _, extra = line.partition("; extra == ")
        required.setdefault(extra.strip("'\""), set()).add(requirement)
    extras = set(metadata.get_all("Provides-Extra", [])) - {"all", "test", "docs", "mutation"}
    assert required["all"] == set().union(*(required.get(extra, set()) for extra in extras))


def test_a_lab_runs_from_it_alone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = {**own, "PYTHONPATH": str(tmp_path / "site"), "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [sys.executable, "-P", "-m", "iosemu", "lab", "check", "troubleshooting", "--json", "--dir", "state"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["points"] == 10
    where = [sys.executable, "-P", "-c", "import iosemu.app.lab_file as f; print(f.packaged_lab())"]
    printed = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert Path(printed.strip()).is_relative_to(tmp_path / "site")
