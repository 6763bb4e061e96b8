"""The media of calls over IP, and what is said of signalling that nobody uses."""

from __future__ import annotations

import pytest

from iosemu.commands.voice.show_voip import rows
from iosemu.voice.legs import Connection, LegRecord, Origin, Telephony, Voip
from tests.commands.routers import User, device

CALL = Connection(7, (1, 2, 3, 4))
PHONE = LegRecord(CALL, 21, Origin.ANSWER, Telephony("0:D", called="1509", calling="8108"))
MEDIA = Voip(media="10.4.204.24", media_port=18174, own="10.4.204.37", own_port=16996, called="1509", calling="8108")
FAR = LegRecord(CALL, 22, Origin.ORIGINATE, MEDIA)
UNHEARD = LegRecord(Connection(8, (0, 0, 0, 0)), 23, Origin.ORIGINATE, Voip())


def test_a_row_has_ports_and_addresses_in_the_columns_of_the_sample() -> None:
    assert rows([PHONE, FAR, UNHEARD], detail=False) == [
        "1   22      21         16996    18174  10.4.204.37      10.4.204.24"
    ]


def test_the_detail_names_both_legs() -> None:
    _, first, second, _ = rows([PHONE, FAR], detail=True)
    assert first == "  callId 22 (dir=1):called=1509 calling=8108 redirect="
    assert second == "     dest callId 21:called=1509 calling=8108 redirect="


@pytest.mark.parametrize(
    ("command", "last"),
    [
        ("show voip rtp connections", "Found 0 active RTP connections"),
        ("show modem relay statistics all", "        Total Modem Relay Call Legs = 0"),
        ("show rawmsg tsp", "       Raw Msg in used: 0"),
    ],
)
def test_without_a_call_there_is_nothing(command: str, last: str) -> None:
    assert User(device()).type(command).rstrip("\n").splitlines()[-1] == last
