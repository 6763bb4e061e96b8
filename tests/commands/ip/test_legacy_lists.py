"""Access lists of DECnet and IPX: words that are none of theirs are refused."""

from __future__ import annotations

import pytest

from tests.commands.ip.test_access_config import printed
from tests.commands.routers import CARET, User, device


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("800 permit -1", True),
        ("800 deny 2A.0000.0c00.1111 FF", True),
        ("800 permit router", False),
        ("900 permit any any all 10 rip", True),
        ("900 permit frog any", False),
        ("1000 permit -1 4 server", True),
        ("300 permit 2.31 0.0", True),
        ("300 permit 2.31 0.1024", False),
        ("600 permit cable-range 1-10", True),
        ("600 permit junk", False),
        ("1100 permit 0000.0c00.0000 0000.00ff.ffff 0000.0000.0000 ffff.ffff.ffff", True),
        ("1100 permit 0000.0c00.0000", False),
        ("1200 deny 10", True),
    ],
)
def test_entries(line: str, right: bool) -> None:
    user = User(device("3640"))
    said = user.configure(f"access-list {line}")
    assert (said == "") == right
    assert (CARET in said or "Incomplete" in said) != right
    assert bool(printed(user, "access-list")) == right
