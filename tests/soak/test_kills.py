"""A small run of the kills: nothing that was taken or confirmed is lost, and a page tells its number."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.soak.kills import run
from tests.soak.numbered_page import number, page


@pytest.mark.parametrize("identity", [0, 1, 4711, 65535])
def test_a_page_tells_its_number(identity: int) -> None:
    assert number(page(identity)) == identity


def test_nothing_is_lost_when_the_lab_is_killed(tmp_path: Path) -> None:
    figures = asyncio.run(run(mails=12, faxes=12, seed=2, kills=3, folder=tmp_path, rest_s=30))
    assert (figures.lost_mails, figures.lost_faxes) == ([], [])
    assert figures.kills == 3
    assert figures.mails_faxed + figures.mails_returned >= 12 - figures.mails_refused
    assert figures.faxes_mailed >= 12 - figures.faxes_refused
