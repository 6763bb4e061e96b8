"""The T.38 of the last calls as a capture file."""

from __future__ import annotations

import pytest

from iosemu.web import recent
from iosemu.web.recent import RecentPackets, pcapng

HERE, THERE = ("15.80.7.11", 16384), ("15.80.7.11", 16386)


def test_the_oldest_go_as_new_ones_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MAX_OCTETS", 10)
    kept = RecentPackets()
    for letter in (b"a", b"b", b"c", b"d"):
        kept.packet(1.0, HERE, THERE, letter * 4)
    assert [payload for *_, payload in kept.packets()] == [b"cccc", b"dddd"]
    octets = pcapng(kept.packets())
    assert octets.startswith(b"\x0a\x0d\x0d\x0a")
    assert octets.count(b"cccc") == octets.count(b"dddd") == 1
    assert b"bbbb" not in octets
