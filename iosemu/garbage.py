"""Python's garbage collection, put off while what is made is kept.

Rule: to look for garbage while a program starts or a configuration is read is an eighth to a quarter of the time, and
finds none. Afterwards it is as it was.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Within this no garbage is looked for."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if not gc.get_freeze_count():
                # All that was made joins what is old already; else it would be looked at as a whole now.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def keep_all() -> None:
    """Never look for garbage in what there is now, which is kept until the process ends: a look at a whole lab is a
    pause of a tenth of a second."""
    gc.collect()
    gc.freeze()
