"""What a gateway's mail shows of the release that it runs."""

from __future__ import annotations

import pytest

from iosemu.chassis.platform import load
from iosemu.chassis.releases import release_for, running
from iosemu.mail.settings import Identity
from iosemu.voice.mail_identity import mail_identity


@pytest.mark.parametrize(
    ("release", "x_mailer", "qualified", "twice"),
    [
        (None, "IOS (tm) 5350 Software (C5350-JS-M)", "gw.", False),
        ("12.3", "IOS (tm) 5350 Software (C5350-JS-M)", "gw.", True),
        ("12.4", "Technical Support: http://www.cisco", "gw", True),
    ],
)
def test_the_habits_of_an_image(release: str | None, x_mailer: str, qualified: str, twice: bool) -> None:
    platform = running(load("as5350"), release_for("as5350", release, None))
    identity = mail_identity("gw", "", platform)
    assert (identity.x_mailer, identity.qualified, identity.types_twice) == (x_mailer, qualified, twice)


def test_a_name_is_a_name_in_every_release() -> None:
    identity: Identity = mail_identity("gw", "example.com", load("as5350"))
    assert (identity.name, identity.qualified) == ("gw.example.com", "gw.example.com")
