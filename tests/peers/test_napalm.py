"""NAPALM's `ios` driver, unpatched, over paramiko against a whole router's SSH port."""

from __future__ import annotations

from typing import Any

import pytest

from tests.peers.served_router import served_router

napalm = pytest.importorskip("napalm")
pytest.importorskip("asyncssh")
pytestmark = pytest.mark.peer

CONFIGURATION = """\
hostname gate
ip domain name lab.test
crypto key generate rsa modulus 1024
username eve password 0 oahu
username tom privilege 15 password 0 maui
enable secret cisco
interface {port}
 ip address 15.80.7.11 255.255.255.0
 description uplink
 speed 10
interface Loopback0
 ip address 192.0.2.1 255.255.255.255
 shutdown
line vty 0 4
 login local
 transport input ssh
"""
MODELS = {
    "as5300": ("AS5300", "5300 Software (C5300-JS-M)", "09393218", "FastEthernet0"),
    "3660": ("3660", "3600 Software (C3660-JS-M)", "JAB041985GN", "FastEthernet0/0"),
    "3745": ("3745", "3700 Software (C3745-JS-M)", "JMX0740L4UY", "FastEthernet0/0"),
}


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
