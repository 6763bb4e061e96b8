"""The history table of the log."""

from __future__ import annotations

from iosemu.management.log_history import LogHistory


def note(history: LogHistory, severity: int, text: str) -> None:
    history.note("SYS", severity, "TEST", text, 1.0)


def test_only_what_is_urgent_enough_is_kept_and_told() -> None:
    history, told = LogHistory(), []
    history.told.append(lambda message: told.append(message.text))
    note(history, 5, "less")
    note(history, 4, "warning")
    note(history, 3, "error")
    assert told == ["warning", "error"]
    assert [(m.index, m.text) for m in history.messages] == [(2, "error")]
    assert (history.ignored, history.flushed) == (1, 1)


def test_the_table_grows_and_shrinks() -> None:
    history = LogHistory()
    history.size = 3
    for number in range(5):
        note(history, 1, str(number))
    assert [m.text for m in history.messages] == ["2", "3", "4"]
    history.size = 1
    assert [m.text for m in history.messages] == ["4"]
    assert history.flushed == 4
    history.size = 0
    note(history, 1, "5")
    assert history.messages == ()


def test_a_start_forgets() -> None:
    history = LogHistory()
    note(history, 1, "old")
    history.clear()
    note(history, 1, "new")
    assert [m.index for m in history.messages] == [1]
