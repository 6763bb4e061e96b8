"""`copy`, `write` and the merging of configurations, with what is asked on the way."""

from __future__ import annotations

import pytest

from iosemu.cli.session import run_now
from iosemu.cli.terminal import Transcript
from iosemu.clock import ManualClock
from iosemu.commands.config.stored_config import config_text, is_modified, nvram_room
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START, User, device

COPIED = " bytes copied in 0.100 secs ("


def lab(*answers: str, platform: str = "as5300", quiet: bool = False) -> User:
    """A router that has a name."""
    user = User(device(platform), *answers)
    user.configure("hostname Lab1", *(["file prompt quiet"] if quiet else []))
    return user


def names(user: User, place: str = "flash:") -> list[str]:
    return [line.split()[-1] for line in user.type(f"dir {place}").splitlines()[2:-2] if line]


def test_write_keeps_the_running_configuration() -> None:
    user = lab()
    router = user.session.device
    assert user.type("write") == "Building configuration...\n[OK]\n"
    first, _, text = user.type("show startup-config").partition("\n")
    assert first == f"Using {len(config_text(router))} out of {nvram_room(router)} bytes"
    assert text == config_text(router)
    assert "hostname Lab1\n" in text


def test_saving_asks_for_the_name() -> None:
    printed = lab("").type("copy running-config startup-config")
    assert printed == "Destination filename [startup-config]? \nBuilding configuration...\n[OK]\n"


def test_the_startup_configuration_merges_into_the_running_one() -> None:
    user = lab("")
    user.configure("ip host a 192.0.2.1")
    user.type("write")
    user.configure("hostname lab2", "ip host b 192.0.2.2")
    printed = user.type("copy startup-config running-config")
    assert printed.startswith("Destination filename [running-config]? \n")
    assert COPIED in printed
    assert user.session.device.hostname == "Lab1"
    assert [line.values["name"] for line in user.session.device.config.root.all("ip host")] == ["a", "b"]


def test_class_b_flash_offers_to_be_erased() -> None:
    user = lab("", "n")
    router = user.session.device
    kept = config_text(router)
    printed = user.type("copy running-config flash:lab1.cfg")
    asked, _, told = printed.partition("\n")
    assert asked == "Destination filename [lab1.cfg]? "
    assert told.startswith("Erase flash: before copying? [confirm]n\nVerifying checksum...  OK (0x")
    assert f"{len(kept)}{COPIED}" in told
    assert names(user) == ["c5300-js-mz.122-15.T9.bin", "lab1.cfg"]
    assert user.type("more flash:lab1.cfg") == kept


def test_erasing_before_the_copy_takes_the_image_too() -> None:
    user = lab("", "\r", "\r")
    printed = user.type("copy running-config flash:lab1.cfg")
    assert "Erasing the flash filesystem will remove all files! Continue? [confirm]\nErasing device... eee" in printed
    assert "...erased\nErase of flash: complete\n" in printed
    assert names(user) == ["lab1.cfg"]


def test_a_disk_is_not_erased_and_has_no_checksum() -> None:
    user = lab("", platform="3745")
    printed = user.type("copy running-config flash:lab1.cfg")
    assert "Erase" not in printed
    assert "checksum" not in printed
    assert names(user)[-1] == "lab1.cfg"


def test_a_name_that_is_taken_is_warned_of() -> None:
    user = lab("", "", "n", "", "\r", platform="3745")
    user.type("copy running-config flash:a")
    user.configure("hostname Other")
    printed = user.type("copy running-config flash:a")
    assert (
        "%Warning:There is a file already existing with this name \nDo you want to over write? [confirm]n\n" in printed
    )
    assert "hostname Lab1" in user.type("more flash:a")
    user.type("copy running-config flash:a")
    assert "hostname Other" in user.type("more flash:a")


def test_quiet_asks_nothing_and_keeps_the_flash() -> None:
    user = lab(quiet=True)
    for command in ("copy running-config flash:/a", "copy running-config flash:/a", "copy null: flash:/b"):
        assert "?" not in user.type(command)
    assert names(user)[-2:] == ["a", "b"]
    assert user.type("more flash:/b") == ""


def test_noisy_asks_for_every_name() -> None:
    user = lab("", "", "n")
    user.type("write")
    user.configure("file prompt noisy")
    printed = user.type("copy nvram:startup-config flash:b")
    assert printed.startswith("Source filename [startup-config]? \nDestination filename [b]? \n")


def test_refused_lines_are_printed_above_their_caret_and_the_rest_is_merged() -> None:
    user = lab(quiet=True)
    flash = user.session.device.files.volume("flash")
    flash.write("bad.cfg", b"interface FastEthernet0\n description ok\n foo bar\nhostname Next\nend\nhostname Not\n")
    printed = user.type("copy flash:bad.cfg running-config")
    assert " foo bar\n  ^\n% Invalid input detected at '^' marker.\n" in printed
    assert user.session.device.hostname == "Next"


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("copy flash:none running-config", "%Error opening flash:none (No such file or directory)"),
        ("copy none flash:", "%Error opening flash:none (No such file or directory)"),
        ("copy startup-config null:", "%Error opening nvram:startup-config (No such file or directory)"),
        ("copy running-config flash:a/b", "%Error opening flash:a/b (Invalid argument)"),
        ("copy running-config system:x", "%Error opening system:x (Permission denied)"),
        (
            "copy tftp://192.0.2.9/x null:",
            "Accessing tftp://192.0.2.9/x...\n%Error opening tftp://192.0.2.9/x (Timed out)",
        ),
    ],
)
def test_what_cannot_be_copied_is_refused(command: str, error: str) -> None:
    assert lab(quiet=True).type(command).rstrip("\n") == error


def test_a_prefix_that_the_router_lacks_is_invalid_input() -> None:
    assert "^\n% Invalid input detected at '^' marker.\n" in lab().type("copy running-config foo:bar")
    assert "% Invalid input" in lab().type("copy running-config slot0:x")
    assert "%Error opening slot0:/ (No such device)" in lab("", platform="3660").type("copy running-config slot0:x")


def test_a_flash_without_room_refuses_and_keeps_the_old_file() -> None:
    user = lab(quiet=True)
    device = user.session.device
    device.files.volume("flash").write("big", bytes(1048576 - 100))
    assert user.type("copy running-config flash:a").startswith("%Error opening flash:a (Not enough space on device)")
    assert "a" not in names(user)


def test_an_nvram_without_room_refuses_and_keeps_what_it_has() -> None:
    user = lab()
    user.type("write")
    kept = user.session.device.files.startup_config
    user.configure(*(f"ip host name{number} 192.0.2.{number % 250 + 1}" for number in range(5000)))
    assert "[buffer overflow - " in user.type("write")
    assert user.session.device.files.startup_config == kept


def test_copying_asks_for_the_far_host() -> None:
    user = lab("192.0.2.9", "")
    printed = user.type("copy running-config tftp:")
    assert printed.startswith("Address or name of remote host []? 192.0.2.9\nDestination filename [lab1-confg]? \n")
    assert printed.endswith("%Error opening tftp://192.0.2.9/lab1-confg (Timed out)\n")


def test_without_a_host_there_is_no_copy() -> None:
    assert "%Error parsing filename" in lab("").type("copy tftp: flash:")


def test_older_commands_name_the_new_ones() -> None:
    user = lab("192.0.2.9", "")
    printed = user.type("write network")
    assert printed.startswith(
        "This command has been replaced by the command:\n         'copy system:/running-config <url>'"
    )


def test_the_comments_tell_when_the_configuration_was_changed_and_saved() -> None:
    router = Router("as5300", clock=ManualClock(START), network=NoNetwork(), store=FileStore(None))
    terminal = Transcript()
    session = router.open_session(terminal, privilege=15)
    session.user = "tom"

    def typed(*lines: str) -> str:
        for line in lines:
            run_now(session.execute(line))
        return terminal.take()

    def comments() -> list[str]:
        shown = typed("show running-config").split(" bytes\n")[1].splitlines()
        return shown[: shown.index("version 12.2")]

    assert comments() == ["!"]
    typed("clock set 20:53:42 13 April 2004")
    assert comments() == ["!", "! No configuration change since last restart", "!"]
    typed("configure terminal", "clock timezone PDT -7", "end", "write memory")
    assert comments() == [
        "!",
        "! Last configuration change at 13:53:42 PDT Tue Apr 13 2004 by tom",
        "! NVRAM config last updated at 13:53:42 PDT Tue Apr 13 2004 by tom",
        "!",
    ]
    size, text = typed("show running-config").split("Current configuration : ")[1].split(" bytes\n")
    assert int(size) == len(text)
    assert "! NVRAM config last updated at 13:53:42 PDT Tue Apr 13 2004 by tom\n" in typed("show startup-config")
    assert not is_modified(router.device)
