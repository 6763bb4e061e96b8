"""What requests to a RADIUS server tell, as it is configured."""

from __future__ import annotations

import pytest

from tests.commands.radius_server import LINES, RadiusServer
from tests.commands.routers import User, device


def told(*lines: str) -> dict[str, object]:
    """The attributes of a request for tom."""
    server = RadiusServer({"tom": ("tiger", ())})
    user = User(server.serve(device()))
    assert user.configure(*LINES, "exit", "hostname gw", "ip domain name example.com", *lines) == ""
    user.type("test aaa group radius tom tiger legacy")
    return server.told()


@pytest.mark.parametrize(
    ("line", "identifier"),
    [
        ("radius-server attribute 32 include-in-access-req", "gw.example.com"),
        ("radius-server attribute 32 include-in-access-req format %h", "gw"),
        ("radius-server attribute 32 include-in-access-req format site-%h-%i", "site-gw-10.1.1.1"),
    ],
)
def test_the_router_tells_its_name(line: str, identifier: str) -> None:
    assert told(line)["NAS-Identifier"] == identifier
    assert "NAS-Identifier" not in told()


def test_the_router_tells_an_address_and_a_service() -> None:
    with_both = told("radius-server attribute 4 10.9.9.1", "radius-server attribute 6 on-for-login-auth")
    assert (with_both["NAS-IP-Address"], with_both["Service-Type"]) == ("10.9.9.1", 1)
    plain = told()
    assert plain["NAS-IP-Address"] == "10.1.1.1"
    assert "Service-Type" not in plain
