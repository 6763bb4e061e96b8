"""One stream of typed events per router: engines publish, everything that prints or counts subscribes.

An event is a frozen dataclass, declared beside the engine that emits it. Engines are given a plain callable
(`EventSink`); only the router and its subscribers know this bus.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
EventSink = Callable[[Any], None]


def discard(event: object) -> None:
    """The sink of an engine that nobody watches."""


class EventBus:
    """Delivers each event to the subscribers of its class, in the order in which they subscribed."""

    def __init__(self) -> None:
        self._subscribers: dict[type[Any], list[Callable[[Any], object]]] = {}

    def subscribe(self, kind: type[E], action: Callable[[E], object]) -> Callable[[], None]:
        """Call `action` for every event whose class is exactly `kind`; returns what ends it."""
        actions = self._subscribers.setdefault(kind, [])
        actions.append(action)

        def unsubscribe() -> None:
            if action in actions:
                actions.remove(action)

        return unsubscribe

    def publish(self, event: object) -> None:
        for action in tuple(self._subscribers.get(type(event), ())):
            action(event)
