"""The configuration register, and the BOOT variable."""

from __future__ import annotations

from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import User, device


def test_a_new_register_counts_from_the_next_start() -> None:
    store = FileStore(None)
    router = Router("3640", clock=ManualClock(), network=NoNetwork(), store=store)
    user = User(router.device)
    user.configure("hostname forgotten")
    user.type("write memory")
    user.configure("config-register 0x2142")
    last = user.type("show version").splitlines()[-2:]
    assert last == ["Configuration register is 0x2102 (will be 0x2142 at next reload)", ""]
    assert "config-register" not in user.type("show running-config")
    router.reload()
    user = User(router.device)
    assert router.device.hostname == "Router"
    assert "hostname forgotten\n" in (store.startup_config or "")
    assert "Configuration register is 0x2142\n" in user.type("show version")
    user.configure("config-register 0x2102")
    router.reload()
    assert router.device.hostname == "forgotten"


def test_the_register_outlives_an_erased_nvram_and_a_power_cycle() -> None:
    store = FileStore(None)
    user = User(Router("3640", clock=ManualClock(), network=NoNetwork(), store=store).device, "\r")
    user.configure("config-register 0x2142")
    user.type("write memory", "erase startup-config")
    again = Router("3640", clock=ManualClock(), network=NoNetwork(), store=store)
    assert again.device.register == 0x2142


def test_what_is_no_register_is_refused() -> None:
    router = device()
    user = User(router)
    for value in ("0x", "0x12345", "lots", "-1"):
        assert "% Invalid input detected" in user.configure(f"config-register {value}")
    assert router.files.config_register is None


def test_the_register_is_a_hexadecimal_or_a_decimal_number() -> None:
    router = device()
    user = User(router)
    user.configure("config-register 8450")
    assert router.files.config_register == 0x2102
    user.type("configure terminal")
    assert user.session.help("config-register ") == "  <0x0-0xFFFF>  Config register number\n\n"


def test_bootvar_tells_the_kept_boot_lines() -> None:
    user = User(device("3640"))
    assert user.type("show bootvar").startswith("BOOT variable does not exist\n")
    user.configure("boot system flash c3640-a.bin", "boot system flash:c3640-b.bin", "boot system rom")
    assert user.type("show bootvar").startswith("BOOT variable does not exist\n")
    user.type("write memory")
    assert user.type("show bootvar") == (
        "BOOT variable = flash:c3640-a.bin,1;flash:c3640-b.bin,1;rom,1;\n"
        "CONFIG_FILE variable does not exist\nBOOTLDR variable does not exist\nConfiguration register is 0x2102\n"
    )


def test_boot_lines_stand_in_the_order_in_which_they_were_typed() -> None:
    user = User(device("3640"))
    lines = ["boot system flash slot0:b.bin", "boot system tftp c3640-a.bin 192.0.2.1", "boot system flash a.bin"]
    user.configure(*lines, "boot system rom", "no boot system rom")
    assert user.type("show running-config | include boot").splitlines() == lines
