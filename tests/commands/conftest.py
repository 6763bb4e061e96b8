"""The table of show samples at the end of the test output."""

from __future__ import annotations

import pytest

ROWS = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = []


@pytest.fixture
def show_row(request: pytest.FixtureRequest) -> list[str]:
    """Lines that the terminal summary prints."""
    return request.config.stash[ROWS]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash.get(ROWS, [])
    if rows:
        terminalreporter.section("samples of show commands")
        for row in rows:
            terminalreporter.write_line(row)
