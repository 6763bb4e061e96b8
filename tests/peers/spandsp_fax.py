"""libspandsp's fax machine of sound, on our G.711 channel: its own modems and T.30 at one end, ours at the other."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from iosemu.clock import ManualClock
from iosemu.fax import audio, t4
from iosemu.fax.audio.library import Samples
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import PageFormat
from iosemu.fax.events import Finished, Negotiated, PageData, PageEnded, PageStarted
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.t30 import FaxTerminal, Profile

from .spandsp import COMPLETED, SAMPLES_PER_S, Compressions, Modems, Settings, set_up
from .spandsp_call import COMPRESSIONS, PAGES, read, tiff

BLOCK = 160
LIMIT_S = 300.0
HANG_UP_S = 5.0

_POINTER, _NUMBER = ctypes.c_void_p, ctypes.c_int
_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "fax_init": (_POINTER, [_POINTER, _NUMBER]),
    "fax_get_t30_state": (_POINTER, [_POINTER]),
    "fax_set_transmit_on_idle": (None, [_POINTER, _NUMBER]),
    "fax_rx": (_NUMBER, [_POINTER, _POINTER, _NUMBER]),
    "fax_tx": (_NUMBER, [_POINTER, _POINTER, _NUMBER]),
    "fax_free": (_NUMBER, [_POINTER]),
}


class SpandspFax:
    """One machine on one call; who calls is who sends."""

    def __init__(self, library: ctypes.CDLL, settings: Settings) -> None:
        self._library = library
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        self._state = library.fax_init(None, settings.calling)
        library.fax_set_transmit_on_idle(self._state, True)
        self.ended: list[int] = []
        """The library's code for how the call ended, once it has."""
        self._kept = set_up(library, library.fax_get_t30_state(self._state), settings, self.ended.append)

    def exchange(self, heard: Samples) -> Samples:
        """What it says while it hears this."""
        self._library.fax_rx(self._state, heard, len(heard))
        said = (ctypes.c_int16 * len(heard))()
        self._library.fax_tx(self._state, said, len(said))
        return said

    def close(self) -> None:
        self._library.fax_free(self._state)


@dataclass
class MachineCall:
    """One call between our terminal and the library's machine; who calls is who sends: `sends` is "we" or "spandsp".

    A subclass says what is between the two, in `_connect`.
    """

    library: ctypes.CDLL
    directory: Path
    sends: str
    page_format: PageFormat
    ecm: bool = False
    modems: Modems = Modems.V17 | Modems.V29 | Modems.V27TER
    events: list[Any] = field(default_factory=list, kw_only=True)
    received: list[t4.CodedPage] = field(default_factory=list, kw_only=True)

    def __post_init__(self) -> None:
        self.clock = ManualClock()
        self.profile = Profile("15551234", ecm=self.ecm, codings=frozenset({self.page_format.coding}))
        self.settings = Settings(
            self.directory / "page.tif",
            calling=self.sends == "spandsp",
            sends=self.sends == "spandsp",
            ecm=self.ecm,
            modems=self.modems,
            compressions=COMPRESSIONS[self.page_format.coding] | Compressions.MH,
        )
        self._page = bytearray()
        self._format = PageFormat()

    def run(self) -> MachineCall:
        coded = [t4.encode(bitmap, self.page_format) for bitmap in PAGES]
        if self.settings.sends:
            self.settings.file.write_bytes(tiff(coded))
        self._terminal, machine, exchange = self._connect()
        if self.settings.sends:
            self._terminal.answer(self._on_page)
        else:
            self._terminal.call(PagedDocument([StoredPage(page) for page in coded]))
        blocks, over_s = 0, LIMIT_S
        while self.clock.now() < over_s and not (self._terminal.finished and machine.ended):
            blocks += 1
            self.clock.run(blocks * BLOCK / SAMPLES_PER_S)
            if self._terminal.finished:
                over_s = min(over_s, self.clock.now() + HANG_UP_S)
            exchange()
        self.completion = machine.ended[0] if machine.ended else None
        self._close()
        return self

    def _connect(self) -> tuple[FaxTerminal, SpandspFax, Callable[[], None]]:
        """Our terminal, the machine, and what lets 20 ms of both pass."""
        raise NotImplementedError

    def _close(self) -> None:
        """Free what is the library's."""
        raise NotImplementedError

    def _on_page(self, event: object) -> None:
        match event:
            case PageStarted():
                self._page.clear()
                self._format = event.page_format
            case PageData():
                self._page.extend(event.octets)
            case PageEnded():
                del self.received[event.index :]
                self.received.append(t4.read_wire(bytes(self._page), self._format))
                if self._terminal.judge_page(self.received[-1].quality) and not event.more:
                    self._terminal.confirm(True)

    @property
    def end(self) -> Finished:
        return next(event for event in self.events if isinstance(event, Finished))

    def rates(self) -> list[tuple[str, int]]:
        return [(event.modulation, event.rate_bps) for event in self.events if isinstance(event, Negotiated)]

    def pixels(self) -> list[Bitmap]:
        return [coded.bitmap() for coded in self.received] if self.settings.sends else read(self.settings.file)

    def assert_delivered(self) -> None:
        assert (self.end.ok, self.end.pages) == (True, len(PAGES)), self.end
        assert self.completion == COMPLETED
        assert self.pixels() == list(PAGES)


@dataclass
class SoundCall(MachineCall):
    """Sound on a line with noise."""

    noise_dbm0: float | None = None

    def _connect(self) -> tuple[FaxTerminal, SpandspFax, Callable[[], None]]:
        modems = audio.load()
        self._machine = machine = SpandspFax(self.library, self.settings)
        modulator = audio.Modulator(modems)
        there, back = (audio.Channel(modems, self.noise_dbm0, seed) for seed in (1, 2))
        terminal = FaxTerminal(self.clock, modulator.take, self.events.append, self.profile)
        demodulator = audio.Demodulator(modems, terminal.receive)

        def exchange() -> None:
            samples = modulator.samples(BLOCK)
            there.carry(samples)
            answer = machine.exchange(samples)
            back.carry(answer)
            demodulator.take(answer)

        return terminal, machine, exchange

    def _close(self) -> None:
        self._machine.close()
