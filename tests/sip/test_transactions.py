"""Transactions: what is sent again and when, what is taken once, and that all of them end."""

from __future__ import annotations

import pytest
from sipmessage import Request, Response

from iosemu.network import Endpoint
from tests.sip.pair import A, B, Pair


def is_status(message: Request | Response, code: int) -> bool:
    return isinstance(message, Response) and message.code == code


def is_method(message: Request | Response, method: str) -> bool:
    return isinstance(message, Request) and message.method == method


def times(pair: Pair, source: Endpoint, name: str) -> list[float]:
    return [
        round(at, 2)
        for at, by, message in pair.sent
        if by == source and name in (getattr(message, "method", ""), str(getattr(message, "code", "")))
    ]


def test_an_invite_without_an_answer_is_sent_seven_times_in_32_seconds() -> None:
    pair, ended = Pair(), []
    pair.lose = lambda source, message: True
    pair.call().on_end = ended.append
    pair.clock.run(31.9)
    assert times(pair, A, "INVITE") == [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]  # timer A
    assert ended == []
    pair.clock.run()
    assert (ended, pair.a.busy) == ([408], False)  # timer B


def test_an_invite_rests_once_it_is_being_worked_on() -> None:
    pair = Pair()
    pair.call()
    pair.clock.run(60.0)
    assert pair.lines() == ["INVITE", "100"]
    assert len(pair.taken) == 1


def test_a_lost_100_costs_one_more_invite_and_one_more_100() -> None:
    pair, lost = Pair(), []
    pair.lose = lambda source, message: is_status(message, 100) and not lost and not lost.append(1)
    pair.call()
    pair.clock.run(60.0)
    assert pair.lines() == ["INVITE", "100", "INVITE", "100"]
    assert len(pair.taken) == 1


def test_a_refusal_is_repeated_until_its_ack() -> None:
    pair, ended, acks = Pair(), [], []
    pair.lose = lambda source, message: is_method(message, "ACK") and len(acks) < 3 and not acks.append(1)
    pair.on_call = lambda call: call.reject(486)
    pair.call().on_end = ended.append
    pair.clock.run()
    assert times(pair, B, "486") == [0.01, 0.51, 1.51, 3.51]  # timer G
    assert pair.lines(A) == ["INVITE", "ACK", "ACK", "ACK", "ACK"]
    assert (ended, pair.a.busy, pair.b.busy) == ([486], False, False)


def test_a_200_is_repeated_until_its_ack_and_then_given_up() -> None:
    pair, ended = Pair(), []
    pair.lose = lambda source, message: is_method(message, "ACK")

    def answer(call: object) -> None:
        pair.taken[0].on_end = ended.append
        pair.taken[0].answer(b"answer")

    pair.on_call = answer
    pair.call()
    pair.clock.run()
    assert times(pair, B, "200") == [0.01, 0.51, 1.51, 3.51, 7.51, 11.51, 15.51, 19.51, 23.51, 27.51, 31.51]
    assert times(pair, B, "BYE") == [32.01]
    assert (ended, pair.a.busy, pair.b.busy) == ([408], False, False)


def test_a_bye_is_repeated_every_four_seconds_at_most() -> None:
    pair = Pair()
    pair.on_call = lambda call: call.answer(b"answer")
    call = pair.call()
    pair.clock.run(1.0)
    pair.lose = lambda source, message: True
    call.hang_up()
    pair.clock.run()
    assert times(pair, A, "BYE") == [1.0, 1.5, 2.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5, 32.5]  # timer E
    assert not pair.a.busy  # timer F


def test_an_answer_to_a_bye_is_given_again_and_the_call_ends_once() -> None:
    pair, ended, lost = Pair(), [], []
    pair.on_call = lambda call: call.answer(b"answer")
    call = pair.call()
    pair.clock.run(1.0)
    pair.taken[0].on_end = ended.append
    pair.lose = lambda source, message: is_status(message, 200) and not lost and not lost.append(1)
    call.hang_up()
    pair.clock.run()
    assert pair.lines()[-4:] == ["BYE", "200", "BYE", "200"]
    assert ended == [200]


OPTIONS = (
    "OPTIONS sip:a@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {via}\r\nFrom: <sip:x@10.9.9.9>;tag=1\r\n"
    "To: <sip:a@10.0.0.1>\r\nCall-ID: c\r\nCSeq: 7 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


@pytest.mark.parametrize(
    ("via", "told"),
    [
        ("10.9.9.9:5070;branch=z9hG4bKx", "10.9.9.9:5070;branch=z9hG4bKx"),
        ("10.9.9.8:5070;branch=z9hG4bKx", "10.9.9.8:5070;branch=z9hG4bKx;received=10.9.9.9"),
        ("10.9.9.8;rport;branch=z9hG4bK%+!", "10.9.9.8;rport=4444;received=10.9.9.9;branch=z9hG4bK%+!"),
    ],
)
def test_an_answer_goes_back_the_way_that_via_tells(via: str, told: str) -> None:
    pair = Pair()
    sent: list[tuple[bytes, Endpoint]] = []
    pair.a.transactions._put = lambda octets, to: sent.append((octets, to))
    pair.put(OPTIONS.format(via=via).encode(), ("10.9.9.9", 4444), A)
    octets, to = sent[0]
    assert f"Via: SIP/2.0/UDP {told}\r\n".encode() in octets
    assert to == ("10.9.9.9", 4444 if "rport" in via else 5070)
