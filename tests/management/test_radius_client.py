"""The order in which RADIUS servers are asked, and what becomes of one that does not answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from iosemu.cli.session import run_now
from iosemu.management.radius import ACCESS_ACCEPT, ACCESS_REJECT, Answer, Kind, Request
from iosemu.management.radius_client import Alive, Dead, RadiusClient, Received, Sent, Server, Unanswered

ONE, TWO = Server("10.0.0.1", retransmit=1), Server("10.0.0.2", retransmit=0)
ACCEPT, REJECT = Answer(ACCESS_ACCEPT), Answer(ACCESS_REJECT)


@dataclass
class Wire:
    """Servers that answer as they are told; each try takes as long as that, a lost one the server's time."""

    answers: dict[Server, Answer | None] = field(default_factory=dict)
    now: float = 0.0
    tries: list[Server] = field(default_factory=list)
    events: list[object] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    async def exchange(self, server: Server, request: Request) -> Answer | None:
        self.tries.append(server)
        self.requests.append(request)
        answer = self.answers.get(server)
        self.now += 0.25 if answer is not None else server.timeout_s
        return answer

    def client(self) -> RadiusClient:
        return RadiusClient(self.exchange, lambda: self.now, self.events.append)


def ask(client: RadiusClient, dead_time_s: float = 0.0, *servers: Server) -> Answer | None:
    asked = servers or (ONE, TWO)
    return run_now(client.ask(Kind.AUTHENTICATION, asked, (("User-Name", "tom"),), dead_time_s))


def test_the_first_that_answers_is_the_last_asked_a_refusal_too() -> None:
    wire = Wire({ONE: REJECT, TWO: ACCEPT})
    assert ask(wire.client()) is REJECT
    assert wire.tries == [ONE]
    assert [type(event) for event in wire.events] == [Sent, Received]


def test_silence_is_asked_again_and_then_the_next_server() -> None:
    wire = Wire({TWO: ACCEPT})
    assert ask(wire.client()) is ACCEPT
    assert wire.tries == [ONE, ONE, TWO]
    assert wire.requests[0] is wire.requests[1], "what is sent again is the same packet"
    kinds = [type(event) for event in wire.events]
    assert kinds == [Sent, Sent, Unanswered, Dead, Alive, Sent, Received]
    assert wire.events[1] == Sent(ONE, wire.requests[0], 1)


def test_nobody_answers() -> None:
    assert ask(Wire().client()) is None


def test_a_dead_server_is_passed_over_until_its_time_is_over() -> None:
    wire = Wire({TWO: ACCEPT})
    client = wire.client()
    ask(client, 60)
    wire.tries.clear()
    ask(client, 60)
    assert wire.tries == [TWO]
    wire.now += 60
    ask(client, 60)
    assert wire.tries == [TWO, ONE, ONE, TWO]
    assert [type(event) for event in wire.events if isinstance(event, Dead | Alive)] == [Dead, Alive, Dead]
    state = client.state(ONE)
    assert (state.deaths, state.dead_s >= 60) == (2, True)


def test_where_all_are_dead_all_are_asked_and_who_answers_lives() -> None:
    wire = Wire()
    client = wire.client()
    ask(client, 600)
    assert client.is_dead(ONE)
    assert client.is_dead(TWO)
    wire.answers[TWO] = ACCEPT
    assert ask(client, 600) is ACCEPT
    assert client.is_dead(ONE)
    assert not client.is_dead(TWO)


def test_what_happened_is_counted() -> None:
    wire = Wire({TWO: REJECT})
    client = wire.client()
    ask(client)
    ask(client)
    silent, refusing = client.state(ONE).counters, client.state(TWO).counters
    assert (silent[Kind.AUTHENTICATION].requests, silent[Kind.AUTHENTICATION].timeouts) == (2, 4)
    assert silent[Kind.AUTHENTICATION].unanswered == 2
    counters = refusing[Kind.AUTHENTICATION]
    assert (counters.requests, counters.failures, counters.successes, counters.responses) == (2, 2, 0, 2)
    assert (counters.response_s, counters.longest_s) == (0.5, 0.25)
    assert refusing[Kind.ACCOUNTING].requests == 0


def test_identifiers_go_round() -> None:
    wire = Wire({ONE: ACCEPT})
    client = wire.client()
    for _ in range(256):
        ask(client)
    assert [request.identifier for request in wire.requests[-2:]] == [255, 1]
