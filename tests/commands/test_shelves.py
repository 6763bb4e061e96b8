"""What only the large access servers are told: their shelves, and who has which half of the slots."""

from __future__ import annotations

import pytest

from tests.commands.routers import CARET, User, device


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("as5800", ("shelf-id 0 router-shelf", "shelf-id 1 dial-shelf")),
        ("as5850", ("redundancy", " mode classic-split")),
    ],
)
def test_it_is_kept_there_and_unknown_elsewhere(name: str, lines: tuple[str, ...]) -> None:
    user = User(device(name))
    assert user.configure(*lines) == ""
    assert "\n" + "\n".join(lines) + "\n" in user.type("show running-config")
    other = User(device("as5350"))
    assert other.configure(lines[0]).endswith(CARET)
