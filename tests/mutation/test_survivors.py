"""The record of mutants that live: what it speaks of is there."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SURVIVORS = tomllib.loads((HERE / "survivors.toml").read_text())["survivor"]


def functions(module: str) -> dict[str, str]:
    """The functions of a module with their text, by "name" or "Class.name"."""
    text = (HERE.parents[1] / f"{module.replace('.', '/')}.py").read_text()
    found = {}
    for node in ast.parse(text).body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        for member in members:
            if isinstance(member, ast.FunctionDef):
                name = f"{node.name}.{member.name}" if isinstance(node, ast.ClassDef) else member.name
                found[name] = ast.unparse(member)
    return found


@pytest.mark.parametrize("module", sorted({entry["module"] for entry in SURVIVORS}))
def test_what_the_record_speaks_of_is_there_and_said_why(module: str) -> None:
    known = functions(module)
    for entry in SURVIVORS:
        if entry["module"] == module:
            assert entry["function"] in known
            assert entry["mutants"]
            assert entry["why"].endswith(".")
