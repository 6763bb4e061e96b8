"""A capture file of a lab's traffic: pcapng blocks of IPv4 packets, T.38 in UDP and SMTP in TCP, as a protocol analyser
would have seen them.

Rule: inside a gateway the datagrams of a fax call cross no wire, so each call is given an address pair of its own:
the DSP module stands at the router's address, the fax media service at a port beside it. Every packet is on disk when
the next one is written; where there is no room for one, the file ends with the one before. Formats: pcapng (Section
Header, Interface Description and Enhanced Packet blocks), RFC 791, RFC 768, RFC 9293.
"""

from __future__ import annotations

import ipaddress
import logging
import struct
from pathlib import Path
from types import TracebackType
from typing import Protocol

from iosemu import __version__
from iosemu.lab.conversation import Address, Segment
from iosemu.voice.voip import FIRST_PORT, LAST_PORT

__all__ = ["Address", "Capture", "Leg", "Recorder", "checksum", "ports_of_call"]

LINKTYPE_RAW_IPV4 = 228  # LINKTYPE_IPV4: packets start with the IP header
SNAP_LENGTH = 65535

HOW_TO_READ = (
    f"T.38 is read with -d udp.port=={FIRST_PORT}-{LAST_PORT + 1},t38"
    " -o t38.use_pre_corrigendum_asn1_specification:FALSE"
)
"""Without the second option an analyser takes the packets for those of T.38 version 0, and most T.30 frames vanish."""

_OPT_END, _OPT_COMMENT, _SHB_APPLICATION, _IF_NAME, _IF_TSRESOL = 0, 1, 4, 2, 9

_UDP, _TCP = 17, 6
_VOICE, _ROUTINE = 0xB8, 0x00  # how IOS marks voice media, and everything else
_WINDOW = 65535

Leg = tuple[str, int]
"""A router's name, and the number of a call leg there."""


class Recorder(Protocol):
    """Whatever takes datagrams as a capture file does; `leg` tells for which call."""

    def packet(
        self, when_s: float, source: Address, destination: Address, payload: bytes, leg: Leg | None = None
    ) -> None: ...


class Capture:
    """An open capture file; `packet` adds one datagram. Raises OSError where the file cannot be written."""

    def __init__(self, path: Path, comment: str) -> None:
        self._path = path
        self._file = path.open("wb", buffering=0)
        self._serial = 0
        options = _option(_OPT_COMMENT, f"{comment}; {HOW_TO_READ}".encode())
        options += _option(_SHB_APPLICATION, f"iosemu {__version__}".encode())
        section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + options + _option(_OPT_END, b"")
        interface = struct.pack("<HHI", LINKTYPE_RAW_IPV4, 0, SNAP_LENGTH)
        interface += _option(_IF_NAME, b"lab") + _option(_IF_TSRESOL, b"\x06") + _option(_OPT_END, b"")
        self._file.write(_block(0x0A0D0D0A, section) + _block(1, interface))

    def packet(
        self, when_s: float, source: Address, destination: Address, payload: bytes, leg: Leg | None = None
    ) -> None:
        """Add a UDP datagram between two (address, port); `when_s` is in seconds since 1970."""
        head = struct.pack("!HHHH", source[1], destination[1], 8 + len(payload), 0)
        self._add(when_s, _VOICE, _UDP, source, destination, head, 6, payload)

    def segment(self, when_s: float, source: Address, destination: Address, payload: bytes, segment: Segment) -> None:
        """Add a TCP segment."""
        numbers = (segment.sequence, segment.acknowledged, 5 << 12 | segment.flags, _WINDOW, 0, 0)
        head = struct.pack("!HHIIHHHH", source[1], destination[1], *numbers)
        self._add(when_s, _ROUTINE, _TCP, source, destination, head, 16, payload)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Capture:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _add(
        self,
        when_s: float,
        service: int,
        protocol: int,
        source: Address,
        destination: Address,
        head: bytes,
        check_at: int,
        payload: bytes,
    ) -> None:
        """Write a packet; the checksum belongs into `head` at `check_at`."""
        addresses = ipaddress.IPv4Address(source[0]).packed + ipaddress.IPv4Address(destination[0]).packed
        pseudo = addresses + struct.pack("!BBH", 0, protocol, len(head) + len(payload))
        check = struct.pack("!H", checksum(pseudo + head + payload) or 0xFFFF)
        body = head[:check_at] + check + head[check_at + 2 :] + payload
        self._serial = (self._serial + 1) & 0xFFFF
        # Version 4, no options, time to live 255.
        length = 20 + len(body)
        ip = struct.pack("!BBHHHBBH", 0x45, service, length, self._serial, 0, 255, protocol, 0) + addresses
        octets = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + body
        micros = round(when_s * 1_000_000)
        block = struct.pack("<IIIII", 0, micros >> 32, micros & 0xFFFFFFFF, length, length)
        self._put(_block(6, block + octets + bytes(-length % 4)))

    def _put(self, block: bytes) -> None:
        """A block as a whole, or it is the end."""
        if self._file.closed:
            return
        at = self._file.tell()
        try:
            whole = self._file.write(block) == len(block)
            why = "no room"
        except OSError as error:
            whole, why = False, (error.strerror or str(error)).lower()
        if not whole:
            self._file.truncate(at)
            self._file.close()
            logging.getLogger(__name__).warning("%s: nothing more is captured: %s", self._path, why)


def ports_of_call(serial: int) -> tuple[int, int]:
    """(DSP, media service) port of the `serial`th call of a router, both even, reused only after some 4,000 calls."""
    first = FIRST_PORT + 4 * (serial % ((LAST_PORT - FIRST_PORT) // 4))
    return first, first + 2


def checksum(octets: bytes) -> int:
    """The Internet checksum, RFC 1071."""
    total: int = sum(struct.unpack(f"!{(len(octets) + 1) // 2}H", octets + bytes(len(octets) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def _block(kind: int, body: bytes) -> bytes:
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)
