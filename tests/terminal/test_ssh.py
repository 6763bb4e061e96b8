"""SSH over loopback: asyncssh's client at the SSH port of a whole router, or of a server with a fake session."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from iosemu.config.store import FileStore
from iosemu.management.rsa_keys import RsaKeys
from iosemu.network import NoNetwork
from iosemu.pace import LoopClock
from iosemu.router import Router
from iosemu.terminal.line_pool import LinePool
from iosemu.terminal.line_settings import LineSettings, Login
from iosemu.terminal.pager import MORE
from iosemu.terminal.ssh import LoginLimits, SshServer
from iosemu.terminal.telnet import TelnetServer
from tests.waiting import until

from .fakes import FakeSession

asyncssh = pytest.importorskip("asyncssh")

KEY = asyncssh.generate_private_key("ssh-rsa", key_size=1024, comment="gate.lab.test").export_private_key("openssh")
CONFIGURATION = """\
hostname gate
ip domain name lab.test
username tom privilege 15 password 0 maui
username eve password 0 oahu
enable secret cisco
line vty 0 4
 password cisco
 login local
"""


class Client:
    """A shell on a connection; `got` is what came and was not expected yet."""

    def __init__(self, connection: Any, process: Any) -> None:
        self.connection, self.process = connection, process
        self.got = b""

    def send(self, octets: bytes) -> None:
        self.process.stdin.write(octets)

    async def expect(self, octets: bytes) -> bytes:
        async with asyncio.timeout(5):
            while octets not in self.got:
                more = await self.process.stdout.read(65536)
                assert more, f"closed before {octets!r}: {self.got!r}"
                self.got += more
        end = self.got.index(octets) + len(octets)
        taken, self.got = self.got[:end], self.got[end:]
        return taken


async def connect(endpoint: tuple[str, int], user: str = "tom", password: str = "maui", **options: Any) -> Any:
    wanted = {"known_hosts": None, "client_keys": None, "agent_path": None, "config": None, **options}
    return await asyncssh.connect(*endpoint, username=user, password=password, **wanted)


async def shell(endpoint: tuple[str, int], user: str = "tom", password: str = "maui", **terminal: Any) -> Client:
    connection = await connect(endpoint, user, password)
    wanted = {"term_type": "vt100", "term_size": (80, 24), **terminal}
    return Client(connection, await connection.create_process(encoding=None, **wanted))


async def greeting(endpoint: tuple[str, int]) -> bytes:
    """The first that a bare client hears; empty where it is turned away."""
    reader, writer = await asyncio.open_connection(*endpoint)
    try:
        async with asyncio.timeout(5):
            return await reader.readline()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def router_test(
    scenario: Callable[[Router, tuple[str, int]], Awaitable[None]], *more: str, keys: bytes | None = KEY
) -> None:
    async def run() -> None:
        pair = RsaKeys()
        if keys is not None:
            pair.save(keys)
        router = Router("as5300", clock=LoopClock(), network=NoNetwork(), store=FileStore(None), keys=pair)
        assert router.load(CONFIGURATION + "\n".join(more)) == []
        services = await router.start_services(telnet=("127.0.0.1", 0), ssh=("127.0.0.1", 0))
        assert services.ssh is not None
        try:
            async with asyncio.timeout(20):
                await scenario(router, services.ssh)
        finally:
            await router.stop()

    asyncio.run(run())


class Lab:
    """A server with fake sessions, of which somebody may ask anything."""

    def __init__(self, **options: Any) -> None:
        self.sessions: list[FakeSession] = []
        self.settings = LineSettings(login=Login.LOCAL, users=lambda user, password: 1 if password == "maui" else None)
        self.server = SshServer(self.open, lambda number: self.settings if number < 3 else None, lambda: KEY, **options)

    def open(self, vty: Any) -> FakeSession:
        self.sessions.append(FakeSession(vty))
        return self.sessions[-1]


def lab_test(scenario: Callable[[Lab, tuple[str, int]], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        lab = Lab(**options)
        endpoint = await lab.server.start()
        try:
            async with asyncio.timeout(20):
                await scenario(lab, endpoint)
        finally:
            await lab.server.close()

    asyncio.run(run())


def test_a_user_gets_the_privilege_of_the_username_line() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        tom = await shell(endpoint)
        assert await tom.expect(b"gate#") == b"\r\ngate#"
        tom.send(b"show privilege\r")
        assert await tom.expect(b"gate#") == b"show privilege\r\nCurrent privilege level is 15\r\ngate#"
        eve = await shell(endpoint, "eve", "oahu")
        await eve.expect(b"gate>")
        eve.send(b"enable\rcisco\rshow users\r")
        assert b"cisco" not in await eve.expect(b"gate#")
        shown = (await eve.expect(b"gate#")).decode()
        assert "vty 0     tom" in shown
        assert "vty 1     eve" in shown

    router_test(scenario)


def test_the_server_calls_itself_as_routers_do() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        assert await greeting(endpoint) == b"SSH-2.0-Cisco-1.25\r\n"

    router_test(scenario)


def test_a_wrong_password_and_an_unknown_user_are_not_let_in_and_the_third_failure_ends_the_connection() -> None:
    class Guesser(asyncssh.SSHClient):  # type: ignore[misc,name-defined]
        asked = 0

        def password_auth_requested(self) -> str | None:
            Guesser.asked += 1
            return "wrong" if Guesser.asked < 10 else None

    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        for user, password in (("tom", "oahu"), ("nobody", "maui"), ("", "cisco")):
            with pytest.raises(asyncssh.PermissionDenied):
                await connect(endpoint, user or "x", password)
        with pytest.raises(asyncssh.DisconnectError):
            await connect(endpoint, client_factory=Guesser, password=None, preferred_auth="password")
        assert Guesser.asked == 3
        await until(lambda: not router.listeners.ssh[0].lines)

    router_test(scenario)


@pytest.mark.parametrize(
    "lines", [["line vty 0 4", " login"], ["line vty 0 4", " no login"]], ids=["line password", "no login"]
)
def test_a_line_that_knows_no_users_lets_nobody_in_by_ssh(lines: list[str]) -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        for password in ("maui", "cisco"):
            with pytest.raises(asyncssh.PermissionDenied):
                await connect(endpoint, "tom", password)

    router_test(scenario, *lines)


def test_aaa_asks_the_local_users_whatever_the_line_says() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        await (await shell(endpoint)).expect(b"gate>")
        router.load("aaa authentication login default group radius")
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(endpoint)
        router.load("aaa authentication login default group radius local")
        await (await shell(endpoint)).expect(b"gate>")

    router_test(scenario, "line vty 0 4", " login", "aaa new-model")


def test_without_keys_the_port_closes_at_once_and_making_them_opens_it() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        assert await greeting(endpoint) == b""
        assert router.load("crypto key generate rsa modulus 1024") == []
        await (await shell(endpoint)).expect(b"gate#")
        router.device.keys.erase()
        assert await greeting(endpoint) == b""

    router_test(scenario, keys=None)


def test_transport_input_says_who_may_use_a_line() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        telnet = await router.listeners.telnet[0].start()
        reading, writing = await asyncio.open_connection(*telnet)
        assert b"Username: " in await reading.readuntil(b"Username: ")
        assert list(router.listeners.telnet[0].lines) == [5]
        clients = [await shell(endpoint) for _ in range(5)]
        assert sorted(router.listeners.ssh[0].lines) == [0, 1, 2, 3, 4]
        assert await greeting(endpoint) == b""
        writing.close()
        clients[0].connection.close()
        router.load("line vty 0 4\n transport input none\nline vty 5 6\n transport input none")
        await until(lambda: 0 not in router.listeners.ssh[0].lines)
        assert await greeting(endpoint) == b""
        assert await greeting(telnet) == b""

    router_test(scenario, " transport input ssh", "line vty 5 6", " login local", " transport input telnet")


def test_transport_input_is_written_as_it_was_given() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        for text in ("all", "none", "ssh", "telnet", "telnet ssh"):
            assert router.load(f"line vty 0 4\n transport input {text}") == []
            vtys = router.device.config.root.children("line vty")[0]
            line = vtys.get("transport input")
            assert line is not None
            assert line.text == f"transport input {text}"

    router_test(scenario)


def test_telnet_and_ssh_number_the_same_lines() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        telnet = TelnetServer(lab.open, lambda number: LineSettings() if number < 3 else None, pool=lab.server._pool)
        first = await asyncio.open_connection(*await telnet.start())
        await first[0].readuntil(b"R1#")
        second = await shell(endpoint)
        await second.expect(b"R1#")
        assert [session.terminal.name for session in lab.sessions] == ["vty 0", "vty 1"]
        first[1].close()
        await until(lambda: not telnet.lines)
        await (await shell(endpoint)).expect(b"R1#")
        assert lab.sessions[2].terminal.name == "vty 0"
        await (await shell(endpoint)).expect(b"R1#")
        assert await greeting(endpoint) == b""
        await telnet.close()

    lab_test(scenario, pool=LinePool())


def test_the_window_of_the_client_counts_and_its_changes() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint, term_type="xterm", term_size=(100, 6))
        await client.expect(b"R1#")
        terminal = lab.sessions[0].terminal
        assert (terminal.width, terminal.length, terminal.terminal_type) == (100, 6, "xterm")
        client.send(b"rows 60\r")
        assert (await client.expect(MORE.encode())).count(b"row ") == 5
        client.process.change_terminal_size(120, 10)
        await until(lambda: terminal.length == 10)
        client.send(b"q")
        await client.expect(b"R1#")
        client.send(b"rows 60\r")
        assert (await client.expect(MORE.encode())).count(b"row ") == 9
        assert terminal.width == 120

    lab_test(scenario)


def test_help_comes_without_return_and_keys_edit_the_line() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint)
        await client.expect(b"R1#")
        client.send(b"sh?")
        assert await client.expect(b"R1#sh") == b"sh?\r\n  help of <sh>\r\n\r\nR1#sh"
        client.send(b"\x15show\r")
        await client.expect(b"shown")
        assert lab.sessions[0].lines == ["show"]

    lab_test(scenario)


def test_a_client_without_a_terminal_has_the_same_lines() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        connection = await connect(endpoint)
        process = await connection.create_process(encoding=None)
        process.stdin.write(b"show\nexit\n")
        process.stdin.write_eof()
        assert b"shown\r\n" in await process.stdout.read()
        assert lab.sessions[0].lines == ["show", "exit"]

    lab_test(scenario)


def test_one_command_is_run_and_its_output_given_unpaged() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        connection = await connect(endpoint)
        done = await connection.run("show running-config")
        assert done.stdout.rstrip().endswith("\nend")
        assert "--More--" not in done.stdout
        assert done.exit_status == 0
        await until(lambda: not router.listeners.ssh[0].lines)
        assert [session for session in router.device.sessions if not session.closed] == []

    router_test(scenario)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_paste_of_2000_lines_is_complete_and_in_order(end: bytes) -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint)
        lines = [f"ip route 10.{n // 250}.{n % 250}.0 255.255.255.0 Null0" for n in range(2000)]
        client.send(end.join([*(line.encode() for line in lines), b"last", b""]))
        echoed = await client.expect(b"R1#last\r\nR1#")
        assert lab.sessions[0].lines == [*lines, "last"]
        assert echoed.decode() == "\r\nR1#" + "".join(f"{line}\r\nR1#" for line in [*lines, "last"])

    lab_test(scenario)


def test_what_was_printed_before_the_end_arrives_whole() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint, term_size=(80, 0))
        client.process.channel.pause_reading()
        lab.server.lines[0]._vty.length = 0  # type: ignore[union-attr]
        client.send(b"rows 50000\rexit\r")
        await until(lambda: lab.sessions and lab.sessions[0].lines)
        client.process.channel.resume_reading()
        shown = await client.expect(b"R1#exit\r\n")
        assert shown.count(b"row ") == 50000
        await client.process.wait_closed()

    lab_test(scenario)


def test_a_command_of_several_lines_is_run_line_by_line() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        connection = await connect(endpoint)
        lines = "configure terminal\nhostname lab2\nend\nshow running-config | include ^hostname"
        ran = await connection.run(lines, encoding=None)
        assert ran.stdout.endswith(b"\r\nhostname lab2\r\n")
        assert router.device.hostname == "lab2"

    router_test(scenario)


def test_connections_share_their_options_and_change_keys_all_the_same() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        # What asyncssh makes of them is 6 KB, which a thousand idle sessions would have each.
        first, second = await connect(endpoint), await connect(endpoint, rekey_bytes=1000)
        one, other = [line._wire for line in lab.server.lines.values()]
        assert one._options is other._options
        assert (one.get_extra_info("username"), other.get_extra_info("username")) == ("tom", "tom")
        process = await second.create_process(encoding=None, term_type="vt100")
        client = Client(second, process)
        await client.expect(b"R1#")
        keys = other._send_encryption
        for number in range(50):
            client.send(f"echo {number}\r".encode())
            await client.expect(b"R1#")
        assert other._send_encryption is not keys
        first.close()

    lab_test(scenario)


def test_control_c_at_the_question_of_a_command_ends_it() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        faults: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: faults.append(context))
        connection = await connect(endpoint)
        process = await connection.create_process("copy running-config tftp:", encoding=None)
        client = Client(connection, process)
        await client.expect(b"Address or name of remote host []? ")
        client.send(b"\x03")
        await process.wait_closed()
        await until(lambda: not router.listeners.ssh[0].lines)
        assert faults == []

    router_test(scenario)


def test_a_connection_has_one_session_and_nothing_else() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint)
        await client.expect(b"R1#")
        with pytest.raises(asyncssh.ChannelOpenError):
            await client.connection.create_process()
        with pytest.raises(asyncssh.ChannelOpenError):
            await client.connection.open_connection("127.0.0.1", endpoint[1])
        with pytest.raises(asyncssh.ChannelListenError):
            await client.connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", endpoint[1])
        client.send(b"show\r")
        await client.expect(b"shown")

    lab_test(scenario)


def test_leaving_ends_session_line_and_connection() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint)
        await client.expect(b"gate#")
        client.send(b"exit\r")
        await client.process.wait_closed()
        await client.connection.wait_closed()
        await until(lambda: not router.listeners.ssh[0].lines)
        await until(lambda: not router.device.sessions)

    router_test(scenario)


def test_a_hang_up_frees_the_line_and_the_running_command() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint)
        await client.expect(b"R1#")
        client.send(b"sleep 60\r")
        await until(lambda: lab.sessions[0].lines)
        client.connection.abort()
        await until(lambda: lab.sessions[0].cancelled and not lab.server.lines)

    lab_test(scenario)


def test_a_client_that_never_logs_in_is_dropped_after_the_time_out() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        reader, writer = await asyncio.open_connection(*endpoint)
        await reader.readline()
        assert list(lab.server.lines) == [0]
        await reader.read()
        await until(lambda: not lab.server.lines)
        writer.close()

    lab_test(scenario, limits=lambda: LoginLimits(timeout_s=0.2))


def test_noise_instead_of_ssh_harms_nobody() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        for noise in (b"\0" * 70000, b"GET / HTTP/1.0\r\n\r\n", b"SSH-2.0-x\r\n" + bytes(range(256)) * 20):
            reader, writer = await asyncio.open_connection(*endpoint)
            writer.write(noise)
            writer.write_eof()
            with suppress(ConnectionResetError):
                await reader.read()
            writer.close()
        await until(lambda: not lab.server.lines)
        client = await shell(endpoint)
        await client.expect(b"R1#")

    lab_test(scenario)


def test_a_client_that_does_not_read_holds_its_own_command_only() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        deaf = await shell(endpoint, term_size=(80, 0))
        await deaf.expect(b"R1#")
        lab.sessions[0].terminal.length = 0
        deaf.process.channel.pause_reading()
        deaf.send(b"rows 1000000\r")
        await until(lambda: lab.sessions[0].terminal.blocked)
        other = await shell(endpoint)
        await other.expect(b"R1#")
        other.send(b"show\r")
        await other.expect(b"shown")
        deaf.connection.abort()
        await until(lambda: len(lab.server.lines) == 1)

    lab_test(scenario)


def test_ctrl_shift_6_breaks_a_command_off() -> None:
    async def scenario(lab: Lab, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint)
        await client.expect(b"R1#")
        client.send(b"sleep 60\r")
        await until(lambda: lab.sessions[0].lines)
        client.send(b"\x1e")
        await client.expect(b"R1#")
        assert lab.sessions[0].cancelled

    lab_test(scenario)


def test_reload_cuts_the_sessions_and_the_keys_remain() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint)
        await client.expect(b"gate#")
        router.device.files.save_startup_config(CONFIGURATION)
        router.reload()
        await client.connection.wait_closed()
        await until(lambda: not router.listeners.ssh[0].lines)
        await (await shell(endpoint)).expect(b"gate#")

    router_test(scenario)


def test_show_ssh_and_show_ip_ssh() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        client = await shell(endpoint)
        await client.expect(b"gate#")
        client.send(b"show ip ssh\r")
        assert await client.expect(b"gate#") == (
            b"show ip ssh\r\nSSH Enabled - version 2.0\r\n"
            b"Authentication timeout: 60 secs; Authentication retries: 2\r\ngate#"
        )
        client.send(b"show ssh\r")
        shown = (await client.expect(b"gate#")).decode().split("\r\n")
        assert shown[1] == "Connection Version Mode Encryption  Hmac         State                 Username"
        assert [line.split()[:3] for line in shown[2:4]] == [["0", "2.0", "IN"], ["0", "2.0", "OUT"]]
        assert all(line.endswith("Session started       tom") for line in shown[2:4])
        assert shown[4] == "%No SSHv1 server connections running."

    router_test(scenario, "ip ssh time-out 60", "ip ssh authentication-retries 2")


def test_the_key_dialogue_over_a_vty_opens_the_port() -> None:
    async def scenario(router: Router, endpoint: tuple[str, int]) -> None:
        reader, writer = await asyncio.open_connection(*await router.listeners.telnet[0].start())
        writer.write(b"tom\rmaui\rterminal length 0\rconfigure terminal\rcrypto key generate rsa\r1024\rend\r")
        shown = await reader.readuntil(b"[OK]\r\n\r\ngate(config)#")
        assert b"The name for the keys will be: gate.lab.test\r\n" in shown
        assert b"How many bits in the modulus [512]: 1024\r\n% Generating 1024 bit RSA keys ...[OK]\r\n" in shown
        writer.close()
        await (await shell(endpoint)).expect(b"gate#")

    router_test(scenario, keys=None)


def test_keys_are_kept_in_the_state_directory_for_their_owner_only(tmp_path: Path) -> None:
    keys = RsaKeys(tmp_path)
    assert keys.private is None
    keys.save(KEY)
    assert RsaKeys(tmp_path).private == KEY
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.stat().st_mode & 0o777 == 0o600
    keys.erase()
    keys.erase()
    assert RsaKeys(tmp_path).private is None


def test_ssh_is_not_loaded_before_a_client_is_let_in() -> None:
    program = (
        "import sys, asyncio\n"
        "from iosemu.config.store import FileStore\n"
        "from iosemu.network import NoNetwork\n"
        "from iosemu.pace import LoopClock\n"
        "from iosemu.router import Router\n"
        "async def run():\n"
        "    router = Router('as5300', clock=LoopClock(), network=NoNetwork(), store=FileStore(None))\n"
        "    await router.start_services(ssh=('127.0.0.1', 0))\n"
        "    await router.stop()\n"
        "asyncio.run(run())\n"
        "assert 'asyncssh' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=20)
