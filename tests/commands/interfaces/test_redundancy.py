"""HSRP and VRRP groups of an interface."""

from __future__ import annotations

from tests.commands.ip.test_access_config import printed
from tests.commands.routers import User, device


def test_the_lines_of_a_group_stand_together_in_one_order() -> None:
    user = User(device("3640", modules={"0": "NM-1FE-TX"}))
    user.configure(
        "interface FastEthernet0/0",
        *["standby 2 preempt", "standby priority 5", "standby 2 ip 10.1.1.2", "standby 2 ip 10.1.1.3 secondary"],
        *["standby 2 ip 10.1.1.4 secondary", "standby ip 10.1.1.1", "vrrp 1 priority 90", "vrrp 1 ip 10.1.1.9"],
        *["standby 2 ip 10.1.1.5", "no standby 2 ip 10.1.1.4 secondary"],
    )
    said = [line.strip() for line in printed(user, "interface FastEthernet0/0")]
    assert [line for line in said if line.startswith(("standby", "vrrp"))] == [
        *["standby ip 10.1.1.1", "standby priority 5", "standby 2 ip 10.1.1.5", "standby 2 ip 10.1.1.3 secondary"],
        *["standby 2 preempt", "vrrp 1 ip 10.1.1.9", "vrrp 1 priority 90"],
    ]
