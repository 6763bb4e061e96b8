"""What starting the tool costs beside a bare interpreter; each round is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bench.figures import OURS, QUICK, tell_ms

WHAT = "a start, show clock"
TIMES_BARE = 0.1


@pytest.mark.parametrize(
    ("by", "arguments"),
    [("bare interpreter", ("-c", "pass")), (OURS, ("-m", "iosemu", "exec", "3660", "-c", "show clock"))],
)
def test_start_up(benchmark, by: str, arguments: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    # An installed program has its bytecode.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def start() -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)

    benchmark.pedantic(start, rounds=3 if QUICK else 20, warmup_rounds=2)
    tell_ms(benchmark, WHAT, by, **({} if by == OURS else {"times": TIMES_BARE}))
