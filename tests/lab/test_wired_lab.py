"""A lab with links: nodes reach each other by what is configured, in sockets too, and by nothing else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import dns.asyncquery
import dns.message
import dns.rcode
import pytest

from iosemu.cli.terminal import Transcript
from iosemu.lab.errors import LabError
from iosemu.lab.run import Lab
from iosemu.lab.topology import parse
from iosemu.network import Unreachable
from tests.lab.labs import running_lab

Run = Callable[..., None]

TEXT = """
name = "wired"
[[router]]
name = "r1"
platform = "3660"
config = "r1.cfg"
[[router]]
name = "r2"
platform = "3660"
config = "r2.cfg"
[[mail]]
name = "mail"
address = "10.0.2.9"
gateway = "10.0.2.1"
domain = "example.com"
users = {{ tom = "tom" }}
[[host]]
name = "outside"
addresses = ["10.0.2.8/24"]
gateway = "10.0.2.1"
tcp = {{ 7 = "{echo}" }}
udp = {{ 514 = "5140" }}
[[link]]
ends = ["r1 FastEthernet0/0", "r2 FastEthernet0/0"]
[[link]]
ends = ["r2 FastEthernet0/1", "mail", "outside"]
[dns]
node = "mail"
[zone]
"r1.example.com" = "10.0.1.1"
"mail.example.com" = "10.0.2.9"
"""
R1 = """
hostname R1
ip name-server 10.0.2.9
ip domain name example.com
interface FastEthernet0/0
 ip address 10.0.1.1 255.255.255.0
exit
ip route 0.0.0.0 0.0.0.0 10.0.1.2
line vty 0 4
 no login
"""
R2 = """
hostname R2
interface FastEthernet0/0
 ip address 10.0.1.2 255.255.255.0
interface FastEthernet0/1
 ip address 10.0.2.1 255.255.255.0
line vty 0 4
 no login
"""


class Console:
    """Somebody at a router of the lab."""

    def __init__(self, lab: Lab, router: str) -> None:
        self.terminal = Transcript(())
        self.session = lab.routers[router].router.open_session(self.terminal, privilege=15)

    async def type(self, *lines: str) -> str:
        for line in lines:
            await self.session.execute(line)
        return self.terminal.take()

    async def configure(self, *lines: str) -> None:
        printed = await self.type("configure terminal", *lines)
        assert "%" not in printed, printed
        self.session.end()


@contextlib.asynccontextmanager
async def wired(folder: Path) -> AsyncIterator[tuple[Lab, Console, Console]]:
    """The lab with consoles of r1 and r2; port 7 of `outside` answers with what it was sent."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    (folder / "r1.cfg").write_text(R1)
    (folder / "r2.cfg").write_text(R2)
    host, port = server.sockets[0].getsockname()
    source = folder / "lab.toml"
    async with running_lab(folder, parse(TEXT.format(echo=f"{host}:{port}").encode(), source), source) as lab:
        assert lab.refused == []
        yield lab, Console(lab, "r1"), Console(lab, "r2")
    server.close()


def test_a_connection_takes_the_way_that_is_configured(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with wired(tmp_path) as (lab, r1, r2):
            network = lab.network.at(lab.routers["r1"].host)
            reader, writer = await asyncio.open_connection(sock=await network.connect("", "10.0.2.8", 7))
            writer.write(b"there and back\n")
            assert await reader.read() == b"there and back\n"
            writer.close()
            unreachable = "% Destination unreachable; gateway or host down"
            assert "% Connection refused by remote host" in await r1.type("telnet 10.0.2.8 8")
            assert unreachable in await r1.type("telnet 10.7.7.7")
            await r2.configure("access-list 101 deny tcp any any eq 7", "access-list 101 permit ip any any")
            await r2.configure("interface FastEthernet0/1", "ip access-group 101 out")
            assert unreachable in await r1.type("telnet 10.0.2.8 7")
            await r2.configure("interface FastEthernet0/0", "no ip unreachables")
            assert "% Connection timed out; remote host not responding" in await r1.type("telnet 10.0.2.8 7")
            assert "(5 matches)" in await r2.type("show access-lists")
            await r2.configure("interface FastEthernet0/1", "no ip access-group 101 out", "shutdown")
            assert "Success rate is 0 percent" in await r1.type("ping 10.0.2.8")

    run(scenario())


def test_datagrams_take_the_same_way(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with wired(tmp_path) as (lab, r1, r2):
            network = lab.network.at(lab.routers["r1"].host)
            assert network.datagrams("", "10.0.2.8", 514) == ("127.0.0.1", 5140)
            await r1.configure("access-list 103 deny udp any any", "access-list 103 permit ip any any")
            await r1.configure("interface FastEthernet0/0", "ip access-group 103 in")
            with pytest.raises(Unreachable):
                network.datagrams("", "10.0.2.8", 514)
            # Who waits for no answer does not miss it.
            assert network.datagrams("", "10.0.2.8", 514, answered=False) == ("127.0.0.1", 5140)
            await r2.configure("interface FastEthernet0/0", "shutdown")
            with pytest.raises(Unreachable, match="gateway or host down"):
                network.datagrams("", "10.0.2.8", 514, answered=False)

    run(scenario())


def test_answers_may_be_let_in_where_calls_are_not(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with wired(tmp_path) as (_, r1, r2):
            await r1.configure("access-list 102 permit tcp any any established")
            await r1.configure("interface FastEthernet0/0", "ip access-group 102 in")
            assert "refused" in await r1.type("telnet 10.0.2.8 8")
            assert "% Destination unreachable; gateway or host down" in await r2.type("telnet 10.0.1.1")

    run(scenario())


def test_the_caller_is_known_by_the_address_of_its_way(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with wired(tmp_path) as (lab, _, r2):
            network = lab.network.at(lab.routers["r1"].host)
            reader, writer = await asyncio.open_connection(sock=await network.connect("", "10.0.2.1", 23))
            await reader.readuntil(b"R2>")
            assert "10.0.1.1" in await r2.type("show users")
            writer.close()

    run(scenario())


def test_who_is_at_the_other_end_of_a_cable_logs_what_becomes_of_it(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with wired(tmp_path) as (_, r1, r2):
            await r2.configure("logging buffered 8192")
            await r1.configure("interface FastEthernet0/0", "shutdown")
            told = ""
            while "Line protocol on Interface FastEthernet0/0, changed state to down" not in told:
                await asyncio.sleep(0.01)
                told = await r2.type("show logging")
            assert "%LINK-3-UPDOWN: Interface FastEthernet0/0, changed state to down" in told
            await r1.configure("interface FastEthernet0/0", "no shutdown")
            while "Line protocol on Interface FastEthernet0/0, changed state to up" not in told:
                await asyncio.sleep(0.01)
                told = await r2.type("show logging")

    run(scenario())


def test_names_are_asked_of_the_server_that_is_configured_over_the_network(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with wired(tmp_path) as (lab, r1, r2):
            assert "domain server (10.0.2.9) [OK]" in await r1.type("ping mail")
            assert "% Unrecognized host or address" in await r1.type("ping nobody")
            await r2.configure("access-list 101 deny udp any any eq domain", "access-list 101 permit ip any any")
            await r2.configure("interface FastEthernet0/0", "ip access-group 101 in")
            assert "% Unrecognized host or address" in await r1.type("ping mail")
            assert lab.routers["r1"].host.stack.owns(0) is None

    run(scenario())


def test_the_name_server_answers_on_this_machine(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with wired(tmp_path) as (lab, _, _):
            host, port = lab.mail["mail"].host.datagrams[53]

            async def ask(name: str, kind: str) -> dns.message.Message:
                return await dns.asyncquery.udp(dns.message.make_query(name, kind), host, port=port, timeout=5)

            assert [str(row) for row in (await ask("R1.example.com", "A")).answer[0]] == ["10.0.1.1"]
            assert (await ask("9.2.0.10.in-addr.arpa", "PTR")).answer[0][0].to_text() == "mail.example.com."
            assert (await ask("nobody.example.com", "A")).rcode() == dns.rcode.NXDOMAIN
            assert (await ask("r1.example.com", "MX")).answer == []

    run(scenario())


def test_a_port_that_a_chassis_lacks_is_told(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "r1.cfg").write_text("")
        (tmp_path / "r2.cfg").write_text("")
        source = tmp_path / "lab.toml"
        text = TEXT.format(echo="127.0.0.1:7").replace("r2 FastEthernet0/0", "r2 FastEthernet9/0")
        with pytest.raises(LabError, match="link 'r2 FastEthernet9/0': router r2 has no interface"):
            async with running_lab(tmp_path, parse(text.encode(), source), source):
                pass

    run(scenario())
