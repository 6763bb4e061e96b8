"""libspandsp's T.38 gateway with its fax machine of sound behind it: a far gateway, as a router meets one."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from iosemu.fax.dsp import FaxDsp
from iosemu.fax.t30 import FaxTerminal
from iosemu.fax.t38 import Redundancy

from .spandsp import DatagramReader, DatagramWriter, Settings
from .spandsp_fax import BLOCK, MachineCall, SpandspFax

_POINTER, _NUMBER = ctypes.c_void_p, ctypes.c_int
_PACKET_HANDLER = ctypes.CFUNCTYPE(_NUMBER, _POINTER, _POINTER, ctypes.POINTER(ctypes.c_uint8), _NUMBER, _NUMBER)
_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "t38_gateway_init": (_POINTER, [_POINTER, _PACKET_HANDLER, _POINTER]),
    "t38_gateway_get_t38_core_state": (_POINTER, [_POINTER]),
    "t38_gateway_set_transmit_on_idle": (None, [_POINTER, _NUMBER]),
    "t38_gateway_set_supported_modems": (None, [_POINTER, _NUMBER]),
    "t38_gateway_set_ecm_capability": (None, [_POINTER, _NUMBER]),
    "t38_gateway_rx": (_NUMBER, [_POINTER, _POINTER, _NUMBER]),
    "t38_gateway_tx": (_NUMBER, [_POINTER, _POINTER, _NUMBER]),
    "t38_gateway_free": (_NUMBER, [_POINTER]),
    "t38_core_rx_ifp_packet": (_NUMBER, [_POINTER, ctypes.c_char_p, _NUMBER, ctypes.c_uint16]),
    "t38_set_t38_version": (None, [_POINTER, _NUMBER]),
}


class SpandspGateway:
    """A gateway and the machine on its line; `send` gets datagrams."""

    def __init__(self, library: ctypes.CDLL, settings: Settings, send: Callable[[bytes], None]) -> None:
        self.machine = SpandspFax(library, settings)
        self._library, self._send = library, send
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        self._writer, self._reader = DatagramWriter(settings.parity), DatagramReader(self._receive)
        self._on_packet = _PACKET_HANDLER(self._packet)  # the library calls it as long as the gateway lives
        self._state = library.t38_gateway_init(None, self._on_packet, None)
        self._core = library.t38_gateway_get_t38_core_state(self._state)
        library.t38_set_t38_version(self._core, settings.version)
        library.t38_gateway_set_transmit_on_idle(self._state, True)
        library.t38_gateway_set_supported_modems(self._state, settings.modems)
        library.t38_gateway_set_ecm_capability(self._state, settings.ecm)

    def step(self) -> None:
        """20 ms of both ends of its line."""
        heard = (ctypes.c_int16 * BLOCK)()
        self._library.t38_gateway_tx(self._state, heard, BLOCK)
        said = self.machine.exchange(heard)
        self._library.t38_gateway_rx(self._state, said, BLOCK)

    def datagram(self, octets: bytes) -> None:
        self._reader.read(octets)

    def close(self) -> None:
        self._library.t38_gateway_free(self._state)
        self.machine.close()

    def _receive(self, sequence: int, packet: bytes) -> None:
        self._library.t38_core_rx_ifp_packet(self._core, packet, len(packet), sequence)

    def _packet(self, core: int, user: int, octets: Any, length: int, count: int) -> int:
        datagram = self._writer.write(ctypes.string_at(octets, length))
        for _ in range(count):
            self._send(datagram)
        return 0


@dataclass
class GatewayCall(MachineCall):
    """The DSP of our gateway, T.38, that gateway."""

    def _connect(self) -> tuple[FaxTerminal, SpandspFax, Callable[[], None]]:
        to_us, to_them = list[bytes](), list[bytes]()
        self._gateway = gateway = SpandspGateway(self.library, self.settings, to_us.append)
        dsp = FaxDsp(self.clock, lambda signal: terminal.receive(signal), to_them.append, Redundancy(3, 3))
        terminal = FaxTerminal(self.clock, dsp.from_line, self.events.append, self.profile)

        def exchange() -> None:
            while to_them:
                gateway.datagram(to_them.pop(0))
            gateway.step()
            while to_us:
                dsp.from_host(to_us.pop(0))

        return terminal, gateway.machine, exchange

    def _close(self) -> None:
        self._gateway.close()
