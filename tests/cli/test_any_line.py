"""Whatever is typed in whatever mode, and asked with `?` or Tab: one of four answers, and never a fault."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iosemu.cli import catalogue
from iosemu.cli import match as matching
from iosemu.cli.declaration import Mode
from iosemu.cli.help import complete, full_help
from iosemu.cli.match import Ambiguous, Incomplete, InvalidInput, MatchError, match

PACKAGED = catalogue.load()
MODES = sorted(PACKAGED.modes)
LEVELS = (0, 1, 7, 15)


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, str]:
    """A mode, and a line of it: words of one of its commands cut, changed and mixed with others."""
    mode = draw(st.sampled_from(MODES))
    command = draw(st.sampled_from(PACKAGED.mode(mode).commands))
    words = draw(
        st.lists(
            st.sampled_from([*command.notation.split(), "no", "default", "do", "1", "10.0.0.1", "fa0/0", "?", "|"])
            | st.text(max_size=6),
            max_size=6,
        )
    )
    cut = draw(st.lists(st.integers(1, 12), min_size=len(words), max_size=len(words)))
    blanks = draw(st.sampled_from(["", " ", "  "]))
    return mode, blanks + " ".join(word[:end] for word, end in zip(words, cut, strict=True))


@given(said=lines(), level=st.sampled_from(LEVELS))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_line_of_any_mode_has_one_answer(said: tuple[str, str], level: int) -> None:
    mode, line = PACKAGED.mode(said[0]), said[1]
    column = 0
    try:
        match(mode, line, level)
    except InvalidInput as error:
        column = error.column
    except (Ambiguous, Incomplete):
        pass
    assert 0 <= column <= len(line)


@given(said=lines(), level=st.sampled_from(LEVELS))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_line_of_any_mode_can_be_helped_and_completed(said: tuple[str, str], level: int) -> None:
    mode, line = PACKAGED.mode(said[0]), said[1]
    helped = full_help((mode, PACKAGED.mode("config")), line, level)
    assert helped.endswith("\n")
    completed = complete((mode, PACKAGED.mode("config")), line, level)
    assert completed == line or completed.endswith(" ")


def _read(mode: Mode, line: str) -> object:
    """What a line read for the first time means, or what is wrong with it."""
    mode.read.clear()
    try:
        return match(mode, line)
    except MatchError as error:
        return type(error), getattr(error, "column", 0)


@given(said=lines())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_right_at_sight_is_what_trying_everything_finds(said: tuple[str, str]) -> None:
    mode, line = PACKAGED.mode(said[0]), said[1]
    at_sight = _read(mode, line)
    with patch.object(matching, "_glance", lambda *_: None):
        assert _read(mode, line) == at_sight
