"""What is shown of RADIUS servers, and what `test aaa` and `debug radius` say of a request."""

from __future__ import annotations

from iosemu.commands.aaa import debug as aaa_debug
from tests.commands.radius_server import LINES, RadiusServer
from tests.commands.routers import User, device


def served(*lines: str, silent: bool = False) -> tuple[RadiusServer, User, list[str]]:
    """A server that knows tom, somebody at the console of its router, and what the router logs."""
    server = RadiusServer({"tom": ("tiger", (("Cisco-AVPair", "shell:priv-lvl=15"),))}, silent)
    router = server.serve(device())
    aaa_debug.attach(router)
    said: list[str] = []
    router.log.attach_console(said.append)
    user = User(router)
    assert user.configure(*LINES, *lines) == ""
    said.clear()
    return server, user, said


def logged(said: list[str]) -> list[str]:
    return [line.partition(": ")[2] for line in said]


def test_a_server_is_tested_with_three_possible_answers() -> None:
    server, user, _ = served()
    attempt = "Attempting authentication test to server-group radius using radius\n"
    assert user.type("test aaa group radius tom tiger legacy") == f"{attempt}User was successfully authenticated.\n\n"
    refused = "User authentication request was rejected by server.\n\n"
    assert user.type("test aaa group radius tom x new-code") == attempt + refused
    server.silent = True
    nobody = "No authoritative response from any server.\n\n"
    assert user.type("test aaa group radius tom tiger legacy") == attempt + nobody
    assert user.type("test aaa group tacacs+ tom tiger legacy").endswith(f"using tacacs+\n{nobody}")


def test_the_counters_follow_the_requests() -> None:
    server, user, _ = served("radius-server retransmit 1")
    user.type("test aaa group radius tom tiger legacy", "test aaa group radius tom x legacy")
    server.silent = True
    user.type("test aaa group radius tom tiger legacy")
    shown = user.type("show aaa servers")
    assert "\nRADIUS: id 1, priority 1, host 10.9.9.9, auth-port 1645, acct-port 1646\n" in shown
    assert "     Authen: request 3, timeouts 2\n" in shown
    assert "             Transaction: success 2, failure 1\n" in shown
    assert "     Account: request 0, timeouts 0\n" in shown
    assert "     Dead: total time 0s, count 1\n" in shown
    statistics = {
        title.strip(): numbers.split()
        for title, colon, numbers in (line.partition(":") for line in user.type("show radius statistics").splitlines())
        if colon
    }
    assert statistics["Total responses seen"] == ["2", "0", "2"]
    assert statistics["Packets without responses"] == ["1", "0", "1"]
    assert statistics["Number of Radius timeouts"] == ["2", "0", "2"]
    assert statistics["Maximum waitQ length"] == ["NA", "NA", "1"]


def test_debug_radius_shows_packets() -> None:
    server, user, said = served()
    user.type("test aaa group radius tom tiger legacy")
    assert logged(said) == []
    user.type("debug radius authentication")
    said.clear()
    user.type("test aaa group radius tom tiger legacy")
    request = server.requests[-1]
    octets = request.authenticator.hex(" ").upper()
    assert logged(said) == [
        f"RADIUS: Send Access-Request to 10.9.9.9:1645 id 1645/2, len {len(request.octets)}",
        f"RADIUS:  authenticator {octets[:23]} - {octets[24:]}",
        'RADIUS:  User-Name           [1]   5   "tom"',
        "RADIUS:  User-Password       [2]   18  *",
        "RADIUS:  NAS-Port-Type       [61]  6   Async                     [0]",
        "RADIUS:  NAS-IP-Address      [4]   6   10.1.1.1                  ",
        "RADIUS: Received from id 1645/2 10.9.9.9:1645, Access-Accept, len 0",
        "RADIUS:  authenticator  - ",
        "RADIUS:  Vendor, Cisco       [26]  25  ",
        'RADIUS:   Cisco AVpair       [1]   19  "shell:priv-lvl=15"',
    ]
    user.type("undebug radius authentication", "debug radius accounting")
    said.clear()
    user.type("test aaa group radius tom tiger legacy")
    assert logged(said) == []


def test_a_server_that_is_silent_is_in_the_log() -> None:
    _, user, said = served("radius-server retransmit 1", "radius-server deadtime 1", silent=True)
    user.type("debug radius")
    said.clear()
    user.type("test aaa group radius tom tiger legacy")
    lines = logged(said)
    assert "RADIUS: Retransmit to (10.9.9.9:1645,1646) for id 1645/1" in lines
    assert "RADIUS: No response from (10.9.9.9:1645,1646) for id 1645/1" in lines
    assert "%RADIUS-4-RADIUS_DEAD: RADIUS server 10.9.9.9:1645,1646 is not responding." in lines
    assert not any("RADIUS_ALIVE" in line for line in lines)
    user.session.device.clock.run(until_s=61)  # type: ignore[attr-defined]
    user.type("show aaa servers")
    assert "%RADIUS-4-RADIUS_ALIVE: RADIUS server 10.9.9.9:1645,1646 has returned." in logged(said)
