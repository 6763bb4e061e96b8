"""`iosemu lab check`: tries a lab's objectives on the running lab, or on one that it starts for that, and grades them.

Rule: 0 only where every objective holds. What is graded goes to standard output, a table or one line of JSON; which
objective is being tried, to a terminal's standard error.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iosemu.app.errors import ToolError
from iosemu.app.lab_file import lab_file
from iosemu.app.screen import screen
from iosemu.lab.check import Grade, grade
from iosemu.lab.state import RunningLab, find, find_lab_of
from iosemu.lab.topology import Topology, load

NOT_ALL = 1


def check(options: argparse.Namespace) -> int:
    """Grade a lab."""
    source = lab_file(options.file)
    topology = load(source)
    if not topology.objective:
        raise ToolError(f"{source} has no [[objective]]")
    with _running(source, options) as lab:
        grades = _graded(lab, topology)
    if options.json:
        _print_json(topology, grades)
    else:
        _print_table(topology, grades)
    return 0 if all(each.held for each in grades) else NOT_ALL


@contextmanager
def _running(source: Path, options: argparse.Namespace) -> Iterator[RunningLab]:
    """The lab that runs from that file, or one that is started for as long as it is needed."""
    found = find_lab_of(source) if options.dir is None else _in(options.dir)
    if found is not None:
        yield found
        return
    command = [sys.executable, "-m", "iosemu", "lab", str(source), "--headless", "--json", "--pace", options.pace]
    if options.dir is not None:
        command += ["--dir", str(options.dir)]
    if options.fault is not None:
        command += ["--fault", str(options.fault)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if not process.stdout.readline():
            told = process.communicate()[1].strip().splitlines()
            raise ToolError((told or ["the lab did not start"])[-1].removeprefix("iosemu: "))
        try:
            started = find_lab_of(source) if options.dir is None else find(options.dir)
            if started is None:
                raise ToolError("the lab did not start")
            yield started
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


def _in(folder: Path) -> RunningLab | None:
    from iosemu.lab.errors import NotRunning

    try:
        return find(folder)
    except NotRunning:
        return None


def _graded(lab: RunningLab, topology: Topology) -> list[Grade]:
    console = screen(stderr=True)
    if not console.is_terminal:
        return list(grade(lab, topology.objective))
    with console.status("") as status:
        return list(grade(lab, topology.objective, lambda objective: status.update(objective.name)))


def _print_json(topology: Topology, grades: list[Grade]) -> None:
    objectives = [
        {"name": each.name, "points": each.points, "held": each.held, "detail": each.detail} for each in grades
    ]
    print(json.dumps({"lab": topology.name, "points": _points(grades), "of": _of(grades), "objectives": objectives}))


def _print_table(topology: Topology, grades: list[Grade]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("Objective", "Result", "Points", "Why")
    for each in grades:
        result = Text("holds", "green") if each.held else Text("fails", "bold red")
        table.add_row(each.name, result, f"{each.points if each.held else 0} of {each.points}", each.detail)
    screen().print(table)
    points, of = _points(grades), _of(grades)
    print(f"{topology.name}: {points} of {of} points ({round(100 * points / of)} %)")


def _points(grades: list[Grade]) -> int:
    return sum(each.points for each in grades if each.held)


def _of(grades: list[Grade]) -> int:
    return sum(each.points for each in grades)
