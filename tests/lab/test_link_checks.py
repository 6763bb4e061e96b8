"""A lab file's links, hosts and name service: one clear line a mistake; and the schema that editors have of it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from iosemu.lab.errors import TopologyError
from iosemu.lab.topology import Topology, load, parse, schema

EXAMPLES = Path(__file__).parents[2] / "examples"

GOOD = """
name = "wired"
[[router]]
name = "r1"
platform = "3660"
[[mail]]
name = "mail"
address = "10.0.2.9"
gateway = "10.0.2.1"
domain = "example.com"
users = { tom = "tom" }
[[host]]
name = "gw"
addresses = ["10.0.1.1/24", "10.0.2.1/24"]
udp = { 514 = "5140" }
[[link]]
ends = ["r1 FastEthernet0/0", "gw 10.0.1.1"]
[[link]]
ends = ["mail", "gw 10.0.2.1"]
[dns]
node = "mail"
"""


def test_a_lab_with_links_needs_no_addresses_of_routers(tmp_path: Path) -> None:
    lab = parse(GOOD.encode(), tmp_path / "lab.toml")
    assert lab.link[1].ends == ["mail", "gw 10.0.2.1"]
    assert lab.router[0].address == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"r1 FastEthernet0/0"', '"r9 FastEthernet0/0"', "link 'r9 FastEthernet0/0': no node 'r9'"),
        ('"r1 FastEthernet0/0"', '"r1"', "link 'r1': which interface of the router?"),
        ('"r1 FastEthernet0/0"', '"r1 FastEthernet0/0.1"', "not into a sub-interface"),
        ('"gw 10.0.1.1"', '"gw"', "link 'gw': which of its addresses: 10.0.1.1, 10.0.2.1?"),
        ('"gw 10.0.1.1"', '"gw 10.0.9.1"', "link 'gw 10.0.9.1': gw has no address '10.0.9.1'"),
        ('"gw 10.0.1.1"', '"gw 10.0.2.1"', "link 'gw 10.0.2.1': another link has this port"),
        ('["mail", "gw 10.0.2.1"]', '["mail"]', "Expected `array` of length >= 2"),
        ('"10.0.1.1/24"', '"10.0.1.1"', "host gw: '10.0.1.1' is not an address with its prefix length"),
        ('"10.0.1.1/24"', '"10.0.2.9/24"', "address '10.0.2.9' is used twice"),
        ('name = "gw"', 'name = "r1"', "name 'r1' is used twice"),
        ('gateway = "10.0.2.1"', 'gateway = "nowhere"', "mail mail: gateway 'nowhere' is not an IPv4 address"),
        ('514 = "5140"', '0 = "5140"', "host gw: udp '0' is not a port"),
        ('514 = "5140"', '514 = "there"', "host gw: udp 514: 'there' is not [HOST:]PORT"),
        ('514 = "5140"', '514 = "192.0.2.1:514"', "is beyond this machine; say beyond = true"),
        ('node = "mail"', 'node = "r1"', "dns: no host or mail server 'r1'"),
        ('node = "mail"', 'listen = "x"', "dns: 'x' is not [HOST:]PORT"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(TopologyError) as caught:
        parse(GOOD.replace(old, new).encode(), tmp_path / "lab.toml")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_lab_without_links_needs_the_addresses(tmp_path: Path) -> None:
    text = 'name = "flat"\n[[router]]\nname = "r1"\nplatform = "3660"\n'
    with pytest.raises(TopologyError, match="router r1: without links it needs an address"):
        parse(text.encode(), tmp_path / "lab.toml")


def test_only_who_says_so_reaches_beyond_this_machine(tmp_path: Path) -> None:
    text = GOOD.replace('udp = { 514 = "5140" }', 'udp = { 514 = "192.0.2.1:514" }\nbeyond = true')
    assert parse(text.encode(), tmp_path / "lab.toml").host[0].beyond


def test_the_published_schema_is_that_of_the_program() -> None:
    assert (EXAMPLES / "lab.schema.json").read_bytes() == schema(), "write topology.schema() there"
    described = msgspec.json.decode(schema())["$defs"]["Topology"]["properties"]
    assert set(described) == {field.name for field in msgspec.structs.fields(Topology)}


@pytest.mark.parametrize("lab", sorted(EXAMPLES.glob("*/lab.toml")), ids=lambda path: path.parent.name)
def test_every_example_is_a_lab(lab: Path) -> None:
    assert load(lab).router
    assert lab.read_text().startswith("#:schema ../lab.schema.json\n")
