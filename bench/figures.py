"""What a benchmark found: figures of ours and of its peers, kept in the JSON that pytest-benchmark writes.

Rule: a figure says what was measured, in which unit, who did it, and all that was measured; its target stands at the
figure that has it: a bound of ours (`at_least`, `at_most`), or how many times as good as a peer ours must be (`times`).
More is better of what is counted in a second and of shares of a pace (`%`), less of all else.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

OURS = "iosemu"
QUICK = "IOSEMU_BENCH_QUICK" in os.environ
"""Small sizes and few rounds: does everything still run?"""
PEERS_PYTHON = os.environ.get("IOSEMU_BENCH_PYTHON", "")
"""An interpreter that has the peers which cannot be installed beside iosemu, or ""."""


def cpu_s() -> float:
    """Seconds of CPU time that this process and those that it has waited for have used."""
    children = getrusage(RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def tell(benchmark: Any, what: str, unit: str, values: Iterable[float], by: str = OURS, **target: float) -> None:
    """Add a figure: every value that was measured, and its target."""
    figure = {"what": what, "unit": unit, "by": by, "values": list(values), **target}
    benchmark.extra_info.setdefault("figures", []).append(figure)


def tell_rate(
    benchmark: Any, what: str, unit: str, work: float, by: str = OURS, less_s: float = 0, **target: float
) -> None:
    """Add how much of `work` was done a second in each round, `less_s` taken off each."""
    if benchmark.stats is not None:  # None where benchmarks are only tried out
        tell(benchmark, what, unit, [work / (taken - less_s) for taken in benchmark.stats.stats.data], by, **target)


def tell_ms(benchmark: Any, what: str, by: str = OURS, **target: float) -> None:
    """Add how many milliseconds each round took."""
    if benchmark.stats is not None:
        tell(benchmark, what, "ms", [1000 * taken for taken in benchmark.stats.stats.data], by, **target)
