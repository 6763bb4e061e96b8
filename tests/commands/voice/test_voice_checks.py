"""Words of voice lines that have a form of their own."""

from __future__ import annotations

import pytest

from iosemu.chassis.releases import release_for
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import CARET, START, User, device

TARGETS = ["ipv4:10.0.0.3", "ipv4:10.0.0.3:5060", "dns:gw.example.com", "dns:$d$.example.com", "dns:$s$", "enum:15"]
TARGETS += ["loopback:rtp", "settlement", "settlement:0", "ras", "sip-server"]
# What is typed, and the character that cannot be right.
NONE = [("ipv4:10.0.0", "1"), ("ipv4:10.0.0.3:", "1"), ("dns:", ":"), ("enum:16", "1"), ("loopback:tcp", "t")]
NONE += [("settlement:1", ":"), ("rasp", "p"), ("mailto:a@example.com", "m")]


@pytest.mark.parametrize("target", TARGETS)
def test_a_session_target_of_a_known_form_is_kept(target: str) -> None:
    user = User(device("3660"))
    assert user.configure("dial-peer voice 1 voip", f"session target {target}") == ""
    assert f" session target {target}" in user.type("show running-config").splitlines()


@pytest.mark.parametrize(("target", "wrong"), NONE)
def test_another_session_target_gets_the_caret(target: str, wrong: str) -> None:
    user = User(device("3660"))
    printed = user.configure("dial-peer voice 1 voip", f"session target {target}")
    start = len("Router(config-dial-peer)#session target ")
    prefix = next(p for p in ("ipv4:", "dns:", "enum:", "loopback:", "settlement", "ras", "") if target.startswith(p))
    assert printed == f"{' ' * (start + len(prefix))}{CARET}"
    assert target[len(prefix) :][:1] in (wrong, "")


def test_a_script_has_parameters_of_its_own_beside_those_whose_values_are_known() -> None:
    release = release_for("3660", "12.4(1)", None)
    router = Router("3660", clock=ManualClock(START), network=NoNetwork(), store=FileStore(None), release=release)
    user = User(router.device)
    service = ["application", "service ivr flash:ivr.tcl"]
    assert user.configure(*service, "param greeting flash:hello.au", "param uid-len 4") == ""
    printed = user.type("show running-config").splitlines()
    assert "  param greeting flash:hello.au" in printed
    assert "  param uid-len 4" in printed
    assert "% Invalid input" in user.configure(*service, "param uid-len 40")
