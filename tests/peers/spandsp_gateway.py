"""libspandsp's T.38 gateway with its fax machine of sound behind it: a far gateway, as a router meets one."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from iosemu.clock import ManualClock
from iosemu.fax import t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import PageFormat
from iosemu.fax.dsp import FaxDsp
from iosemu.fax.events import Finished, Negotiated, PageData, PageEnded, PageStarted
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t38 import Redundancy

from .spandsp import COMPLETED, SAMPLES_PER_S, Compressions, DatagramReader, DatagramWriter, Modems, Settings
from .spandsp_call import COMPRESSIONS, PAGES, read, tiff
from .spandsp_fax import BLOCK, LIMIT_S, SpandspFax

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
class GatewayCall:
    """Our fax machine and the DSP of our gateway, T.38, that gateway; `sends` is "we" or "spandsp"."""

    library: ctypes.CDLL
    directory: Path
    sends: str
    page_format: PageFormat
    ecm: bool = False
    modems: Modems = Modems.V17 | Modems.V29 | Modems.V27TER
    events: list[Any] = field(default_factory=list)
    received: list[t4.CodedPage] = field(default_factory=list)

    def run(self) -> GatewayCall:
        clock, file = ManualClock(), self.directory / "page.tif"
        coded = [t4.encode(bitmap, self.page_format) for bitmap in PAGES]
        theirs = self.sends == "spandsp"
        if theirs:
            file.write_bytes(tiff(coded))
        to_us, to_them = list[bytes](), list[bytes]()
        settings = Settings(
            file,
            calling=theirs,
            sends=theirs,
            ecm=self.ecm,
            modems=self.modems,
            compressions=COMPRESSIONS[self.page_format.coding] | Compressions.MH,
        )
        gateway = SpandspGateway(self.library, settings, to_us.append)
        dsp = FaxDsp(clock, lambda signal: terminal.receive(signal), to_them.append, Redundancy(3, 3))
        profile = Profile("15551234", ecm=self.ecm, codings=frozenset({self.page_format.coding}))
        terminal = FaxTerminal(clock, dsp.from_line, self.events.append, profile)
        octets, page_format = bytearray(), [PageFormat()]

        def on_page(event: object) -> None:
            match event:
                case PageStarted():
                    octets.clear()
                    page_format[0] = event.page_format
                case PageData():
                    octets.extend(event.octets)
                case PageEnded():
                    del self.received[event.index :]
                    self.received.append(t4.read_wire(bytes(octets), page_format[0]))
                    if terminal.judge_page(self.received[-1].quality) and not event.more:
                        terminal.confirm(True)

        if theirs:
            terminal.answer(on_page)
        else:
            terminal.call(PagedDocument([StoredPage(page) for page in coded]))
        blocks = 0
        while clock.now() < LIMIT_S and not (terminal.finished and gateway.machine.ended):
            blocks += 1
            clock.run(blocks * BLOCK / SAMPLES_PER_S)
            while to_them:
                gateway.datagram(to_them.pop(0))
            gateway.step()
            while to_us:
                dsp.from_host(to_us.pop(0))
        self.completion = gateway.machine.ended[0] if gateway.machine.ended else None
        gateway.close()
        self._file = file
        return self

    @property
    def end(self) -> Finished:
        return next(event for event in self.events if isinstance(event, Finished))

    def rates(self) -> list[tuple[str, int]]:
        return [(event.modulation, event.rate_bps) for event in self.events if isinstance(event, Negotiated)]

    def pixels(self) -> list[Bitmap]:
        return [coded.bitmap() for coded in self.received] if self.sends == "spandsp" else read(self._file)

    def assert_delivered(self) -> None:
        assert (self.end.ok, self.end.pages) == (True, len(PAGES)), self.end
        assert self.completion == COMPLETED
        assert self.pixels() == list(PAGES)
