"""The faults that can be planted in a lab, for those who learn to find them: `faults.toml` beside the lab file.

Rule: a fault is chosen by its number, the place in the file from 1 on, and is there from the start: lines typed into a
router that has no startup configuration yet, or a fax machine without paper. Each tells its fix, for the one who has
given up and for the test that tries it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from iosemu.lab.errors import LabError, TopologyError
from iosemu.lab.topology import Topology, digits

FILE = "faults.toml"


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of a fix: `type` into the privileged EXEC of a `router`, or `run` a command of this machine."""

    router: str = ""
    type: str = ""
    run: str = ""


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wrong (`name`), how people notice (`symptom`), how it is planted: configuration `lines` of a `router`,
    or the sheets of `paper` in the `machine` with that number; and the `fix`."""

    name: Annotated[str, Meta(min_length=1)]
    symptom: str
    router: str = ""
    lines: str = ""
    machine: str = ""
    paper: Annotated[int, Meta(ge=0)] = 0
    fix: Annotated[list[Step], Meta(min_length=1)]


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    fault: list[Fault]


def load_faults(lab_file: Path, lab: Topology) -> list[Fault]:
    """The faults of a lab; raises LabError."""
    path = lab_file.parent / FILE
    try:
        faults = msgspec.toml.decode(path.read_bytes(), type=_File).fault
    except FileNotFoundError:
        raise LabError(f"{lab_file} has no faults: no file {path}") from None
    except OSError as error:
        raise LabError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise TopologyError(f"{path}: {' '.join(str(error).split())}") from None
    routers, machines = {node.name for node in lab.router}, {digits(fax.number) for fax in lab.fax}
    for fault in faults:
        if bool(fault.router) == bool(fault.machine):
            raise TopologyError(f"{path}: fault {fault.name!r} needs a router or a machine")
        if fault.router and fault.router not in routers:
            raise TopologyError(f"{path}: fault {fault.name!r}: no router {fault.router!r}")
        if fault.machine and digits(fault.machine) not in machines:
            raise TopologyError(f"{path}: fault {fault.name!r}: no fax machine {fault.machine!r}")
    return faults


def choose(lab_file: Path, lab: Topology, number: int) -> Fault:
    """The fault with that number; raises LabError."""
    faults = load_faults(lab_file, lab)
    if not 1 <= number <= len(faults):
        raise LabError(f"no fault {number}; there are 1 to {len(faults)}")
    return faults[number - 1]


def planted(lab: Topology, fault: Fault) -> Topology:
    """The lab with the fault in it, as far as the lab file tells of it: `lines` are for the router."""
    if not fault.machine:
        return lab
    machines = [
        msgspec.structs.replace(node, paper=fault.paper) if digits(node.number) == digits(fault.machine) else node
        for node in lab.fax
    ]
    return msgspec.structs.replace(lab, fax=machines)


def state_name(lab: Topology, number: int | None) -> str:
    """What the usual state directory is called, of the lab or of the lab with that fault."""
    return lab.name if number is None else f"{lab.name}-fault-{number}"
