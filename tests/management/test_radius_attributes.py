"""The attributes as `debug radius` shows them, against lines of published captures."""

from __future__ import annotations

import pytest

from iosemu.management.radius_attributes import described


@pytest.mark.parametrize(
    ("name", "value", "lines"),
    [
        ("User-Name", "level1", ['  User-Name           [1]   8   "level1"']),
        ("User-Password", "secret", ["  User-Password       [2]   18  *"]),
        ("User-Password", "s" * 17, ["  User-Password       [2]   34  *"]),
        ("NAS-Port", 2, ["  NAS-Port            [5]   6   2                         "]),
        ("NAS-Port-Type", 5, ["  NAS-Port-Type       [61]  6   Virtual                   [5]"]),
        ("NAS-IP-Address", "192.168.55.254", ["  NAS-IP-Address      [4]   6   192.168.55.254            "]),
        (
            "Cisco-AVPair",
            "vendor-class-id-tag=MSFT 5.0",
            ["  Vendor, Cisco       [26]  36  ", '   Cisco AVpair       [1]   30  "vendor-class-id-tag=MSFT 5.0"'],
        ),
    ],
)
def test_an_attribute_is_shown_as_on_a_router(name: str, value: object, lines: list[str]) -> None:
    assert described(name, value) == lines
