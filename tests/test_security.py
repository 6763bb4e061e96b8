"""SECURITY.md: its figures are those of the code."""

from __future__ import annotations

import pydoc
import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[1] / "SECURITY.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.+) \| (\d+)(?: [a-z]+)? \| `(.+)` \|$", TEXT, re.MULTILINE)


def test_every_row_is_checked() -> None:
    assert len(ROWS) == TEXT.count("` |\n") > 0


@pytest.mark.parametrize(("of", "limit", "path"), ROWS, ids=[row[2] for row in ROWS])
def test_a_limit_is_that_of_the_code(of: str, limit: str, path: str) -> None:
    assert pydoc.locate(path) == int(limit), of
