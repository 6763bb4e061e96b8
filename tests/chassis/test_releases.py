"""The release of a router is asked for, or told by its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.chassis import releases
from iosemu.chassis.platform import BadPlatformFile, load
from iosemu.chassis.releases import UnknownRelease, release_for, running
from iosemu.cli.release import Release

# What 12.3 prints by itself, and what its T releases print.
MAINLINE = """version 12.3
voice call carrier capacity active
no voice hpi capture buffer
no voice hpi capture destination
mta receive maximum-recipients 0
call rsvp-sync
mgcp profile default
dial-peer cor custom
"""
T_RELEASE = """version 12.3
boot-start-marker
boot-end-marker
no aaa new-model
voice call carrier capacity active
control-plane
dial-peer cor custom
"""


@pytest.mark.parametrize(
    ("asked", "text", "release"),
    [
        (None, None, "12.2(15)T9"),
        (None, "hostname x\n", "12.2(15)T9"),
        (None, "version 12.2\n", "12.2(15)T9"),
        (None, "version 11.1\n", "12.2(15)T9"),
        (None, "version 12.2\nno ip domain lookup\n", "12.2(15)T9"),
        (None, "version 12.2\nno ip domain-lookup\nmta send filename x\n", "12.2(8)T"),
        (None, "version 12.2\nno ip domain-lookup\nvoice call carrier capacity active\n", "12.2(11)T"),
        (None, MAINLINE, "12.3(1a)"),
        (None, T_RELEASE, "12.3(4)T"),
        ("12.3", T_RELEASE.replace("12.3", "12.2"), "12.3(4)T"),
        ("12.2", T_RELEASE, "12.2(15)T9"),
        ("12.3", None, "12.3(1a)"),
        ("12.3(9)", T_RELEASE, "12.3(9)"),
    ],
)
def test_which_release_it_is(asked: str | None, text: str | None, release: str) -> None:
    assert release_for("3660", asked, text).name == release


@pytest.mark.parametrize(("asked", "told"), [("12.9", "unknown release '12.9'"), ("new", "'new' is no release")])
def test_an_unknown_release_is_told_in_one_line(asked: str, told: str) -> None:
    with pytest.raises(UnknownRelease, match=told) as caught:
        release_for("3660", asked, None)
    assert "\n" not in str(caught.value)


def test_a_platform_runs_an_image_of_the_release() -> None:
    platform = running(load("3660"), Release.of("12.3(9)"))
    assert (platform.version, platform.image_file) == ("12.3(9)", "flash:c3660-js-mz.123-9.bin")
    assert running(load("3660"), None) is load("3660")


def test_a_folder_of_your_own_adds_a_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "releases").mkdir()
    file = tmp_path / "releases" / "own.toml"
    file.write_text('["12.3(6)"]\ncompiled = "Wed 11-Feb-04 20:19 by kellythw"\nbuild = "fc3"\n')
    monkeypatch.setenv("IOSEMU_PLATFORMS", str(tmp_path))
    releases.images.cache_clear()
    try:
        assert running(load("3660"), release_for("3660", "12.3(6)", None)).build == "fc3"
        file.write_text('["12.3(6)"]\nbuild = "fc3"\n')
        releases.images.cache_clear()
        with pytest.raises(BadPlatformFile, match=r"^releases/own\.toml: .*compiled"):
            releases.images()
    finally:
        releases.images.cache_clear()


def test_a_release_that_is_asked_for_by_name_may_be_any_of_a_version() -> None:
    for name, compiled, file in (
        ("12.2(2)XA1", "Mon 27-Aug-01 19:57 by hwcheng", "flash:c2600-js-mz.122-2.XA1.bin"),
        ("12.2(15)T11", "Sat 01-Nov-03 07:30 by ccai", "flash:c2600-js-mz.122-15.T11.bin"),
        ("12.2(1)T", "Mon 27-Aug-01 19:57 by hwcheng", "flash:c2600-js-mz.122-1.T.bin"),
    ):
        made = running(load("2621"), release_for("2621", name, None))
        assert (made.version, made.compiled, made.image_file) == (name, compiled, file)


def test_no_configuration_is_taken_for_one_that_is_no_candidate() -> None:
    for version in ("12.1", "12.2", "12.3", "12.4"):
        assert releases.images()[release_for("2621", None, f"version {version}\n")].candidate
    assert release_for("2621", "12.3(5)", "version 12.3\n").name == "12.3(5)"
