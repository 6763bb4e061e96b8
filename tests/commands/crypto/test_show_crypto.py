"""Encryption as configured, without a peer that would answer."""

from __future__ import annotations

import pytest

from tests.commands.routers import User, device

CONFIGURATION = """\
crypto isakmp policy 10
authentication pre-share
hash md5
group 2
crypto isakmp key cisco123 address 10.2.2.2
crypto ipsec transform-set myset esp-des esp-md5-hmac
crypto map mymap 10 ipsec-isakmp
set peer 10.2.2.2
set transform-set myset
match address 101
interface Ethernet0
ip address 10.1.1.1 255.255.255.0
crypto map mymap
"""


@pytest.fixture(scope="module")
def user() -> User:
    user = User(device())
    user.configure(*CONFIGURATION.splitlines())
    return user


def test_policies_stand_in_their_order_and_the_default_one_last(user: User) -> None:
    lines = user.type("show crypto isakmp policy").splitlines()
    assert lines[:3] == [
        "Protection suite of priority 10",
        "        encryption algorithm:   DES - Data Encryption Standard (56 bit keys).",
        "        hash algorithm:         Message Digest 5",
    ]
    assert lines[4] == "        Diffie-Hellman group:   #2 (1024 bit)"
    assert lines[6] == "Default protection suite"
    assert lines[9] == "        authentication method:  Rivest-Shamir-Adleman Signature"


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("show crypto map", 'Crypto Map "mymap" 10 ipsec-isakmp\n        Peer = 10.2.2.2\n'),
        ("show crypto map tag mymap", "        Transform sets={ myset, }\n"),
        ("show crypto map", "        Interfaces using crypto map mymap:\n                Ethernet0\n"),
        ("show crypto map tag other", "No crypto maps found.\n"),
        ("show crypto ipsec transform-set", "Transform set myset: { esp-des esp-md5-hmac  } \n"),
        ("show crypto ipsec sa", "    Crypto map tag: mymap, local addr. 10.1.1.1\n"),
        ("show crypto ipsec security-association lifetime", "4608000 kilobytes/3600 seconds\n"),
        ("show crypto isakmp key", "10.2.2.2              cisco123\n"),
        ("show crypto isakmp sa", "dst             src             state           conn-id    slot\n"),
    ],
)
def test_maps_sets_and_keys_are_those_of_the_configuration(user: User, command: str, text: str) -> None:
    assert text in user.type(command)


def test_the_own_key_is_shown_by_its_public_half() -> None:
    pytest.importorskip("asyncssh")
    import asyncssh

    user = User(device())
    assert user.type("show crypto key mypubkey rsa") == ""
    pair = asyncssh.generate_private_key("ssh-rsa", comment="r1.test.com", key_size=1024)
    user.session.device.keys.save(pair.export_private_key("openssh"))
    printed = user.type("show crypto key mypubkey rsa")
    assert "Key name: r1.test.com\n Usage: General Purpose Key\n" in printed
    data = "".join(printed.partition("Key Data:\n")[2].split())
    assert bytes.fromhex(data) == pair.export_public_key("pkcs8-der")
