"""`iosemu router --ssh`: the port of one router, and what is said where it cannot be had."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from iosemu.app import main
from iosemu.config.store import FileStore
from iosemu.management.rsa_keys import RsaKeys
from iosemu.terminal import ssh

CONFIGURATION = "hostname gate\nip domain name lab.test\nusername tom privilege 15 password 0 maui\n"
LINES = "line vty 0 4\n login local\n"


def test_without_the_library_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ssh, "available", lambda: False)
    assert main(["router", "as5300", "--ssh", "0", "--headless"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", "iosemu: --ssh needs asyncssh: pip install 'iosemu[ssh]'\n")


def test_the_keys_of_the_state_directory_open_the_port(tmp_path: Path) -> None:
    asyncssh = pytest.importorskip("asyncssh")
    key = asyncssh.generate_private_key("ssh-rsa", key_size=1024)
    RsaKeys(tmp_path).save(key.export_private_key("openssh"))
    FileStore(tmp_path).save_startup_config(CONFIGURATION + LINES)

    async def prompt(port: int) -> str:
        async with asyncio.timeout(10):
            client = asyncssh.connect(
                "127.0.0.1", port, username="tom", password="maui", config=None, client_keys=None, agent_path=None,
                known_hosts=([key.convert_to_public()], [], []),
            )  # fmt: skip
            async with client as connection, connection.create_process(term_type="vt100") as process:
                return str(await process.stdout.readuntil("#"))

    command = [sys.executable, "-m", "iosemu", "router", "as5300", "--ssh", "0", "--headless", "--state", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as router:
        assert router.stdout is not None
        name, _, endpoint = router.stdout.readline().strip().partition(" ")
        assert name == "ssh"
        assert asyncio.run(prompt(int(endpoint.rpartition(":")[2]))) == "\r\ngate#"
        router.send_signal(signal.SIGTERM)
        out, err = router.communicate(timeout=10)
        assert (router.returncode, out, err) == (0, "", "")
