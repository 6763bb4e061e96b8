"""netmiko's `cisco_ios`, unpatched, over paramiko against a whole router's SSH port."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import pytest

from iosemu.router import Router
from tests.peers.netmiko_work import configure_and_save
from tests.peers.served_router import SSH_LOGIN, served_router

netmiko = pytest.importorskip("netmiko")
pytest.importorskip("asyncssh")
pytestmark = pytest.mark.peer


def router() -> AbstractContextManager[tuple[int, Router]]:
    return served_router("as5300", SSH_LOGIN)


def connect(port: int, user: str = "eve", password: str = "oahu") -> Any:
    return netmiko.ConnectHandler(
        device_type="cisco_ios", host="127.0.0.1", port=port, username=user, password=password, secret="cisco"
    )


def test_login_enable_commands_configuration_and_save() -> None:
    with router() as (port, made), connect(port) as connection:
        configure_and_save(connection, made)


def test_a_privileged_user_needs_no_enable_and_a_wrong_password_is_refused() -> None:
    with router() as (port, _):
        with connect(port, "tom", "maui") as connection:
            assert connection.find_prompt() == "gate#"
        with pytest.raises(netmiko.NetmikoAuthenticationException):
            connect(port, "tom", "oahu")


def test_a_long_configuration_arrives_whole() -> None:
    lines = [f"ip host host{n} 10.0.{n // 250}.{n % 250 + 1}" for n in range(300)]
    with router() as (port, made), connect(port, "tom", "maui") as connection:
        connection.send_config_set(lines, cmd_verify=False)
        assert [line.text for line in made.device.config.root.all("ip host")] == lines
