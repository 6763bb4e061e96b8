"""Mailboxes that another program reads at the same time."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.lab.mail_accounts import Accounts


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    accounts = Accounts(tmp_path, "example.com", {"Tom": "secret"})
    for number in range(3):
        accounts.deliver("Tom", b"Subject: %d\r\n\r\nbody\r\n" % number)
    return accounts


def test_what_was_read_elsewhere_stays_in_its_place(accounts: Accounts, tmp_path: Path) -> None:
    second = sorted((tmp_path / "Tom" / "new").iterdir())[1]
    second.rename(tmp_path / "Tom" / "cur" / f"{second.name}:2,S")
    assert [summary.subject for summary in accounts.contents("tom")] == ["0", "1", "2"]
    assert b"Subject: 1" in accounts.message("tom@example.com", 2)


def test_what_is_deleted_while_it_is_read_is_passed_over(
    accounts: Accounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, keys = accounts._messages("tom")
    (tmp_path / "Tom" / "new" / keys[1]).unlink()
    monkeypatch.setattr(accounts, "_messages", lambda user: (box, keys))
    assert [(summary.number, summary.subject) for summary in accounts.contents("tom")] == [(1, "0"), (3, "2")]
    with pytest.raises(IndexError):
        accounts.message("tom", 2)
