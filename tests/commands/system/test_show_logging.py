"""`show logging` and what the configuration does to the log."""

from __future__ import annotations

from iosemu.management.logging import Destination, RateLimit, Severity
from tests.commands.routers import User, device
from tests.commands.show_scenarios import Scene


def test_hosts_levels_and_counts_are_told() -> None:
    router = device()
    user = User(router)
    user.configure(
        "logging buffered 8192 informational", "logging trap debugging", "logging 10.5.2.1", "no logging console"
    )
    router.log.event("LINK", 3, "UPDOWN", "Interface Ethernet0, changed state to down")
    router.log.debug("x")
    text = user.type("show logging")
    for line in (
        "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled)",
        "    Console logging: disabled, xml disabled",
        "    Trap logging: level debugging, 2 message lines logged",
        "        Logging to 10.5.2.1, 2 message lines logged, xml disabled",
        "Log Buffer (8192 bytes):",
    ):
        assert f"{line}\n" in text, line
    assert "%LINK-3-UPDOWN: Interface Ethernet0" in text
    assert user.configure("no logging 10.5.2.1") == user.configure("no logging trap")
    assert router.log_hosts.sent == {}
    assert router.log.levels[Destination.TRAP] is None
    assert "Trap logging: disabled\n" in user.type("show logging")


def test_a_release_tells_what_it_can_do_with_messages() -> None:
    old = Scene(release="12.2(8)T").user.type("show logging")
    assert old.startswith(
        "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns)\n"
    )
    late = Scene("logging 10.5.2.1\nno logging buffered\n", release="12.4(3)").user.type("show logging")
    assert late.startswith(
        "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited,\n"
        "                0 flushes, 0 overruns, xml disabled, filtering disabled)\n"
    )
    assert "    Buffer logging: disabled, xml disabled,\n                    filtering disabled\n" in late
    assert "\nNo active filter modules.\n\n    Trap logging: " in late


def test_limits_and_facility_follow_the_configuration() -> None:
    router = device()
    user = User(router)
    user.configure("logging rate-limit console all 10 except errors", "logging facility mail")
    assert router.log.rate_limit == RateLimit(10, Severity.ERRORS, debugs=True, console_only=True)
    assert router.log_hosts.facility == "mail"
    user.configure("no logging rate-limit", "no logging facility")
    assert (router.log.rate_limit, router.log_hosts.facility) == (None, "local7")


def test_messages_are_counted_with_logging_count() -> None:
    router = device()
    user = User(router)
    assert user.type("show logging count") == "Logging counts is not enabled\n"
    user.configure("logging count")
    router.log.event("LINK", 3, "UPDOWN", "a")
    router.log.event("LINK", 3, "UPDOWN", "b")
    lines = user.type("show logging count").splitlines()
    assert lines[0] == "Facility        Message Name                     Sev Occur     Last Time"
    row = next(line for line in lines if line.startswith("LINK  "))
    assert row.split()[:4] == ["LINK", "UPDOWN", "3", "2"]
    assert "LINK TOTAL                                               2" in lines


def test_the_source_interface_gives_the_address() -> None:
    from iosemu.commands.system.logging_settings import log_source

    router = device()
    user = User(router)
    user.configure("interface Loopback0", "ip address 10.1.1.1 255.255.255.255", "exit")
    first = log_source(router)
    user.configure(
        "interface Loopback1", "ip address 10.1.1.2 255.255.255.255", "exit", "logging source-interface Loopback1"
    )
    assert (first, log_source(router)) == ("10.1.1.1", "10.1.1.2")


def test_without_logging_on_only_the_console_is_told() -> None:
    router = device()
    user = User(router)
    console: list[str] = []
    router.log.attach_console(console.append)
    user.configure("logging buffered", "logging 10.5.2.1", "no logging on")
    assert "no logging on\n" in user.type("show running-config")
    router.log.event("LINK", 3, "UPDOWN", "down")
    assert (len(console), router.log.buffer, router.log_hosts.sent) == (1, (), {"10.5.2.1": 0})
    assert user.type("show logging").startswith("Syslog logging: disabled")
    user.configure("logging on")
    router.log.event("LINK", 3, "UPDOWN", "up")
    assert len(router.log.buffer) == 1
