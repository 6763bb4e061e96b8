"""What runs on the processor follows from what is configured, built in, and open."""

from __future__ import annotations

from iosemu.commands.chassis.processes import processes
from tests.commands.routers import User, device


def names(name: str = "as5300") -> tuple[User, set[str]]:
    router = device(name)
    user = User(router)
    return user, {one.name for one in processes(router)}


def test_a_router_without_voice_hardware_has_no_voice_processes() -> None:
    router = device("3660")
    assert "VPM" in {one.name for one in processes(router)}
    router.chassis.dsp.cards = ()
    assert "VPM" not in {one.name for one in processes(router)}


def test_services_have_processes_while_they_are_configured() -> None:
    user, before = names()
    router = user.session.device
    assert not {"ESMTP Server", "IP SNMP", "HTTP Timer"} & before
    user.configure(
        "mta receive maximum-recipients 5", "snmp-server community public ro", "ip http server", "no cdp run"
    )
    after = {one.name for one in processes(router)}
    assert {"ESMTP Server", "IP SNMP", "HTTP Timer"} <= after
    assert "CDP Protocol" not in after
    assert [one.pid for one in processes(router)] == list(range(1, len(list(processes(router))) + 1))


def test_the_console_has_an_exec_and_a_vty_a_virtual_one() -> None:
    router = device()
    User(router)
    User(router, line="vty 0")
    assert [one.name for one in processes(router) if "Exec" in one.name] == ["Exec", "Virtual Exec"]


def test_the_history_draws_an_idle_processor() -> None:
    user = User(device())
    lines = user.type("show processes cpu history").splitlines()
    assert "   0....5....1....1....2....2....3....3....4....4....5....5...." in lines
    assert [line.strip() for line in lines if "CPU% per" in line] == [
        "CPU% per second (last 60 seconds)",
        "CPU% per minute (last 60 minutes)",
        "CPU% per hour (last 72 hours)",
    ]
    assert user.type("show processes cpu sorted 5min") == user.type("show processes cpu")
