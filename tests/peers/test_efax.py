"""A fax from our terminal to efax, a T.30 engine of another family, in real time."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CDLL
from pathlib import Path
from typing import Any

import pytest

from iosemu.clock import ManualClock
from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.events import Finished, RemoteId
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t38 import Redundancy, T38Link
from tests.fax_documents.samples import page

from .efax import STEP_S, EfaxMachine
from .spandsp import SONAME

pytestmark = pytest.mark.peer

LIMIT_S = 120.0
FORMAT = PageFormat(coding=Coding.MH)
PAGES = (page(60, seed=1), page(45, seed=2))
STRIP_OFFSETS_ENTRY = 0x52
"""Where efax's TIFF files say where their rows begin."""


def test_efax_receives_two_pages_bit_for_bit(need: Callable[[str], str], need_library: Any, tmp_path: Path) -> None:
    library: CDLL = need_library(SONAME)
    clock, events, out = ManualClock(), list[Any](), list[bytes]()
    link = T38Link(out.append, lambda signal: terminal.receive(signal), Redundancy(3, 3))
    terminal = FaxTerminal(clock, link.signal, events.append, Profile("15551234"))
    document = PagedDocument([StoredPage(t4.encode(bitmap, FORMAT)) for bitmap in PAGES])
    efax = EfaxMachine(library, need("efax"), ["-r", "page"], tmp_path, link.datagram, lambda: terminal.call(document))
    steps = 0
    while efax.step() and steps * STEP_S < LIMIT_S:
        steps += 1
        if not efax.off_hook and steps % 100 == 50:
            efax.ring()
        clock.run(steps * STEP_S)
        while out:
            efax.datagram(out.pop(0))
    code, log = efax.close(), efax.log.read_text("latin-1")
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
