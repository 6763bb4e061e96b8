"""`python -m tests.fuzz --inputs N`: N inputs to all readers together, on all processors.

A failing input is written to `tests/fuzz/corpus/READER/` and tried by the tests from then on. Which inputs come is up
to `--seed`; those of ten million with seed 1 are always the same.
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
from pathlib import Path

from .readers import READERS, Reader, mutated

CORPUS = Path(__file__).parent / "corpus"
BATCH = 2000
TOO_LONG_S = 10
MEMORY_OCTETS = 2 << 30
# What reads whole pages is slower by a thousand times, and gets fewer of the inputs.
WEIGHTS = {"ifp": 30, "udptl": 30, "frames": 25, "dle": 12, "MH": 1, "MR": 1, "MMR": 1, "tiff": 1}


def fuzz(reader: Reader, inputs: int, seed: int) -> int:
    """So many inputs; returns how many went well, a bad one ends it and is kept."""
    chance = random.Random(f"{reader.name} {seed}")
    for count in range(inputs):
        octets = mutated(reader, chance)
        try:
            with contextlib.suppress(*reader.errors):
                reader.read(octets)
        except Exception:
            folder = CORPUS / reader.name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{hashlib.sha256(octets).hexdigest()[:12]}.bin").write_bytes(octets)
            traceback.print_exc()
            return count
    return inputs


def _batch(work: tuple[str, int, int]) -> tuple[str, int, int]:
    name, inputs, seed = work
    signal.alarm(TOO_LONG_S + inputs // 20)  # a hang is a failure
    reader = next(reader for reader in READERS if reader.name == name)
    return name, fuzz(reader, inputs, seed), inputs


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_OCTETS, MEMORY_OCTETS))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the readers of foreign octets.")
    parser.add_argument("--inputs", type=int, default=100_000, help="how many inputs, over all readers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    asked = parser.parse_args()
    total = sum(WEIGHTS.values())
    work = []
    for name, weight in WEIGHTS.items():
        left, seed = asked.inputs * weight // total, asked.seed * 1_000_000
        while left > 0:
            work.append((name, min(BATCH, left), seed))
            left, seed = left - BATCH, seed + 1
    done, bad, start = dict.fromkeys(WEIGHTS, 0), 0, time.monotonic()
    with multiprocessing.Pool(asked.processes, _limit) as pool:
        for name, well, inputs in pool.imap_unordered(_batch, work):
            done[name] += well
            bad += well < inputs
    told = ", ".join(f"{name} {count}" for name, count in done.items())
    print(f"{sum(done.values())} inputs in {time.monotonic() - start:.0f} s ({told}); {bad} failures")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
