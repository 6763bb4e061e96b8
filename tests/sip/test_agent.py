"""Calls between two user agents: set-up, refusal, giving up, new offers from both sides, and requests out of place."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sipmessage import Request

from iosemu.sip.agent import IncomingCall
from iosemu.sip.messages import BadMessage, parse
from tests.sip.pair import A, B, Pair


def settled() -> tuple[Pair, list[object]]:
    """A call that is up, and what both sides hear from now on."""
    pair, heard = Pair(), []
    pair.on_call = lambda call: call.answer(b"answer")
    call = pair.call()
    pair.clock.run(1.0)
    for name, one in (("a", call), ("b", pair.taken[0])):
        one.on_end = lambda status, name=name: heard.append((name, status))
    return pair, heard


def test_a_call_rings_is_answered_and_ends() -> None:
    pair, heard = Pair(), []

    def ring(call: IncomingCall) -> None:
        heard.append((call.calling, call.calling_name, call.called, call.session))
        call.on_end = lambda status: heard.append(("b ended", status))
        call.ring()
        pair.clock.call_later(5.0, lambda: call.answer(b"answer"))

    pair.on_call = ring
    call = pair.call()
    call.on_ringing = lambda status: heard.append(("rings", status))
    call.on_answer = lambda session: heard.append(session) or b""
    pair.clock.run(10.0)
    assert heard == [("5550199", "Tom", "5550100", b"offer"), ("rings", 180), b"answer"]
    assert call.up
    assert pair.taken[0].up
    call.hang_up()
    pair.clock.run()
    assert pair.lines() == ["INVITE", "100", "180", "200", "ACK", "BYE", "200"]
    assert heard[3:] == [("b ended", 200)]
    assert not pair.a.busy
    assert not pair.b.busy


def test_who_was_called_hangs_up_only_after_the_ack() -> None:
    pair = Pair()

    def answer(call: IncomingCall) -> None:
        call.answer(b"answer")
        call.hang_up()

    pair.on_call = answer
    ended: list[int] = []
    pair.call().on_end = ended.append
    pair.clock.run()
    assert pair.lines() == ["INVITE", "100", "200", "ACK", "BYE", "200"]
    assert (ended, pair.b.busy) == ([200], False)


def test_who_hangs_up_at_the_same_moment_agrees() -> None:
    pair = Pair()
    pair.on_call = lambda call: call.answer(b"answer")
    call = pair.call()
    pair.clock.run()
    call.hang_up()
    pair.taken[0].hang_up()
    pair.clock.run()
    assert pair.lines()[4:] == ["BYE", "BYE", "200", "200"]
    assert (pair.a.busy, pair.b.busy) == (False, False)


def test_a_caller_gives_up() -> None:
    pair, ended = Pair(), []
    pair.on_call = lambda call: call.ring()
    call = pair.call()
    call.on_end = lambda status: ended.append(("a", status))
    pair.clock.run(3.0)
    pair.taken[0].on_end = lambda status: ended.append(("b", status))
    call.hang_up()
    pair.clock.run()
    assert pair.lines() == ["INVITE", "100", "180", "CANCEL", "200", "487", "ACK"]
    assert ended == [("b", 487)]  # who gave up knows
    assert not pair.a.busy
    assert not pair.b.busy


def test_a_caller_who_gives_up_at_once_waits_for_the_first_answer() -> None:
    pair = Pair()
    pair.call().hang_up()
    pair.clock.run()
    assert pair.lines() == ["INVITE", "100", "CANCEL", "200", "487", "ACK"]


def test_a_200_that_crosses_a_cancel_is_taken_back() -> None:
    pair, ended = Pair(), []
    pair.on_call = lambda call: pair.clock.call_later(1.0, lambda: call.answer(b"answer"))
    call = pair.call()
    pair.clock.run(1.015)  # the 200 is under way
    pair.taken[0].on_end = ended.append
    call.hang_up()
    pair.clock.run()
    assert pair.lines(A) == ["INVITE", "CANCEL", "ACK", "BYE"]
    assert ended == [200]


def test_a_late_offer_is_answered_in_the_ack() -> None:
    pair, heard = Pair(), []

    def answer(call: IncomingCall) -> None:
        call.on_session = heard.append
        call.answer(b"their offer")

    pair.on_call = answer
    call = pair.call(offer=b"")
    call.on_answer = lambda session: heard.append(session) or b"our answer"
    pair.clock.run()
    assert heard == [b"their offer", b"our answer"]


def test_both_sides_change_the_session() -> None:
    pair, _ = settled()
    call, other = pair.a.calls[0], pair.taken[0]
    heard: list[object] = []
    other.on_offer = lambda offer: offer + b" accepted"
    call.offer(b"fax", lambda status, session: heard.append((status, session)))
    pair.clock.run(2.0)
    call.on_offer = lambda offer: None
    other.offer(b"video", lambda status, session: heard.append((status, session)))
    pair.clock.run(3.0)
    assert heard == [(200, b"fax accepted"), (488, b"")]
    assert call.up
    assert other.up


def test_offers_that_cross_are_made_again() -> None:
    pair, _ = settled()
    call, other = pair.a.calls[0], pair.taken[0]
    heard: list[object] = []
    call.on_offer = lambda offer: b"ok " + offer
    other.on_offer = lambda offer: b"ok " + offer
    call.offer(b"1", lambda status, session: heard.append(session))
    other.offer(b"2", lambda status, session: heard.append(session))
    pair.clock.run(20.0)
    assert pair.lines().count("491") == 2
    assert sorted(heard) == [b"ok 1", b"ok 2"]  # type: ignore[type-var]


def test_a_lost_ack_of_a_new_session_does_no_harm() -> None:
    pair, heard = settled()
    lost: list[int] = []
    pair.lose = lambda source, message: (
        isinstance(message, Request) and message.method == "ACK" and not lost and not lost.append(1)
    )
    pair.taken[0].on_offer = lambda offer: b"ok"
    results: list[object] = []
    pair.a.calls[0].offer(b"fax", lambda status, session: results.append(status))
    pair.clock.run(60.0)
    assert results == [200]
    assert heard == []


def test_a_peer_that_forgot_the_call_ends_it() -> None:
    pair, heard = settled()
    call = pair.a.calls[0]
    pair.b._calls.clear()
    call.offer(b"fax", lambda status, session: None)
    pair.clock.run()
    assert heard == [("a", 481)]


def test_a_session_whose_ack_never_comes_ends() -> None:
    pair, ended = Pair(), []
    pair.lose = lambda source, message: source == A and isinstance(message, Request) and message.method == "ACK"

    def answer(call: IncomingCall) -> None:
        call.on_end = ended.append
        call.answer(b"answer")

    pair.on_call = answer
    pair.call()
    pair.clock.run()
    assert ended == [408]
    assert (pair.a.busy, pair.b.busy) == (False, False)


def test_an_ack_that_was_lost_once_is_sent_again_with_the_200() -> None:
    pair, lost = Pair(), []
    pair.lose = lambda source, message: (
        isinstance(message, Request) and message.method == "ACK" and not lost and not lost.append(1)
    )
    pair.on_call = lambda call: call.answer(b"answer")
    call = pair.call()
    pair.clock.run(60.0)
    assert pair.lines() == ["INVITE", "100", "200", "ACK", "200", "ACK"]
    assert call.up
    assert pair.taken[0].up


def test_an_answer_that_is_no_good_ends_the_call() -> None:
    pair, ended = Pair(), []

    def answer(call: IncomingCall) -> None:
        call.on_end = ended.append
        call.answer(b"answer")

    pair.on_call = answer
    pair.call().on_answer = lambda session: None
    pair.clock.run()
    assert pair.lines(A) == ["INVITE", "ACK", "BYE"]
    assert ended == [200]


def test_an_offer_that_nobody_answers_ends_the_call() -> None:
    pair, heard = settled()
    pair.lose = lambda source, message: True
    results: list[object] = []
    pair.a.calls[0].offer(b"fax", lambda status, session: results.append(status))
    pair.clock.run()
    assert (heard, results) == ([("a", 408)], [])
    assert not pair.a.busy


def test_who_gives_up_a_call_that_the_far_side_never_ends_is_rid_of_it() -> None:
    pair = Pair()
    pair.on_call = lambda call: call.ring()
    call = pair.call()
    pair.clock.run(1.0)
    pair.lose = lambda source, message: True
    call.hang_up()
    call.hang_up()
    pair.clock.run()
    assert call.over
    assert not pair.a.busy


def test_a_call_that_is_over_says_nothing_more() -> None:
    pair, _ = settled()
    call, other = pair.a.calls[0], pair.taken[0]
    call.hang_up()
    pair.clock.run()
    said = len(pair.sent)
    for end in (call, other):
        end.hang_up()
        end.lost(408)
        end.offer(b"fax", lambda status, session: None)
    other.ring()
    other.answer(b"late")
    other.reject(486)
    pair.clock.run()
    assert len(pair.sent) == said


@pytest.mark.parametrize("ours", [True, False])
def test_why_a_call_ends_is_told_to_the_far_side(ours: bool) -> None:
    pair, _ = settled()
    ends = [pair.a.calls[0], pair.taken[0]]
    near, far = ends if ours else ends[::-1]
    near.reason = "Q.850;cause=47"
    near.hang_up()
    pair.clock.run()
    assert far.far_reason == "Q.850;cause=47"


def test_why_a_call_is_refused_is_told_too() -> None:
    pair = Pair()

    def refuse(call: IncomingCall) -> None:
        call.reason = "Q.850;cause=17"
        call.reject(486)

    pair.on_call = refuse
    call, ended = pair.call(), []
    call.on_end = ended.append
    pair.clock.run()
    assert (ended, call.far_reason) == ([486], "Q.850;cause=17")


def test_a_second_offer_meets_500_until_the_first_is_acknowledged() -> None:
    pair, _ = settled()
    call, other = pair.a.calls[0], pair.taken[0]
    other.on_offer = lambda offer: b"ok"
    pair.lose = lambda source, message: isinstance(message, Request) and message.method == "ACK"
    results: list[object] = []
    call.offer(b"1", lambda status, session: results.append(status))
    pair.clock.run(1.1)
    call.offer(b"2", lambda status, session: results.append(status))
    pair.clock.run(1.2)
    assert results == [200, 500]


def message(method: str = "INVITE", *more: str, to_tag: str = "", body: str = "") -> bytes:
    lines = [
        f"{method} sip:5550100@10.0.0.2 SIP/2.0",
        "v: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKq",
        "f: <sip:x@10.0.0.1>;tag=xx",
        f"t: <sip:5550100@10.0.0.2>{to_tag}",
        "i: here",
        f"CSeq: 1 {method}",
        "m: <sip:x@10.0.0.1>",
        *more,
        f"l: {len(body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@pytest.mark.parametrize(
    ("octets", "status", "header"),
    [
        (message("REGISTER"), "405", ("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS")),
        (message("INVITE", "Require: 100rel, x"), "420", ("Unsupported", "100rel, x")),
        (message("INVITE", "c: text/plain", body="hello"), "415", ("Accept", "application/sdp")),
        (message("BYE", to_tag=";tag=unknown"), "481", None),
        (message("BYE"), "481", None),
        (message("CANCEL"), "481", None),
        (message("OPTIONS"), "200", ("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS")),
    ],
)
def test_what_is_out_of_place_is_answered(octets: bytes, status: str, header: tuple[str, str] | None) -> None:
    pair = Pair()
    pair.put(octets, A, B)
    assert pair.lines(B)[-1] == status
    if header is not None:
        answer = pair.sent[-1][2]
        assert ", ".join(answer.headers.getlist(header[0])) == header[1]


def test_what_cannot_be_read_is_told() -> None:
    pair, sent = Pair(), []
    pair.b.transactions._put = lambda octets, to: sent.append((octets, to))
    bad = message("INVITE").replace(b"sip:5550100@10.0.0.2 SIP", b"sip:55 50@[ SIP")
    pair.put(bad, A, B)
    pair.put(bad.replace(b"INVITE", b"ACK"), A, B)
    pair.put(bad.replace(b"i: here", b"x: here"), A, B)
    pair.put(b"SIP/2.0 nonsense\r\n\r\n", A, B)
    ((octets, to),) = sent
    assert to == A
    assert octets.startswith(b"SIP/2.0 400 Bad Request\r\nv: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKq\r\n")
    assert pair.b.transactions.malformed == 4


def test_who_takes_registrations_gives_the_binding_back() -> None:
    pair, heard = Pair(), []
    register = message("REGISTER", "Expires: 60").replace(b"m: <sip:x@10.0.0.1>", b"m: <sip:x@10.0.0.1:5071;ob>;q=1")
    pair.b._on_register = heard.append
    pair.put(register, A, B)
    answer = pair.sent[-1][2]
    assert (pair.lines(B), heard) == (["200"], [A])
    assert answer.headers["Contact"] == "<sip:x@10.0.0.1:5071;ob>;expires=60"
    pair.put(register.replace(b"Expires: 60", b"Expires: soon").replace(b"z9hG4bKq", b"z9hG4bKs"), A, B)
    assert pair.lines(B) == ["200", "400"]


def test_an_ack_for_nothing_is_not_answered() -> None:
    pair = Pair()
    pair.put(message("ACK"), A, B)
    assert pair.lines() == []


def test_requests_follow_the_recorded_route() -> None:
    pair = Pair()
    pair.on_call = lambda call: call.answer(b"answer")
    route = "Record-Route: <sip:10.0.0.1:5060;lr;x=1>, <sip:10.7.7.7;lr>"
    pair.put(message("INVITE", route), A, B)
    ack = message("ACK", to_tag=f";tag={pair.taken[0].own_tag}").replace(b"z9hG4bKq", b"z9hG4bKr")
    pair.put(ack, A, B)
    pair.taken[0].hang_up()
    bye = pair.sent[-1][2]
    assert isinstance(bye, Request)
    assert str(bye.uri) == "sip:x@10.0.0.1"
    assert bye.headers.getlist("Route") == ["<sip:10.0.0.1:5060;lr;x=1>", "<sip:10.7.7.7;lr>"]
    assert bye.headers["To"] == "<sip:x@10.0.0.1>;tag=xx"


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_octets_are_a_message_or_none(octets: bytes) -> None:
    with contextlib.suppress(BadMessage):
        parse(octets)


@given(st.data())
def test_a_damaged_message_never_breaks_an_agent(data: st.DataObject) -> None:
    octets = bytearray(message("INVITE", "Contact: <sip:x@10.0.0.1>", "Record-Route: <sip:10.7.7.7;lr>"))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(octets) - 1))
        octets[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    pair = Pair()
    pair.on_call = lambda call: call.answer(b"answer")
    pair._carry = lambda octets, source, to: None  # type: ignore[method-assign]
    pair.b.receive(bytes(octets), A)
    pair.clock.run()
    assert not pair.b.busy
