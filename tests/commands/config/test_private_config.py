"""Users of SNMP version 3 outlive a reload where the configuration was saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import User


def router(path: Path | None) -> Router:
    return Router("as5300", clock=ManualClock(), network=NoNetwork(), store=FileStore(path))


@pytest.mark.parametrize("kept", [True, False])
def test_users_are_there_after_a_start_if_they_were_saved(tmp_path: Path, kept: bool) -> None:
    user = User(router(tmp_path).device, "")
    user.configure(
        "snmp-server group staff v3 priv",
        "snmp-server user tom staff v3 auth sha auth priv des56 access access 7",
        "snmp-server user ann staff v3 auth md5 secret",
        "snmp-server user joe staff v3",
    )
    known = dict(user.session.device.snmp_users)
    assert len(known) == 3
    if kept:
        user.type("write memory")
    assert router(tmp_path).device.snmp_users == (known if kept else {})


def test_what_is_private_is_listed_and_not_shown() -> None:
    user = User(router(None).device, "")
    user.configure("snmp-server user tom staff v3 auth md5 secret")
    user.type("write memory")
    assert "secret" not in user.type("more nvram:private-config", "show startup-config", "show running-config")
    [row] = [line.split() for line in user.type("dir nvram:").splitlines() if "private-config" in line]
    assert int(row[2]) > 0
    user.configure("no snmp-server user tom staff v3")
    user.type("write memory")
    [row] = [line.split() for line in user.type("dir nvram:").splitlines() if "private-config" in line]
    assert row[2] == "0"


def test_erased_memory_has_no_users() -> None:
    host = router(None)
    user = User(host.device, "", "")
    user.configure("snmp-server user tom staff v3 auth md5 secret")
    user.type("write memory", "erase startup-config")
    host.reload()
    assert host.device.snmp_users == {}
