"""NVRAM, flash and reload."""

from __future__ import annotations

from iosemu.commands.file_system import saved_text
from tests.commands.routers import User, device


def test_write_keeps_the_running_configuration() -> None:
    router = device()
    user = User(router)
    user.configure("hostname lab1")
    assert user.type("write") == "Building configuration...\n[OK]\n"
    shown = user.type("show startup-config")
    first, _, text = shown.partition("\n")
    assert first == f"Using {len(saved_text(router))} out of 129016 bytes"
    assert text == f"{saved_text(router)}\n"
    assert "hostname lab1\n" in text


def test_copying_asks_for_the_name() -> None:
    user = User(device(), "")
    printed = user.type("copy running-config startup-config")
    assert printed == "Destination filename [startup-config]? \nBuilding configuration...\n[OK]\n"


def test_erase_asks_first() -> None:
    router = device()
    user = User(router, "n", "\r")
    user.type("write memory", "write erase")
    assert router.files.startup_config is not None
    printed = user.type("erase startup-config")
    assert printed.endswith("Continue? [confirm]\n[OK]\nErase of nvram: complete\n")
    assert router.files.startup_config is None
    assert user.type("show startup-config") == "startup-config is not present\n"


def test_a_startup_configuration_merges_into_the_running_one() -> None:
    router = device()
    user = User(router, "")
    user.configure("hostname lab1", "ip host a 192.0.2.1")
    user.type("write")
    user.configure("hostname lab2", "ip host b 192.0.2.2")
    user.type("copy startup-config running-config")
    assert router.hostname == "lab1"
    assert [line.values["name"] for line in router.config.root.all("ip host")] == ["a", "b"]


def test_a_configuration_goes_to_flash_and_comes_back() -> None:
    router = device()
    user = User(router, "", "", "", "\r")
    user.configure("hostname lab1")
    assert user.type("copy running-config flash:lab1.cfg").endswith(" bytes copied in 0.100 secs\n")
    assert "lab1.cfg" in user.type("dir")
    assert "lab1.cfg" in user.type("show flash")
    assert user.type("more flash:lab1.cfg") == saved_text(router)
    user.configure("hostname lab2")
    user.type("copy flash:lab1.cfg running-config")
    assert router.hostname == "lab1"
    user.type("delete flash:lab1.cfg")
    assert user.type("more flash:lab1.cfg") == "%Error opening flash:lab1.cfg (No such file or directory)\n"


def test_reload_asks_to_save_what_was_changed() -> None:
    router = device()
    reloads: list[str] = []
    router.on_reload = lambda: reloads.append(router.files.startup_config or "")
    user = User(router, "maybe", "yes", "\r")
    user.configure("hostname lab1")
    printed = user.type("reload")
    assert printed.startswith("\nSystem configuration has been modified. Save? [yes/no]: maybe\n% Please answer")
    assert "Proceed with reload? [confirm]" in printed
    assert reloads == [saved_text(router)]
    assert user.session.closed


def test_reload_can_be_thought_over() -> None:
    router = device()
    user = User(router, "n")
    user.type("write", "reload")
    assert not user.session.closed
