"""The voice codecs of dial peers, by the keyword of `codec`.

Rule: a codec of 64 kbit/s keeps every modem whole, one that is made for voices keeps tones and V.21 alone. Source: RFC
3551 and what is free to choose (payload types and names), Cisco, fax pass-through configuration guides (G.711 with echo
cancelling off, no low bit rate codec); rates at which G.726 and G.728 still carry a modem: ITU-T G.726 appendix II,
G.728. The thresholds between are inferred.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from iosemu.fax.line import Modulation


class Codec(NamedTuple):
    """`name` is that of SDP, `octets` go in a packet (`CodecBytes`), `fastest_bps` is the fastest modem it keeps."""

    payload_type: int
    name: str
    octets: int = 40
    fastest_bps: int = Modulation.V21.rate_bps


CODECS: Final = {
    "g711ulaw": Codec(0, "PCMU", 160, 14400),
    "g711alaw": Codec(8, "PCMA", 160, 14400),
    "g726r32": Codec(2, "G726-32", fastest_bps=4800),
    "g726r24": Codec(120, "G726-24", fastest_bps=2400),
    "g726r16": Codec(121, "G726-16"),
    "g728": Codec(15, "G728", fastest_bps=2400),
    "g729r8": Codec(18, "G729", 20),
    "g729br8": Codec(18, "G729", 20),
    "g723r63": Codec(4, "G723"),
    "g723r53": Codec(4, "G723"),
    "g723ar63": Codec(4, "G723"),
    "g723ar53": Codec(4, "G723"),
    "gsmfr": Codec(3, "GSM"),
    "gsmefr": Codec(119, "GSM-EFR"),
    "clear-channel": Codec(125, "X-CCD", 160, 14400),
}
_UNKNOWN: Final = Codec(0, "PCMU")


def codec_of(keyword: str) -> Codec:
    """The codec of a keyword. Of one that stands for none (`transparent`, or "" before one is agreed upon) nothing is
    known: it goes as mu-law, and only V.21 comes through."""
    return CODECS.get(keyword, _UNKNOWN)
