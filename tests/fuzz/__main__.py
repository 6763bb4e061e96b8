"""`python -m tests.fuzz [--inputs N] [--seed S] [SURFACE ...]`: N inputs over all surfaces, on all processors.

A failing input is written to `tests/fuzz/corpus/SURFACE/` and tried by the tests from then on. Which inputs come is up
to `--seed`; those of a million with seed 1 are always the same.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import multiprocessing
import random
import resource
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from .surface import Surface, mutated
from .surfaces import BY_NAME

CORPUS = Path(__file__).parent / "corpus"
BATCH = 2000
TOO_LONG_S = 10
MEMORY_OCTETS = 2 << 30


@dataclass
class Tried:
    """What became of the inputs of a surface; `slowest_s` is what the slowest took of a processor."""

    inputs: int = 0
    failures: int = 0
    slowest_s: float = 0.0
    seconds: float = 0.0

    def add(self, other: Tried) -> None:
        self.inputs += other.inputs
        self.failures += other.failures
        self.slowest_s = max(self.slowest_s, other.slowest_s)
        self.seconds += other.seconds


class TooLong(BaseException):
    """An input has taken longer than any may."""


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TooLong


def fuzz(surface: Surface, inputs: int, seed: int) -> Tried:
    """So many inputs; one that fails is kept, and ends it."""
    chance = random.Random(f"{surface.name} {seed}")
    tried, began = Tried(), time.perf_counter()
    octets = b""
    before = signal.signal(signal.SIGALRM, _too_long)
    try:
        with surface.open() as take:
            for _ in range(inputs):
                octets = mutated(surface, chance)
                signal.alarm(TOO_LONG_S)
                start = time.process_time()
                with contextlib.suppress(*surface.errors):
                    take(octets)
                tried.slowest_s = max(tried.slowest_s, time.process_time() - start)
                tried.inputs += 1
            signal.alarm(TOO_LONG_S)
    except (Exception, TooLong):
        folder = CORPUS / surface.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{hashlib.sha256(octets).hexdigest()[:12]}.bin").write_bytes(octets)
        traceback.print_exc()
        tried.failures = 1
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    tried.seconds = time.perf_counter() - began
    return tried


def _batch(work: tuple[str, int, int]) -> tuple[str, Tried]:
    name, inputs, seed = work
    return name, fuzz(BY_NAME[name], inputs, seed)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_OCTETS, MEMORY_OCTETS))


def _work(surfaces: list[Surface], inputs: int, seed: int) -> list[tuple[str, int, int]]:
    """Batches, the surfaces taking turns; whoever has little share has a few inputs all the same."""
    total = sum(surface.share for surface in surfaces)
    batches = []
    for surface in surfaces:
        left, batch = max(1, inputs * surface.share // total), seed * 1_000_000
        while left > 0:
            batches.append((batch, (surface.name, min(BATCH, left), batch)))
            left, batch = left - BATCH, batch + 1
    return [work for _, work in sorted(batches, key=lambda one: one[0])]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz whatever takes foreign octets.")
    parser.add_argument("surfaces", nargs="*", metavar="SURFACE", help=f"of {', '.join(BY_NAME)}; all unless told")
    parser.add_argument("--inputs", type=int, default=100_000, help="how many inputs, over all surfaces")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    asked = parser.parse_args()
    if unknown := set(asked.surfaces) - set(BY_NAME):
        parser.error(f"no surface {', '.join(sorted(unknown))}; there are {', '.join(BY_NAME)}")
    chosen = [surface for name, surface in BY_NAME.items() if name in asked.surfaces or not asked.surfaces]
    found = {surface.name: Tried() for surface in chosen}
    start = time.monotonic()
    with multiprocessing.Pool(asked.processes, _limit) as pool:
        for name, tried in pool.imap_unordered(_batch, _work(chosen, asked.inputs, asked.seed)):
            found[name].add(tried)
    total = Tried()
    print(f"{'surface':<14}{'inputs':>10}{'failures':>10}{'slowest':>12}{'inputs/s':>10}")
    for name, tried in found.items():
        total.add(tried)
        print(_row(name, tried, tried.seconds))
    print(_row("all", total, time.monotonic() - start))
    return 1 if total.failures else 0


def _row(name: str, tried: Tried, seconds: float) -> str:
    rate = tried.inputs / seconds if seconds else 0.0
    return f"{name:<14}{tried.inputs:>10}{tried.failures:>10}{tried.slowest_s * 1000:>9.1f} ms{rate:>10.0f}"


if __name__ == "__main__":
    sys.exit(main())
