"""`iosemu lab reset`, `save` and `restore`: the state directory of a lab that does not run; and `iosemu lab schema`."""

from __future__ import annotations

import argparse
from pathlib import Path

from iosemu.app.lab_file import lab_file
from iosemu.lab import snapshot
from iosemu.lab.faults import state_name
from iosemu.lab.state import default_folder
from iosemu.lab.topology import load, schema


def reset(options: argparse.Namespace) -> int:
    """Have a lab start anew."""
    folder = _folder(options)
    snapshot.reset(folder)
    print(f"{folder} is as new")
    return 0


def save(options: argparse.Namespace) -> int:
    """Keep a lab as it stands."""
    print(snapshot.save(_folder(options), options.name))
    return 0


def restore(options: argparse.Namespace) -> int:
    """Put a lab back to where it was."""
    folder = _folder(options)
    snapshot.restore(folder, options.name)
    print(f"{folder} is as it was when {options.name} was saved")
    return 0


def print_schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema of lab files."""
    print(schema().decode(), end="")
    return 0


def _folder(options: argparse.Namespace) -> Path:
    """The state directory that is meant."""
    if options.dir is not None:
        return Path(options.dir)
    return default_folder(state_name(load(lab_file(options.file)), options.fault))
