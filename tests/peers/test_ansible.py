"""Ansible's `cisco.ios` collection, unpatched, over paramiko against a whole router's SSH port.

The collection comes with the package `ansible`; without it these tests are skipped, and fail in CI.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.peers.served_router import SSH_LOGIN, served_router

COLLECTION = find_spec("ansible_collections") and find_spec("ansible_collections.cisco.ios")
pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(not COLLECTION and not os.environ.get("CI"), reason="the collection cisco.ios is not installed"),
]

CONFIGURATION = f"""\
{SSH_LOGIN}\
interface {{port}}
 ip address 15.80.7.11 255.255.255.0
"""
PORTS = {"as5300": "FastEthernet0", "3660": "FastEthernet0/0", "3745": "FastEthernet0/0"}
HOST = {
    "ansible_host": "127.0.0.1",
    "ansible_user": "eve",
    "ansible_password": "oahu",
    "ansible_become": True,
    "ansible_become_method": "enable",
    "ansible_become_password": "cisco",
    "ansible_network_os": "cisco.ios.ios",
    "ansible_connection": "ansible.netcommon.network_cli",
    "ansible_network_cli_ssh_type": "paramiko",
    "ansible_python_interpreter": sys.executable,
}


def play(folder: Path, ssh_port: int, tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run these tasks against the router; gives the result of each."""
    hosts = {"gate": {**HOST, "ansible_port": ssh_port}}
    (folder / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    (folder / "play.json").write_text(json.dumps([{"hosts": "gate", "gather_facts": False, "tasks": tasks}]))
    programs = Path(sys.executable).parent
    environment = {
        **os.environ,
        "HOME": str(folder),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_HOST_KEY_CHECKING": "False",
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "LC_ALL": "C.UTF-8",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
    }
    command = [programs / "ansible-playbook", "-i", "inventory.json", "play.json"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout[done.stdout.index("{") :])
    return [task["hosts"]["gate"] for task in report["plays"][0]["tasks"]]


@pytest.mark.parametrize("platform", PORTS)
def test_facts_commands_and_configuration_that_changes_once(platform: str, tmp_path: Path) -> None:
    port_name = PORTS[platform]
    lines = {"lines": ["description by ansible"], "parents": f"interface {port_name}"}
    with served_router(platform, CONFIGURATION.format(port=port_name)) as (port, made):
        facts, shown, first, second = play(
            tmp_path,
            port,
            [
                {"cisco.ios.ios_facts": {"gather_subset": ["min", "hardware", "interfaces"]}},
                {"cisco.ios.ios_command": {"commands": ["show version", "show privilege"]}},
                {"cisco.ios.ios_config": {**lines, "save_when": "changed"}},
                {"cisco.ios.ios_config": lines},
            ],
        )
        known = facts["ansible_facts"]
        assert (known["ansible_net_hostname"], known["ansible_net_version"]) == ("gate", "12.2(15)T9")
        assert known["ansible_net_all_ipv4_addresses"] == ["15.80.7.11"]
        assert sorted(known["ansible_net_interfaces"]) == sorted(i.name for i in made.device.chassis.interfaces)
        assert known["ansible_net_interfaces"][port_name]["lineprotocol"] == "up"
        assert shown["stdout"][1] == "Current privilege level is 15"
        assert (first["changed"], second["changed"]) == (True, False)
        block = made.device.config.root.block("interface", name=port_name)
        assert block is not None
        assert block.value("description", "text") == "by ansible"
        assert " description by ansible\n" in (made.device.files.startup_config or "")
