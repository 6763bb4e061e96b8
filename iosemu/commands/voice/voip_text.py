"""The parts of `show call active|history fax|voice` that tell of a leg over IP, in the form of 12.2(15)T.

Rule: as in `call_text`: every figure is read from frozen leg records. What the emulated network does not have (jitter,
levels) prints as on an idle network. Source: Cisco IOS Voice Command Reference, chapter s, samples.
"""

from __future__ import annotations

from collections.abc import Iterator

from iosemu.voice.legs import LegRecord, Voip

_DELAYS = "rtt:0ms pl:0/0ms lost:0/0/0\n  delay:0/0/0ms"


def protocol(voip: Voip) -> str:
    """`SessionProtocol`."""
    return "sipv2" if voip.sip else "cisco"


def line(voip: Voip) -> str:
    """The second and third lines of a leg in the brief forms."""
    return f"IP {voip.media}:{voip.media_port} {_DELAYS} {voip.codec}\n"


def address(voip: Voip) -> str:
    """The last column of the compact form."""
    return f"{voip.media}:{voip.media_port}"


def block(leg: LegRecord, voip: Voip, identity: str, voice_ms: int) -> Iterator[str]:
    """The VOIP block of the long forms; `voice_ms` is how long there was voice."""
    yield "VOIP:"
    yield f"ConnectionId{identity}"
    yield f"IncomingConnectionId{identity}"
    yield f"CallID={leg.call_id}"
    yield f"RemoteIPAddress={voip.media}"
    yield f"RemoteUDPPort={voip.media_port}"
    yield f"RemoteSignallingIPAddress={voip.remote}"
    yield f"RemoteSignallingPort={voip.remote_port}"
    yield f"RemoteMediaIPAddress={voip.media}"
    yield f"RemoteMediaPort={voip.media_port}"
    yield "RoundTripDelay=0 ms"
    yield "SelectedQoS=best-effort"
    yield "tx_DtmfRelay=inband-voice"
    yield f"FastConnect={'FALSE' if voip.sip else 'TRUE'}"
    yield "AnnexE=FALSE"
    yield "Separate H245 Connection=FALSE"
    yield "H245 Tunneling=FALSE"
    yield f"SessionProtocol={protocol(voip)}"
    yield f"ProtocolCallId={voip.protocol_call_id}"
    yield f"SessionTarget={voip.target}"
    yield f"OnTimeRvPlayout={voice_ms}"
    for kind in ("Silence", "Prediction", "Interpolation", "Redundancy"):
        yield f"GapFillWith{kind}=0 ms"
    yield "HiWaterPlayoutDelay=0 ms"
    yield "LoWaterPlayoutDelay=0 ms"
    yield "ReceiveDelay=0 ms"
    yield "LostPackets=0"
    yield "EarlyPackets=0"
    yield "LatePackets=0"
    yield f"VAD = {'enabled' if voip.vad and voip.speech else 'disabled'}"
    yield f"CoderTypeRate={voip.codec}"
    yield f"CodecBytes={voip.codec_octets}"
    if not voip.speech:
        yield f"FaxRate={voip.rate_bps} bps"
        yield f"ImgPages={voip.pages}"
