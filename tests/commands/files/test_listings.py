"""What shows files."""

from __future__ import annotations

import hashlib

import pytest

from tests.commands.routers import User, device

IMAGE = "c5300-js-mz.122-15.T9.bin"


def with_file(name: str = "a.cfg", octets: bytes = b"hostname a\n", platform: str = "as5300") -> User:
    router = device(platform)
    router.files.volume("flash").write(name, octets, 1083706669.0)
    return User(router)


def test_dir_lists_the_image_and_the_files_with_their_dates_in_the_zone() -> None:
    user = with_file()
    user.configure("clock timezone PDT -7")
    assert user.type("dir") == (
        "Directory of flash:/\n\n"
        f"    1  -rw-    15728640                    <no date>  {IMAGE}\n"
        "    2  -rw-          11   May 4 2004 14:37:49 -07:00  a.cfg\n\n"
        "16777216 bytes total (1048565 bytes free)\n"
    )


@pytest.mark.parametrize("name", ["flash:a.cfg", "flash:/a.cfg", "a.cfg"])
def test_dir_of_a_file_lists_that_one(name: str) -> None:
    text = with_file().type(f"dir {name}")
    assert text.startswith(f"Directory of {name if ':' in name else 'flash:' + name}\n\n    2  -rw-          11")
    assert IMAGE not in text


def test_dir_of_nothing_is_an_error() -> None:
    assert with_file().type("dir flash:/b") == "%Error opening flash:/b (No such file or directory)\n"


def test_nvram_shows_the_size_of_what_was_saved() -> None:
    user = User(device("2600"))
    user.type("write")
    size = len((user.session.device.files.startup_config or "").encode())
    text = user.type("dir nvram:")
    assert f"   27  -rw-{size:12}                    <no date>  startup-config\n" in text
    assert text.endswith(f"29688 bytes total ({29688 - size} bytes free)\n")


@pytest.mark.parametrize(("platform", "room"), [("3660", 129016), ("3745", 155640), ("2600", 29688)])
def test_the_room_of_nvram_is_that_of_the_platform(platform: str, room: int) -> None:
    user = User(device(platform))
    user.type("write")
    assert f" out of {room} bytes\n" in user.type("show startup-config")


def test_system_has_no_space_to_tell_of() -> None:
    assert User(device()).type("dir system:").endswith("\n\nNo space information available\n")


def test_a_session_moves_about() -> None:
    user = with_file(platform="3745")
    user.session.device.files.volume("flash").make_directory("d")
    user.session.device.files.volume("flash").write("d/inner", b"x")
    assert user.type("pwd") == "flash:\n"
    assert user.type("cd d", "pwd") == "flash:/d/\n"
    assert " inner\n" in user.type("dir")
    assert user.type("more inner") == "x"
    assert "%Error changing to flash:/d/none (No such file or directory)\n" in user.type("cd none")
    assert user.type("cd nvram:", "pwd") == "nvram:\n"
    assert user.type("cd", "pwd") == "flash:\n"
    assert User(user.session.device).type("pwd") == "flash:\n"


def test_md5_is_that_of_the_file() -> None:
    user, digest = with_file(), hashlib.md5(b"hostname a\n").hexdigest()
    assert user.type("verify /md5 flash:a.cfg").splitlines() == [".Done!", f"verify /md5 (flash:a.cfg) = {digest}", ""]
    assert f"Verified (flash:a.cfg) = {digest}\n" in user.type(f"verify /md5 flash:a.cfg {digest}")
    assert "%Error verifying flash:a.cfg\n" in user.type(f"verify /md5 flash:a.cfg {'0' * 32}")
    assert user.type("verify flash:a.cfg") == "Verified flash:a.cfg\n"


def test_show_flash_counts_what_was_deleted() -> None:
    router = with_file().session.device
    User(router, "", "\r").type("delete flash:a.cfg")
    text = User(router).type("show flash:")
    assert "  2   11        a.cfg [deleted] \n" in text
    assert "[15728651 bytes used, 1048565 available, 16777216 total]\n16384K bytes of processor board System" in text


def test_a_disk_is_shown_as_one() -> None:
    text = with_file(platform="3725").type("show flash:")
    assert text.startswith("-#- --length-- -----date/time------ path\n1 ")
    assert "May 4 2004 21:37:49 +00:00 a.cfg\n" in text


def test_the_file_systems_are_those_of_the_platform() -> None:
    def prefixes(platform: str) -> list[str]:
        rows = User(device(platform)).type("show file systems").splitlines()[3:]
        return [row[41:].strip() for row in rows]

    assert prefixes("as5300")[:5] == ["null:", "system:", "nvram:", "flash:", "bootflash:"]
    assert prefixes("3640")[3:6] == ["flash:", "slot0:", "slot1:"]


def test_the_kind_of_a_file_is_told() -> None:
    user = with_file()
    assert user.type("show file information flash:a.cfg") == "flash:a.cfg:\n  type is ascii text\n"
    assert "type is image (elf) []\n  file size is 15728640 bytes\n" in user.type(
        f"show file information flash:{IMAGE}"
    )


@pytest.mark.parametrize("name", ["running-config", "system:running-config", "system:/running-config"])
def test_more_shows_what_is_in_memory(name: str) -> None:
    user = User(device())
    user.configure("hostname Lab1")
    assert "\nhostname Lab1\n" in user.type(f"more {name}")
