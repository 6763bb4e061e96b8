"""NTP of one router: it polls its servers and peers, answers who asks, and sets its clock by the one that it follows.

Rule: an offset below 128 ms is taken off at once; a larger one sets the clock at once when nobody has set it before,
else after it has lasted for 900 s. A correction is taken off all measurements, a setting discards them. The local
clock of `ntp master` is a server of the stratum above, which is right as long as somebody has set the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Final

from iosemu.cli import internet4
from iosemu.clock import Clock, Timer
from iosemu.management.ntp.association import (
    BOGUS,
    DUPLICATE,
    NO_TIME,
    SKEW,
    UNAUTHENTIC,
    Association,
    Configured,
)
from iosemu.management.ntp.events import ClockSet, PacketReceived, PacketRejected, PacketSent, ReachChanged, Synced
from iosemu.management.ntp.packet import NO_STRATUM, PORT, Mode, Packet, decode, encode, is_signed, timestamp
from iosemu.management.ntp.selection import agreeing, is_near, ranked

LOCAL_CLOCK: Final = "127.127.7.1"
_LOCL: Final = int.from_bytes(b"LOCL", "big")
_FIRST_POLL_S: Final = 2.0
_STEP_S, _STEP_AFTER_S = 0.128, 900.0


class Access(IntEnum):
    """What a host may do (`ntp access-group`), each more than the one before."""

    NONE = 0
    ASK_STATE = 1
    ASK_TIME = 2
    ASK = 3
    SET_TIME = 4


@dataclass(frozen=True, slots=True)
class Settings:
    """What is configured; `master` is the stratum of `ntp master`, `keys` are secrets by number."""

    hosts: tuple[Configured, ...] = ()
    master: int | None = None
    keys: Mapping[int, str] = field(default_factory=dict)
    trusted: frozenset[int] = frozenset()
    authenticate: bool = False
    most: int = 100
    """So many associations there may be, those included that others ask for."""


class NtpService:
    """See the module's rule."""

    def __init__(
        self,
        clock: Clock,
        *,
        now: Callable[[], datetime],
        send: Callable[[bytes, str, int, str], object],
        correct: Callable[[float], object],
        is_set: Callable[[], bool],
        owns: Callable[[int], bool],
        access: Callable[[str], Access],
        emit: Callable[[object], object],
    ) -> None:
        """`now` is the router's time (UTC); `send` is given octets, host, port and source interface; `correct` moves
        the router's time by seconds; `is_set`: has anybody set it? `owns`: is an address the router's own?"""
        self._clock, self._now, self._send, self._correct = clock, now, send, correct
        self._is_set, self._owns, self._access, self._emit = is_set, owns, access, emit
        self._settings = Settings()
        self._timers: dict[Association, Timer] = {}
        self.associations: list[Association] = []
        """As they are shown, by address."""
        self.system = Packet(Mode.SERVER, root_dispersion=1.0)
        """What the router says of its own time."""
        self.master: Association | None = None
        self.selected: list[Association] = []
        """Those that agree with the master, which leads them."""
        self.believed: list[Association] = []
        """Those whose times can all be true."""
        self.offset = 0.0
        self._apart_since: float | None = None

    @property
    def synchronized(self) -> bool:
        """Does the clock follow the master? Not yet while it is far from it."""
        return self.system.stratum < NO_STRATUM

    @property
    def lost(self) -> bool:
        """Is there somebody to follow, and nobody is followed?"""
        return bool(self.associations) and not self.synchronized

    def configure(self, settings: Settings) -> None:
        """What is configured now; what stays as it was goes on."""
        self._settings = settings
        wanted = list(settings.hosts)
        if settings.master is not None:
            wanted.append(Configured(LOCAL_CLOCK, Mode.ACTIVE))
        for one in [one for one in self.associations if one.configured and one.said not in wanted]:
            self._drop(one)
        known = {one.said for one in self.associations}
        for said in wanted:
            if said not in known:
                self._add(Association(said))
        self._believe()

    def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def receive(self, octets: bytes, address: str, port: int) -> None:
        """A datagram from a host."""
        packet = decode(octets)
        if packet is None:
            return
        now, access = timestamp(self._now()), self._access(address)
        self._emit(PacketReceived(address, packet, now))
        if packet.mode == Mode.CLIENT:
            if access >= Access.ASK_TIME:
                self._answer(packet, octets, address, port, now)
            return
        one = self._partner(packet, address)
        if one is None or access < Access.SET_TIME:
            return
        if not self._is_authentic(one, packet, octets):
            self._emit(PacketRejected(address, UNAUTHENTIC))
            return
        was = one.reach
        wrong = one.receive(packet, now, self._clock.now(), self.system.precision)
        if wrong:
            self._emit(PacketRejected(address, wrong))
        if one.reach and not was:
            self._emit(ReachChanged(address, True))
        self._believe(one if not wrong & (DUPLICATE | BOGUS | NO_TIME) else None)
        if packet.mode == Mode.ACTIVE and not one.configured:
            self._transmit(one)

    # Servers and peers.

    def _add(self, one: Association) -> None:
        self.associations.append(one)
        self.associations.sort(key=lambda other: internet4.number(other.said.address))
        self._schedule(one, _FIRST_POLL_S)

    def _schedule(self, one: Association, delay_s: float) -> None:
        if one in self._timers:
            self._timers[one].cancel()
        self._timers[one] = self._clock.call_unhurried(delay_s, lambda: self._poll(one))

    def _drop(self, one: Association) -> None:
        self._timers.pop(one).cancel()
        self.associations.remove(one)

    def _partner(self, packet: Packet, address: str) -> Association | None:
        """Whose message that is; a peer that nobody has configured becomes one."""
        ways = {Mode.SERVER: (Mode.CLIENT,), Mode.PASSIVE: (Mode.ACTIVE,), Mode.ACTIVE: (Mode.ACTIVE, Mode.PASSIVE)}
        fitting = ways.get(Mode(packet.mode), ()) if packet.mode in ways else ()
        for one in self.associations:
            if one.said.address == address and one.said.mode in fitting:
                return one
        if packet.mode != Mode.ACTIVE or self._access(address) < Access.SET_TIME:
            return None
        if len(self.associations) >= self._settings.most:
            return None
        one = Association(Configured(address, Mode.PASSIVE, packet.version, packet.key), configured=False)
        self._add(one)
        return one

    def _poll(self, one: Association) -> None:
        if one.said.address == LOCAL_CLOCK:
            self._ask_local(one)
        else:
            was = one.reach
            if one.said.mode is Mode.PASSIVE:
                one.request(self.system, one.transmitted)
            else:
                self._transmit(one)
            if was and not one.reach:
                self._emit(ReachChanged(one.said.address, False))
                if not one.configured:
                    self._drop(one)
                    self._believe()
                    return
        self._believe()
        self._schedule(one, 2.0**one.poll)

    def _transmit(self, one: Association) -> None:
        packet = one.request(self._told(), timestamp(self._now()))
        self._put(packet, one.said.address, PORT, one.said.source)

    def _ask_local(self, one: Association) -> None:
        one.reach = one.reach << 1 & 0xFF
        if self._settings.master is None or not self._is_set() or self._access(LOCAL_CLOCK) < Access.SET_TIME:
            return
        stratum = self._settings.master - 1
        reference = internet4.number(LOCAL_CLOCK) if stratum else _LOCL
        at = self._clock.now()
        one.tell(
            Packet(
                Mode.PASSIVE,
                0,
                stratum=stratum,
                reference_id=reference,
                reference=timestamp(self._now()),
                precision=-18,
            ),
            at,
        )
        self._believe(one)

    # Answers.

    def _answer(self, packet: Packet, octets: bytes, address: str, port: int, now: int) -> None:
        key = packet.key
        if key and not (key in self._settings.keys and is_signed(octets, self._settings.keys[key])):
            key = 0
        reply = replace(
            self._told(),
            mode=Mode.SERVER,
            version=packet.version,
            poll=packet.poll,
            originate=packet.transmit,
            receive=now,
            transmit=timestamp(self._now()),
            key=key,
        )
        self._put(reply, address, port, "")

    def _told(self) -> Packet:
        """What is said of the own time now."""
        system = self.system
        if self.master is None:
            return system
        since = self._clock.now() - (self.master.heard_at or 0.0)
        return replace(system, root_dispersion=system.root_dispersion + SKEW * since)

    def _put(self, packet: Packet, address: str, port: int, source: str) -> None:
        self._emit(PacketSent(address, packet))
        self._send(encode(packet, self._settings.keys.get(packet.key)), address, port, source)

    def _is_authentic(self, one: Association, packet: Packet, octets: bytes) -> bool:
        """Has it the digest that is asked for? Without `ntp authenticate`, or a key of the server, none is."""
        said = self._settings
        if not said.authenticate or not one.said.key:
            return True
        key = one.said.key
        return packet.key == key and key in said.trusted and key in said.keys and is_signed(octets, said.keys[key])

    # The clock.

    def _believe(self, heard: Association | None = None) -> None:
        """Choose whom to follow, and follow him where he is another one now or has just been `heard`."""
        at = self._clock.now()
        sane = [one for one in self.associations if one.reach and one.is_sane(at) and not self._is_loop(one)]
        self.believed = order = ranked(agreeing(sane, at), self.master, at)
        self.selected = [one for one in order if is_near(one, order[0])]
        master = order[0] if order else None
        changed = master is not self.master
        if not changed and heard is not master:
            return
        if master is None:
            self._lose()
        if changed:
            self.master, self._apart_since = master, None
            self._emit(Synced(master.said.address if master is not None else ""))
        if master is not None:
            self._follow(master)

    def _is_loop(self, one: Association) -> bool:
        """Does it follow this router?"""
        return one.last.stratum > 1 and self._owns(one.last.reference_id)

    def _follow(self, one: Association) -> None:
        """Set the clock by the master."""
        offset = one.offset
        if abs(offset) >= _STEP_S:
            self._wait(offset)
            return
        self._apart_since = None
        self._correct(offset)
        for other in self.associations:
            other.corrected(offset)
        self.offset = offset
        last = one.last
        local = one.said.address == LOCAL_CLOCK
        self.system = replace(
            self.system,
            leap=last.leap,
            stratum=last.stratum + 1,
            root_delay=last.root_delay + one.delay,
            root_dispersion=last.root_dispersion + one.dispersion + abs(offset),
            reference_id=last.reference_id if local else internet4.number(one.said.address),
            reference=timestamp(self._now()),
        )

    def _lose(self) -> None:
        """There is nobody to follow."""
        self.system = Packet(Mode.SERVER, root_dispersion=1.0, reference=self.system.reference)
        self.offset = 0.0

    def _wait(self, offset: float) -> None:
        """The master is far from the own clock: is he right?"""
        at = self._clock.now()
        if self._apart_since is None:
            self._apart_since = at
        if self._is_set() and at - self._apart_since < _STEP_AFTER_S:
            self._lose()
            return
        self._correct(offset)
        self._emit(ClockSet(offset))
        for one in self.associations:
            if one.said.address != LOCAL_CLOCK:
                one.forget()
        for one in tuple(self._timers):
            self._schedule(one, _FIRST_POLL_S)
        self._believe()
