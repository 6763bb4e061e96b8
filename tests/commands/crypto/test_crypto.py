"""`crypto key generate rsa` and its kin, typed at a console."""

from __future__ import annotations

import sys

import pytest

from tests.commands.routers import User, device

DIALOGUE = """\
The name for the keys will be: gate.lab.test
Choose the size of the key modulus in the range of 360 to 2048 for your
  General Purpose Keys. Choosing a key modulus greater than 512 may take
  a few minutes.

How many bits in the modulus [512]: {}
% Generating {} bit RSA keys ...[OK]

"""
NAMED = ("hostname gate", "ip domain name lab.test")

pytest.importorskip("asyncssh")


def test_keys_need_the_router_s_name_and_domain() -> None:
    router = device()
    generate = "crypto key generate rsa"
    assert User(router).configure(generate) == "% Please define a hostname other than Router.\n"
    assert User(router).configure("hostname gate", generate) == "% Please define a domain-name first.\n"
    assert router.keys.private is None


@pytest.mark.parametrize(("typed", "size"), [("1024", 1024), ("", 512)])
def test_the_dialogue_makes_keys_and_says_that_ssh_is_on(typed: str, size: int) -> None:
    router = device()
    said: list[str] = []
    router.log.attach_console(said.append)
    shown = User(router, typed).configure(*NAMED, "crypto key generate rsa")
    assert shown == DIALOGUE.format(typed, size)
    assert router.keys.private is not None
    assert any("%SSH-5-ENABLED: SSH 2.0 has been enabled" in line for line in said)


def test_a_size_out_of_range_is_asked_again() -> None:
    router = device()
    shown = User(router, "2049", "many", "1024").configure(*NAMED, "crypto key generate rsa")
    assert shown.count("% Invalid input.  Please enter a number between 360 and 2048.\n") == 2
    assert shown.endswith("% Generating 1024 bit RSA keys ...[OK]\n\n")


def test_the_size_may_stand_on_the_line() -> None:
    router = device()
    shown = User(router).configure(*NAMED, "crypto key generate rsa general-keys modulus 1024")
    assert shown == ("The name for the keys will be: gate.lab.test\n% Generating 1024 bit RSA keys ...[OK]\n\n")


def test_keys_that_are_there_are_replaced_only_on_yes() -> None:
    router = device()
    User(router, "1024").configure(*NAMED, "crypto key generate rsa")
    first = router.keys.private
    shown = User(router, "no").configure("crypto key generate rsa")
    assert shown == (
        "% You already have RSA keys defined named gate.lab.test.\n% Do you really want to replace them? [yes/no]: no\n"
    )
    assert router.keys.private == first
    User(router, "yes", "1024").configure("crypto key generate rsa")
    assert router.keys.private not in (first, None)


def test_zeroize_removes_them_after_asking() -> None:
    router = device()
    zeroize = "crypto key zeroize rsa"
    assert User(router).configure(zeroize) == "% No Signature RSA Keys found in configuration.\n"
    User(router, "1024").configure(*NAMED, "crypto key generate rsa")
    refused = User(router).configure("no crypto key generate rsa")
    assert refused == "% Use 'crypto key zeroize rsa' to delete signature keys.\n"
    question = "% Keys to be removed are named gate.lab.test.\nDo you really want to remove these keys? [yes/no]: "
    assert User(router, "no").configure("hostname gate2", zeroize) == question + "no\n"
    assert router.keys.private is not None
    assert User(router, "yes").configure(zeroize) == question + "yes\n"
    assert router.keys.private is None


def test_keys_that_cannot_be_read_can_be_removed() -> None:
    router = device()
    router.keys.save(b"damaged")
    User(router, "yes").configure("crypto key zeroize rsa")
    assert router.keys.private is None


def test_keys_are_no_part_of_the_configuration() -> None:
    router = device()
    user = User(router, "1024")
    user.configure(*NAMED, "crypto key generate rsa")
    assert "crypto" not in user.type("show running-config")


def test_what_the_shows_say_without_keys_and_sessions() -> None:
    user = User(device())
    assert user.type("show ip ssh") == (
        "SSH Disabled - version 2.0\n"
        "%Please create RSA keys to enable SSH (and of atleast 768 bits for SSH v2).\n"
        "Authentication timeout: 120 secs; Authentication retries: 3\n"
    )
    assert user.type("show ssh") == "%No SSHv1 server connections running.\n%No SSHv2 server connections running.\n"


def test_without_the_library_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    shown = User(device()).configure(*NAMED, "crypto key generate rsa modulus 1024")
    assert shown.endswith("% RSA keys need the SSH extra of the emulator: pip install 'iosemu[ssh]'\n")
