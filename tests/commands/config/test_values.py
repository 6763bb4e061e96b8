"""What lines of the configuration may say, and how they are kept."""

from __future__ import annotations

import pytest

from iosemu.cli.release import Release
from iosemu.clock import ManualClock
from iosemu.commands.aaa import passwords
from iosemu.config import nvgen
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import CARET, START, User, device


def kept(*lines: str) -> str:
    router = device()
    User(router).configure(*lines)
    return nvgen.render(router.config)


def refused(line: str) -> str:
    return User(device()).configure(line)


def test_an_enable_secret_is_kept_as_a_hash_that_opens_to_it() -> None:
    text = next(line for line in kept("enable secret maui").splitlines() if line.startswith("enable"))
    assert text.startswith("enable secret 5 $1$")
    assert passwords.matches("maui", text.removeprefix("enable secret 5 "))


def test_a_hash_is_kept_as_it_is_and_a_false_one_refused() -> None:
    line = "enable secret 5 $1$abcd$2hDGYdE0UrwK2pqoiF6BB1"
    assert line in kept(line)
    assert refused("enable secret 5 nonsense").startswith(
        "ERROR: The secret you entered is not a valid encrypted secret."
    )


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("enable password 0 maui", "enable password maui"),
        ("username tom password tom", "username tom password 0 tom"),
        ("username tom privilege 15 password 7 02050D480809", "username tom privilege 15 password 7 02050D480809"),
        ("logging buffered", "logging buffered 4096 debugging"),
        ("logging buffered 8192", "logging buffered 8192 debugging"),
        ("clock timezone GMT 0", "clock timezone GMT 0"),
        ("ip domain-name example.com", "ip domain name example.com"),
        ("no ip domain-lookup", "no ip domain lookup"),
        ("fax interface-type vfc", "fax interface-type fax-mail"),
        ("version 12.3", "version 12.2"),
        ("mta send origin-prefix one", "mta send origin-prefix one"),
        ('mta send origin-prefix "one two"', 'mta send origin-prefix "one two"'),
        ("mta send filename abcd date", "mta send filename abcd date"),
        ("mta send filename date", "mta send filename date"),
        ("fax send max-speed 9600", "fax send max-speed 9600"),
        ("no service timestamps log", "no service timestamps log uptime"),
    ],
)
def test_a_line_is_kept_in_the_form_that_routers_print(typed: str, printed: str) -> None:
    assert printed in kept(typed).splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "fax receive called-subscriber abc",
        "fax receive called-subscriber 123456789012345678901",
        "clock timezone EST -24",
        "mta receive maximum-recipients 1025",
        "fax send max-speed 1300",
        "mta send server",
        "dial-peer voice 0 pots",
        "dial-peer voice 2147483648 pots",
    ],
)
def test_what_is_out_of_range_is_refused(line: str) -> None:
    printed = refused(line)
    assert printed.endswith(CARET) or printed.startswith("% Incomplete command.")


def test_service_password_encryption_veils_what_is_typed_after_it() -> None:
    lines = kept("service password-encryption", "line vty 0 4", "password maui").splitlines()
    hidden = next(line for line in lines if line.startswith(" password 7 "))
    assert passwords.unveil(hidden.removeprefix(" password 7 ")) == "maui"


def test_service_password_encryption_veils_what_is_there_already() -> None:
    lines = ["enable password maui", "username tom privilege 15 password tom", "line vty 0 4", "password maui"]
    text = kept(*lines, "service password-encryption")
    assert " maui" not in text
    assert "username tom privilege 15 password 7 " in text
    assert text.count("password 7 ") == 3


def test_passwords_that_cannot_be_unveiled_are_refused() -> None:
    assert refused("enable password 7 zz") == "Invalid encrypted password: zz\n"


def test_ten_mail_servers_and_no_more() -> None:
    router = device()
    user = User(router)
    assert user.configure(*(f"mta send server 10.0.0.{number}" for number in range(1, 11))) == ""
    assert user.configure("mta send server 10.0.0.1") == ""
    assert user.configure("mta send server 10.0.0.11").startswith("% ")
    assert user.configure("no mta send server 10.0.0.1", "mta send server 10.0.0.11") == ""
    assert [line.values["host"] for line in router.config.root.all("mta send server")][-1] == "10.0.0.11"


def test_servers_are_kept_in_the_order_in_which_they_are_tried() -> None:
    text = kept("mta send server zulu.example.com", "mta send server alpha.example.com")
    assert text.index("zulu") < text.index("alpha")


@pytest.mark.parametrize(
    ("release", "level", "kept"),
    [("12.4(9)T", "", " debugging"), ("12.4(15)T", " debugging", ""), ("12.4(15)T", " errors", " errors")],
)
def test_late_releases_do_not_write_the_level_of_all_messages(release: str, level: str, kept: str) -> None:
    emulated = Release.of(release)
    router = Router(
        "3660", clock=ManualClock(START), network=NoNetwork(), store=FileStore(None), release=emulated
    ).device
    assert User(router).configure(f"logging buffered 8192{level}") == ""
    assert f"\nlogging buffered 8192{kept}\n" in nvgen.render(router.config)


def test_an_interface_has_its_own_address_or_borrows_one() -> None:
    user = User(device())

    def printed(*lines: str) -> str:
        assert user.configure("interface Tunnel1", *lines) == ""
        return nvgen.render(user.session.device.config).partition("interface Tunnel1\n")[2].partition("!")[0]

    assert printed("ip address 192.0.2.9 255.255.255.0", "ip unnumbered Ethernet0") == " ip unnumbered Ethernet0\n"
    assert printed("ip address 192.0.2.9 255.255.255.0") == " ip address 192.0.2.9 255.255.255.0\n"
    assert printed("ip unnumbered Ethernet0", "no ip unnumbered") == " no ip address\n"


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("10.0.0.1 255.0.255.0", "Bad mask 0xFF00FF00 for address 10.0.0.1\n"),
        ("10.0.0.0 255.0.0.0", "Bad mask /8 for address 10.0.0.0\n"),
        ("10.255.255.255 255.0.0.0", "Bad mask /8 for address 10.255.255.255\n"),
        ("192.0.2.1 255.255.255.0", "% 192.0.2.0 overlaps with Ethernet0\n"),
        ("192.0.3.1 255.255.255.0", ""),
    ],
)
def test_an_interface_takes_only_a_sound_address(address: str, answer: str) -> None:
    user = User(device())
    user.configure("interface Ethernet0", "ip address 192.0.2.9 255.255.255.0")
    assert user.configure("interface FastEthernet0", f"ip address {address}") == answer


def test_no_exec_timeout_means_never() -> None:
    assert "line con 0\n exec-timeout 0 0\n" in kept("line con 0", "no exec-timeout")


def test_any_line_that_was_refused_leaves_the_configuration_alone() -> None:
    router = device()
    before = nvgen.render(router.config)
    User(router).configure("hostname bad_name!", "interface FastEthernet9", "mta send server", "nonsense")
    assert nvgen.render(router.config) == before
