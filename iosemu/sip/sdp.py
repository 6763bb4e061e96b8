"""Session descriptions, as far as calls with G.711 and T.38 need them.

Rule: a description that cannot be read is refused as a whole; a line that nobody here asks for is left alone. Source:
RFC 4566, RFC 3264 (offer and answer), RFC 3551 (payload types), ITU-T T.38 Annex D (T38Fax attributes; their values
say what the one who writes them takes, but version, rate management and error correction, which both sides share).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from iosemu.network import Endpoint

T38: Final = "udptl"
"""The transport of a T.38 medium; its only format is `t38`."""


class BadSdp(Exception):
    """Octets that are no session description."""


class Codec(Enum):
    """What a voice call is coded with; the value is (payload type, name, clock rate)."""

    PCMU = (0, "PCMU", 8000)
    PCMA = (8, "PCMA", 8000)
    G729 = (18, "G729", 8000)

    @property
    def payload_type(self) -> int:
        return self.value[0]

    @property
    def rtpmap(self) -> str:
        payload_type, name, rate = self.value
        return f"{payload_type} {name}/{rate}"


_CODECS: Final = {codec.payload_type: codec for codec in Codec}


@dataclass(frozen=True, slots=True)
class T38Parameters:
    """The T38Fax attributes of one side; what the other left out has the default of Annex D."""

    version: int = 0
    max_bit_rate: int = 14400
    transferred_tcf: bool = True
    """T38FaxRateManagement: the training check goes over the network; else each side makes its own (localTCF)."""
    max_buffer: int = 1800
    max_datagram: int = 320
    fec: bool = False
    """T38FaxUdpEC: parities instead of copies."""

    def lines(self) -> list[str]:
        management = "transferredTCF" if self.transferred_tcf else "localTCF"
        return [
            f"T38FaxVersion:{self.version}",
            f"T38MaxBitRate:{self.max_bit_rate}",
            f"T38FaxRateManagement:{management}",
            f"T38FaxMaxBuffer:{self.max_buffer}",
            f"T38FaxMaxDatagram:{self.max_datagram}",
            f"T38FaxUdpEC:{'t38UDPFEC' if self.fec else 't38UDPRedundancy'}",
        ]

    def answer(self, offered: T38Parameters) -> T38Parameters:
        """What we say to an offer: the lower version and rate, error correction as offered, our own buffers."""
        return replace(
            self,
            version=min(self.version, offered.version),
            max_bit_rate=min(self.max_bit_rate, offered.max_bit_rate),
            transferred_tcf=True,
            fec=offered.fec,
        )

    def copies(self, packet_octets: int, wanted: int) -> int:
        """How many copies of earlier packets of that size a datagram for this side has room for, at most `wanted`."""
        room = self.max_datagram - 5 - packet_octets
        return max(0, min(wanted, room // (packet_octets + 1)))


@dataclass(frozen=True, slots=True)
class Medium:
    """One `m=` line with what belongs to it; a port of 0 refuses it. `attributes` are those without a field of their
    own."""

    kind: str
    port: int
    transport: str
    formats: tuple[str, ...]
    address: str = ""
    """Its `c=` line, or that of the session."""
    attributes: tuple[str, ...] = ()

    @property
    def is_t38(self) -> bool:
        return self.kind == "image" and self.transport.lower() == T38 and "t38" in map(str.lower, self.formats)

    @property
    def is_audio(self) -> bool:
        return self.kind == "audio" and self.transport.upper() in ("RTP/AVP", "RTP/AVPF")

    @property
    def endpoint(self) -> Endpoint:
        return self.address, self.port

    @property
    def codecs(self) -> tuple[Codec, ...]:
        """Those of its formats that are known, the best first."""
        found = (_CODECS.get(int(text)) for text in self.formats if text.isdecimal() and len(text) < 4)
        return tuple(codec for codec in found if codec is not None)

    @property
    def t38(self) -> T38Parameters:
        """The T38Fax attributes."""
        texts = dict(_split(line) for line in self.attributes)
        known = {name.lower(): value for name, value in texts.items()}
        default = T38Parameters()

        def number(name: str, otherwise: int) -> int:
            text = known.get(name.lower(), "")
            return int(text) if text.isdecimal() and len(text) < 10 else otherwise

        return T38Parameters(
            version=min(number("T38FaxVersion", 0), 3),
            max_bit_rate=number("T38MaxBitRate", default.max_bit_rate),
            transferred_tcf=known.get("t38faxratemanagement", "transferredTCF").lower() != "localtcf",
            max_buffer=number("T38FaxMaxBuffer", default.max_buffer),
            max_datagram=number("T38FaxMaxDatagram", default.max_datagram),
            fec=known.get("t38faxudpec", "").lower() == "t38udpfec",
        )


def audio(endpoint: Endpoint, codecs: tuple[Codec, ...]) -> Medium:
    """Voice in one of some codecs."""
    formats = tuple(str(codec.payload_type) for codec in codecs)
    attributes = (*(f"rtpmap:{codec.rtpmap}" for codec in codecs), "ptime:20")
    return Medium("audio", endpoint[1], "RTP/AVP", formats, endpoint[0], attributes)


def t38(endpoint: Endpoint, parameters: T38Parameters) -> Medium:
    """A fax over UDPTL."""
    return Medium("image", endpoint[1], T38, ("t38",), endpoint[0], tuple(parameters.lines()))


def refused(medium: Medium) -> Medium:
    """The answer to a medium that is not wanted (RFC 3264 clause 6)."""
    return replace(medium, port=0, attributes=())


@dataclass(frozen=True, slots=True)
class Session:
    """A description; `version` grows with each change that its author makes."""

    address: str
    media: tuple[Medium, ...]
    session_id: int = 1
    version: int = 1
    user: str = "-"
    name: str = "-"
    attributes: tuple[str, ...] = field(default=())

    @property
    def t38(self) -> Medium | None:
        """The first T.38 medium that is not refused."""
        return next((medium for medium in self.media if medium.is_t38 and medium.port), None)

    @property
    def audio(self) -> Medium | None:
        """The first voice that is not refused."""
        return next((medium for medium in self.media if medium.is_audio and medium.port), None)

    def encode(self) -> bytes:
        lines = [
            "v=0",
            f"o={self.user} {self.session_id} {self.version} IN IP4 {self.address}",
            f"s={self.name}",
            f"c=IN IP4 {self.address}",
            "t=0 0",
            *(f"a={text}" for text in self.attributes),
        ]
        for medium in self.media:
            lines.append(f"m={medium.kind} {medium.port} {medium.transport} {' '.join(medium.formats)}")
            if medium.address not in ("", self.address):
                lines.append(f"c=IN IP4 {medium.address}")
            lines += [f"a={text}" for text in medium.attributes]
        return "".join(f"{line}\r\n" for line in lines).encode()


def parse(octets: bytes) -> Session:
    """Read a description; raises BadSdp."""
    try:
        lines = [line for line in octets.decode("utf-8").replace("\r\n", "\n").split("\n") if line]
    except UnicodeDecodeError:
        raise BadSdp("not a text") from None
    if not lines or lines[0] != "v=0":
        raise BadSdp("no version line")
    session_address, user, session_id, version, name = "", "-", 1, 1, "-"
    attributes: list[str] = []
    media: list[Medium] = []
    for line in lines[1:]:
        kind, equals, value = line.partition("=")
        if not equals or len(kind) != 1:
            raise BadSdp(f"a line without a type: {line!r}")
        match kind:
            case "o":
                user, session_id, version = _origin(value)
            case "s":
                name = value
            case "c" if media:
                media[-1] = replace(media[-1], address=_address(value))
            case "c":
                session_address = _address(value)
            case "m":
                media.append(_medium(value))
            case "a" if media:
                media[-1] = replace(media[-1], attributes=(*media[-1].attributes, value))
            case "a":
                attributes.append(value)
    media = [medium if medium.address else replace(medium, address=session_address) for medium in media]
    if any(medium.port and not medium.address for medium in media):
        raise BadSdp("a medium without an address")
    return Session(session_address, tuple(media), session_id, version, user, name, tuple(attributes))


def _split(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _origin(value: str) -> tuple[str, int, int]:
    words = value.split()
    if len(words) != 6 or not all(text.isdecimal() and len(text) < 21 for text in words[1:3]):
        raise BadSdp("a bad origin line")
    return words[0], int(words[1]), int(words[2])


def _address(value: str) -> str:
    words = value.split()
    if len(words) != 3 or words[0] != "IN":
        raise BadSdp("a bad connection line")
    return words[2].partition("/")[0]


def _medium(value: str) -> Medium:
    words = value.split()
    port = words[1].partition("/")[0] if len(words) > 3 else ""
    if not port.isdecimal() or len(port) > 5 or int(port) > 0xFFFF:
        raise BadSdp("a bad media line")
    return Medium(words[0], int(port), words[2], tuple(words[3:]))
