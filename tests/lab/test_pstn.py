"""The exchange rings, refuses and supervises."""

from __future__ import annotations

from iosemu.clock import ManualClock
from iosemu.fax.line import Tone, ToneOn
from iosemu.lab.pstn import Exchange
from iosemu.voice.circuit import CallSetup, Cause, End


class Line:
    """A subscriber that does as told and notes what it hears."""

    def __init__(self, *, answers: bool = True, alerts: bool = True) -> None:
        self.answers, self.alerts = answers, alerts
        self.heard: list[object] = []
        self.end: End | None = None

    def ring(self, end: End) -> None:
        self.end = end
        end.on_signal = self.heard.append
        end.on_release = self.heard.append
        if self.alerts:
            end.alert()
        if self.answers:
            end.answer()


def call(exchange: Exchange, called: str) -> tuple[End, list[object]]:
    end = exchange.place(CallSetup(called, "5550100"))
    heard: list[object] = []
    end.on_alerting = lambda: heard.append("alerting")
    end.on_answer = lambda: heard.append("answer")
    end.on_signal = heard.append
    end.on_release = heard.append
    return end, heard


def test_a_call_is_answered_and_carries_signals_both_ways() -> None:
    clock = ManualClock()
    exchange, line = Exchange(clock), Line()
    exchange.attach("555-8354", line)
    end, heard = call(exchange, "5558354")
    assert heard == []
    clock.run(1)
    assert heard == ["alerting", "answer"]
    end.send(ToneOn(Tone.CNG))
    assert line.end is not None
    line.end.send(ToneOn(Tone.CED))
    assert line.heard == [ToneOn(Tone.CNG)]
    assert heard[-1] == ToneOn(Tone.CED)
    end.release()
    assert line.heard[-1] == Cause.NORMAL
    assert exchange.calls == 0


def test_the_access_digit_is_taken_off_the_number_that_rings() -> None:
    clock = ManualClock()
    exchange, line = Exchange(clock), Line()
    exchange.attach("555-8354", line)
    call(exchange, "95558354")
    clock.run(1)
    assert line.end is not None
    assert line.end.setup.called == "5558354"
    assert line.end.setup.calling == "5550100"


def test_an_unknown_number_is_unallocated() -> None:
    clock = ManualClock()
    exchange = Exchange(clock)
    _, heard = call(exchange, "5550000")
    clock.run()
    assert heard == [Cause.UNALLOCATED]
    assert exchange.calls == 0


def test_a_number_that_nobody_answers_is_given_up_on_both_sides() -> None:
    clock = ManualClock()
    exchange, line = Exchange(clock, no_answer_s=60), Line(answers=False)
    exchange.attach("5558356", line)
    _, heard = call(exchange, "5558356")
    clock.run(59)
    assert heard == ["alerting"]
    clock.run()
    assert heard[-1] == Cause.NO_ANSWER
    assert line.heard == [Cause.NO_ANSWER]


def test_a_caller_that_hangs_up_while_dialling_rings_nobody() -> None:
    clock = ManualClock()
    exchange, line = Exchange(clock), Line()
    exchange.attach("5558354", line)
    end, _ = call(exchange, "5558354")
    end.release()
    clock.run()
    assert line.end is None
    assert exchange.calls == 0


def test_a_dot_in_a_trunks_number_is_any_digit() -> None:
    exchange, line = Exchange(ManualClock()), Line()
    exchange.attach("55501..", line)
    found = exchange.find("555-0177")
    assert found == ("5550177", line)
    assert exchange.find("555-0277") is None


def test_losing_the_exchange_clears_every_call() -> None:
    clock = ManualClock()
    exchange, line = Exchange(clock), Line()
    exchange.attach("5558354", line)
    _, heard = call(exchange, "5558354")
    clock.run(1)
    exchange.release_all()
    assert heard[-1] == Cause.TEMPORARY_FAILURE
    assert line.heard == [Cause.TEMPORARY_FAILURE]


def test_a_prefix_has_what_nobody_has() -> None:
    exchange, line, near, far = Exchange(ManualClock(), access_digit="9"), Line(), Line(), Line()
    exchange.attach("555-0100", line)
    exchange.attach_prefix("5", near)
    exchange.attach_prefix("55.1", far)
    assert exchange.find("555-0100") == ("5550100", line)
    assert exchange.find("9 555-0100") == ("5550100", line)
    assert exchange.find("555-0101") == ("5550101", near)
    assert exchange.find("9 551-1234") == ("5511234", far)
    assert exchange.find("5") == ("5", near)
    assert exchange.find("444-0100") is None
