"""The bill of materials that CONTRIBUTING tells how to make: it has what pyproject.toml asks for, within its bounds."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytest.importorskip("cyclonedx_py")

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def wanted() -> list[Requirement]:
    """What the tool needs with all of its extras, those of its tests and of its mutants aside."""
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    lines = {
        name: lines for name, lines in project["optional-dependencies"].items() if name not in ("test", "mutation")
    }
    extras = [line for of_one in lines.values() for line in of_one]
    found = map(Requirement, [*project["dependencies"], *extras])
    return [one for one in found if one.name != project["name"]]


def test_it_lists_what_is_asked_for(tmp_path: Path) -> None:
    bill = tmp_path / "sbom.json"
    command = [sys.executable, "-m", "cyclonedx_py", "environment", sys.executable, "--pyproject", str(PYPROJECT)]
    subprocess.run([*command, "--of", "JSON", "-o", str(bill)], check=True, capture_output=True, timeout=120)
    document = json.loads(bill.read_text())
    own = document["metadata"]["component"]
    assert own["name"] == "iosemu"
    (needed,) = (one["dependsOn"] for one in document["dependencies"] if one["ref"] == own["bom-ref"])
    versions = {canonicalize_name(part["name"]): part["version"] for part in document["components"]}
    known = {canonicalize_name(reference.partition("==")[0]) for reference in needed}
    for one in wanted():
        name = canonicalize_name(one.name)
        assert name in known, f"{name} is not listed"
        assert one.specifier.contains(versions[name]), f"{name} {versions[name]} is not {one.specifier}"
