"""What a router prints that nobody has configured."""

from __future__ import annotations

import pytest

from iosemu.config import nvgen
from tests.commands.routers import device

OF_VOICE = {"fax interface-type fax-mail", "no voice hpi capture buffer", "no voice hpi capture destination"}


@pytest.mark.parametrize(
    ("platform", "modules", "said"),
    [
        ("3640", {"1": "empty"}, set()),
        ("3640", {"1": "NM-2V", "1/0": "VIC-2FXO"}, OF_VOICE),
        ("as5300", {}, OF_VOICE),
    ],
)
def test_defaults_of_voice_cards_are_printed_where_such_cards_are(
    platform: str, modules: dict[str, str], said: set[str]
) -> None:
    printed = nvgen.render(device(platform, modules).config).splitlines()
    assert OF_VOICE & set(printed) == said
    assert "mta receive maximum-recipients 0" in printed
