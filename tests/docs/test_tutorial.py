"""The tutorial is done word for word: every command, everything typed at a router, and what is shown."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.terminals import Terminals, commands, matches

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"


@pytest.mark.peer
def test_the_tutorial_is_true(tmp_path: Path, need: object) -> None:
    need("telnet")  # type: ignore[operator]
    scripts = Path(sys.executable).parent
    assert shutil.which("iosemu", path=str(scripts))
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    places = {name: str(tmp_path) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME")}
    path = f"{scripts}{os.pathsep}{os.environ['PATH']}"
    terminals = Terminals(tmp_path, {**own, **places, "PATH": path})
    try:
        terminals.follow(PAGE.read_text())
    finally:
        terminals.stop()


def test_what_differs_is_noticed() -> None:
    assert commands(["$ a", "x", "$ b"]) == [("a", ["x"]), ("b", [])]
    assert matches(["...", "1 ... 3", "end"], "a\nb\n1 2 3  \nend\n")
    assert matches(["...", "end"], "end\n")
    assert not matches(["1 2 3"], "1 2 4\n")
    assert not matches(["1"], "1\n2\n")
    assert not matches(["1", "2"], "1\n")
