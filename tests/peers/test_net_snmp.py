"""Net-SNMP manages a router: its manager asks in every version, its trap daemon is told."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.cli.session import run_now
from iosemu.cli.terminal import Transcript
from iosemu.config.store import FileStore
from iosemu.fax.render import load_octets
from iosemu.lab.topology import load
from iosemu.network import NoNetwork
from iosemu.pace import LoopClock
from iosemu.router import Router
from tests.lab.labs import fax, running_lab
from tests.peers.served_router import served_router
from tests.ports import free_port

pytestmark = pytest.mark.peer
pytest.importorskip("pysnmp")

CONFIG = """
hostname gw
interface FastEthernet0
 ip address 15.80.7.11 255.255.255.0
 no shutdown
snmp-server view names system included
snmp-server community public RO
snmp-server community part view names RO
snmp-server community secret RW
snmp-server group ops v3 priv
snmp-server user bob ops v3 auth sha authpass12 priv des56 privpass12
snmp-server user tim ops v3 auth md5 authpass12
"""
SYS_NAME, SYS_LOCATION = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0"
BOB = ("-v3", "-u", "bob", "-l", "authPriv", "-a", "SHA", "-A", "authpass12", "-x", "DES", "-X", "privpass12")
TIM = ("-v3", "-u", "tim", "-l", "authNoPriv", "-a", "MD5", "-A", "authpass12")
HISTORY, MAIL_HISTORY = "1.3.6.1.4.1.9.10.25.1.4.3.1.5", "1.3.6.1.4.1.9.9.102.1.3.1.1.4"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    if shutil.which("snmpwalk") is not None:
        with served_router("as5300", CONFIG, "snmp") as (port, _):
            yield port
    else:
        yield 0


@pytest.fixture
def ask(need: Callable[[str], str], port: int) -> Callable[..., str]:
    def run(program: str, *arguments: str, status: int = 0) -> str:
        options, rest = list(arguments), []
        while options and not options[-1].startswith("-") and options[-1][0].isdigit() and "." in options[-1]:
            rest.insert(0, options.pop())
        command = [need(program), "-On", "-t", "5", "-r", "0", *options, f"127.0.0.1:{port}", *rest]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


Ask = Callable[..., str]


def instances(text: str) -> list[str]:
    return re.findall(r"^(\.1\.3\.\S+) = (?!No more)", text, re.MULTILINE)


def test_every_version_walks_the_same(ask: Ask) -> None:
    plain = instances(ask("snmpwalk", "-v2c", "-c", "public", "1.3"))
    assert len(plain) > 400
    assert instances(ask("snmpbulkwalk", "-v2c", "-c", "public", "1.3")) == plain
    assert instances(ask("snmpbulkwalk", *BOB, "1.3")) == plain
    narrow = [oid for oid in plain if re.match(r"\.1\.3\.6\.1\.2\.1\.31\.1\.1\.1\.(6|7|10|11)\.", oid) is None]
    assert instances(ask("snmpwalk", "-v1", "-c", "public", "1.3")) == narrow


def test_values_are_read_as_their_types(ask: Ask) -> None:
    text = ask("snmpget", "-v2c", "-c", "public", SYS_NAME, "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.4.20.1.3.15.80.7.11")
    assert text.splitlines() == [
        f'.{SYS_NAME} = STRING: "gw"',
        ".1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.9.1.162",
        ".1.3.6.1.2.1.4.20.1.3.15.80.7.11 = IpAddress: 255.255.255.0",
    ]


def test_who_may_not_is_told_or_hears_nothing(ask: Ask) -> None:
    assert "authorizationError" in ask("snmpget", *TIM, SYS_NAME, status=2)
    assert "Authentication failure" in ask("snmpget", *TIM[:-1], "wrongpass1", SYS_NAME, status=1)
    assert "Unknown user name" in ask("snmpget", "-v3", "-u", "eve", "-l", "noAuthNoPriv", SYS_NAME, status=1)
    assert "No Such Object" in ask("snmpget", "-v2c", "-c", "part", "1.3.6.1.2.1.2.1.0")
    assert "Timeout" in ask("snmpget", "-v2c", "-c", "guess", "-t", "1", SYS_NAME, status=1)


def test_a_manager_writes_where_it_may(need: Callable[[str], str], port: int) -> None:
    def write(community: str) -> str:
        command = [need("snmpset"), "-v2c", "-c", community, f"127.0.0.1:{port}", SYS_LOCATION, "s", "Room 3"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return done.stdout + done.stderr

    assert "noAccess" in write("public")
    assert 'STRING: "Room 3"' in write("secret")


def test_the_history_has_a_row_for_each_leg_of_a_fax(need: Callable[[str], str], tmp_path: Path) -> None:
    async def walk(endpoint: str, oid: str) -> list[str]:
        process = await asyncio.create_subprocess_exec(
            *(need("snmpbulkwalk"), "-v2c", "-c", "public", "-On", endpoint, oid), stdout=asyncio.subprocess.PIPE
        )
        octets, _ = await process.communicate()
        return [line for line in octets.decode().splitlines() if " = No " not in line]

    async def main() -> None:
        source = packaged_lab()
        async with asyncio.timeout(30), running_lab(tmp_path, load(source), source) as lab:
            name, running = next((name, one) for name, one in lab.routers.items() if "5300" in one.node.platform)
            router = running.router
            endpoint = lab.endpoints()["routers"][name]["snmp"]  # type: ignore[index]
            assert router.load("snmp-server community public RO\n") == []
            number = next(trunk for trunk in lab.topology.trunk if trunk.router == name).numbers[0]
            await fax(lab, load_octets(b"hello", "a.txt"), number.replace(".", "1"))
            terminal = Transcript()
            run_now(router.open_session(terminal, 15).execute("show call history fax"))
            legs = terminal.text.count("GENERIC:")
            assert legs >= 2
            assert len(await walk(endpoint, HISTORY)) == legs
            assert len(await walk(endpoint, MAIL_HISTORY)) == terminal.text.count("MMOIP:")

    asyncio.run(main())


class ToReceiver(NoNetwork):
    """Every datagram of the router goes to that port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    def datagrams(self, source: str, destination: str, port: int, *, answered: bool = True) -> tuple[str, int]:
        return "127.0.0.1", self._port


@pytest.mark.parametrize("version", ["1", "2c", "3 priv"])
def test_the_trap_daemon_hears_of_a_start(need: Callable[[str], str], tmp_path: Path, version: str) -> None:
    port = free_port()
    settings = tmp_path / "snmptrapd.conf"
    engine = "0x0000000902000001020304aa"
    settings.write_text(
        f"createUser -e {engine} bob SHA authpass12 DES privpass12\nauthUser log bob priv\n"
        "authCommunity log lab\nauthCommunity log bob\n"
    )
    log = tmp_path / "log"
    options = ["-f", "-On", "-C", "-c", str(settings), "-Lf", str(log)]
    daemon = subprocess.Popen(
        [need("snmptrapd"), *options, f"127.0.0.1:{port}"], env={"SNMP_PERSISTENT_DIR": str(tmp_path)}
    )
    name = "bob" if version.startswith("3") else "lab"

    async def main() -> str:
        router = Router("as5300", clock=LoopClock(), network=ToReceiver(port), store=FileStore(None))
        lines = ["snmp-server enable traps", f"snmp-server engineID local {engine[2:]}"]
        lines += [f"snmp-server host 10.0.0.9 version {version} {name}"]
        assert router.load(CONFIG + "\n".join(lines)) == []
        await router.start_services()
        try:
            async with asyncio.timeout(20):
                while not (log.exists() and re.search(r"6\.3\.1\.1\.5\.1|Cold Start", log.read_text())):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        finally:
            await router.stop()
        return log.read_text()

    try:
        text = asyncio.run(main())
    finally:
        daemon.terminate()
        daemon.wait(10)
    if version == "1":
        assert "15.80.7.11" in text
        assert ".1.3.6.1.4.1.9.1.162 Cold Start" in text
