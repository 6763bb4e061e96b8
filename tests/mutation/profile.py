"""How mutants are tried: Hypothesis takes the same examples each time, fewer, without a limit of time, and makes none
smaller. Each test reads types of arguments anew: what an earlier one kept of them would hide a mutant.
"""

from __future__ import annotations

from hypothesis import Phase, settings

from iosemu.cli import arguments

settings.register_profile(
    "mutation",
    max_examples=50,
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    deadline=None,
    database=None,
)


def pytest_runtest_setup() -> None:
    arguments.check.cache_clear()
    arguments.reader.cache_clear()
