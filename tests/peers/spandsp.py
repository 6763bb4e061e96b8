"""libspandsp's T.38 terminal as the fax machine at the far end: a binding to its C interface, and its datagrams.

Rule: the library keeps T.30 and IFP, this file UDPTL (the library has none), so that no line of ours is on that side.
Its clock is what `step` tells it, its documents are TIFF files. Source: its public headers, version 0.0.6.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path
from typing import Any, Final

SONAME: Final = "libspandsp.so.2"

SAMPLES_PER_S: Final = 8000
COMPLETED: Final = 0

_ALL_SIZES: Final = 0x07 | 0x10000  # 215, 255 and 303 mm wide, of any length
_UP_TO_SUPERFINE: Final = 0x07 | 0x70000
_ADDRESSING: Final = 0x01 | 0x02 | 0x10  # identification, selective polling, subaddressing


class Modems(IntFlag):
    """The families of modulations that the terminal announces and uses."""

    V27TER = 1
    V29 = 2
    V17 = 4


class Compressions(IntFlag):
    MH = 2
    MR = 4
    MMR = 8


@dataclass(frozen=True)
class Settings:
    """What the terminal is told to be; `file` is sent where `sends`, else written."""

    file: Path
    calling: bool
    sends: bool
    ecm: bool = False
    modems: Modems = Modems.V17 | Modems.V29 | Modems.V27TER
    compressions: Compressions = Compressions.MH | Compressions.MR | Compressions.MMR
    identity: str = "spandsp"
    sub_address: str = ""
    facilities: bytes = b""
    """What it says in NSF."""
    version: int = 2
    """T.38's; 0 has the syntax of 1998, which is also where the library begins."""
    min_scan_ms: int = 0
    """The minimum scan line time that it asks its sender for."""
    parity: bool = False
    """Whether its datagrams carry three parities over three packets each, instead of three copies."""


_PACKET_HANDLER = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint8), ctypes.c_int, ctypes.c_int
)
_END_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)

_POINTER, _NUMBER, _TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
_FUNCTIONS: Final[dict[str, tuple[Any, list[Any]]]] = {
    "t38_terminal_init": (_POINTER, [_POINTER, _NUMBER, _PACKET_HANDLER, _POINTER]),
    "t38_terminal_get_t30_state": (_POINTER, [_POINTER]),
    "t38_terminal_get_t38_core_state": (_POINTER, [_POINTER]),
    "t38_terminal_send_timeout": (_NUMBER, [_POINTER, _NUMBER]),
    "t38_terminal_free": (_NUMBER, [_POINTER]),
    "t38_core_rx_ifp_packet": (_NUMBER, [_POINTER, _TEXT, _NUMBER, ctypes.c_uint16]),
    "t38_set_t38_version": (None, [_POINTER, _NUMBER]),
    "t30_set_phase_e_handler": (None, [_POINTER, _END_HANDLER, _POINTER]),
    "t30_set_tx_file": (None, [_POINTER, _TEXT, _NUMBER, _NUMBER]),
    "t30_set_rx_file": (None, [_POINTER, _TEXT, _NUMBER]),
    "t30_set_rx_encoding": (_NUMBER, [_POINTER, _NUMBER]),
    "t30_set_ecm_capability": (_NUMBER, [_POINTER, _NUMBER]),
    "t30_set_supported_compressions": (_NUMBER, [_POINTER, _NUMBER]),
    "t30_set_supported_modems": (_NUMBER, [_POINTER, _NUMBER]),
    "t30_set_supported_resolutions": (_NUMBER, [_POINTER, _NUMBER]),
    "t30_set_supported_image_sizes": (_NUMBER, [_POINTER, _NUMBER]),
    "t30_set_minimum_scan_line_time": (_NUMBER, [_POINTER, _NUMBER]),
    "t30_set_tx_ident": (_NUMBER, [_POINTER, _TEXT]),
    "t30_set_tx_sub_address": (_NUMBER, [_POINTER, _TEXT]),
    "t30_set_tx_nsf": (_NUMBER, [_POINTER, _TEXT, _NUMBER]),
    "t30_set_supported_t30_features": (_NUMBER, [_POINTER, _NUMBER]),
    "t30_get_rx_ident": (_TEXT, [_POINTER]),
    "t30_get_rx_sub_address": (_TEXT, [_POINTER]),
}


class SpandspTerminal:
    """One terminal on one call; `send` gets its datagrams."""

    def __init__(self, library: ctypes.CDLL, settings: Settings, send: Callable[[bytes], None]) -> None:
        self._library = library
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        self.completion: int | None = None
        """The library's code for how the call ended, 0 is well; None while it lasts."""
        self._datagrams = DatagramWriter(settings.parity)
        self._reader = DatagramReader(self._receive)
        self._send = send
        # The library calls these as long as the terminal lives, so they have to be kept.
        self._on_packet = _PACKET_HANDLER(self._packet)
        self._state = library.t38_terminal_init(None, settings.calling, self._on_packet, None)
        self._core = library.t38_terminal_get_t38_core_state(self._state)
        self._t30 = t30 = library.t38_terminal_get_t30_state(self._state)
        library.t38_set_t38_version(self._core, settings.version)
        self._kept = set_up(library, t30, settings, self._ended)

    def step(self, samples: int) -> None:
        """Let `samples` / 8000 s pass."""
        self._library.t38_terminal_send_timeout(self._state, samples)

    def datagram(self, octets: bytes) -> None:
        """A datagram of the far end."""
        self._reader.read(octets)

    def close(self) -> None:
        """Free the library's state."""
        self._library.t38_terminal_free(self._state)

    @property
    def far_identity(self) -> str:
        return (self._library.t30_get_rx_ident(self._t30) or b"").decode()

    @property
    def far_sub_address(self) -> str:
        return (self._library.t30_get_rx_sub_address(self._t30) or b"").decode()

    def _receive(self, sequence: int, packet: bytes) -> None:
        # Gaps in the numbers tell the library what was lost.
        self._library.t38_core_rx_ifp_packet(self._core, packet, len(packet), sequence)

    def _packet(self, core: int, user: int, octets: Any, length: int, count: int) -> int:
        datagram = self._datagrams.write(ctypes.string_at(octets, length))
        for _ in range(count):  # what is short and weighs much it wants to have sent more than once
            self._send(datagram)
        return 0

    def _ended(self, code: int) -> None:
        self.completion = code


def set_up(library: ctypes.CDLL, t30: int, settings: Settings, ended: Callable[[int], object]) -> object:
    """Give the library's T.30 its settings; what is returned has to live as long as it."""
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    on_end = _END_HANDLER(lambda state, user, code: ended(code))
    library.t30_set_phase_e_handler(t30, on_end, None)
    library.t30_set_ecm_capability(t30, settings.ecm)
    library.t30_set_supported_compressions(t30, settings.compressions)
    library.t30_set_rx_encoding(t30, Compressions.MMR)
    library.t30_set_supported_modems(t30, settings.modems)
    library.t30_set_supported_resolutions(t30, _UP_TO_SUPERFINE)
    library.t30_set_supported_image_sizes(t30, _ALL_SIZES)
    library.t30_set_minimum_scan_line_time(t30, settings.min_scan_ms)
    library.t30_set_tx_ident(t30, settings.identity.encode())
    library.t30_set_supported_t30_features(t30, _ADDRESSING)
    if settings.sub_address:
        library.t30_set_tx_sub_address(t30, settings.sub_address.encode())
    if settings.facilities:
        library.t30_set_tx_nsf(t30, settings.facilities, len(settings.facilities))
    file = str(settings.file).encode()
    if settings.sends:
        library.t30_set_tx_file(t30, file, -1, -1)
    else:
        library.t30_set_rx_file(t30, file, -1)
    return on_end


# Packets of this test are shorter than 128 octets: a length is one octet.


class DatagramWriter:
    """Packets to UDPTL as soft switches write it."""

    def __init__(self, parity: bool) -> None:
        self._parity = parity
        self._sent: list[bytes] = []

    def write(self, packet: bytes) -> bytes:
        number = len(self._sent)
        assert len(packet) < 128
        octets = number.to_bytes(2, "big") + bytes((len(packet),)) + packet
        if self._parity:
            octets += bytes((0x80, 1, 3, 3))
            for entry in range(3):
                total, length = 0, 0
                for at in range(number + entry - 9, number + entry, 3):
                    if at >= 0:
                        total ^= int.from_bytes(self._sent[at], "little")
                        length = max(length, len(self._sent[at]))
                octets += bytes((length,)) + total.to_bytes(length, "little")
        else:
            copies = self._sent[-3:][::-1]
            octets += bytes((0, len(copies))) + b"".join(bytes((len(copy),)) + copy for copy in copies)
        self._sent.append(packet)
        return octets


class DatagramReader:
    """UDPTL to packets in order, each once; what is repaired comes before what brought it."""

    def __init__(self, give: Callable[[int, bytes], None]) -> None:
        self._give = give
        self._known: dict[int, bytes] = {}
        self._next = 0

    def read(self, octets: bytes) -> None:
        number, at = int.from_bytes(octets[:2], "big"), 2
        strings = []
        kind = span = count = 0
        primary, at = self._string(octets, at)
        kind, at = octets[at], at + 1
        if kind:
            span, at = octets[at + 1], at + 2
        count, at = octets[at], at + 1
        for _ in range(count):
            string, at = self._string(octets, at)
            strings.append(string)
        assert at == len(octets)
        known = self._known
        if kind:
            for entry, parity in enumerate(strings):
                self._repair(range(number + entry - span * count, number + entry, count), parity)
        else:
            for distance, copy in enumerate(strings, 1):
                known.setdefault(number - distance, copy)
        known[number] = primary
        for missing in range(self._next, number + 1):
            if missing in known:
                self._give(missing, known[missing])
        self._next = max(self._next, number + 1)

    def _repair(self, covered: range, parity: bytes) -> None:
        lost = [number for number in covered if number >= 0 and number not in self._known]
        if len(lost) != 1:
            return
        total = int.from_bytes(parity, "little")
        for number in covered:
            total ^= int.from_bytes(self._known.get(number, b""), "little")
        self._known[lost[0]] = total.to_bytes(len(parity), "little")

    @staticmethod
    def _string(octets: bytes, at: int) -> tuple[bytes, int]:
        length, at = octets[at], at + 1
        assert length < 128
        return octets[at : at + length], at + length
