"""What starting the tool costs beside a bare interpreter; each round is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.benchmark(group="start-up")
@pytest.mark.parametrize(
    "arguments",
    [("-c", "pass"), ("-m", "iosemu", "exec", "3660", "-c", "show clock")],
    ids=["bare interpreter", "iosemu exec show clock"],
)
def test_start_up(benchmark, arguments: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    # An installed program has its bytecode.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def start() -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)

    benchmark.pedantic(start, rounds=20, warmup_rounds=2)
