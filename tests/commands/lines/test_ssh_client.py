"""EXEC `ssh` from one router of a lab to another, typed on a real telnet line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from iosemu.lab.run import Lab
from iosemu.lab.topology import parse
from tests.commands.routers import User, device
from tests.lab.labs import running_lab
from tests.waiting import until

pytest.importorskip("asyncssh")

TEXT = """
name = "ssh"
[[router]]
name = "r1"
platform = "3660"
config = "r1.cfg"
[[router]]
name = "r2"
platform = "3660"
config = "r2.cfg"
[[link]]
ends = ["r1 FastEthernet0/0", "r2 FastEthernet0/0"]
"""
R1 = """
hostname R1
ip domain name lab.test
interface FastEthernet0/0
 ip address 10.0.0.1 255.255.255.0
line vty 0 4
 no login
"""
R2 = """
hostname R2
ip domain name lab.test
username tom privilege 15 password 0 cisco
crypto key generate rsa modulus 1024
interface FastEthernet0/0
 ip address 10.0.0.2 255.255.255.0
line vty 0 4
 login local
"""
Send = Callable[[bytes], None]
Expect = Callable[[bytes], Awaitable[bytes]]
Scenario = Callable[[Lab, Send, Expect], Awaitable[None]]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Scenario], None]:
    """Types on a vty of R1, whose neighbour R2 lets tom in."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    def run(scenario: Scenario) -> None:
        async def whole() -> None:
            (tmp_path / "r1.cfg").write_text(R1)
            (tmp_path / "r2.cfg").write_text(R2)
            source = tmp_path / "lab.toml"
            async with running_lab(tmp_path, parse(TEXT.encode(), source), source, pace="line") as lab:
                assert lab.refused == []
                reader, writer = await asyncio.open_connection(*lab.routers["r1"].telnet)
                async with asyncio.timeout(30):
                    await reader.readuntil(b"R1>")
                    await scenario(lab, writer.write, reader.readuntil)
                writer.close()

        asyncio.run(whole())

    return run


def test_a_login_a_suspension_and_the_way_back(typed: Callable[[Scenario], None]) -> None:
    async def scenario(lab: Lab, send: Send, expect: Expect) -> None:
        send(b"ssh -l tom 10.0.0.2\r")
        await expect(b"\r\nPassword: ")
        send(b"cisco\r")
        await expect(b"R2#")
        send(b"show users\r")
        shown = await expect(b"R2#")
        assert b"10.0.0.1" in shown
        assert b"tom" in shown
        send(b"\x1ex")
        await expect(b"R1>")
        send(b"show sessions\r")
        assert b"*  1 10.0.0.2            10.0.0.2 " in await expect(b"R1>")
        send(b"1\r")
        await expect(b"[Resuming connection 1 to 10.0.0.2 ... ]")
        send(b"\r")
        await expect(b"R2#")
        assert [session.user for session in lab.routers["r2"].router.device.ssh_sessions()] == ["tom"]
        send(b"exit\r")
        await expect(b"[Connection to 10.0.0.2 closed by foreign host]\r\nR1>")
        send(b"show sessions\r")
        assert b"% No connections open" in await expect(b"R1>")

    typed(scenario)


def test_one_command(typed: Callable[[Scenario], None]) -> None:
    async def scenario(lab: Lab, send: Send, expect: Expect) -> None:
        send(b"ssh -l tom -c 3des 10.0.0.2 show clock\r")
        await expect(b"\r\nPassword: ")
        send(b"cisco\r")
        assert b" UTC " in await expect(b"[Connection to 10.0.0.2 closed by foreign host]\r\nR1>")

    typed(scenario)


def test_a_wrong_password_is_asked_for_again_and_then_no_more(typed: Callable[[Scenario], None]) -> None:
    async def scenario(lab: Lab, send: Send, expect: Expect) -> None:
        send(b"ssh -o numberofpasswdprompts 2 -l tom 10.0.0.2\r")
        for _ in range(2):
            await expect(b"Password: ")
            send(b"wrong\r")
        assert b"Password" not in await expect(b"[Connection to 10.0.0.2 closed by foreign host]\r\nR1>")

    typed(scenario)


def test_refusals(typed: Callable[[Scenario], None]) -> None:
    async def scenario(lab: Lab, send: Send, expect: Expect) -> None:
        async def answer(command: bytes) -> bytes:
            send(command + b"\r")
            return (await expect(b"R1>")).partition(b"\r\n")[2].removesuffix(b"\r\nR1>")

        assert await answer(b"ssh 10.0.0.2") == b"% No user specified nor available for SSH client"
        assert await answer(b"ssh -l tom 10.9.9.9") == b"% Destination unreachable; gateway or host down"
        assert await answer(b"ssh -l tom -p 2022 10.0.0.2") == b"% Connection refused by remote host"
        assert b"Unknown command or computer name" in await answer(b"ssh -l tom nobody.lab.test")
        lab.routers["r2"].router.device.keys.erase()
        assert await answer(b"ssh -l tom 10.0.0.2") == b"[Connection to 10.0.0.2 aborted: error status 0]"
        lab.routers["r1"].router.load("line vty 0 4\n transport output telnet\n")
        assert await answer(b"ssh -l tom 10.0.0.2") == b"% ssh connections not permitted from this terminal"

    typed(scenario)


def test_the_user_may_hang_up_at_the_password(typed: Callable[[Scenario], None]) -> None:
    async def scenario(lab: Lab, send: Send, expect: Expect) -> None:
        reader, writer = await asyncio.open_connection(*lab.routers["r1"].telnet)
        await reader.readuntil(b"R1>")
        writer.write(b"ssh -l tom 10.0.0.2\r")
        await reader.readuntil(b"Password: ")
        writer.close()
        listener = lab.routers["r2"].router.listeners.ssh[0]
        await until(lambda: not listener.lines)
        send(b"show users | include vty\r")
        assert (await expect(b"R1>")).count(b" vty ") == 1

    typed(scenario)


def test_it_needs_a_network() -> None:
    made = User(device())
    assert made.type("ssh -l tom 10.0.0.1") == "% Destination unreachable; gateway or host down\n"
    assert [line.split()[0] for line in made.session.help("ssh -l tom ").splitlines() if line] == [
        "-c",
        "-l",
        "-o",
        "-p",
        "Hostname",
    ]
