"""The text of `show dial-peer voice TAG` from 12.2(15)T on: one peer, with all that its block says.

Rule: a line follows from the peer's block in the configuration, its `DialPeer` and its counters; defaults are those of
the command references. Source: Cisco IOS Voice Command Reference, samples of `show dial-peer voice` and `show dialplan
incall`; which of their lines this release has is recalled; the block of an MMoIP peer is inferred from the POTS block
and CISCO-MMAIL-DIAL-CONTROL-MIB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.cli.release import Release
from iosemu.voice.dial_plan import DialPeer, Dsn, PeerType
from iosemu.voice.digits import Pattern
from iosemu.voice.peer_statistics import PeerCounters

if TYPE_CHECKING:
    from iosemu.config.tree import Block, Line

INDENT = " " * 8
_FIRST = Release.of("12.2(15)T")
# Since when a peer tells of what it is, of URIs, of carrier capacity, of registrars, of video.  # recalled
_TYPES, _CLASSES, _CAPACITY = Release.of("12.4"), Release.of("12.3(4)T"), Release.of("12.3")
_REGISTERS, _VIDEO = Release.of("12.3(4)T"), Release.of("12.4(11)T")
_REGISTERED = "register E.164 number with GK = TRUE"
_REGISTERED_LATER = "register E.164 number with H323 GK and/or SIP Registrar = TRUE"
_PAYLOAD = {"g711ulaw": 160, "g711alaw": 160, "g726r32": 80, "g726r24": 60, "g726r16": 40, "g728": 40}
_USUAL_PAYLOAD = 20


@dataclass(frozen=True, slots=True)
class PeerStatus:
    """What changes about a peer while the router runs, and the release that tells of it."""

    operational: bool
    connections: int
    counters: PeerCounters
    release: Release = _FIRST


StatusOf = Callable[[DialPeer], PeerStatus]
BlockOf = Callable[[DialPeer], "Block | None"]


def peer_block(peer: DialPeer, status: PeerStatus, block: Block | None = None) -> str:
    """`show dial-peer voice TAG`; `block` None stands for an empty one."""
    maximum = peer.max_connections if peer.max_connections is not None else "unlimited"
    said, of = _Said(block), status.release
    classes, registers = of >= _CLASSES, of >= _REGISTERS
    lines = [
        f"{'peer type = voice, ' if of >= _TYPES else ''}information type = {peer.information},",
        f"description = `{peer.description}',",
        f"tag = {peer.tag}, destination-pattern = `{pattern(peer.destination)}',",
        f"answer-address = `{pattern(peer.answer_address)}', preference={peer.preference},",
        *_caller_id(said),
        *(["CLID Override RDNIS = disabled,"] if of >= _TYPES else []),
        *_sides(said, "carrier-id", "carrier-id", ",\t"),
        *_sides(said, "trunk-group-label", "trunk-group-label", ",\t"),
        f"numbering Type = `{said.value('numbering-type', 'type', 'unknown')}'",
        f"group = {peer.tag}, Admin state is {up(not peer.shutdown)}, Operation state is {up(status.operational)},",
        *(["Outbound state is up,"] if of >= _VIDEO else []),
        f"incoming called-number = `{pattern(peer.incoming_called)}', connections/maximum = "
        f"{status.connections}/{maximum},",
        f"DTMF Relay = {'enabled' if said.has('dtmf-relay') else 'disabled'},",
        *(_uri_classes(peer, said) if classes else []),
        f"huntstop = {enabled(peer.huntstop)},",
        f"in bound application associated: '{peer.application_in or 'DEFAULT'}'",
        f"out bound application associated: '{peer.application_out}'",
        f"dnis-map = {said.value('dnis-map', 'name', '')}".rstrip(),
        "permission :both",
        f"incoming COR list:{said.way('corlist', 'incoming') or 'maximum capability'}",
        f"outgoing COR list:{said.way('corlist', 'outgoing') or 'minimum requirement'}",
        f"Translation profile (Incoming):{said.way('translation-profile', 'incoming')}",
        f"Translation profile (Outgoing):{said.way('translation-profile', 'outgoing')}",
        "incoming call blocking:",
        f"translation-profile = `{said.value('call-block', 'name', '')}'",
        f"disconnect-cause = `{said.value('call-block', 'cause', 'no-service')}'",
        *(["advertise 0x40 capacity_update_timer 25 addrFamily 4 oldAddrFamily 4"] if of >= _CAPACITY else []),
        *{PeerType.POTS: _pots, PeerType.VOIP: _voip, PeerType.MMOIP: _mmoip}[peer.type](peer, said),
        *(_video(said) if of >= _VIDEO else []),
        *_counters(status.counters),
    ]
    text = f"{peer.type.heading}{peer.tag}\n" + "".join(f"{INDENT}{line}\n" for line in lines)
    return text.replace(_REGISTERED, _REGISTERED_LATER) if registers else text


class _Said:
    """What is set in a peer's block."""

    def __init__(self, block: Block | None) -> None:
        self._block = block

    def has(self, command: str) -> bool:
        return any(not line.negated for line in self._lines(command))

    def value(self, command: str, name: str, default: str) -> str:
        found = (line.values.get(name) for line in self._lines(command) if not line.negated)
        return next((str(value) for value in found if value is not None), default)

    def way(self, command: str, way: str) -> str:
        """The name that a command gives for "incoming" or "outgoing", "source" or "target"."""
        for line in self._lines(command):
            if line.values.get("way") == way and not line.negated:
                return str(line.values["name"])
        return ""

    def _lines(self, command: str) -> Iterable[Line]:
        return self._block.all(command) if self._block is not None else ()


def _caller_id(said: _Said) -> Iterator[str]:
    restricted = said.value("clid", "restrict", "")
    yield f"CLID Restriction = {'Restrict' if restricted else 'None'}"
    yield f"CLID Network Number = `{said.value('clid', 'number', '')}'"
    yield f"CLID Second Number {'stripped' if said.value('clid', 'strip', '') else 'sent'} "


def _sides(said: _Said, command: str, name: str, between: str) -> Iterator[str]:
    source, target = said.way(command, "source"), said.way(command, "target")
    yield f"source {name} = `{source}'{between}target {name} = `{target}',"


def _pots(peer: DialPeer, said: _Said) -> list[str]:
    return [
        f"type = pots, prefix = `{peer.prefix}',",
        f"forward-digits {peer.forward_digits}",
        f"session-target = `', voice-port = `{peer.port}',",
        f"direct-inward-dial = {enabled(peer.direct_inward_dial)},",
        f"digit_strip = {enabled(peer.digit_strip)},",
        _REGISTERED,
        f"fax rate = {said.value('fax rate', 'rate', 'system')},   payload size =  20 bytes",
    ]


def _voip(peer: DialPeer, said: _Said) -> list[str]:
    codec = said.value("codec", "codec", "g729r8")
    octets = said.value("codec", "size", str(_PAYLOAD.get(codec, _USUAL_PAYLOAD)))
    qos = said.value("req-qos", "level", "best-effort"), said.value("acc-qos", "level", "best-effort")
    return [
        f"type = voip, session-target = `{peer.session_target}',",
        f"technology prefix: {said.value('tech-prefix', 'prefix', '')}",
        f"settle-call = {enabled(said.has('settle-call'))}",
        "ip media DSCP = ef, ip signaling DSCP = af31, UDP checksum = disabled,",
        f"session-protocol = {peer.session_protocol or 'cisco'}, session-transport = "
        f"{said.value('session transport', 'how', 'system')}, req-qos = {qos[0]}, ",
        f"acc-qos = {qos[1]}, ",
        "RTP dynamic payload type values: NTE = 101",
        "Cisco: NSE=100, fax=96, fax-ack=97, dtmf=121, fax-relay=122",
        "       CAS=123, ClearChan=125, PCM switch over u-law=0,A-law=8",
        f"fax rate = {said.value('fax rate', 'rate', 'voice')},   payload size =  20 bytes",
        f"fax protocol = {said.value('fax protocol', 'protocol', 'system')}",
        "fax NSF = 0xAD0051 (default)",
        f"codec = {codec},   payload size =  {octets} bytes,",
        f"Expect factor = {said.value('expect-factor', 'factor', '0')}, Icpif = {said.value('icpif', 'icpif', '20')},",
        f"Playout Mode is set to {said.value('playout-delay mode', 'mode', 'default')},",
        f"Initial {said.value('playout-delay nominal', 'milliseconds', '60')} ms, Max "
        f"{said.value('playout-delay maximum', 'milliseconds', '200')} ms",
        f"Playout-delay Minimum mode is set to {said.value('playout-delay minimum', 'how', 'default')}, value 40 ms",
        f"Fax nominal {said.value('playout-delay fax', 'milliseconds', '300')} ms",
        f"Max Redirects = {said.value('max-redirects', 'count', '1')}, signaling-type = cas,",
        f"VAD = {enabled(said.has('vad'))}, Poor QOV Trap = disabled, ",
        "voice class perm tag = `'",
    ]


def _mmoip(peer: DialPeer, said: _Said) -> list[str]:
    dsn = [word.value for word in (Dsn.DELAY, Dsn.FAILURE, Dsn.SUCCESS) if word in peer.dsn]
    return [
        f"type = mmoip, session-target = `{peer.session_target}',",
        f"session-protocol = {peer.session_protocol or 'smtp'},",
        f"image encoding = {peer.image_encoding.value}, image resolution = {peer.image_resolution.value},",
        f"mdn = {enabled(peer.mdn)}, dsn = `{' '.join(dsn)}',",
    ]


def _uri_classes(peer: DialPeer, said: _Said) -> Iterator[str]:
    yield "URI classes:"
    if peer.type is PeerType.VOIP:
        yield f"\t    Incoming (Called) = {said.value('incoming uri', 'tag', '')}"
        yield "\t    Incoming (Calling) = "
    yield f"\t    Destination = {said.value('destination uri', 'tag', '')}"


def _video(said: _Said) -> Iterator[str]:
    yield f"supported-language = '{said.value('language', 'language', '')}'"
    yield "preemption level = `routine'"
    yield "bandwidth:"
    yield f"\t    maximum = {said.value('bandwidth', 'maximum', '384')} KBits/sec, minimum = 64 KBits/sec"
    yield "voice class called-number:"
    yield "\t    inbound = `', outbound = `'"


def _counters(row: PeerCounters) -> list[str]:
    cause = f"{row.last_cause:<4X}" if row.last_cause is not None else ""
    return [
        "Time elapsed since last clearing of voice call statistics never",
        f"Connect Time = {row.connect_time}, Charged Units = 0,",
        f"Successful Calls = {row.successful}, Failed Calls = {row.failed}, Incomplete Calls = 0",
        f"Accepted Calls = {row.accepted}, Refused Calls = {row.refused},",
        f'Last Disconnect Cause is "{cause}",',
        f'Last Disconnect Text is "{row.last_text}",',
        f"Last Setup Time = {row.last_setup}.",
    ]


def pattern(said: Pattern | None) -> str:
    """A pattern as it was typed, "" for none."""
    return said.text if said is not None else ""


def up(state: bool) -> str:
    return "up" if state else "down"


def enabled(state: bool) -> str:
    return "enabled" if state else "disabled"
