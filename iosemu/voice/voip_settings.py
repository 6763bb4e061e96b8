"""What the configuration says of calls over IP: the codecs of a dial peer, and how a fax goes.

Rule: a dial peer that says `system` (and says so by itself) does as `voice service voip` says, and where that says
nothing a fax goes by Cisco's own relay. Source: Cisco IOS Voice Command Reference: `fax protocol`, `fax rate`,
`fax-relay`, `modem passthrough`, `codec`, `voice class codec`, `session target`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from iosemu.config.tree import Block, Line

DEFAULT_CODEC: Final = "g729r8"
NSE_PAYLOAD: Final = 100


class FaxProtocol(Enum):
    """`fax protocol`; the value is the keyword."""

    CISCO = "cisco"
    NONE = "none"
    PASS_THROUGH = "pass-through"
    T38 = "t38"


@dataclass(frozen=True, slots=True)
class FaxTransport:
    """`fax protocol` with its words: `codec` is that of pass-through, `low` and `high` the copies of T.38 packets."""

    protocol: FaxProtocol = FaxProtocol.CISCO
    codec: str = "g711ulaw"
    nse: bool = False
    low: int = 0
    high: int = 0
    fallback: FaxProtocol = FaxProtocol.NONE


@dataclass(frozen=True, slots=True)
class Passthrough:
    """`modem passthrough`."""

    codec: str
    payload_type: int = NSE_PAYLOAD


@dataclass(frozen=True, slots=True)
class VoipSettings:
    """The part of a dial peer that only one of VoIP has."""

    sip: bool = False
    """`session protocol sipv2`; else the call is signalled as H.323 has it."""
    codecs: tuple[str, ...] = (DEFAULT_CODEC,)
    """The best first."""
    fax: FaxTransport = FaxTransport()
    relayed: bool = True
    """False with `fax rate disable`."""
    fax_rate_bps: int | None = None
    """None: as fast as the codec lets it."""
    ecm: bool = True
    passthrough: Passthrough | None = None
    vad: bool = True
    sip_server: str = ""
    """`sip-server` of `sip-ua`, which a target of that name stands for."""
    sip_causes: tuple[tuple[int, int], ...] = ()
    """`set sip-status`: status and cause."""
    sip_statuses: tuple[tuple[int, int], ...] = ()
    """`set pstn-cause`: cause and status."""


def read(root: Block, peer: Block) -> VoipSettings:
    """The settings of a VoIP dial peer."""
    service = next(
        (block for block in root.children("voice service") if block.header and "voip" in block.header.tokens), None
    )
    fax = _said(peer, "fax protocol")
    if fax is None or fax.values.get("protocol") == "system":
        fax = _said(service, "fax protocol") if service is not None else None
    rate = str(peer.value("fax rate", "rate"))
    return VoipSettings(
        sip=peer.value("session protocol", "protocol") == "sipv2",
        codecs=_codecs(root, peer),
        fax=_transport(fax),
        relayed=rate != "disable" and not (service is not None and service.value("fax rate", "rate") == "disable"),
        fax_rate_bps=int(rate) if rate.isdecimal() else None,
        ecm=not peer.flag("fax-relay ecm-disable"),
        passthrough=_passthrough(peer, service),
        vad=peer.flag("vad"),
        sip_server=next((str(block.value("sip-server", "address") or "") for block in root.children("sip-ua")), ""),
        sip_causes=_mapped(root, "set sip-status", "status", "cause"),
        sip_statuses=_mapped(root, "set pstn-cause", "cause", "status"),
    )


def _mapped(root: Block, command_id: str, key: str, value: str) -> tuple[tuple[int, int], ...]:
    """What lines of `sip-ua` map."""
    lines = [line for block in root.children("sip-ua") for line in block.all(command_id) if not line.negated]
    return tuple((int(str(line.values[key])), int(str(line.values[value]))) for line in lines)


def _said(block: Block, command_id: str) -> Line | None:
    line = block.get(command_id)
    return line if line is not None and not line.negated else None


def _codecs(root: Block, peer: Block) -> tuple[str, ...]:
    tag = peer.value("voice-class codec", "tag")
    group = root.block("voice class codec", tag=tag) if tag is not None else None
    if group is not None:
        lines = sorted(
            (line for line in group.all("codec preference") if not line.negated),
            key=lambda line: int(str(line.values["order"])),
        )
        if lines:
            return tuple(str(line.values["codec"]) for line in lines)
    return (str(peer.value("codec", "codec") or DEFAULT_CODEC),)


def _transport(line: Line | None) -> FaxTransport:
    if line is None:
        return FaxTransport()
    values = line.values
    protocol = FaxProtocol(str(values["protocol"]))
    fallback = FaxProtocol.NONE
    if protocol is FaxProtocol.T38:
        words = (FaxProtocol.CISCO, FaxProtocol.PASS_THROUGH)
        fallback = next((word for word in words if values.get(word.value)), FaxProtocol.NONE)
    return FaxTransport(
        protocol,
        codec=str(values.get("passed") or values.get("fallback_codec") or "g711ulaw"),
        nse=bool(values.get("nse")),
        low=int(str(values.get("low", 0))),
        high=int(str(values.get("high", 0))),
        fallback=fallback,
    )


def _passthrough(peer: Block, service: Block | None) -> Passthrough | None:
    line = _said(peer, "modem passthrough")
    if line is None:
        return None
    if not line.values.get("codec"):  # `modem passthrough system`
        line = next((one for one in service.all("modem passthrough") if not one.negated), None) if service else None
        if line is None:
            return None
    return Passthrough(str(line.values["codec"]), int(str(line.values.get("payload", NSE_PAYLOAD))))
