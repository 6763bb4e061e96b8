"""Faxes between our terminal and efax, a T.30 engine of another family, both ways and in real time."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CDLL
from pathlib import Path
from typing import Any

import pytest

from iosemu.clock import ManualClock
from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.events import FaxCause, Finished, PageData, PageEnded, PageStarted, RemoteId
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t38 import Redundancy, T38Link
from tests.fax_documents.samples import page

from .efax import STEP_S, EfaxMachine
from .spandsp import SONAME
from .spandsp_call import tiff

pytestmark = pytest.mark.peer

LIMIT_S = 120.0
FORMAT = PageFormat(coding=Coding.MH)
PAGES = (page(60, seed=1), page(45, seed=2))
HEADER_ROWS, HEADER_OVER_ROWS = 20, 4
"""What efax puts in front of a page, and how far its letters reach into the page."""
STRIP_OFFSETS_ENTRY = 0x52
"""Where efax's TIFF files say where their rows begin."""


class Ended(t4.CodedPage):
    """A page whose strip has the return to control at its end: without it efax sends something of its own."""

    def strip(self) -> bytes:
        return super().strip() + bytes.fromhex("001001001001001001")


def run(efax: EfaxMachine, clock: ManualClock, out: list[bytes], *, ring: bool) -> tuple[int, str]:
    """efax's exit code and log; `out` is what our link has for it."""
    steps = 0
    while efax.step() and steps * STEP_S < LIMIT_S:
        steps += 1
        if ring and not efax.off_hook and steps % 100 == 50:
            efax.ring()
        clock.run(steps * STEP_S)
        while out:
            efax.datagram(out.pop(0))
    return efax.close(), efax.log.read_text("latin-1")


def test_efax_receives_two_pages_bit_for_bit(need: Callable[[str], str], need_library: Any, tmp_path: Path) -> None:
    library: CDLL = need_library(SONAME)
    clock, events, out = ManualClock(), list[Any](), list[bytes]()
    link = T38Link(out.append, lambda signal: terminal.receive(signal), Redundancy(3, 3))
    terminal = FaxTerminal(clock, link.signal, events.append, Profile("15551234"))
    document = PagedDocument([StoredPage(t4.encode(bitmap, FORMAT)) for bitmap in PAGES])
    efax = EfaxMachine(library, need("efax"), ["-r", "page"], tmp_path, link.datagram, lambda: terminal.call(document))
    code, log = run(efax, clock, out, ring=True)
    assert code == 0, log
    ended = next(event for event in events if isinstance(event, Finished))
    assert (ended.ok, ended.pages) == (True, 2)
    assert RemoteId("CSI", "efax") in events
    assert "received 60 lines, 0 errors" in log
    assert "received 45 lines, 0 errors" in log
    # Behind a modem that it does not know it leaves its file without the sizes, so that only the rows can be read.
    file = (tmp_path / "page.001").read_bytes()
    start = int.from_bytes(file[STRIP_OFFSETS_ENTRY + 8 : STRIP_OFFSETS_ENTRY + 12], "little")
    assert t4.read(file[start:], FORMAT).bitmap().octets == b"".join(bitmap.octets for bitmap in PAGES)


def test_efax_sends_two_pages_bit_for_bit(need: Callable[[str], str], need_library: Any, tmp_path: Path) -> None:
    """Each page under a header line that it stamps itself, and which reaches over the first rows."""
    library: CDLL = need_library(SONAME)
    clock, events, out, octets, received = ManualClock(), list[Any](), list[bytes](), bytearray(), list[t4.CodedPage]()

    def take(event: object) -> None:
        match event:
            case PageStarted():
                octets.clear()
            case PageData(data):
                octets.extend(data)
            case PageEnded(_, more):
                received.append(t4.read_wire(bytes(octets), FORMAT))
                if not more:
                    terminal.confirm(True)

    link = T38Link(out.append, lambda signal: terminal.receive(signal), Redundancy(3, 3))
    terminal = FaxTerminal(clock, link.signal, events.append, Profile("15551234"))
    names = []
    for number, bitmap in enumerate(PAGES):
        coded = t4.encode(bitmap, FORMAT)
        names.append(f"sent{number}.tif")
        (tmp_path / names[-1]).write_bytes(tiff([Ended(coded.page_format, coded.rows, coded.octets, coded.bits)]))
    efax = EfaxMachine(
        library, need("efax"), ["-t", "T5551234", *names], tmp_path, link.datagram, lambda: terminal.answer(take)
    )
    code, log = run(efax, clock, out, ring=False)
    assert code == 0, log
    ended = next(event for event in events if isinstance(event, Finished))
    assert (ended.ok, ended.cause, ended.pages) == (True, FaxCause.OK, 2)
    assert RemoteId("TSI", "efax") in events
    for coded, bitmap in zip(received, PAGES, strict=True):
        assert coded.damage.bad_rows == 0
        assert coded.rows == HEADER_ROWS + bitmap.rows
        rows, sent = coded.bitmap(), bitmap.octets[HEADER_OVER_ROWS * bitmap.stride :]
        assert rows.octets[-len(sent) :] == sent
