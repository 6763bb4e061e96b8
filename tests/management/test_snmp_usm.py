"""Users of version 3: who is let in, what they are told, and octets that are no message of theirs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pysnmp")

from pysnmp.proto import rfc1902

from iosemu.management.snmp import notifications
from iosemu.management.snmp.agent import Access, Agent
from iosemu.management.snmp.counters import Counters
from iosemu.management.snmp.mib import Mib, Scalar
from iosemu.management.snmp.users import User
from iosemu.management.snmp.usm import UserSecurity
from iosemu.management.snmp.views import EVERYTHING

ENGINE = bytes.fromhex("0000000902000001020304aa")
BOB = User("bob", "ops", "sha", "authpass12", "privpass12")
NAME = (1, 3, 6, 1, 2, 1, 1, 5)


def office() -> tuple[Agent, UserSecurity]:
    users = UserSecurity(ENGINE, 7)
    users.set_users(frozenset({BOB}))
    agent = Agent(
        mib=Mib([Scalar(NAME, lambda: rfc1902.OctetString("gw"))]),
        community=lambda community, sender: None,
        user=lambda user, level, sender: Access(EVERYTHING) if level == "authPriv" else None,
        users=lambda: users,
        refused=lambda sender: None,
        most_octets=lambda: 1500,
        counters=Counters(),
    )
    return agent, users


AGENT, USERS = office()


def trap(user: str, level: str) -> bytes | None:
    told = notifications.Notification(notifications.COLD_START)
    return USERS.trap(user, level, notifications.pdu(told, 100, (1, 3, 6, 1, 4, 1, 9, 1, 162)))


def test_a_notification_is_sent_by_users_who_can() -> None:
    sealed, signed = trap("bob", "authPriv"), trap("bob", "authNoPriv")
    assert sealed is not None
    assert signed is not None
    assert ENGINE in sealed
    cold_start = bytes.fromhex("06092b06010603010105 01".replace(" ", ""))
    assert cold_start in signed
    assert cold_start not in sealed
    assert trap("eve", "authPriv") is None


def test_a_user_that_is_taken_away_cannot() -> None:
    _, users = office()
    users.set_users(frozenset())
    told = notifications.Notification(notifications.COLD_START)
    assert users.trap("bob", "authPriv", notifications.pdu(told, 100, (1, 3))) is None


SEALED = trap("bob", "authPriv") or b""


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=5), st.integers(0, 250))
def test_octets_of_strangers_do_no_harm(wrong: list[tuple[int, int]], end: int) -> None:
    mangled = bytearray(SEALED)
    for at, octet in wrong:
        mangled[at % len(mangled)] = octet
    for octets in (bytes(mangled), bytes(mangled[:end])):
        answer = AGENT.answer(octets, "192.0.2.1")
        assert answer is None or b"gw" not in answer


def test_the_agent_works_on_behind_it() -> None:
    assert trap("bob", "authPriv") is not None
