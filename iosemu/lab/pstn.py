"""The telephone exchange of a lab: a number plan, subscribers, and calls switched between two legs.

Rule: the exchange stands between the parties, so that it can supervise (no answer), refuse (unallocated) and hand
on the number as its number plan writes it. A caller hears a refusal as a release, never at once: `place` returns
before anything happens. Cause values are those of ITU-T Q.850.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from iosemu.clock import Clock
from iosemu.lab.topology import digits
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End

POST_DIAL_S = 0.4  # from the last digit to the called line's first ring or refusal: a digital exchange of the era


class Subscriber(Protocol):
    """Whoever has a line of the exchange."""

    def ring(self, end: End) -> None:
        """A call has come: set the end's callbacks, then alert, answer or release it."""
        ...


class Exchange:
    """Numbers to subscribers; also the `Exchange` that a router's voice port places its calls with."""

    def __init__(self, clock: Clock, *, access_digit: str = "9", no_answer_s: float = 60.0) -> None:
        self._clock = clock
        self._access_digit = access_digit
        self._no_answer_s = no_answer_s
        self._lines: dict[str, Subscriber] = {}
        self._prefixes: dict[str, Subscriber] = {}
        self._calls: set[_Call] = set()

    @property
    def calls(self) -> int:
        """Calls that stand or are being set up."""
        return len(self._calls)

    def attach(self, number: str, subscriber: Subscriber) -> None:
        """Give `number` (a `.` in it stands for any digit) to a subscriber; the first one that matches is rung."""
        self._lines.setdefault(_pattern(number), subscriber)

    def attach_prefix(self, prefix: str, subscriber: Subscriber) -> None:
        """Give a subscriber all numbers that begin so and that nobody has; the longest prefix that matches counts."""
        self._prefixes.setdefault(_pattern(prefix), subscriber)

    def find(self, dialled: str) -> tuple[str, Subscriber] | None:
        """The number as the plan writes it and who has it, for digits dialled with or without the access digit."""
        number = digits(dialled)
        outside = self._without_access_digit(number)
        candidates = [number] if outside is None else [number, outside]
        for candidate in candidates:
            for pattern, subscriber in self._lines.items():
                if _matches(pattern, candidate):
                    return candidate, subscriber
        for candidate in candidates:
            for prefix in sorted(self._prefixes, key=len, reverse=True):
                if _matches(prefix, candidate[: len(prefix)]):
                    return candidate, self._prefixes[prefix]
        return None

    def place(self, setup: CallSetup) -> End:
        """Start a call; the end returned is the caller's. What becomes of it is told through its callbacks."""
        call = _Call(self, self._clock, setup)
        self._calls.add(call)
        self._clock.call_later(POST_DIAL_S, lambda: call.route(self.find(setup.called), self._no_answer_s))
        return call.caller

    def release_all(self) -> None:
        """Clear every call, as when the exchange loses its power."""
        for call in tuple(self._calls):
            call.clear(Cause.TEMPORARY_FAILURE)

    def _without_access_digit(self, number: str) -> str | None:
        access = self._access_digit
        return number[len(access) :] if access and number.startswith(access) and len(number) > len(access) else None


def _pattern(number: str) -> str:
    """A number of the plan: its digits, and `.` for any digit."""
    return "".join(character for character in number if character in "0123456789*#.")


def _matches(pattern: str, number: str) -> bool:
    return len(pattern) == len(number) and all(p in (".", n) for p, n in zip(pattern, number, strict=True))


class _Call:
    """Two circuits joined: caller - exchange, exchange - called."""

    def __init__(self, exchange: Exchange, clock: Clock, setup: CallSetup) -> None:
        self._exchange = exchange
        self._clock = clock
        self._setup = setup
        near = Circuit(setup)
        self.caller = near.calling
        self._near = near.called
        self._near.on_release = self._caller_left
        self._far: End | None = None
        self._supervision = clock.call_later(0.0, lambda: None)

    def route(self, found: tuple[str, Subscriber] | None, no_answer_s: float) -> None:
        """Ring the subscriber, or tell the caller that the number is not in service."""
        if not self._near.up:
            return
        if found is None:
            self.clear(Cause.UNALLOCATED)
            return
        number, subscriber = found
        far = Circuit(replace(self._setup, called=number))
        self._far = far.calling
        self._far.on_alerting = self._near.alert
        self._far.on_answer = self._answered
        self._far.on_signal = self._near.send
        self._far.on_release = self._called_left
        self._near.on_signal = self._far.send
        self._supervision = self._clock.call_later(no_answer_s, lambda: self.clear(Cause.NO_ANSWER))
        subscriber.ring(far.called)

    def clear(self, cause: Cause) -> None:
        """The exchange ends the call towards both sides."""
        self._forget()
        self._near.release(cause)
        if self._far is not None:
            self._far.release(cause)

    def _answered(self) -> None:
        self._supervision.cancel()
        self._near.answer()

    def _caller_left(self, cause: Cause) -> None:
        self._forget()
        if self._far is not None:
            self._far.release(cause)

    def _called_left(self, cause: Cause) -> None:
        self._forget()
        self._near.release(cause)

    def _forget(self) -> None:
        self._supervision.cancel()
        self._exchange._calls.discard(self)
