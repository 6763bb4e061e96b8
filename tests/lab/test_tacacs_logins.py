"""A TACACS+ server at an address of the virtual network, over real connections: logins, commands, silence."""

from __future__ import annotations

import asyncio

from iosemu.lab.network import Host, VirtualNetwork
from iosemu.router import Router
from tests.commands.tacacs_server import Conversation, TacacsServer
from tests.lab import telnet_user
from tests.lab.telnet_user import Terminal, Visit

SERVER = "172.18.106.40"
CONFIGURATION = f"""
hostname gw
username bob privilege 15 password 0 home
aaa new-model
aaa authentication login default group tacacs+ local
aaa authorization exec default group tacacs+ local
aaa authorization commands 1 default group tacacs+ local
aaa accounting commands 15 default start-stop group tacacs+
interface FastEthernet0
 ip address 15.80.7.11 255.255.255.0
 no shutdown
tacacs-server host {SERVER} timeout 1
tacacs-server key k
line vty 0 4
"""


async def serve(server: TacacsServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, packet by packet."""
    conversation = Conversation(server)
    try:
        while True:
            head = await reader.readexactly(12)
            octets = head + await reader.readexactly(int.from_bytes(head[8:], "big"))
            writer.write(await conversation.exchange(octets))
    except asyncio.IncompleteReadError:
        writer.close()


async def visited(server: TacacsServer | None, visit: Visit, *, answers: bool = True) -> Router:
    """A router whose telnet port somebody visits; without a server nobody is at its address."""
    network, listening = VirtualNetwork(), None
    if server is not None:
        found = server

        async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if answers:
                await serve(found, reader, writer)
            else:
                await reader.read()
                writer.close()

        listening = await asyncio.start_server(client, "127.0.0.1", 0)
        host, port = listening.sockets[0].getsockname()[:2]
        network.add(Host("tacacs", lambda: [SERVER], {49: (host, port)}))
    try:
        return await telnet_user.visited(network, CONFIGURATION, visit)
    finally:
        if listening is not None:
            listening.close()
            await listening.wait_closed()


def tacacs(*forbidden: str) -> TacacsServer:
    return TacacsServer({"tom": ("tiger", ("priv-lvl=15",))}, forbidden)


def test_a_user_is_let_in_at_his_level_and_told_about() -> None:
    server = tacacs()

    async def tom(terminal: Terminal) -> None:
        assert (await terminal.log_in("tom", "tiger")).endswith("gw#")
        terminal.type("configure terminal")
        await terminal.until(r"gw\(config\)#")
        terminal.type("interface loopback 5")
        await terminal.until(r"gw\(config-if\)#")

    asyncio.run(visited(server, tom))
    assert {question.address for question in server.told(1)} == {"127.0.0.1"}
    commands = [question.arguments[-1] for question in server.told(3)]
    assert commands == ["cmd=configure terminal <cr>", "cmd=interface Loopback5 <cr>"]


def test_a_command_may_be_forbidden() -> None:
    server = tacacs("show")

    async def tom(terminal: Terminal) -> None:
        await terminal.log_in("tom", "tiger")
        terminal.type("sh clock")
        assert "Command authorization failed." in await terminal.until("failed.[^#]*gw#")
        terminal.type("terminal length 0")
        assert "failed" not in await terminal.until("gw#")

    asyncio.run(visited(server, tom))
    asked = [question.arguments for question in server.told(2)]
    assert asked[1:] == [
        ("service=shell", "cmd=show", "cmd-arg=clock", "cmd-arg=<cr>"),
        ("service=shell", "cmd=terminal", "cmd-arg=length", "cmd-arg=0", "cmd-arg=<cr>"),
    ]


def test_nobody_there_and_a_server_that_hangs_hand_over() -> None:
    async def bob(terminal: Terminal) -> None:
        assert (await terminal.log_in("bob", "home")).endswith("gw#")
        terminal.type("show clock")
        assert "failed" not in await terminal.until("UTC[^#]*gw#")

    asyncio.run(visited(None, bob))
    asyncio.run(visited(tacacs(), bob, answers=False))
