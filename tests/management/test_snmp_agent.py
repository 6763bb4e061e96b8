"""The agent over a MIB of its own: order, views, versions, limits, and octets that are no message."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pysnmp")

from pysnmp.proto import rfc1902, rfc1905

from iosemu.management.snmp.agent import VERSION_1, Access, Agent
from iosemu.management.snmp.counters import Counters
from iosemu.management.snmp.mib import BadValue, Mib, Scalar, Table
from iosemu.management.snmp.views import EVERYTHING, NOTHING, STANDARD, View, subtree
from tests.management.snmp_messages import Oid, read, request

BASE: Oid = (1, 3, 6, 1, 2, 1)
NAME, SPEED, LARGE, LONG = (*BASE, 1, 5), (*BASE, 2, 5), (*BASE, 31), (*BASE, 40)
NO_SUCH_NAME, TOO_BIG, NO_ACCESS, WRONG_VALUE, NOT_WRITABLE = 2, 1, 6, 10, 17


class Office:
    """An agent, and what was set and who was refused."""

    def __init__(self, most_octets: int = 1500) -> None:
        self.name = "gw"
        self.refused: list[str] = []
        self.agent = Agent(
            mib=Mib(
                [
                    Scalar(NAME, lambda: rfc1902.OctetString(self.name), self.rename),
                    Table(
                        (*BASE, 2),
                        {5: lambda row: rfc1902.Gauge32(row), 6: lambda row: rfc1902.Counter64(row)},
                        lambda: [((number,), number * 10) for number in (300, 2, 7)],
                    ),
                    Scalar(LARGE, lambda: rfc1902.Counter64(1 << 40)),
                    Scalar(LONG, lambda: rfc1902.OctetString("x" * 600)),
                ]
            ),
            community=self.community,
            user=lambda user, level, sender: None,
            users=self.nobody,
            refused=self.refused.append,
            most_octets=lambda: most_octets,
            counters=Counters(),
        )

    def rename(self, value: Any) -> None:
        if not bytes(value).isalnum():
            raise BadValue("wrongValue")
        self.name = bytes(value).decode()

    def nobody(self) -> NoReturn:
        raise ValueError("version 3 is not for these tests")

    def community(self, community: bytes, sender: str) -> Access | None:
        known = {
            b"public": Access(EVERYTHING),
            b"secret": Access(EVERYTHING, EVERYTHING),
            b"part": Access(View([("mib-2.2.5", True), ("mib-2.2.5.7", False)])),
        }
        return known.get(community) if sender != "192.0.2.66" else None

    def ask(self, *arguments: Any, version: str = "2c", **more: Any) -> tuple[int, list[tuple[Oid, Any]]]:
        answer = self.agent.answer(request(*arguments, version=version, **more), "192.0.2.1")
        assert answer is not None
        return read(answer, version)

    def walk(self, **more: Any) -> list[Oid]:
        """Every instance in the order of GetNext."""
        seen: list[Oid] = []
        at: Oid = (1, 3)
        while True:
            status, [(oid, value)] = self.ask("GetNext", at, **more)
            if status == NO_SUCH_NAME or value.tagSet == rfc1905.endOfMibView.tagSet:
                return seen
            seen.append(oid)
            at = oid


def test_a_walk_gives_everything_in_order() -> None:
    speeds = [(*SPEED, number) for number in (2, 7, 300)]
    highs = [(*BASE, 2, 6, number) for number in (2, 7, 300)]
    assert Office().walk() == [(*NAME, 0), *speeds, *highs, (*LARGE, 0), (*LONG, 0)]


def test_version_1_never_sees_what_it_cannot_read() -> None:
    speeds = [(*SPEED, number) for number in (2, 7, 300)]
    assert Office().walk(version="1") == [(*NAME, 0), *speeds, (*LONG, 0)]


def test_what_is_not_there_is_told_as_the_version_can() -> None:
    office = Office()
    _, bound = office.ask("Get", (*NAME, 0), (*SPEED, 3), (1, 3, 6, 1, 9))
    assert [value.tagSet for _, value in bound[1:]] == [rfc1905.noSuchInstance.tagSet, rfc1905.noSuchObject.tagSet]
    assert office.ask("Get", (*SPEED, 3), version="1")[0] == NO_SUCH_NAME
    assert office.agent.counters.no_such_names == 1


def test_a_view_hides_even_between_what_it_shows() -> None:
    office = Office()
    assert office.walk(community="part") == [(*SPEED, 2), (*SPEED, 300)]
    _, [(_, value)] = office.ask("Get", (*SPEED, 7), community="part")
    assert value.tagSet == rfc1905.noSuchObject.tagSet


def test_only_who_may_sets_and_all_or_nothing() -> None:
    office, said = Office(), ((*NAME, 0), rfc1902.OctetString("lab"))
    assert office.ask("Set", said)[0] == NO_ACCESS
    assert office.ask("Set", said, ((*SPEED, 2), rfc1902.Gauge32(1)), community="secret")[0] == NOT_WRITABLE
    assert office.ask("Set", ((*NAME, 0), rfc1902.OctetString("a\nb")), community="secret")[0] == WRONG_VALUE
    assert office.name == "gw"
    assert office.ask("Set", said, community="secret")[0] == 0
    assert office.name == "lab"


def test_a_bulk_answer_is_as_long_as_fits() -> None:
    office = Office(most_octets=484)
    octets = office.agent.answer(request("GetBulk", (1, 3), repetitions=1_000_000), "192.0.2.1")
    assert octets is not None
    assert len(octets) <= 484
    assert [oid for oid, _ in read(octets)[1]] == Office().walk()[: len(read(octets)[1])]
    assert office.ask("Get", (*LONG, 0))[0] == TOO_BIG


def test_strangers_hear_nothing_and_are_told_of() -> None:
    office = Office()
    assert office.agent.answer(request("Get", (*NAME, 0), community="guess"), "192.0.2.1") is None
    assert office.agent.answer(request("Get", (*NAME, 0)), "192.0.2.66") is None
    assert office.refused == ["192.0.2.1", "192.0.2.66"]
    assert office.agent.counters.bad_communities == 2


MESSAGES = [request(kind, (*NAME, 0), version=version) for kind in ("Get", "GetNext") for version in ("1", "2c")]
MESSAGES += [request("GetBulk", (1, 3), (*SPEED, 2)), request("Set", ((*NAME, 0), rfc1902.OctetString("lab")))]


@given(st.binary(max_size=300))
def test_octets_that_are_no_message_do_nothing(octets: bytes) -> None:
    office = Office()
    assert office.agent.answer(octets, "192.0.2.1") is None
    assert office.name == "gw"


@settings(max_examples=200)
@given(st.sampled_from(MESSAGES), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 255)), max_size=6), st.data())
def test_a_message_with_wrong_octets_does_no_harm(
    octets: bytes, wrong: list[tuple[int, int]], data: st.DataObject
) -> None:
    office, mangled = Office(), bytearray(octets)
    for at, octet in wrong:
        mangled[at % len(mangled)] = octet
    end = data.draw(st.integers(0, len(mangled)))
    for told in (bytes(mangled), bytes(mangled[:end])):
        answer = office.agent.answer(told, "192.0.2.1")
        assert answer is None or len(answer) <= 1500
    assert office.name == "gw"


def test_a_bulk_request_of_version_1_is_no_request() -> None:
    office = Office()
    octets = bytearray(request("GetBulk", (1, 3)))
    octets[octets.index(b"\x02\x01\x01") + 2] = VERSION_1
    assert office.agent.answer(bytes(octets), "192.0.2.1") is None


@pytest.mark.parametrize(
    ("text", "oid"),
    [
        ("iso", (1,)),
        ("internet.6.3.15", (1, 3, 6, 1, 6, 3, 15)),
        ("ifEntry.*.2", (1, 3, 6, 1, 2, 1, 2, 2, 1, None, 2)),
        (".1.3.6", (1, 3, 6)),
        ("nowhere", None),
        ("mib-2.x", None),
    ],
)
def test_names_of_subtrees(text: str, oid: tuple[int | None, ...] | None) -> None:
    assert subtree(text) == oid


def test_the_longest_family_decides() -> None:
    view = View([("ifEntry.*.2", True), ("mib-2", False), ("iso", True)])
    entry = (*BASE, 2, 2, 1)
    assert view.shows((*entry, 10, 2))
    assert not view.shows((*entry, 10, 3))
    assert view.shows((1, 3, 6, 1, 4))
    assert view.may_show(BASE)
    assert not View([("mib-2", False)]).may_show(BASE)
    assert not NOTHING.may_show((1,))
    assert STANDARD.shows((*BASE, 1))
    assert not STANDARD.shows((1, 3, 6, 1, 6, 3, 15, 1))
