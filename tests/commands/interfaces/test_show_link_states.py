"""The link states of a router that is alone: what it says of itself, and the octets behind the checksum."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iosemu.commands.interfaces.show_link_states import checksum
from tests.commands.show_scenarios import Scene

OSPF = """
interface Ethernet0
 ip address 10.1.1.1 255.255.255.0
router ospf 1
 network 10.0.0.0 0.255.255.255 area 0
"""


@given(st.binary(min_size=34, max_size=200).filter(lambda octets: any(octets)))
def test_an_advertisement_with_its_checksum_sums_up_to_nought(octets: bytes) -> None:
    whole = bytearray(octets)
    whole[14:16] = bytes(2)
    whole[14:16] = checksum(bytes(whole)).to_bytes(2, "big")
    first = second = 0
    for octet in whole:
        first = (first + octet) % 255
        second = (second + first) % 255
    assert (first, second) == (0, 0)


def test_the_own_link_state_is_listed_and_told() -> None:
    scene = Scene(OSPF)
    rows = scene.user.type("show ip ospf database").splitlines()
    assert rows[1] == "            OSPF Router with ID (10.1.1.1) (Process ID 1)"
    assert rows[-1].split() == ["10.1.1.1", "10.1.1.1", "0", "0x80000001", "0x00E121", "1"]
    scene.clock.run(2000.0)
    told = scene.user.type("show ip ospf database router")
    assert "  LS age: 200\n" in told
    assert "  LS Seq Number: 80000002\n" in told
    assert "     (Link ID) Network/subnet number: 10.1.1.0\n" in told
    assert "Router Link States" not in scene.user.type("show ip ospf database external")
