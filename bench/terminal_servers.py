"""The servers whose terminals are measured: iosemu's own, what asyncio can do at best, and programs that others wrote.

Rule: each runs in a process of its own, so its CPU time and memory are its own; the Python ones are started from this
file (`python terminal_servers.py NAME`), which imports what it serves and nothing else, and print their port.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STARTED_S = 20.0


@dataclass(frozen=True)
class Server:
    """One program and how to talk to it: `login` are pairs of what to wait for and what to type then."""

    name: str
    module: str
    """What must be installed for it: a Python module, or the path of a program."""
    prompt: bytes
    login: tuple[tuple[bytes, bytes], ...] = ()
    ssh: bool = False
    end: bytes = b"\r"
    """What its clients type for Return."""
    commands: tuple[str, ...] = ("show clock", "show version")
    most: int = 10_000
    """Idle sessions that it is asked for at most."""


SERVERS = (
    Server("iosemu telnet", "iosemu", b"R1#"),
    Server("iosemu ssh", "asyncssh", b"R1#", ssh=True),
    Server("asyncio alone", "asyncio", b"R1#", commands=("show version",)),
    Server(
        "fake-switches",
        "fake_switches",
        b"R1#",
        ((b"Username: ", b"root"), (b"Password: ", b"root"), (b"R1>", b"enable"), (b"Password: ", b"root")),
        end=b"\r\n",
        commands=("show version",),
    ),
    Server("FRR", "/usr/lib/frr/staticd", b"frr> ", ((b"frr> ", b"terminal length 0"),), commands=("show version",)),
    Server("fakenos ssh", "fakenos", b"R1#", ((b"R1>", b"enable"),), ssh=True, most=50),
)


def missing(server: Server, python: str) -> bool:
    """Is what it needs not installed (for the interpreter `python`)?"""
    if server.module.startswith("/"):
        return shutil.which(server.module) is None
    if python == sys.executable:
        return importlib.util.find_spec(server.module) is None
    return subprocess.run([python, "-c", f"import {server.module}"], capture_output=True, check=False).returncode != 0


@contextmanager
def running(server: Server, python: str) -> Iterator[tuple[int, int]]:
    """Start it; gives its port and process id."""
    with tempfile.TemporaryDirectory() as folder:
        port = 0
        if server.module.startswith("/"):
            port = _free_port()
            command = _frr(server.module, Path(folder), port)
        else:
            command = [python, __file__, server.name]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            assert process.stdout is not None
            if not port:
                port = int(process.stdout.readline() or 0)
            if port:
                _wait_for(port)
            yield port, process.pid
        finally:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + STARTED_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server does not listen")


def _frr(program: str, folder: Path, port: int) -> list[str]:
    """FRR's smallest daemon: its vty is the one of all of them."""
    folder.chmod(0o777)
    configuration = folder / "frr.conf"
    configuration.write_text("hostname frr\nline vty\n no login\n")
    who = ["-u", "frr", "-g", "frr"] if os.geteuid() == 0 else []
    places = [
        "-f",
        str(configuration),
        "-i",
        str(folder / "pid"),
        "-z",
        str(folder / "zserv"),
        "--vty_socket",
        str(folder),
    ]
    return [program, *places, "-A", "127.0.0.1", "-P", str(port), *who]


# What the processes do


def _sessions() -> Callable[[Any], Any]:
    """What opens privileged sessions on a router."""
    from iosemu.clock import ManualClock
    from iosemu.config.store import FileStore
    from iosemu.network import NoNetwork
    from iosemu.router import Router

    router = Router("as5300", clock=ManualClock(), network=NoNetwork(), store=FileStore(None))
    router.load("hostname R1")
    return lambda vty: router.open_session(vty, 15)


async def _serve(ssh: bool) -> None:
    from iosemu.terminal.line_settings import LineSettings

    # As `exec-timeout 0`, `length 0` and `no login` on as many vtys as anybody wants.
    line = LineSettings(exec_timeout_s=0, length=0, users=lambda user, password: 15)
    if ssh:
        import asyncssh

        from iosemu.terminal.ssh import SshServer

        key = asyncssh.generate_private_key("ssh-rsa", key_size=1024).export_private_key("openssh")
        _, port = await SshServer(_sessions(), lambda number: line, lambda: key).start()
    else:
        from iosemu.terminal.telnet import TelnetServer

        _, port = await TelnetServer(_sessions(), lambda number: line).start()
    print(port, flush=True)
    await asyncio.Event().wait()


class _Same(asyncio.Protocol):
    """No terminal at all: whatever comes is echoed, and followed by as much text as a version takes, and a prompt."""

    _answer = b"\r\n" + (b"x" * 60 + b"\r\n") * 24 + b"R1#"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"R1#")

    def data_received(self, data: bytes) -> None:
        self._transport.write(data + self._answer if data.endswith(b"\r") else data)


async def _serve_same() -> None:
    server = await asyncio.get_running_loop().create_server(_Same, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _serve_fake_switches() -> None:
    from fake_switches.switch_factory import SwitchFactory
    from fake_switches.transports.telnet_service import SwitchTelnetService
    from twisted.internet import reactor

    core = SwitchFactory().get("cisco_generic", "R1", "root")
    port = SwitchTelnetService(ip="127.0.0.1", port=0, switch_core=core, users={}).hook_to_reactor(reactor)
    print(port.getHost().port, flush=True)
    reactor.run()


def _serve_fakenos() -> None:
    from fakenos import FakeNOS

    port = _free_port()
    host = {"username": "bench", "password": "bench", "port": port, "platform": "cisco_ios"}
    FakeNOS(inventory={"hosts": {"R1": host}}).start()
    print(port, flush=True)
    sys.stdin.read()


def main(name: str) -> None:
    if name.startswith("iosemu"):
        asyncio.run(_serve(name.endswith("ssh")))
    elif name == "asyncio alone":
        asyncio.run(_serve_same())
    elif name == "fake-switches":
        _serve_fake_switches()
    else:
        _serve_fakenos()


if __name__ == "__main__":
    main(sys.argv[1])
