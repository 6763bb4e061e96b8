"""B channels of a PRI."""

from __future__ import annotations

from iosemu.voice.ports import VoicePort, bearer_numbers


def test_a_pri_group_has_every_slot_but_the_d_channel() -> None:
    assert bearer_numbers(range(1, 25), 24) == list(range(1, 24))
    assert bearer_numbers((1, 2, 7), 24) == [1, 2, 7]
    assert 16 not in bearer_numbers(range(1, 32), 16)


def test_outgoing_calls_take_the_highest_channel_incoming_the_lowest() -> None:
    port = VoicePort("0:D", "T1 0")
    port.set_channels([1, 2, 3])
    out, into = port.seize(1, outgoing=True), port.seize(2, outgoing=False)
    assert out is not None
    assert into is not None
    assert (out.number, into.number) == (3, 1)
    assert port.seize(3, outgoing=True) is port.channels[1]
    assert port.seize(4, outgoing=True) is None
    out.free()
    out.free()
    assert port.seize(4, outgoing=False) is out


def test_a_changed_pri_group_keeps_calls_in_progress() -> None:
    port = VoicePort("0:D", "T1 0")
    port.set_channels([1, 2])
    channel = port.seize(9, outgoing=False)
    port.set_channels([1, 2, 3])
    assert port.channels[0] is channel
    assert not port.up
