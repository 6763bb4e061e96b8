"""A word that is no command is the name of a host to call."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from iosemu.commands.ip.host_lookup import find_addresses
from iosemu.commands.loading import load
from iosemu.lab.network import VirtualNetwork
from iosemu.network import Unreachable
from tests.commands.routers import CARET, User, device

UNKNOWN = "% Unknown command or computer name, or unable to find computer address\n"


class Names(VirtualNetwork):
    """A network that knows names and refuses every call."""

    def __init__(self) -> None:
        super().__init__({"r2": ["10.0.0.2"], "r3.example.com": ["10.0.0.3"]})
        self.asked: list[str] = []

    def ask(self, source: str, destination: str, port: int, datagram: bytes) -> bytes | None:
        self.asked.append(destination)
        return super().ask(source, destination, port, datagram)

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        raise Unreachable("Connection refused by remote host")


def user(*lines: str) -> User:
    router = device()
    router.network = Names()
    typist = User(router)
    typist.configure(*lines)
    return typist


def test_a_name_that_nothing_resolves_is_asked_of_everybody() -> None:
    assert user().type("xyz") == f'Translating "xyz"...domain server (255.255.255.255)\n{UNKNOWN}'


def test_configured_name_servers_are_asked() -> None:
    typist = user("ip name-server 10.0.0.9", "ip name-server 10.0.0.8")
    assert typist.type("xyz") == f'Translating "xyz"...domain server (10.0.0.9) (10.0.0.8)\n{UNKNOWN}'


@pytest.mark.parametrize("line", ["no ip domain lookup", "no ip domain-lookup"])
def test_without_lookup_nobody_is_asked(line: str) -> None:
    typist = user(line)
    assert typist.type("r2") == UNKNOWN
    assert typist.type("telnet r2") == UNKNOWN
    assert typist.session.device.network.asked == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("line", ["xyz abc", "xyz | include a", "sho?w", "-x", "12345", "show xyz"])
def test_what_is_more_than_a_name_gets_the_caret(line: str) -> None:
    assert user().type(line).endswith(CARET)


def test_a_line_that_prefers_no_protocol_gets_the_caret() -> None:
    typist = user("line con 0", "transport preferred none")
    # Two commands of EXEC start with x: the caret stands behind it.
    assert typist.type("xyz") == f"        {CARET}"
    assert User(typist.session.device, line="vty 0").type("xyz").endswith(UNKNOWN)


def test_a_name_that_resolves_is_called_as_telnet_calls_it() -> None:
    typist = user("ip domain name example.com", "ip host lab 10.0.0.4")
    refused = "... \n% Connection refused by remote host\n"
    found = 'Translating "{}"...domain server (255.255.255.255) [OK]\n\n'
    assert typist.type("r2") == typist.type("telnet r2") == f"{found.format('r2')}Trying r2 (10.0.0.2) {refused}"
    assert typist.type("r3") == f"{found.format('r3')}Trying r3 (10.0.0.3) {refused}"
    assert typist.type("LAB") == f"Trying LAB (10.0.0.4) {refused}"
    assert typist.type("10.0.0.7") == f"Trying 10.0.0.7 {refused}"
    assert User(typist.session.device, privilege=1).type("lab") == f"Trying lab (10.0.0.4) {refused}"


def test_loading_a_configuration_asks_nobody() -> None:
    router = device()
    router.network = names = Names()
    assert load(router, "r2\ndo r2\n") == [(line, "% Invalid input detected at '^' marker.") for line in (1, 2)]
    assert names.asked == []


def test_an_address_is_not_asked_of_the_domain_service() -> None:
    router = device()
    said: list[str] = []
    tell: Callable[[str], object] = said.append
    assert find_addresses(router, "192.0.2.1", tell) == ["192.0.2.1"]
    assert said == []


def test_name_servers_are_asked_in_turn_until_one_answers() -> None:
    typist = user("ip name-server 10.0.0.9", "ip name-server 10.0.0.8")
    network = typist.session.device.network
    assert isinstance(network, Names)
    answer, network.name_service = network.name_service, None
    typist.type("r2")
    assert network.asked == ["10.0.0.9", "10.0.0.8"]
    network.asked.clear()
    network.name_service = answer
    assert typist.type("r2").endswith("Connection refused by remote host\n")
    assert network.asked == ["10.0.0.9"]


def test_a_list_of_domains_is_tried_instead_of_the_own_domain() -> None:
    typist = user("ip domain name example.com", "ip domain list example.org")
    assert typist.type("r3").endswith(UNKNOWN)
    typist.configure("ip domain list example.com")
    assert "Trying r3 (10.0.0.3)" in typist.type("r3")


def test_a_host_table_may_have_several_addresses() -> None:
    router = user("ip host lab 10.0.0.4 10.0.0.5").session.device
    assert find_addresses(router, "LAB", lambda text: None) == ["10.0.0.4", "10.0.0.5"]
