"""Packets and octets of the interfaces, and rates that fade."""

from __future__ import annotations

from iosemu.commands import interface_traffic
from iosemu.commands.interface_counters import Way
from iosemu.mail import events as mta
from tests.commands.routers import User, device


def test_mail_is_counted_on_the_ethernet_of_the_routers_address() -> None:
    router = device()
    user = User(router)
    interface_traffic.attach(router)
    router.bus.publish(mta.ClientSent(0, "EHLO gw"))
    assert router.traffic == {}  # no interface has an address yet
    user.configure("interface FastEthernet0", "ip address 10.0.0.1 255.255.255.0")
    router.bus.publish(mta.ServerReceived(0, "EHLO", "EHLO mail.example.org"))
    text = user.type("show interfaces FastEthernet0")
    assert "     1 packets input, 77 bytes, 0 no buffer\n" in text  # 21 octets, their line end, three headers
    assert "     1 packets output, 60 bytes, 0 underruns\n" in text
    router.bus.publish(mta.ClientDataSent(0, 3000))
    text = user.type("show interfaces FastEthernet0")
    assert f"     4 packets output, {60 + 3000 + 3 * 54} bytes, 0 underruns\n" in text
    assert "     4 packets input, 257 bytes" in text
    assert "0 packets input, 0 bytes" in user.type("show interfaces Ethernet0")


def test_a_rate_is_an_average_over_five_minutes_that_fades() -> None:
    way = Way()
    assert way.rates(0) == (0, 0)
    for second in range(3000):
        way.count(1000, float(second))
    bits, packets = way.rates(2999)
    assert (bits, packets) == (8000, 1)
    assert way.rates(3299)[0] == 2000  # after five minutes of silence 1/e of it, in whole thousands
    way.clear()
    assert (way.packets, way.octets, way.last_s) == (0, 0, 2999)
