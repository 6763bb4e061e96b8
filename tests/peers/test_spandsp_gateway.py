"""Fax relay: our gateway's DSP on one side, libspandsp's T.38 gateway with a machine of sound on the other."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CDLL
from pathlib import Path

import pytest

from iosemu.fax.document import Coding, PageFormat

from .spandsp import SONAME, Modems
from .spandsp_gateway import GatewayCall
from .test_sound import BOTH_WAYS, BY_MODEM, CORRECTED

pytestmark = pytest.mark.peer


@pytest.fixture
def library(need_library: Callable[[str], CDLL]) -> CDLL:
    return need_library(SONAME)


@BOTH_WAYS
@CORRECTED
@pytest.mark.parametrize("modems", BY_MODEM, ids=["V.27ter", "V.29", "V.17"])
def test_pages_are_equal_bit_for_bit(
    library: CDLL, tmp_path: Path, sends: str, corrected: bool, modems: Modems
) -> None:
    coding = Coding.MMR if corrected else Coding.MH
    call = GatewayCall(library, tmp_path, sends, PageFormat(coding=coding), corrected, modems).run()
    call.assert_delivered()
    assert call.rates()[-1] == BY_MODEM[modems]
