"""efax as a fax machine, called or calling: its T.30 on a pseudo-terminal, a Class 1 modem of libspandsp under it, T.38
to us.

Rule: everything runs in real time, since efax reads its own watch. The modem is only a modem here: its T.31 engine
speaks no T.30. It keeps 4 kB of a page and drops what comes while it says that it is not clear to send, so nothing is
read from efax then. Source: ITU-T T.31; the library's public headers, version 0.0.6.
"""

from __future__ import annotations

import ctypes
import os
import pty
import subprocess
import time
import tty
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from .spandsp import SAMPLES_PER_S, DatagramReader, DatagramWriter

STEP_S: Final = 0.02
_CALL, _ANSWER, _CLEAR_TO_SEND = 0, 1, 7  # what a modem asks of its line, and says to who types
_ALERTING, _CONNECTED, _ANSWERED = 1, 2, 3  # what it is told of the line
_TYPED_AT_ONCE: Final = 256

_AT_HANDLER = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint8), ctypes.c_size_t
)
# The last argument is a text or a small number, as the operation wants it.
_CONTROL_HANDLER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_PACKET_HANDLER = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint8), ctypes.c_int, ctypes.c_int
)
_ONE_FIELD_OF_PAGE_DATA: Final = b"\x01\xb0"
_REVERSED: Final = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))

_POINTER, _NUMBER = ctypes.c_void_p, ctypes.c_int
_FUNCTIONS: Final[dict[str, tuple[Any, list[Any]]]] = {
    "t31_init": (
        _POINTER,
        [_POINTER, _AT_HANDLER, _POINTER, _CONTROL_HANDLER, _POINTER, _PACKET_HANDLER, _POINTER],
    ),
    "t31_set_mode": (None, [_POINTER, _NUMBER]),
    "t31_get_t38_core_state": (_POINTER, [_POINTER]),
    "t31_call_event": (None, [_POINTER, _NUMBER]),
    "t31_at_rx": (_NUMBER, [_POINTER, ctypes.c_char_p, _NUMBER]),
    "t31_t38_send_timeout": (_NUMBER, [_POINTER, _NUMBER]),
    "t31_free": (_NUMBER, [_POINTER]),
    "t38_core_rx_ifp_packet": (_NUMBER, [_POINTER, ctypes.c_char_p, _NUMBER, ctypes.c_uint16]),
    "t38_set_t38_version": (None, [_POINTER, _NUMBER]),
}


class EfaxMachine:
    """efax with its modem; `send` gets datagrams, `lifted` is called when it goes off-hook to answer or to dial."""

    def __init__(
        self,
        library: ctypes.CDLL,
        program: str,
        arguments: Sequence[str],
        folder: Path,
        send: Callable[[bytes], None],
        lifted: Callable[[], None],
    ) -> None:
        self._library, self._send, self._lifted = library, send, lifted
        for name, (result, types) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, types
        self._writer = DatagramWriter(parity=False)
        self._reader = DatagramReader(self._packet_in)
        self._handlers = _AT_HANDLER(self._at_out), _CONTROL_HANDLER(self._control), _PACKET_HANDLER(self._packet_out)
        at, control, packet = self._handlers
        self.off_hook = False
        self._clear_to_send = True
        self._events: list[int] = []
        self._terminal, other = pty.openpty()
        tty.setraw(other)
        os.set_blocking(self._terminal, False)
        self._state = library.t31_init(None, at, None, control, None, packet, None)
        library.t31_set_mode(self._state, 1)
        self._core = library.t31_get_t38_core_state(self._state)
        library.t38_set_t38_version(self._core, 3)
        self.log = folder / "efax.log"
        command = [program, "-d", os.ttyname(other), "-o1", "-c1,5,0,2,0,0,0,0", "-lefax", "-vewinchamr", *arguments]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        self._other = other
        self._begun, self._steps = time.monotonic(), 0

    def ring(self) -> None:
        self._library.t31_call_event(self._state, _ALERTING)

    def datagram(self, octets: bytes) -> None:
        self._reader.read(octets)

    def step(self) -> bool:
        """Wait for the next step's time, then work; says whether efax still runs."""
        time.sleep(max(0.0, self._begun + self._steps * STEP_S - time.monotonic()))
        self._steps += 1
        while self._clear_to_send and (typed := self._typed()):
            self._library.t31_at_rx(self._state, typed, len(typed))
        while self._events:
            self._library.t31_call_event(self._state, self._events.pop(0))
        self._library.t31_t38_send_timeout(self._state, round(STEP_S * SAMPLES_PER_S))
        return self._process.poll() is None

    def _typed(self) -> bytes:
        try:
            return os.read(self._terminal, _TYPED_AT_ONCE)
        except BlockingIOError:
            return b""

    def close(self) -> int:
        """efax's exit code."""
        if self._process.poll() is None:
            self._process.kill()
        code = self._process.wait()
        os.close(self._terminal)
        os.close(self._other)
        self._library.t31_free(self._state)
        return code

    def _at_out(self, state: int, user: int, octets: Any, length: int) -> int:
        os.write(self._terminal, ctypes.string_at(octets, length))
        return 0

    def _control(self, state: int, user: int, operation: int, text: int | None) -> int:
        if operation in (_CALL, _ANSWER):
            self.off_hook = True
            self._events.append(_ANSWERED if operation == _ANSWER else _CONNECTED)
            self._lifted()
        elif operation == _CLEAR_TO_SEND:
            self._clear_to_send = bool(text)
        return 0

    def _packet_out(self, core: int, user: int, octets: Any, length: int, count: int) -> int:
        datagram = self._writer.write(ctypes.string_at(octets, length))
        for _ in range(count):
            self._send(datagram)
        return 0

    def _packet_in(self, sequence: int, packet: bytes) -> None:
        if packet[1:3] == _ONE_FIELD_OF_PAGE_DATA:
            # Unlike the library's terminal, its T.31 engine gives the octets of pages the wrong way round.
            packet = packet[:5] + packet[5:].translate(_REVERSED)
        self._library.t38_core_rx_ifp_packet(self._core, packet, len(packet), sequence)
