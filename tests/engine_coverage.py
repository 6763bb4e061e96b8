"""Does the coverage by branch of each engine stay where it is? Run after the tests were measured:

    coverage run -m pytest
    python -m tests.engine_coverage

A figure that rose is to be raised here too.
"""

from __future__ import annotations

import os
import sys

from coverage import Coverage

FLOORS = {"chassis": 98, "cli": 98, "config": 97, "fax": 97, "mail": 98, "sip": 93, "voice": 97}
"""Percent of the branches and lines of `iosemu/NAME`."""


def main() -> int:
    measured = Coverage()
    measured.load()
    low = []
    with open(os.devnull, "w") as nowhere:
        for engine, floor in FLOORS.items():
            percent = measured.report(include=[f"iosemu/{engine}/*"], file=nowhere)
            print(f"{engine:8} {percent:5.1f} % (at least {floor} %)")
            if percent < floor:
                low.append(engine)
    if low:
        print(f"too low: {', '.join(low)}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
