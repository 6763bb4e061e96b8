"""AAA of fax calls: who a fax is sent for, whether he may, and what is known of him later.

Rule: the names of `mmoip aaa` and of the application that takes the call say what is asked and whom the identity is
taken from; a second source counts only where the first has nothing. Whoever is refused is refused before a fax call is
answered or placed. Source: `mmoip aaa *` and `call application voice *` in the command reference.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from iosemu.config.tree import Block
from iosemu.events import EventSink
from iosemu.voice.events import Ramp

Facts = tuple[tuple[str, object], ...]
"""Attributes of a request, by the names that RADIUS gives them."""
Authenticate = Callable[[str, str, str, Facts], Awaitable[bool]]
"""Asks the methods of a login list, by its name, for a user and a password; True where they let him in."""

DEFAULT_LIST = "default"
_SIDES = {Ramp.ON: "receive", Ramp.OFF: "send"}
# What an application's `authen-method` may be besides; nobody can be prompted, so that has nothing to give.
PROMPT_USER = "prompt-user"


@dataclass(frozen=True, slots=True)
class RampSettings:
    """What AAA is configured to do for one direction; `sources` are asked for the identity in their order."""

    authentication: bool
    authentication_list: str
    accounting: bool
    accounting_list: str
    sources: tuple[str, ...]
    password: str


@dataclass(frozen=True, slots=True)
class Identity:
    """For whom a fax is sent, and which source told that; both are "" where none did."""

    value: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class FaxAsked:
    """AAA is about to be asked about a fax call."""

    ramp: Ramp
    call_id: int
    identity: Identity


@dataclass(frozen=True, slots=True)
class FaxJudged:
    """What AAA said of it."""

    ramp: Ramp
    call_id: int
    identity: Identity
    ok: bool


def settings_of(root: Block, ramp: Ramp, application: str) -> RampSettings:
    """`mmoip aaa`, and the parameters of the application that has the call."""
    side = _SIDES[ramp]

    def on(service: str) -> bool:
        # The line alone, without a method list of faxes, enables nothing.
        listed = root.value(f"mmoip aaa method fax {service}", "list") is not None
        enabled = listed and root.flag(f"mmoip aaa {side}-{service} enable")
        return enabled or bool(_parameter(root, application, service, "name"))

    def list_of(service: str, word: str) -> str:
        own = _parameter(root, application, word, "list")
        return own or str(root.value(f"mmoip aaa method fax {service}", "list", DEFAULT_LIST))

    sources = tuple(str(root.value(f"mmoip aaa {side}-id {place}", "source", "")) for place in ("primary", "secondary"))
    method = _parameter(root, application, "authen-method", "method")
    return RampSettings(
        on("authentication"),
        list_of("authentication", "authen-list"),
        on("accounting"),
        list_of("accounting", "accounting-list"),
        tuple(source for source in (method, *sources) if source and source != PROMPT_USER),
        _parameter(root, application, "global-password", "password")
        or str(root.value("mmoip aaa global-password", "password", "")),
    )


def _parameter(root: Block, application: str, word: str, value: str) -> str:
    """A value of `call application voice NAME WORD ...`, "" where it is not set."""
    for line in root.all("call application voice"):
        words = line.tokens
        named = len(words) > 4 and words[3].lower() == application.lower() and words[4] == word
        if application and named and not line.negated:
            return str(line.values.get(value, ""))
    return ""


def identity(sources: tuple[str, ...], known: Mapping[str, str]) -> Identity:
    """The first source that is known."""
    return next((Identity(known[source], source) for source in sources if known.get(source)), Identity())


class FaxAdmission:
    """Asks AAA about fax calls, where the configuration wants that."""

    def __init__(self, root: Block, authenticate: Authenticate, emit: EventSink) -> None:
        self._root = root
        self._authenticate = authenticate
        self._emit = emit

    def asks(self, ramp: Ramp, application: str) -> bool:
        """Is a call of that direction, which this application has, to be asked about?"""
        aaa = self._root.flag("aaa new-model")
        return aaa and settings_of(self._root, ramp, application).authentication

    def identity(self, ramp: Ramp, application: str, known: Mapping[str, str]) -> Identity:
        """For whom the fax is; `known` has the sources that a call has, by their words."""
        return identity(settings_of(self._root, ramp, application).sources, known)

    async def admits(self, ramp: Ramp, call_id: int, application: str, known: Mapping[str, str], facts: Facts) -> bool:
        """Ask."""
        settings = settings_of(self._root, ramp, application)
        who = identity(settings.sources, known)
        self._emit(FaxAsked(ramp, call_id, who))
        told = (*facts, ("Fax-Account-Id-Origin", who.origin)) if who.origin else facts
        ok = await self._authenticate(settings.authentication_list, who.value, settings.password, told)
        self._emit(FaxJudged(ramp, call_id, who, ok))
        return ok
