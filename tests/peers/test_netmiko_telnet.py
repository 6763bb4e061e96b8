"""netmiko's `cisco_ios_telnet`, unpatched, against a whole router's telnet port."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import pytest

from iosemu.router import Router
from tests.peers.netmiko_work import configure_and_save
from tests.peers.served_router import served_router

netmiko = pytest.importorskip("netmiko")
pytestmark = pytest.mark.peer

CONFIGURATION = """\
hostname gate
enable secret cisco
line vty 0 4
 password cisco
 login
"""


def router() -> AbstractContextManager[tuple[int, Router]]:
    return served_router("as5300", CONFIGURATION, "telnet")


def connect(port: int) -> Any:
    return netmiko.ConnectHandler(
        device_type="cisco_ios_telnet", host="127.0.0.1", port=port, password="cisco", secret="cisco", fast_cli=True
    )


def test_login_enable_commands_configuration_and_save() -> None:
    with router() as (port, made), connect(port) as connection:
        configure_and_save(connection, made)


def test_a_long_configuration_arrives_whole() -> None:
    lines = [f"ip host host{n} 10.0.{n // 250}.{n % 250 + 1}" for n in range(300)]
    with router() as (port, made), connect(port) as connection:
        connection.enable()
        connection.send_config_set(lines, cmd_verify=False)
        assert [line.text for line in made.device.config.root.all("ip host")] == lines
