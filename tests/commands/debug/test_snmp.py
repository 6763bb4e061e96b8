"""What is told of managers that ask."""

from __future__ import annotations

from iosemu.commands.debug import snmp as debug_snmp
from iosemu.commands.snmp.settings import ManagerAsked
from tests.commands.routers import User, device


def test_a_manager_is_told_of_with_the_interface_that_leads_to_it() -> None:
    user = User(device())
    router = user.session.device
    user.configure("interface Ethernet0", "ip address 10.1.1.1 255.255.255.0", "logging buffered 8192")
    debug_snmp.attach(router)
    router.bus.publish(ManagerAsked("10.1.1.9", True))
    user.type("debug snmp packets")
    router.bus.publish(ManagerAsked("10.1.1.9", True))
    router.bus.publish(ManagerAsked("192.0.2.1", False))
    assert [line.partition(": ")[2] for line in router.log.buffer if "SNMP" in line] == [
        "SNMP: Packet received via UDP from 10.1.1.9 on Ethernet0",
        "SNMP: Packet sent via UDP to 10.1.1.9",
        "SNMP: Packet received via UDP from 192.0.2.1",
    ]
