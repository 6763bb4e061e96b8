"""Faxes as sound, between our modems and libspandsp's fax machine, on quiet and noisy lines: pixels decide."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CDLL
from pathlib import Path

import pytest

from iosemu.fax.document import Coding, PageFormat

from .spandsp import SONAME, Modems
from .spandsp_fax import SoundCall

pytestmark = pytest.mark.peer

BOTH_WAYS = pytest.mark.parametrize("sends", ["we", "spandsp"])
CORRECTED = pytest.mark.parametrize("corrected", [False, True], ids=["plain", "ecm"])
BY_MODEM = {
    Modems.V27TER: ("V.27ter", 4800),
    Modems.V27TER | Modems.V29: ("V.29", 9600),
    Modems.V27TER | Modems.V29 | Modems.V17: ("V.17", 14400),
}


@pytest.fixture
def library(need_library: Callable[[str], CDLL]) -> CDLL:
    return need_library(SONAME)


@BOTH_WAYS
@CORRECTED
@pytest.mark.parametrize("modems", BY_MODEM, ids=["V.27ter", "V.29", "V.17"])
@pytest.mark.parametrize("noise_dbm0", [None, -50.0], ids=["quiet", "noisy"])
def test_pages_are_equal_bit_for_bit(
    library: CDLL, tmp_path: Path, sends: str, corrected: bool, modems: Modems, noise_dbm0: float | None
) -> None:
    # Louder noise its own receivers take for a carrier that never ends.
    coding = Coding.MMR if corrected else Coding.MR
    call = SoundCall(library, tmp_path, sends, PageFormat(coding=coding), corrected, modems, noise_dbm0).run()
    call.assert_delivered()
    assert call.rates() == [BY_MODEM[modems]]
