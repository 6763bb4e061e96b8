"""What takes files away or moves them."""

from __future__ import annotations

from tests.commands.routers import User, device

IMAGE = "c5300-js-mz.122-15.T9.bin"


def user(*answers: str, platform: str = "as5300", files: tuple[str, ...] = ("a",)) -> User:
    router = device(platform)
    for age, name in enumerate(files):
        router.files.volume("flash").write(name, b"12345", float(age))
    return User(router, *answers)


def names(somebody: User, command: str = "dir flash:") -> list[str]:
    return [line.split()[-1] for line in somebody.type(command).splitlines()[2:-2] if line]


def test_delete_asks_twice_and_marks_the_file() -> None:
    somebody = user("", "\r")
    assert somebody.type("delete flash:a") == "Delete filename [a]? \nDelete flash:a? [confirm]\n"
    assert names(somebody) == [IMAGE]
    assert names(somebody, "dir /all flash:") == [IMAGE, "[a]"]
    assert somebody.type("undelete 2 flash:") == ""
    assert names(somebody) == [IMAGE, "a"]


def test_what_was_never_deleted_cannot_come_back() -> None:
    assert user().type("undelete 2 flash:").startswith("%Error undeleting ")
    somebody = user("", "\r")
    somebody.type("delete flash:a")
    somebody.session.device.files.volume("flash").write("a", b"newer", 9.0)
    assert "(File exists)" in somebody.type("undelete 2 flash:")


def test_deleted_files_take_room_until_it_is_made() -> None:
    somebody = user("", "\r", "\r", "\r")
    somebody.type("delete flash:a")
    assert "(1048571 bytes free)" in somebody.type("dir")
    printed = somebody.type("squeeze flash:")
    assert printed == (
        "All deleted files will be removed. Continue? [confirm]\n"
        "Squeeze operation may take a while. Continue? [confirm]\n"
        "Squeeze of flash complete\n"
    )
    assert "(1048576 bytes free)" in somebody.type("dir /all")


def test_a_disk_frees_at_once() -> None:
    somebody = user(platform="3745")
    before = somebody.type("dir").rpartition("(")[2]
    assert somebody.type("delete /force flash:a") == ""
    assert somebody.type("dir").rpartition("(")[2] != before
    assert "[" not in somebody.type("dir /all")


def test_second_thoughts_keep_the_file() -> None:
    somebody = user("", "n")
    somebody.type("delete flash:a")
    assert names(somebody) == [IMAGE, "a"]


def test_the_image_can_be_deleted_too() -> None:
    somebody = user("", "\r")
    somebody.type(f"delete flash:{IMAGE}")
    assert names(somebody) == ["a"]


def test_what_is_not_there_cannot_be_deleted() -> None:
    assert "%Error deleting flash:b (No such file or directory)\n" in user("", "\r").type("delete flash:b")


def test_erase_asks_first() -> None:
    somebody = user("n", "\r")
    router = somebody.session.device
    somebody.type("write memory", "write erase")
    assert router.files.startup_config is not None
    assert somebody.type("erase startup-config") == (
        "Erasing the nvram filesystem will remove all files! Continue? [confirm]\n[OK]\nErase of nvram: complete\n"
    )
    assert router.files.startup_config is None
    assert somebody.type("show startup-config") == "startup-config is not present\n"


def test_erase_empties_the_flash() -> None:
    somebody = user("\r")
    assert somebody.type("erase flash:").endswith("...erased\nErase of flash: complete\n")
    assert "No files in directory\n" in somebody.type("dir")


def test_directories_of_a_disk() -> None:
    somebody = user("", "", "", "\r", "", platform="3745")
    assert somebody.type("mkdir flash:d") == "Create directory filename [d]? \nCreated dir flash:d\n"
    assert "drw-" in somebody.type("dir")
    assert somebody.type("rename flash:a flash:d/b") == "Destination filename [d/b]? \n"
    assert somebody.type("more flash:d/b") == "12345"
    assert "(Directory not empty)" in somebody.type("rmdir flash:d")
    assert somebody.type("delete /force /recursive flash:d") == ""
    assert "drw-" not in somebody.type("dir")
    assert "(No such file or directory)" in somebody.type("mkdir flash:none/e")


def test_flat_flash_has_no_directories_to_make_or_disks_to_format() -> None:
    for command in ("mkdir flash:d", "rmdir flash:d", "rename flash:a flash:b", "format flash:"):
        assert "% Invalid input" in user().type(command)


def test_format_empties_a_disk() -> None:
    somebody = user("\r", "\r", platform="3745")
    assert somebody.type("format flash:").endswith("\nFormat of flash complete\n")
    assert "No files in directory\n" in somebody.type("dir")
