"""Packets and octets of the interfaces, and rates that fade."""

from __future__ import annotations

from iosemu.commands.interfaces import traffic as interface_traffic
from iosemu.commands.interfaces.counters import Way
from iosemu.mail import events as mta
from iosemu.voice.circuit import Cause
from iosemu.voice.legs import Origin, Telephony
from tests.commands.routers import CARET, User, device
from tests.commands.test_show_voice_hardware import ON_RAMP, in_a_call, router_with


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


def test_b_channels_are_interfaces_that_a_call_brings_up_and_counts_on() -> None:
    router = router_with("as5350", ON_RAMP.replace("T1 1/0", "T1 3/0").replace("1/0:23", "3/0:D"))
    user = User(router.device)
    circuit = in_a_call(router, "T1 3/0")
    brief = [line.split() for line in user.type("show ip interface brief").splitlines()]
    channels = [row for row in brief if row[0].startswith("Serial3/0:")]
    assert [row[0] for row in channels] == [f"Serial3/0:{number}" for number in range(24)]
    (busy,) = [row[0] for row in channels[:-1] if row[-1] == "up"]
    text = user.type(f"show interfaces {busy}")
    assert f"{busy} is up, line protocol is up" in text
    assert "     1 carrier transitions\n  Timeslot(s) Used:" in text
    circuit.calling.release()
    router.device.clock.run(until_s=5)
    text = user.type(f"show interfaces {busy}")
    assert f"{busy} is down, line protocol is down" in text
    assert "     2 carrier transitions\n" in text
    assert user.type("show interfaces Serial3/0:24").endswith(CARET)


def test_what_a_call_has_carried_is_counted_on_its_b_channel() -> None:
    router = router_with("as5350", ON_RAMP.replace("T1 1/0", "T1 3/0").replace("1/0:23", "3/0:D"))
    interface_traffic.attach(router.device)
    control = router.device.voice.control
    leg = control.open(Origin.ANSWER, Telephony("3/0:D", channel=5))
    leg.carried(rx_octets=4000, tx_octets=100)
    leg.close(Cause.NORMAL)
    text = User(router.device).type("show interfaces Serial3/0:4")
    assert f"     {leg.record.rx_packets} packets input, 4000 bytes" in text
    assert "     1 packets output, 100 bytes" in text
    assert "Last input 00:00:00, output 00:00:00" in text
