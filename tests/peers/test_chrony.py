"""chronyd as the server that a router follows, and as a client of a router, at ports of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from iosemu.lab.topology import parse
from iosemu.management.ntp.events import Synced
from tests.lab.labs import running_lab
from tests.lab.test_ntp import passed, shown
from tests.ports import free_port

Need = Callable[[str], str]

LAB = """
name = "time"
[[router]]
name = "r1"
platform = "3660"
config = "r1.cfg"
[[host]]
name = "clock"
addresses = ["10.0.1.9/24"]
udp = {{ 123 = "{port}" }}
[[link]]
ends = ["clock", "r1 FastEthernet0/0"]
"""
R1 = """
interface FastEthernet0/0
 ip address 10.0.1.1 255.255.255.0
ntp authentication-key 7 md5 aNiceKey
ntp trusted-key 7
ntp authenticate
"""


def configured(folder: Path, lines: tuple[str, ...]) -> str:
    """Writes a configuration of chronyd into a new folder; gives its path."""
    folder.mkdir()
    (folder / "keys").write_text("7 MD5 ASCII:aNiceKey\n")
    settings = [*lines, f"keyfile {folder}/keys", f"pidfile {folder}/pid", "bindcmdaddress /", "cmdport 0"]
    (folder / "conf").write_text("\n".join(settings) + "\n")
    return str(folder / "conf")


@contextlib.asynccontextmanager
async def chronyd(program: str, folder: Path, *lines: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """chronyd, which leaves the clock of this machine alone."""
    user = ["-U"] if os.geteuid() else ["-u", "root"]
    process = await asyncio.create_subprocess_exec(
        *(program, "-x", "-d", *user, "-f", configured(folder, lines)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


def test_a_router_follows_chronyd(tmp_path: Path, need: Need) -> None:
    program, port = need("chronyd"), free_port()

    async def scenario() -> None:
        (tmp_path / "r1.cfg").write_text(R1)
        source = tmp_path / "lab.toml"
        settings = (f"port {port}", "bindaddress 127.0.0.1", "local stratum 5", "allow 127.0.0.0/8")
        async with (
            chronyd(program, tmp_path / "chrony", *settings),
            running_lab(tmp_path, parse(LAB.format(port=port).encode(), source), source, pace="line") as lab,
        ):
            router = lab.routers["r1"].router
            synced = asyncio.Event()
            router.subscribe(lambda bus: bus.subscribe(Synced, lambda event: synced.set()))
            router.load("ntp server 10.0.1.9 key 7\n")
            async with asyncio.timeout(90):  # the second poll, should chronyd not be up at the first
                await synced.wait()
            status = await shown(lab, "r1", "show ntp status", "show ntp associations detail")
            assert status.startswith("Clock is synchronized, stratum 6, reference is 10.0.1.9\n")
            assert "10.0.1.9 configured, authenticated, our_master, sane, valid, stratum 5\n" in status

    asyncio.run(scenario())


def test_chronyd_follows_a_router(tmp_path: Path, need: Need) -> None:
    program = need("chronyd")

    async def scenario() -> None:
        (tmp_path / "r1.cfg").write_text(f"{R1}ntp master 4\nclock calendar-valid\n")
        source = tmp_path / "lab.toml"
        async with running_lab(tmp_path, parse(LAB.format(port=free_port()).encode(), source), source) as lab:
            await passed(lab, 10)
            host, port = lab.routers["r1"].ntp
            asked = f"server {host} port {port} key 7 iburst maxsamples 4"
            async with chronyd(program, tmp_path / "chrony", asked, "port 0") as process:
                assert process.stdout is not None
                async with asyncio.timeout(30):
                    told = ""
                    while "Selected source 127.0.0.1" not in told:
                        line = await process.stdout.readline()
                        assert line, told
                        told += line.decode()
            assert "stratum 4" in await shown(lab, "r1", "show ntp status")

    asyncio.run(scenario())
