"""The ladders of calls: what happened in a lab, step by step between its nodes, gathered call by call.

Rule: every step belongs to a thread (a call on a D channel, a call leg, an SMTP session, a fax machine's call); a call
is the threads that it runs through. A D channel and a mail session say nothing of calls: a SETUP joins the call that
opens a leg right after it, or right before; a SIP dialog the one that has just been sent over IP, or has come from
there; a mail session joins the one whose mail has just begun (on-ramp), or the
one that its message has just started (off-ramp). The last `RUNGS` steps and `CALLS` calls are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from iosemu.events import EventBus
from iosemu.fax.events import DatagramSent
from iosemu.lab import events as lab
from iosemu.lab.dialogs import Dialogs
from iosemu.lab.errors import LabError
from iosemu.lab.rungs import Call, Places, Rung
from iosemu.lab.steps import LAB_EVENTS, ROUTER_EVENTS, Kind, Way, step
from iosemu.mail import events as mail
from iosemu.voice.events import (
    CallRefused,
    FaxMedia,
    FaxStep,
    LegClosed,
    LegConnected,
    LegOpened,
    Ramp,
    RelayDatagram,
    RelayMedia,
    RelayStarted,
    SignallingMessage,
)
from iosemu.voice.events import Step as Stage
from iosemu.voice.legs import LegRecord, Origin, Telephony, Voip
from iosemu.voice.q931 import Q931Message

__all__ = ["Call", "Ladders", "Places", "Rung"]

RUNGS, CALLS = 5000, 60
PSTN, NETWORK = "PSTN", "network"
_FLAG = 0x8000
"""In a call reference: the message goes towards the side that gave the number."""


class Ladders:
    """Hears the buses of a lab."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._listeners: list[Callable[[Rung | Call], object]] = []
        self._rungs: deque[Rung] = deque(maxlen=RUNGS)
        self._calls: deque[Call] = deque()
        self._serial = self._threads = self._last_call = 0
        self._lanes: dict[str, str] = {}  # thread -> the node at its other end
        self._sessions: dict[tuple[str, bool, int], str] = {}  # router, as a server, socket -> thread
        self._references: dict[tuple[str, str, int, bool], str] = {}  # router, D channel, number, theirs -> thread
        self._heard: dict[str, str] = {}  # router -> thread of the SETUP that came last
        self._placing: dict[str, Call] = {}  # router -> the call that is about to send a SETUP
        self._legs: dict[tuple[str, int], Call] = {}
        self._leg_threads: dict[tuple[str, int], str] = {}
        self._connections: dict[tuple[str, int], Call] = {}
        self._up: dict[tuple[str, int], set[int]] = {}  # connection -> its legs that are open
        self._mail_begins: dict[str, deque[Call]] = {}
        self._message: dict[str, str] = {}  # router -> thread of the session whose message came last
        self._sender: dict[str, str] = {}  # router -> who it was last told to take a mail from
        self._machines: dict[str, str] = {}  # machine -> thread of its call
        self._dialogs = Dialogs()
        self._inviting: dict[str, Call] = {}  # router -> the call that is about to send an INVITE
        self._towards: dict[str, str] = {}  # mail server -> thread of the router that spoke to it last
        self._from: dict[str, str] = {}  # mail server -> thread in which it spoke to a router last

    def subscribe(self, action: Callable[[Rung | Call], object]) -> None:
        """Have `action` called with every rung, and with every call whenever something of it changes."""
        self._listeners.append(action)

    def backlog(self) -> list[Rung | Call]:
        """What was told so far and is still kept: calls, then rungs, each oldest first."""
        return [*self._calls, *self._rungs]

    def names(self) -> list[tuple[str, str]]:
        """Name and title of each call that has reached a router, oldest first."""
        return [(call.name, call.title) for call in self._named()]

    def find(self, said: str) -> Call:
        """The call of that name, or of that number where one router alone has it; raises LabError."""
        folded = said.casefold()
        found = [call for call in self._named() if folded in (call.name.casefold(), f"{call.connection:x}")]
        if len(found) == 1:
            return found[0]
        if found:
            raise LabError(f"call {said} is of several routers: {', '.join(call.name for call in found)}")
        raise LabError(f"no call {said}; `iosemu explain` lists them")

    def rungs(self, call: Call) -> list[Rung]:
        """The steps of a call, oldest first."""
        return [rung for rung in self._rungs if rung.thread in call.threads]

    def of_leg(self, router: str, call_id: int) -> Call | None:
        """The call that a leg of a router belongs to."""
        return self._legs.get((router, call_id))

    def session(self, router: str, *, server: bool, socket: int) -> str:
        """The thread of a mail session of a router."""
        return self._session_thread(router, server, socket)

    def _named(self) -> list[Call]:
        """A router that was reloaded numbers its calls anew; a name is then its newest call's."""
        return list({call.name: call for call in self._calls if call.router}.values())

    def watch_router(self, name: str, bus: EventBus) -> None:
        """Hear the events of a router of the lab; called anew for the bus of each power-on, which ends its calls."""
        for key in [key for key in self._connections if key[0] == name]:
            del self._up[key]
            self._end(self._connections.pop(key))
        for kind in (*ROUTER_EVENTS, RelayDatagram):
            bus.subscribe(kind, partial(self._router_event, name))

    def watch_lab(self, bus: EventBus) -> None:
        """Hear the events of the lab itself."""
        for kind in LAB_EVENTS:
            bus.subscribe(kind, self._lab_event)

    # A router's events.

    def _router_event(self, router: str, event: object) -> None:
        match event:
            case FaxMedia(event=DatagramSent(direction), call_id=call_id):
                self._datagram(router, call_id, " to ".join(direction.value))
                return
            case RelayDatagram(call_id=call_id, target=target):
                self._datagram(router, call_id, f"to {self._places.host(target[0]) or target[0]}")
                return
            case SignallingMessage():
                self._signalled(router, event)
            case Q931Message(name="SETUP"):
                self._setup(router, event)
            case LegOpened(leg):
                self._opened(router, leg)
            case mail.ClientOpened(socket):
                self._client_opened(router, socket)
            case mail.ServerOpened(socket, peer):
                thread = self._session(router, True, socket)
                self._stands(thread, self._places.host(peer) or NETWORK)
                self._from[self._lanes[thread]] = thread
            case mail.ClientConnecting(socket, address):
                thread = self._session_thread(router, False, socket)
                self._stands(thread, self._places.host(address) or address)
                self._towards[self._lanes[thread]] = thread
        self._add(router, self._thread(router, event), event)
        match event:
            case mail.ServerReceived(verb="MAIL", line=line):
                self._sender[router] = line.partition("<")[2].partition(">")[0]
            case mail.ServerMessage(socket):
                self._message[router] = self._session_thread(router, True, socket)
            case FaxStep(ramp=Ramp.ON, step=Stage.MAIL_STARTED, call_id=call_id):
                if (call := self._legs.get((router, call_id))) is not None:
                    self._mail_begins.setdefault(router, deque(maxlen=CALLS)).append(call)
            case FaxStep(ramp=Ramp.ON, step=Stage.PEER_CHOSEN, call_id=call_id, text=text):
                if (call := self._legs.get((router, call_id))) is not None:
                    call.called = text
                    self._tell(call)
            case LegClosed(leg):
                self._closed(router, leg)
            case Q931Message(name="RELEASE_COMP"):
                thread = self._references.pop(_reference(router, event), "")
                if self._heard.get(router) == thread:  # refused: no leg comes any more
                    del self._heard[router]

    def _setup(self, router: str, event: Q931Message) -> None:
        thread = self._references[_reference(router, event)] = self._new_thread(f"{router} D channel")
        far = "Called Party Number" if event.sent else "Calling Party Number"
        number = next((element.digits for element in event.elements if element.name == far), "")
        self._stands(thread, self._places.machine(number) or PSTN)
        if event.sent:
            call = self._placing.pop(router, None)
        else:
            self._heard[router] = thread
            call = self._dialling(number)
        if call is not None:
            call.join(thread)
            self._tell(call)

    def _datagram(self, router: str, call_id: int, way: str) -> None:
        """They are far too many to be steps."""
        if (call := self._legs.get((router, call_id))) is not None:
            call.datagrams[way] = call.datagrams.get(way, 0) + 1

    def _signalled(self, router: str, message: SignallingMessage) -> None:
        """The first message of a dialog that is called comes before its leg."""
        thread = self._dialogs.begin(router, message, lambda: self._new_thread(f"{router} SIP"))
        if thread is None:
            return
        self._stands(thread, self._places.host(message.peer[0]) or message.peer[0])
        if message.sent and (call := self._inviting.pop(router, None)) is not None:
            call.join(thread)
            self._tell(call)

    def _opened(self, router: str, leg: LegRecord) -> None:
        key = (router, leg.connection.number)
        call = self._connections.get(key) or self._joined(leg) or self._new_call()
        self._connections[key] = call
        self._up.setdefault(key, set()).add(leg.call_id)
        self._legs[router, leg.call_id] = call
        call.router, call.connection = router, leg.connection.number
        thread = self._leg_threads[router, leg.call_id] = self._new_thread(f"{router} leg")
        if isinstance(leg.detail, Telephony):
            far = leg.detail.calling if leg.origin is Origin.ANSWER else leg.detail.called
            self._stands(thread, self._places.machine(far) or PSTN)
            call.join(thread)
            if leg.origin is Origin.ORIGINATE:
                self._placing[router] = call
            elif (setup := self._heard.pop(router, None)) is not None:
                call.join(setup)
            call.calling, call.called = call.calling or leg.detail.calling, call.called or leg.detail.called
        elif isinstance(leg.detail, Voip):
            call.join(thread)
            if leg.origin is Origin.ORIGINATE:
                self._inviting[router] = call
            elif dialog := self._dialogs.known(router, leg.detail.protocol_call_id):
                call.join(dialog)
            call.calling, call.called = call.calling or leg.detail.calling, call.called or leg.detail.called
        elif leg.origin is Origin.ANSWER:
            call.calling = call.calling or self._sender.get(router, "")
            if (session := self._message.get(router)) is not None:
                call.join(session)
        self._tell(call)

    def _joined(self, leg: LegRecord) -> Call | None:
        """The call of a fax machine of the lab that has now reached a router."""
        if not isinstance(leg.detail, Telephony) or leg.origin is not Origin.ANSWER:
            return None
        return self._dialling(leg.detail.calling)

    def _dialling(self, number: str) -> Call | None:
        """The call of the fax machine with a number, if it has not reached a router."""
        thread = self._machines.get(self._places.machine(number) or "")
        waiting = (call for call in reversed(self._calls) if thread in call.threads and not call.router)
        return next(waiting, None)

    def _closed(self, router: str, leg: LegRecord) -> None:
        """A call goes on with its other legs: it may hunt for another way out."""
        key = (router, leg.connection.number)
        call = self._connections.get(key)
        if call is None:
            return
        self._up[key].discard(leg.call_id)
        if self._inviting.get(router) is call:  # it was never sent
            del self._inviting[router]
        if self._placing.get(router) is call:  # no SETUP comes any more, or the port has no D channel
            del self._placing[router]
        if not self._up[key]:
            del self._up[key], self._connections[key]
            self._end(call)

    def _client_opened(self, router: str, socket: int) -> None:
        thread = self._session(router, False, socket)
        waiting = self._mail_begins.get(router)
        if waiting:
            call = waiting.popleft()
            call.join(thread)
            self._tell(call)

    def _session(self, router: str, server: bool, socket: int) -> str:
        """A new thread: numbers of sockets are used again."""
        thread = self._sessions[router, server, socket] = self._new_thread(f"{router} mail")
        return thread

    def _session_thread(self, router: str, server: bool, socket: int) -> str:
        return self._sessions.get((router, server, socket)) or self._session(router, server, socket)

    def _thread(self, router: str, event: Any) -> str:
        if isinstance(event, Q931Message):
            return self._references.get(_reference(router, event), router)
        if isinstance(event, SignallingMessage):
            return self._dialogs.thread(router, event)
        if isinstance(event, (RelayMedia, RelayStarted)):
            return self._leg_thread(router, event.call_id)
        if isinstance(event, (LegOpened, LegConnected, LegClosed)):
            return self._leg_thread(router, event.leg.call_id)
        if isinstance(event, (FaxStep, FaxMedia)):
            call = self._legs.get((router, event.call_id))
            own = self._leg_thread(router, event.call_id)
            if call is not None and own not in call.threads:  # the mail leg of an off-ramp call
                call.join(own)
                self._tell(call)
            return own
        if isinstance(event, CallRefused):
            return self._machines.get(self._places.machine(event.setup.calling) or "", router)
        return self._session_thread(router, type(event).__name__.startswith("Server"), event.socket)

    def _leg_thread(self, router: str, call_id: int) -> str:
        return self._leg_threads.get((router, call_id), router)

    def _new_thread(self, name: str) -> str:
        self._threads += 1
        return f"{name} {self._threads}"

    def _stands(self, thread: str, lane: str) -> None:
        """Note who is at the other end of a thread; sessions that belong to no call must not make the table grow."""
        while len(self._lanes) >= RUNGS:
            del self._lanes[next(iter(self._lanes))]
        self._lanes[thread] = lane

    # The lab's own events.

    def _lab_event(self, event: Any) -> None:
        if isinstance(event, (lab.MailStored, lab.RelayTried)):
            sessions = self._towards if isinstance(event, lab.MailStored) else self._from
            self._add(event.server, sessions.get(event.server, event.server), event)
            return
        machine = self._places.machine(event.number) or event.number
        if isinstance(event, (lab.FaxDialled, lab.FaxRinging)):
            thread = self._machines[machine] = self._new_thread(f"{machine} call")
            call = self._new_call() if isinstance(event, lab.FaxDialled) else self._ringing(machine)
            if isinstance(event, lab.FaxDialled):
                call.calling, call.called = machine, event.called
            call.join(thread)
            self._tell(call)
        self._add(machine, self._machines.get(machine, machine), event)
        if isinstance(event, lab.FaxSent):
            thread = self._machines.get(machine, "")
            for call in self._calls:
                if thread in call.threads and not call.router and not call.ended:
                    self._end(call)

    def _ringing(self, machine: str) -> Call:
        """The call that rings a machine: the newest that is under way to it."""
        for call in reversed(self._calls):
            if not call.ended and machine in (self._lanes.get(thread) for thread in call.threads):
                return call
        for call in reversed(self._calls):
            if not call.ended and self._places.machine(call.called) == machine:
                return call
        return self._new_call()

    # What is told.

    def _add(self, node: str, thread: str, event: object) -> None:
        found = step(event)
        if found is None:
            return
        far = self._lanes.get(thread, PSTN if found.kind in (Kind.CALL, Kind.Q931, Kind.T30) else NETWORK)
        source, target = {Way.OUT: (node, far), Way.IN: (far, node), Way.NOTE: (node, "")}[found.way]
        self._serial += 1
        rung = Rung(self._serial, self._places.now(), thread, found.kind, source, target, found.label, found.detail)
        self._rungs.append(rung)
        self._tell(rung)

    def _new_call(self) -> Call:
        self._last_call += 1
        call = Call(self._last_call, self._places.now())
        self._calls.append(call)
        if len(self._calls) > CALLS:
            self._forget(self._calls.popleft())
        return call

    def _forget(self, old: Call) -> None:
        """Drop what was kept for a call that has left the list."""
        for table in (self._legs, self._connections):
            for key in [key for key, call in table.items() if call is old]:
                del table[key]
        self._up = {key: legs for key, legs in self._up.items() if key in self._connections}
        for leg in [leg for leg, thread in self._leg_threads.items() if thread in old.threads]:
            del self._leg_threads[leg]

    def _end(self, call: Call) -> None:
        call.ended = self._places.now()
        self._tell(call)

    def _changed(self, call: Call) -> None:
        self._tell(call)

    def _tell(self, news: Rung | Call) -> None:
        for action in self._listeners:
            action(news)


def _reference(router: str, message: Q931Message) -> tuple[str, str, int, bool]:
    """Whose call a message is of: either side of a D channel numbers the calls that it begins."""
    theirs = message.sent == bool(message.reference & _FLAG)
    return router, message.interface, message.reference & ~_FLAG, theirs
