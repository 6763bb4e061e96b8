"""The documentation: the site is built without a warning, and what its pages say is true."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from iosemu.app.grammar import entries
from iosemu.chassis.platform import names
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.lab.topology import parse
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.docs.terminals import Terminals

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
TOML = re.compile(r'^```toml(?P<title> title="lab.toml")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
IOS = re.compile(r"^```ios\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LAB = ROOT / "examples" / "t37-lab" / "lab.toml"


def reference() -> Any:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "packaging" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_has_everything() -> None:
    pages = reference().pages()
    for name in names():
        assert f"\n## {name}\n" in pages["reference/platforms.md"]
    for entry in entries():
        if len(entry.options) > 1:
            assert f"\n## iosemu {' '.join(entry.words)}".rstrip() + "\n" in pages["reference/tool.md"]
    assert "| `objective` | list of [Objective](#objective) |" in pages["reference/lab-file.md"]
    dial_peer = pages["reference/commands/dial-peer-mmoip.md"]
    assert "<code>session target" in dial_peer
    assert "Change the Admin Status of this peer to down" in dial_peer


@pytest.mark.skipif(importlib.util.find_spec("material") is None, reason="needs mkdocs-material (extra docs)")
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    for page in ("index.html", "tutorial/index.html", "reference/commands/config/index.html"):
        assert (tmp_path / "site" / page).is_file()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_labs_and_configurations_of_a_page_are_right(page: Path, tmp_path: Path) -> None:
    text = page.read_text()
    (tmp_path / "gw.cfg").touch()
    for block in TOML.finditer(text):
        whole = block["text"] if block["title"] else LAB.read_text() + block["text"]
        where = tmp_path / "lab.toml" if block["title"] else LAB
        assert parse(whole.encode(), where).router
    for block in IOS.finditer(text):
        router = Router("as5300", clock=ManualClock(), network=NoNetwork(), store=FileStore(None))
        assert router.load(block["text"]) == []


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.parent.name == "how-to" and "```console" in page.read_text()],
    ids=lambda page: page.stem,
)
def test_a_how_to_does_what_it_says(page: Path, tmp_path: Path) -> None:
    text = page.read_text()
    shutil.copytree(ROOT / "platforms", tmp_path / "platforms")
    for block in TOML.finditer(text):
        if block["title"]:
            (tmp_path / "lab.toml").write_text(block["text"])
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    places = {name: str(tmp_path) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    terminals = Terminals(tmp_path, {**own, **places, "PATH": path})
    try:
        terminals.follow(text)
    finally:
        terminals.stop()
