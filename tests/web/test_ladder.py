"""Steps and calls travel to the page as plain values."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from iosemu.lab.ladder import Call, Rung
from iosemu.lab.steps import Kind
from iosemu.web.ladder import plain

AT = datetime(2002, 3, 1, 12, 0, 1, tzinfo=UTC)


def test_a_step_is_told_with_its_kind_by_name_and_milliseconds_even_where_there_are_none() -> None:
    told = json.loads(json.dumps(plain(Rung(7, AT, "r1 leg 1", Kind.T30, "r1", "PSTN", "DIS", "FF"))))
    assert told == {
        "rung": {
            "serial": 7,
            "at": "2002-03-01T12:00:01.000+00:00",
            "thread": "r1 leg 1",
            "kind": "T.30",
            "source": "r1",
            "target": "PSTN",
            "label": "DIS",
            "detail": "FF",
        }
    }


def test_a_call_that_lasts_has_no_end() -> None:
    call = Call(1, AT, threads=["r1 leg 1"])
    told = json.loads(json.dumps(plain(call)))["call"]
    assert (told["began"], told["ended"], told["threads"]) == ("2002-03-01T12:00:01.000+00:00", "", ["r1 leg 1"])
    call.ended = AT
    assert plain(call)["call"]["ended"] == told["began"]
