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


def test_an_as5850_takes_120_faxes_among_800_calls_or_192_among_750() -> None:
    pool = Chassis(platform.load("as5850")).dsp
    voice = [pool.take(Use.VOICE) for _ in range(680)]
    faxes = [pool.take(Use.FAX_MAIL) for _ in range(120)]
    assert None not in voice
    assert None not in faxes
    assert pool.take(Use.VOICE) is None
    assert pool.take(Use.FAX_MAIL) is None
    for channel in voice[558:]:
        assert channel is not None
        channel.free()
    assert None not in [pool.take(Use.FAX_MAIL) for _ in range(72)]
    assert pool.take(Use.FAX_MAIL) is None
    assert pool.take(Use.VOICE) is None


def test_a_1750_without_128_mb_takes_no_fax_for_mail() -> None:
    big = platform.load("1750")
    assert Chassis(big).dsp.take(Use.FAX_MAIL) is not None
    small = big._replace(memory_kb=58982, io_memory_kb=6554)
    assert Chassis(small).dsp.take(Use.FAX_MAIL) is None


def test_ports_are_numbered_on_through_a_slot_and_analog_ones_within_their_card() -> None:
    modules = {"0/0": "WIC-2T", "0/1": "WIC-1T", "1": "NM-2V", "1/0": "VIC-2FXS", "1/1": "VIC-2FXO"}
    chassis = Chassis(platform.load("2621"), modules)
    assert [i.name for i in chassis.interfaces if i.kind == "Serial"] == ["Serial0/0", "Serial0/1", "Serial0/2"]
    assert [(p.kind, p.unit) for p in chassis.analog_ports][1:3] == [("FXS", "1/0/1"), ("FXO", "1/1/0")]
    assert chassis.modules == modules


def test_a_modular_router_goes_through_a_slot_port_by_port() -> None:
    chassis = Chassis(platform.load("2621"), {"0/0": "WIC-2T", "0/1": "WIC-1B-S/T"})
    names = [interface.name for interface in chassis.interfaces]
    assert names == ["BRI0/0", "FastEthernet0/0", "Serial0/0", "FastEthernet0/1", "Serial0/1"]


def test_the_1750_numbers_its_voice_ports_by_slot_and_its_interfaces_not_at_all() -> None:
    chassis = Chassis(platform.load("1750"), {"0": "WIC-2T", "1": "WIC-1T"})
    assert [i.name for i in chassis.interfaces] == ["FastEthernet0", "Serial0", "Serial1", "Serial2"]
    assert [p.unit for p in chassis.analog_ports] == ["2/0", "2/1"]


def test_a_chassis_without_voice_cards_has_no_channel() -> None:
    assert Chassis(platform.load("as5300"), {"1": "empty", "2": "empty"}).dsp.take(Use.FAX_MAIL) is None


@pytest.mark.parametrize("modules", [{"9": "AS53-4CT1"}, {"1": "AS53-4CT1"}, {"0": "NM-1V"}, {"0/0": "WIC-1T"}])
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


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[slots]\n1 = { accepts = ["NM-9Z"] }\n', r"slots.1 accepts 'NM-9Z', no module and no form of one"),
        ('[slots]\n1 = { accepts = ["NM"], default = "WIC-1T" }\n', r"slots.1 does not accept its default 'WIC-1T'"),
        ('[modules.X]\ntext = "x"\n', r".*form"),
        ('memory_kb = "much"\n', r"Expected `int`, got `str` - at `\$.memory_kb`"),
        ("memory_kb = 0\n", r"memory_kb is 0, not a positive number"),
        ("colour = 3\n", r"Object contains unknown field `colour`"),
        ('flash_class = "Z"\n', r".*flash_class"),
        ('version = "12.2"\n', r"version is '12.2', not a release as 12.2\(15\)T9"),
        ('version = "twelve"\n', r"version: 'twelve' is no release"),
        ('image = "C3660"\n', r"image is 'C3660', not FAMILY-FEATURES-KIND"),
        ('image_file = "c3660.bin"\n', r"image_file is 'c3660.bin', not DEVICE:FILE"),
        ('compiled = "2003"\n', r"compiled is '2003', not a day, a date"),
        ('configuration_register = "8450"\n', r"configuration_register is '8450', not a number as 0x2102"),
        ('text_base = "here"\n', r"text_base is 'here', not a number"),
        ('processor = ["cisco {name}"]\n', r"processor: \{name\} is none of \{product\}, \{dram\}, \{io\}"),
        ('processor = ["{software} and more"]\n', r"processor: \{software\} is none of"),
        ('port_naming = "{slot"\n', r"port_naming: '\{slot': "),
        (
            'voice_port_naming = "{card}/{port}"\n',
            r"voice_port_naming: \{card\} is none of \{slot\}, \{bay\}, \{port\}",
        ),
        ('[boot]\nlines = ["{memory}", "{rom}"]\n', r"boot.lines: \{rom\} is none of"),
        ('[boot]\nimage_size = "12 MB"\n', r"boot.image_size is '12 MB', not a number"),
        ('[slots]\none = { accepts = ["NM"] }\n', r"slots.one: 'one' is no slot"),
        ('[slots]\n1 = { accept = ["NM"] }\n', r".*accept"),
        ('[[builtin_interfaces]]\nkind = "BRI"\n', r".*unit"),
        ('builtin_interfaces = [{kind = "BRI", unit = "0"}, {kind = "BRI", unit = "0"}]\n', r".*BRI0 twice"),
        ('[modules.X]\nform = "NM"\ntext = "x"\nbays = [["Y"]]\n', r"modules.X.bays\[0\] accepts 'Y'"),
        ('[modules.X]\nform = "NM"\ntext = "x"\ndsp = "C549"\n', r"modules.X: dsp and dsp_channels go together"),
        ('[modules.X]\nform = "NM"\ntext = "x"\nports = { T1 = 0 }\n', r"modules.X: 0 ports of T1"),
        ('[limit]\nsource = "x"\nany_of = [{ total = 0 }]\n', r"limit.any_of\[0\]"),
        ("[limit]\nany_of = []\n", r".*source"),
        ("memory_kb = \n", r"Invalid value"),
        ('io_memory = "half"\n', r"Invalid enum value 'half' - at `\$.io_memory`"),
        ('[environment]\nform = "loud"\n', r"Invalid enum value 'loud' - at `\$.environment.form`"),
        ('[environment]\nform = "npe"\nvolts = {}\n', r"Object contains unknown field `volts` - at `\$.environment`"),
        ('[environment]\nform = "npe"\nfans = -1\n', r"environment.fans is -1, not a number of fans"),
        (
            '[environment]\nform = "npe"\nsupplies = 2\nsupply_bays = 1\n',
            r"environment.supplies is 2, more than the 1 of supply_bays",
        ),
        ('[slots]\nAIM = { accepts = ["AIM"] }\n', r"slots.AIM: 'AIM' is no slot"),
        ("memory_kb = 10000\nio_memory_kb = 10000\n", r"memory_kb is 10000, too little"),
        ("[[limit.any_of]]\ntotal = 1\n", r"Object missing required field `source` - at `\$.limit`"),
        ('[limit]\nsource = "x"\nany_of = [{ most_fax_mail = -1 }]\n', r"limit.any_of\[0\]"),
        ('[limit]\nsource = "x"\nany_of = [{ needs_gb = 1 }]\n', r"Object contains unknown field `needs_gb`"),
        ('[modules.X]\nform = "NM"\ntext = "x"\nports = { T9 = 1 }\n', r"modules.X: 'T9' is no kind of port"),
        (
            '[modules.X]\nform = "NM"\ntext = "x"\nchips = { Serial = "y" }\n',
            r"modules.X: a chip for Serial, of which it has no port",
        ),
        ('name = "lab6"\n', r"Cannot overwrite a value"),
        ("aux_line = 1\naux_line = 2\n", r"Cannot overwrite a value"),
        ("bootldr = 5\n", r"Expected `str \| null`, got `int` - at `\$.bootldr`"),
    ],
)
def test_a_mistake_in_a_platform_file_is_told_with_file_and_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, complaint: str
) -> None:
    monkeypatch.setenv("IOSEMU_PLATFORMS", str(tmp_path))
    platform.load.cache_clear()
    (tmp_path / "lab5.toml").write_text(f'extends = "3660"\nname = "lab5"\n{text}')
    with pytest.raises(platform.BadPlatformFile, match=rf"^lab5.toml: {complaint}"):
        platform.load("lab5")


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


def test_the_terminal_lines_of_a_slot_have_its_numbers() -> None:
    chassis = Chassis(platform.load("3640"), {"1": "NM-16A", "3": "NM-32A"})
    assert [(line.number, line.place) for line in chassis.terminal_lines][15:17] == [(48, "1/15"), (97, "3/0")]
    assert chassis.aux_line == 129
