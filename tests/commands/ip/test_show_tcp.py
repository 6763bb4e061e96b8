"""The router's own connections, sockets and counters follow what its mail agent does."""

from __future__ import annotations

from iosemu.commands.context import Device
from iosemu.commands.debug import tcp as debug_tcp
from iosemu.mail import events as mta
from tests.commands.routers import User, device


def mailing() -> tuple[Device, User, list[str]]:
    router = device()
    lines: list[str] = []
    router.log.debug = lines.append  # type: ignore[method-assign]
    router.tcp.attach(router.bus)
    debug_tcp.attach(router)
    user = User(router)
    user.configure("interface FastEthernet0", "ip address 15.80.7.11 255.255.255.0")
    user.type("debug ip tcp transactions")
    return router, user, lines


def test_a_delivery_is_a_connection_from_its_first_to_its_last_event() -> None:
    router, user, lines = mailing()
    router.bus.publish(mta.ClientConnecting(0, "10.0.0.25"))
    assert "15.80.7.11.11000        10.0.0.25.25           SYNSENT\n" in user.type("show tcp brief")
    router.bus.publish(mta.ClientConnected(0, "10.0.0.25"))
    router.bus.publish(mta.ClientReceived(0, "220 ready"))
    router.bus.publish(mta.ClientSent(0, "QUIT"))
    text = user.type("show tcp")
    assert "Connection state is ESTAB" in text
    assert "Foreign host: 10.0.0.25, Foreign port: 25" in text
    assert "with data: 1, total data bytes: 11\n" in text
    router.bus.publish(mta.ClientClosed(0, True))
    assert user.type("show tcp brief").count("\n") == 1
    assert "TCP statistics:\n  Rcvd: 1 total, 0 checksum errors, 0 no port\n  Sent: 1 total\n" in user.type(
        "show ip traffic"
    )
    assert "1 Connections initiated, 0 connections accepted, 1 connections established" in user.type(
        "show tcp statistics"
    )
    assert [line for line in lines if "state was" in line] == [
        "TCP0: state was CLOSED -> SYNSENT [11000 -> 10.0.0.25(25)]",
        "TCP0: state was SYNSENT -> ESTAB [11000 -> 10.0.0.25(25)]",
        "TCP0: state was ESTAB -> CLOSED [11000 -> 10.0.0.25(25)]",
    ]


def test_a_server_that_does_not_answer_leaves_an_embryonic_connection() -> None:
    router, user, _ = mailing()
    router.bus.publish(mta.ClientConnecting(0, "10.0.0.25"))
    router.bus.publish(mta.ClientFailed(0, "10.0.0.25", "timed out"))
    assert not list(router.tcp)
    assert "(including 0 dropped, 1 embryonic dropped)" in user.type("show tcp statistics")


def test_listeners_follow_the_configuration() -> None:
    _, user, _ = mailing()
    assert ".25 " not in user.type("show tcp brief all")
    user.configure("mta receive maximum-recipients 10", "logging 10.5.2.1")
    assert "*.25 " in user.type("show tcp brief all")
    text = user.type("show ip sockets")
    assert "  6 --listen--            15.80.7.11         25" in text
    assert " 17 10.5.2.1          514 15.80.7.11        514" in text
