"""`| append`, `| redirect` and `| tee` of a router's `show` commands."""

from __future__ import annotations

import asyncio

import pytest

from iosemu.cli.release import Release
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import CARET, User, device

CLOCK = "*16:16:41.926 UTC Tue Nov 18 2003\n"


def user(platform: str = "3745", privilege: int = 15) -> User:
    return User(device(platform), privilege=privilege)


def test_redirect_writes_in_place_of_the_screen_and_tee_beside_it() -> None:
    lab = user()
    assert lab.type("show clock | redirect flash:clock.txt") == ""
    assert lab.type("more flash:clock.txt") == CLOCK
    assert lab.type("show clock | tee flash:clock.txt") == CLOCK
    assert lab.type("more flash:clock.txt") == CLOCK


def test_append_and_tee_append_write_behind_what_is_there() -> None:
    lab = user()
    assert lab.type("show clock | append flash:clock.txt") == ""
    assert lab.type("show clock | append flash:clock.txt", "show clock | tee /append flash:clock.txt") == CLOCK
    assert lab.type("more flash:clock.txt") == CLOCK * 3


def test_the_words_may_be_short_and_a_name_alone_is_in_the_directory_of_the_session() -> None:
    lab = user()
    assert lab.type("show clock | r clock.txt", "show clock | t /a clock.txt") == CLOCK
    assert lab.type("more flash:clock.txt") == CLOCK * 2


@pytest.mark.parametrize(
    ("modifier", "printed"),
    [
        ("redirect", "% Incomplete command.\n\n"),
        ("tee /append", "% Incomplete command.\n\n"),
        ("append nvram:x", "%Error opening nvram:x (Appending is not supported in this file system)\n"),
        (
            "append tftp://192.0.2.1/x",
            "%Error opening tftp://192.0.2.1/x (Appending is not supported in this file system)\n",
        ),
        ("redirect slot5:x", " " * 29 + CARET),
        ("redirect rcp://192.0.2.1/x", " " * 29 + CARET),
        ("redirect a b", " " * 31 + CARET),
        ("redirect flash:", "%Error opening flash: (Invalid argument)\n"),
        ("redirect tftp://192.0.2.1/x", "%Error opening tftp://192.0.2.1/x (Timed out)\n"),
        ("redirect system:running-config", "%Error opening system:running-config (Permission denied)\n"),
    ],
)
def test_what_cannot_be_written_is_refused(modifier: str, printed: str) -> None:
    lab = user()
    shown = lab.type(f"show clock | {modifier}")
    assert shown == printed
    assert lab.type("show clock") == CLOCK


def test_only_who_is_privileged_writes_files() -> None:
    lab = user(privilege=1)
    assert lab.type("show clock | redirect flash:x").endswith(CARET)
    assert "redirect" not in lab.session.help("show clock | ")


def test_the_help_is_that_of_the_release() -> None:
    lab = user()
    assert lab.session.help("show voice call | ") == (
        "  append    Append redirected output to URL (URLs supporting append operation\n"
        "            only)\n"
        "  begin     Begin with the line that matches\n"
        "  exclude   Exclude lines that match\n"
        "  include   Include lines that match\n"
        "  redirect  Redirect output to a URL\n"
        "  tee       Copy output to a URL\n\n"
    )
    assert lab.session.help("show clock | tee ").startswith("  /append  Append redirected output")
    assert "\n  nvram:   Uniform Resource Locator\n" in lab.session.help("show clock | tee ")
    assert "rcp" not in lab.session.help("show clock | tee ")
    assert lab.session.help("show clock | inc ") == "  LINE  Regular Expression\n\n"
    assert lab.session.help("show clock | re") == "redirect  \n"


@pytest.mark.parametrize(("release", "has"), [("12.2(11)T", False), ("12.2(26)", False), ("12.3(1a)", True)])
def test_it_came_with_12_2_13_t(release: str, has: bool) -> None:
    router = Router(
        "3640", clock=ManualClock(), network=NoNetwork(), store=FileStore(None), release=Release.of(release)
    )
    lab = User(router.device)
    assert (lab.type("show clock | redirect null:") == "") is has
    assert ("section" in lab.session.help("show clock | ")) is False


def test_a_server_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[tuple[str, bytes]] = []

    async def store(device: object, url: object, octets: bytes) -> None:
        stored.append((str(url), octets))

    monkeypatch.setattr("iosemu.commands.files.transfers.store", store)
    lab = user()
    asyncio.run(lab.session.execute("show clock | redirect tftp://192.0.2.1/lab/clock"))
    assert lab.terminal.take() == "!!\n"
    assert stored == [("tftp://192.0.2.1/lab/clock", CLOCK.encode())]
