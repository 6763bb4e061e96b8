"""How Hypothesis tries mutants: the same examples each time, fewer of them, no limit of time, none made smaller."""

from __future__ import annotations

from hypothesis import Phase, settings

settings.register_profile(
    "mutation",
    max_examples=50,
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    deadline=None,
    database=None,
)
