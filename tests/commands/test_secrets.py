"""Secrets, one of its own in each place that has one, and everything that a router prints: where do they show?"""

from __future__ import annotations

import re

import pytest

from iosemu.cli import notation
from iosemu.cli.declaration import EXEC
from iosemu.commands.aaa.passwords import BadHash, unveil
from iosemu.commands.context import Device
from iosemu.commands.debug import debugging
from tests.commands.radius_server import RadiusServer
from tests.commands.routers import User, device
from tests.commands.test_every_show import ASKS, lines

VEILED = """\
enable password {}
enable password level 7 {}
username tom password {}
radius-server host 10.0.0.1 key {}
radius-server key {}
tacacs-server host 10.0.0.2 key {}
tacacs-server key {}
ip ftp password {}
key chain rip
 key 1
  key-string {}
interface FastEthernet0
 ip ospf message-digest-key 1 md5 {}
interface Dialer1
 encapsulation ppp
 ppp chap password {}
 ppp pap sent-username gate password {}
router isis
 domain-password {}
 area-password {}
line con 0
 password {}
line vty 0 4
 password {}
"""
"""What `service password-encryption` shows as type 7."""
HASHED = "enable secret {}\nusername ann secret {}\n"
SHOWN = """\
snmp-server community {} RO
snmp-server host 10.0.0.9 {}
crypto isakmp key {} address 10.0.0.3
"""
"""What IOS of that time shows in its running-config whatever one does."""
TELLING = {"show crypto isakmp key", "show key chain", "show snmp group"}
"""Those that tell secrets on a router too: keys are what they are for, and a community is the name of a group."""
KEPT = "snmp-server group staff v3 priv\nsnmp-server user joe staff v3 auth sha {} priv des56 {}\n"
"""What it shows nowhere."""
FIRST = "service password-encryption\n"
_SEVEN = re.compile(r"\b\d\d(?:[0-9A-F]{2}){4,}\b")


def planted(text: str, prefix: str) -> tuple[str, list[str]]:
    """A configuration with its secrets in their places."""
    secrets = [f"{prefix}{number:02}hush" for number in range(text.count("{}"))]
    return text.format(*secrets), secrets


def uncovered(printed: str) -> str:
    """What somebody reads who knows how type 7 is made."""

    def bare(found: re.Match[str]) -> str:
        try:
            return unveil(found[0])
        except BadHash:
            return found[0]

    return _SEVEN.sub(bare, printed)


@pytest.fixture(scope="module")
def configured() -> tuple[Device, dict[str, list[str]]]:
    router, secrets = device(), {}
    user = User(router, "")
    texts = [FIRST]
    for name, text in (("veiled", VEILED), ("hashed", HASHED), ("shown", SHOWN), ("kept", KEPT)):
        whole, secrets[name] = planted(text, name[0])
        texts.append(whole)
    refused = user.configure(*"".join(texts).splitlines())
    assert "%" not in refused, refused
    user.type("write memory")
    return router, secrets


def found(printed: str, secrets: dict[str, list[str]], *kinds: str) -> list[str]:
    return [secret for kind in kinds for secret in secrets[kind] if secret in printed]


@pytest.mark.parametrize("command", ["show running-config", "show startup-config", "more nvram:startup-config"])
def test_a_configuration_shows_what_ios_shows(command: str, configured: tuple[Device, dict[str, list[str]]]) -> None:
    router, secrets = configured
    printed = User(router).type(command)
    assert found(printed, secrets, "veiled", "hashed", "kept") == []
    assert found(printed, secrets, "shown") == secrets["shown"]
    assert sorted(found(uncovered(printed), secrets, "veiled")) == secrets["veiled"]


def test_encryption_that_is_asked_for_afterwards_veils_the_same(
    configured: tuple[Device, dict[str, list[str]]],
) -> None:
    text, secrets = planted(VEILED, "v")
    user = User(device())
    user.configure(*text.splitlines())
    before = user.type("show running-config")
    assert [secret for secret in secrets if secret in before] == secrets
    user.configure(FIRST.strip())
    after = user.type("show running-config")
    assert [secret for secret in secrets if secret in after] == []
    assert [secret for secret in secrets if secret in uncovered(after)] == secrets


def test_a_support_engineer_reads_no_secret(configured: tuple[Device, dict[str, list[str]]]) -> None:
    router, secrets = configured
    printed = uncovered(User(router).type("show tech-support"))
    assert "<removed>" in printed
    assert found(printed, secrets, *secrets) == []


def test_no_other_command_tells_a_secret(configured: tuple[Device, dict[str, list[str]]]) -> None:
    router, secrets = configured
    user = User(router)
    told, tried = {}, 0
    for command in user.session.device.catalogue.mode(EXEC).commands:
        config = re.match(r"show (running|startup|tech|config)", command.notation)
        if not command.notation.startswith("show ") or not command.run or command.id in ASKS or config:
            continue
        for line in lines(notation.parse(command.notation)) if "@" not in command.notation else ():
            seen = found(uncovered(user.type(line)), secrets, *secrets)
            tried += 1
            if seen and line not in TELLING:
                told[line] = seen
    assert told == {}
    assert tried > 300


def test_debugging_of_logins_tells_no_password(configured: tuple[Device, dict[str, list[str]]]) -> None:
    from iosemu.commands.snmp import agent as snmp_agent
    from tests.management.snmp_messages import request

    router, secrets = configured
    server = RadiusServer(users={"bob": ("p0right", ())})
    server.serve(router)
    debugging.attach(router)
    heard: list[str] = []
    detach = router.log.attach_console(heard.append)
    user = User(router, "p1enable", "p2enable", "p3enable", line="vty 0", privilege=1)
    admin = User(router)
    admin.configure(
        "aaa new-model", "aaa authentication login default group radius", "logging buffered 64000 debugging"
    )
    assert "debugging is on" in admin.type(
        "debug all", "debug radius", "debug aaa authentication", "debug snmp packets"
    )
    try:
        user.type("enable")
        assert "successfully" in admin.type("test aaa group radius bob p0right legacy")
        assert "rejected" in admin.type("test aaa group radius bob p4wrong legacy")
        snmp_agent.answer(router, request("Get", (1, 3, 6, 1, 2, 1, 1, 5, 0), community="p6wrong"), "10.0.0.9")
    finally:
        detach()
    assert len(heard) > 5
    printed = "".join(heard) + admin.type(
        "show logging", "show call history voice", "show aaa servers", "show tech-support"
    )
    assert re.findall(r"p\d(?:right|wrong|enable)", printed) == []
    assert found(printed, secrets, *secrets) == []
