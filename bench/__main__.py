"""Every benchmark beside its peers, in one run, and what it found as a table.

    python -m bench [--quick] [--python PYTHON] [--out FILE] [NAME ...]

Rule: each file is a run of pytest-benchmark in a process of its own, one after the other, so that no one's memory or
garbage is another's. Its seconds are those of CPU time, which others on the machine take none of. The table is made of
the JSON that it writes, and tells what was skipped and why. NAME is a file's, without `bench_`. Written to
`bench/RESULTS.md` where all of them ran at full size; ends with 1 where one failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from xml.etree import ElementTree

from bench.figures import OURS

QUICKLY = ["--benchmark-max-time=0.1", "--benchmark-min-rounds=1"]
HERE = Path(__file__).parent
HEAD = ("What", "Unit", OURS, "±", "beside", "its", "±", "times as good", "target", "held")


@dataclass
class Ran:
    """What one file found."""

    title: str
    figures: list[dict[str, Any]] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    """What was skipped or failed, with the reason."""
    failed: bool = False


def ran(file: Path) -> Ran:
    """Run a file."""
    found = Ran(file.read_text("utf-8").partition('"""')[2].partition("\n")[0].rstrip('."'))
    with tempfile.TemporaryDirectory() as folder:
        figures, report = Path(folder) / "figures.json", Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", str(file), "-q", "--benchmark-enable", "--benchmark-columns=median"]
        command += ["--benchmark-timer=bench.figures.cpu_s", *(QUICKLY if "IOSEMU_BENCH_QUICK" in os.environ else [])]
        command += [f"--benchmark-json={figures}", f"--junit-xml={report}"]
        found.failed = subprocess.run(command, cwd=HERE.parent, check=False).returncode != 0
        for case in ElementTree.parse(report).iter("testcase") if report.exists() else ():
            for kind in ("skipped", "failure", "error"):
                for told in case.iter(kind):
                    found.untold.append(f"{case.get('name')}: {kind}: {(told.get('message') or '').splitlines()[0]}")
        if figures.exists() and figures.stat().st_size:
            for benchmark in json.loads(figures.read_text())["benchmarks"]:
                found.figures += benchmark["extra_info"].get("figures", [])
    return found


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(values: list[float]) -> str:
    """Half of what lies between the least and the most, of the median."""
    return f"{(max(values) - min(values)) / 2 / median(values):.0%}" if len(values) > 1 and median(values) else ""


def rows(figures: list[dict[str, Any]]) -> list[list[str]]:
    """A row for each of our figures, and one more for each further peer."""
    table: list[list[str]] = []
    for ours in (figure for figure in figures if figure["by"] == OURS):
        own = median(ours["values"])
        row = [ours["what"], ours["unit"], number(own), spread(ours["values"])]
        peers = [one for one in figures if one["by"] != OURS and one["what"] == ours["what"]]
        bound = target(ours, own)
        if any(bound) or not peers:
            table.append([*row, "", "", "", "", *bound])
            row = ["", "", "", ""]
        for peer in peers:
            its = median(peer["values"])
            times = own / its if more_is_better(ours["unit"]) else its / own
            table.append([*row, peer["by"], number(its), spread(peer["values"]), f"{times:.2f}", *target(peer, times)])
            row = ["", "", "", ""]
    return table


def more_is_better(unit: str) -> bool:
    return unit.endswith("/s") or unit == "%"


def target(figure: dict[str, Any], value: float) -> list[str]:
    """The target of a figure, and whether the value holds it."""
    for key, sign in (("at_least", "≥"), ("at_most", "≤"), ("times", "≥ times")):
        if key in figure:
            held = value <= figure[key] if key == "at_most" else value >= figure[key]
            return [f"{sign} {number(figure[key])}", "yes" if held else "**no**"]
    return ["", ""]


def document(runs: list[Ran]) -> str:
    """The table of all runs."""
    lines = ["# Figures", "", "Made by `python -m bench`; each row compares what was measured in the same run."]
    lines += ["Seconds are CPU time where nothing else is said; figures are medians, and ± is half of what lies"]
    lines += ["between the least and the most, of the median."]
    lines += [f"{os.cpu_count()} cores, Python {platform.python_version()}.", ""]
    every = [row for run in runs for row in rows(run.figures)]
    held, missed = (sum(row[-1] == said for row in every) for said in ("yes", "**no**"))
    lines += [f"{held} of {held + missed} targets held.", ""]
    for run in runs:
        lines += [f"## {run.title}", "", "| " + " | ".join(HEAD) + " |", "|" + " --- |" * len(HEAD)]
        lines += ["| " + " | ".join(row) + " |" for row in rows(run.figures)]
        lines += ["", *(f"- not measured: {told}" for told in run.untold), ""]
    return "\n".join(lines).replace("\n\n\n", "\n\n").rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a file of this folder, without bench_")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds")
    parser.add_argument("--python", default="", help="an interpreter with the peers that are not installed here")
    parser.add_argument("--out", type=Path, help="where the table goes")
    options = parser.parse_args()
    known = {file.stem.removeprefix("bench_"): file for file in sorted(HERE.glob("bench_*.py"))}
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}")
    # An installed program has its bytecode.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if options.quick:
        os.environ["IOSEMU_BENCH_QUICK"] = "1"
    if options.python:
        os.environ["IOSEMU_BENCH_PYTHON"] = options.python
    runs = [ran(known[name]) for name in options.names or known]
    text = document(runs)
    out = options.out or (None if options.names or options.quick else HERE / "RESULTS.md")
    if out is not None:
        out.write_text(text, encoding="utf-8")
    print(text)
    return 1 if any(run.failed for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
