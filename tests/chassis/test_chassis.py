"""Platform files become chassis, and a chassis hands out DSP channels up to its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.chassis import platform
from iosemu.chassis.dsp import Use
from iosemu.chassis.hardware import BadModule, Chassis


def test_every_platform_file_is_read_and_makes_a_chassis() -> None:
    assert {"as5300", "as5350", "3660"} <= set(platform.names())
    for name in platform.names():
        assert Chassis(platform.load(name)).platform.name == name


def test_the_as5300_names_its_trunks_by_port_and_the_as5350_by_slot_and_port() -> None:
    access_server, gateway = Chassis(platform.load("as5300")), Chassis(platform.load("AS5350"))
    assert [c.name for c in access_server.controllers] == ["T1 0", "T1 1", "T1 2", "T1 3"]
    assert access_server.serial_for(access_server.controllers[0]) == "Serial0:23"
    assert access_server.voice_port_for(access_server.controllers[0]) == "0:D"
    assert gateway.controllers[0].name == "T1 3/0"
    assert gateway.voice_port_for(gateway.controllers[0]) == "3/0:D"


def test_an_e1_card_brings_e1_controllers_with_the_d_channel_at_15() -> None:
    chassis = Chassis(platform.load("as5300"), {"0": "AS53-4CE1"})
    assert chassis.serial_for(chassis.controllers[0]) == "Serial0:15"


def test_sixty_store_and_forward_faxes_fill_an_as5300() -> None:
    pool = Chassis(platform.load("as5300")).dsp
    channels = [pool.take(Use.FAX_MAIL) for _ in range(60)]
    assert None not in channels
    assert pool.take(Use.FAX_MAIL) is None
    assert channels[7] is not None
    channels[7].free()
    channels[7].free()
    assert pool.take(Use.VOICE) is not None
    assert pool.take(Use.VOICE) is not None
    assert pool.take(Use.VOICE) is None


def test_a_chassis_without_voice_cards_has_no_channel() -> None:
    assert Chassis(platform.load("as5300"), {"1": "empty", "2": "empty"}).dsp.take(Use.FAX_MAIL) is None


@pytest.mark.parametrize("modules", [{"9": "AS53-4CT1"}, {"1": "AS53-4CT1"}, {"0": "NM-1V"}])
def test_a_module_that_does_not_fit_is_refused(modules: dict[str, str]) -> None:
    with pytest.raises(BadModule):
        Chassis(platform.load("as5300"), modules)


def test_an_unknown_platform_is_told_in_one_line_with_the_choice() -> None:
    with pytest.raises(platform.UnknownPlatform, match=r"^unknown platform 'as9999': choose one of .*as5300"):
        platform.load("as9999")


def test_a_user_may_add_a_platform_and_a_bad_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOSEMU_PLATFORMS", str(tmp_path))
    text = (Path(platform.__file__).parents[2] / "platforms" / "as5300.toml").read_text()
    (tmp_path / "lab1.toml").write_text(text.replace('name = "as5300"', 'name = "lab1"', 1))
    assert platform.load("lab1").product == "AS5300"
    (tmp_path / "lab2.toml").write_text('name = "lab2"\nslots = 3\n')
    with pytest.raises(platform.BadPlatformFile, match=r"^lab2.toml: "):
        platform.load("lab2")


def test_a_model_has_what_it_says_and_the_rest_from_the_one_it_extends() -> None:
    family, model = platform.load("2600"), platform.load("2611")
    assert [i.name for i in Chassis(model).interfaces] == ["Ethernet0/0", "Ethernet0/1"]
    assert (model.product, model.processor, model.slots) == ("2611", family.processor, family.slots)


@pytest.mark.parametrize("base", ["nowhere", "lab3", "lab4"])
def test_extending_what_is_not_there_or_oneself_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("IOSEMU_PLATFORMS", str(tmp_path))
    platform.load.cache_clear()
    (tmp_path / "lab3.toml").write_text(f'extends = "{base}"\nname = "lab3"\n')
    (tmp_path / "lab4.toml").write_text('extends = "lab3"\nname = "lab4"\n')
    with pytest.raises(platform.BadPlatformFile, match=r"^lab\d.toml: extends "):
        platform.load("lab3")


def test_each_model_of_the_documented_families_has_its_trunk_and_voice_port() -> None:
    for name in ("2610", "2621xm", "2651", "2691", "3620", "3640", "3660", "3725", "3745"):
        chassis = Chassis(platform.load(name))
        assert chassis.controllers[0].name == "T1 1/0"
        assert chassis.voice_port_for(chassis.controllers[0]) == "1/0:23"
        assert chassis.dsp.total == 24
    assert Chassis(platform.load("as5400")).controllers[0].name == "T1 6/0"
