"""NAPALM's `ios` driver, unpatched, over paramiko against a whole router's SSH port."""

from __future__ import annotations

from typing import Any

import pytest

from tests.peers.served_router import SSH_LOGIN, served_router

napalm = pytest.importorskip("napalm")
pytest.importorskip("asyncssh")
pytestmark = pytest.mark.peer

CONFIGURATION = f"""\
{SSH_LOGIN}\
interface {{port}}
 ip address 15.80.7.11 255.255.255.0
 description uplink
 speed 10
interface Loopback0
 ip address 192.0.2.1 255.255.255.255
 shutdown
"""
MODELS = {
    "as5300": ("AS5300", "5300 Software (C5300-JS-M)", "09393218", "FastEthernet0"),
    "3660": ("3660", "3600 Software (C3660-JS-M)", "JAB041985GN", "FastEthernet0/0"),
    "3745": ("3745", "3700 Software (C3745-JS-M)", "JMX0740L4UY", "FastEthernet0/0"),
}


FLASH_USER = "tom", "maui"


def driver(port: int) -> Any:
    """The driver for a user who needs `enable`."""
    return napalm.get_network_driver("ios")("127.0.0.1", "eve", "oahu", optional_args={"port": port, "secret": "cisco"})


@pytest.mark.parametrize("platform", MODELS)
def test_the_getters_give_what_is_configured(platform: str) -> None:
    model, image, serial, port_name = MODELS[platform]
    with served_router(platform, CONFIGURATION.format(port=MODELS[platform][3])) as (port, made):
        device = driver(port)
        device.open()
        try:
            assert device.is_alive() == {"is_alive": True}

            facts = device.get_facts()
            assert facts["os_version"] == f"{image}, Version 12.2(15)T9,  RELEASE SOFTWARE (fc2)"
            assert (facts["model"], facts["serial_number"]) == (model, serial)
            assert (facts["hostname"], facts["fqdn"]) == ("gate", "gate.lab.test")
            assert (facts["vendor"], facts["uptime"]) == ("Cisco", 0.0)
            physical = [interface.name for interface in made.device.chassis.interfaces]
            assert sorted(facts["interface_list"]) == sorted([*physical, "Loopback0"])

            interfaces = device.get_interfaces()
            assert sorted(interfaces) == sorted(facts["interface_list"])
            uplink = interfaces[port_name]
            burned_in = made.device.chassis.mac_address(port_name).replace(".", "")
            assert uplink.pop("mac_address").replace(":", "").lower() == burned_in
            assert uplink == {
                "is_enabled": True,
                "is_up": True,
                "description": "uplink",
                "last_flapped": -1.0,
                "mtu": 1500,
                "speed": 10.0,
            }
            assert interfaces["Loopback0"] == {
                "is_enabled": False,
                "is_up": False,
                "description": "",
                "mac_address": "",
                "last_flapped": -1.0,
                "mtu": 1514,
                "speed": 8000.0,
            }

            assert device.get_interfaces_ip() == {
                port_name: {"ipv4": {"15.80.7.11": {"prefix_length": 24}}},
                "Loopback0": {"ipv4": {"192.0.2.1": {"prefix_length": 32}}},
            }

            assert device.get_users() == {
                "eve": {"level": 1, "password": "oahu", "sshkeys": []},
                "tom": {"level": 15, "password": "maui", "sshkeys": []},
            }

            device.device.send_command("write memory")
            config = device.get_config()
            assert config["candidate"] == ""
            for text in (config["running"], config["startup"]):
                assert "\nhostname gate\n" in text
                assert f"\ninterface {port_name}\n description uplink\n ip address 15.80.7.11 255.255.255.0\n" in text
                assert text.endswith("\nend")
            assert config["running"].startswith("!\nversion 12.2\n")
        finally:
            device.close()
        assert device.device is None or not device.is_alive()["is_alive"]


@pytest.mark.parametrize("platform", MODELS)
def test_a_candidate_is_merged_or_thought_over(platform: str) -> None:
    port_name = MODELS[platform][3]
    candidate = f"interface {port_name}\n description changed\nip host peer 192.0.2.7\nend\n"
    with served_router(platform, CONFIGURATION.format(port=port_name) + "ip scp server enable\n") as (port, made):
        with napalm.get_network_driver("ios")("127.0.0.1", *FLASH_USER, optional_args={"port": port}) as device:
            device.load_merge_candidate(config=candidate)
            assert made.device.files.volume("flash").read("merge_config.txt") == candidate.encode()
            # the release has no `show archive config incremental-diffs`, so the file itself is compared
            shown = device.compare_config()
            assert f"+interface {port_name}\n+ description changed\n+ip host peer 192.0.2.7" in shown

            device.discard_config()
            assert made.device.files.volume("flash").read("merge_config.txt") == b""
            assert "No changes specified" in device.compare_config()

            device.load_merge_candidate(config=candidate)
            device.commit_config()
            running = device.get_config()
            for text in (running["running"], running["startup"]):
                assert f"\ninterface {port_name}\n description changed\n" in text
            kept = made.device.files.volume("flash").read("rollback_config.txt").decode()
            assert "description uplink" in kept
            assert "description changed" not in kept

            # `configure replace` came with 12.3(7)T: the driver's rollback is refused, and nothing is changed
            device.rollback()
            assert (
                device.device.send_command("configure replace flash:/rollback_config.txt force").count("% Invalid") == 1
            )
            assert "description changed" in device.get_config()["running"]
        assert made.device.config.root.value("file prompt", "mode") == "alert"


def test_a_candidate_with_a_bad_line_is_told_of() -> None:
    with (
        served_router("as5300", CONFIGURATION.format(port="FastEthernet0") + "ip scp server enable\n") as (port, _),
        napalm.get_network_driver("ios")("127.0.0.1", *FLASH_USER, optional_args={"port": port}) as device,
    ):
        device.load_merge_candidate(config="foo bar\nend\n")
        with pytest.raises(napalm.base.exceptions.MergeConfigException, match="Invalid input detected"):
            device.commit_config()


@pytest.mark.parametrize(
    ("user", "password", "enabled"), [("tom", "maui", ""), ("eve", "oahu", "ip scp server enable\n")]
)
def test_no_file_comes_in_unless_it_may(user: str, password: str, enabled: str) -> None:
    with served_router("as5300", CONFIGURATION.format(port="FastEthernet0") + enabled) as (port, made):
        device = napalm.get_network_driver("ios")(
            "127.0.0.1", user, password, optional_args={"port": port, "secret": "cisco"}
        )
        device.open()
        try:
            with pytest.raises(Exception, match=r"Privilege denied\.|ip scp server enable"):
                device.load_merge_candidate(config="hostname x\nend\n")
        finally:
            device.close()
        assert made.device.files.volume("flash").entries() == []
