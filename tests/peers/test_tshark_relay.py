"""What tshark makes of the capture of a relayed fax: SIP between the gateways, then T.38 at the ports that SIP told."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.lab.fax_machine import SendResult
from tests.lab.labs import fax, running_lab
from tests.lab.test_fax_over_ip import DOCUMENT, SIP, T38, topology

pytestmark = pytest.mark.peer

FIELDS = ("ip.src", "ip.dst", "udp.dstport", "sip.Method", "sip.Status-Code", "t30.FacsimileControl", "_ws.malformed")


def test_signalling_and_relay_are_read(
    need: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    tshark, file = need("tshark"), tmp_path / "call.pcapng"

    async def call() -> None:
        peer = f"{SIP}\n{T38}"
        lab_file = topology(tmp_path, peer, peer)
        async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml", capture=file) as lab:
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")

    asyncio.run(call())
    fields = [argument for name in FIELDS for argument in ("-e", name)]
    corrected = ("-o", "t38.use_pre_corrigendum_asn1_specification:FALSE")
    told = subprocess.run(
        [tshark, "-r", str(file), *corrected, "-T", "fields", *fields], capture_output=True, text=True, check=True
    )
    rows = [line.split("\t") for line in told.stdout.splitlines()]
    assert not [row for row in rows if row[6]]
    near, far = "10.0.0.1", "10.0.0.2"
    sip = [(row[0], row[3] or row[4]) for row in rows if row[2] == "5060"]
    assert sip[:9] == [
        (near, "INVITE"),
        (far, "100"),
        (far, "180"),
        (far, "200"),
        (near, "ACK"),
        (far, "INVITE"),
        (near, "100"),
        (near, "200"),
        (far, "ACK"),
    ]
    assert "BYE" in [name for _, name in sip[9:]]  # or two that cross, since both machines hang up
    # By their facsimile control fields, without the X bit.
    frames = {(row[0], int(code)) for row in rows for code in row[5].split(",") if code}
    dis, dcs, cfr, pps, mcf = 0x01, 0x41, 0x21, 0x7D, 0x31
    assert {(far, dis), (near, dcs), (far, cfr), (near, pps), (far, mcf)} <= frames
