"""libspandsp's fax machine of sound, on our G.711 channel: its own modems and T.30 at one end, ours at the other."""

from __future__ import annotations

import ctypes
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
class SoundCall:
    """One call; `sends` is "we" or "spandsp"."""

    library: ctypes.CDLL
    directory: Path
    sends: str
    page_format: PageFormat
    ecm: bool = False
    modems: Modems = Modems.V17 | Modems.V29 | Modems.V27TER
    noise_dbm0: float | None = None
    events: list[Any] = field(default_factory=list)
    received: list[t4.CodedPage] = field(default_factory=list)

    def run(self) -> SoundCall:
        modems, clock, file = audio.load(), ManualClock(), self.directory / "page.tif"
        coded = [t4.encode(bitmap, self.page_format) for bitmap in PAGES]
        theirs = self.sends == "spandsp"
        if theirs:
            file.write_bytes(tiff(coded))
        spandsp = SpandspFax(
            self.library,
            Settings(
                file,
                calling=theirs,
                sends=theirs,
                ecm=self.ecm,
                modems=self.modems,
                compressions=COMPRESSIONS[self.page_format.coding] | Compressions.MH,
            ),
        )
        modulator = audio.Modulator(modems)
        there, back = (audio.Channel(modems, self.noise_dbm0, seed) for seed in (1, 2))
        profile = Profile("15551234", ecm=self.ecm, codings=frozenset({self.page_format.coding}))
        terminal = FaxTerminal(clock, modulator.take, self.events.append, profile)
        demodulator = audio.Demodulator(modems, terminal.receive)
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
        blocks, over_s = 0, LIMIT_S
        while clock.now() < over_s and not (terminal.finished and spandsp.ended):
            blocks += 1
            clock.run(blocks * BLOCK / SAMPLES_PER_S)
            if terminal.finished:
                over_s = min(over_s, clock.now() + HANG_UP_S)
            samples = modulator.samples(BLOCK)
            there.carry(samples)
            answer = spandsp.exchange(samples)
            back.carry(answer)
            demodulator.take(answer)
        self.completion = spandsp.ended[0] if spandsp.ended else None
        spandsp.close()
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
