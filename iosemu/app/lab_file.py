"""Which lab file is meant: a path, a directory with a `lab.toml`, or the name of a lab that comes with the program."""

from __future__ import annotations

from pathlib import Path

from iosemu.app.errors import ToolError

DEFAULT = "t37-lab"
FILE = "lab.toml"


def lab_file(named: Path | None) -> Path:
    """The lab file that `named` means (None: the two-gateway lab); that it can be read is not yet sure."""
    if named is None:
        return packaged_lab()
    if named.is_dir():
        return named / FILE
    if not named.exists() and (packaged := _examples() / named / FILE).is_file():
        return packaged
    return named


def packaged_lab() -> Path:
    """The lab file of the two-gateway lab that comes with the program."""
    return _examples() / DEFAULT / FILE


def _examples() -> Path:
    package = Path(__file__).resolve().parents[1]
    for folder in (package, package.parent):
        if (folder / "examples" / DEFAULT / FILE).is_file():
            return folder / "examples"
    raise ToolError("the packaged lab is missing from this installation")
