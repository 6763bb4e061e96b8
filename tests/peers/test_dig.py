"""dig asks the name server of the two-gateway lab, at its port of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from iosemu.app.lab_file import packaged_lab
from iosemu.lab.topology import load
from tests.lab.labs import running_lab

Need = Callable[[str], str]


def test_dig_reads_addresses_names_and_refusals(tmp_path: Path, need: Need) -> None:
    dig = need("dig")

    async def asked(port: int, *words: str) -> str:
        command = [dig, "@127.0.0.1", "-p", str(port), "+tries=1", "+time=5", *words]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        output, _ = await process.communicate()
        return output.decode()

    async def scenario() -> None:
        source = packaged_lab()
        async with running_lab(tmp_path, load(source), source) as lab:
            _, port = lab.mail["testlab-smtp"].host.datagrams[53]
            assert await asked(port, "+short", "VDTL-5350-8a.testlab-t37.com") == "15.80.7.107\n"
            assert await asked(port, "+short", "-x", "172.18.106.36") == "testlab-smtp.testlab-t37.com.\n"
            whole = await asked(port, "nobody.testlab-t37.com")
            assert "status: NXDOMAIN" in whole
            assert "flags: qr aa rd" in whole
            assert "status: NOERROR" in await asked(port, "testlab-smtp.testlab-t37.com", "MX")

    asyncio.run(scenario())
