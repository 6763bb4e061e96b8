"""scrapli's `cisco_iosxe` platform, unpatched, over each of its transports against a whole router."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from tests.peers.served_router import SSH_LOGIN, served_router

scrapli = pytest.importorskip("scrapli", minversion="2026")
pytest.importorskip("asyncssh")
pytestmark = pytest.mark.peer

TRANSPORTS: list[tuple[str, Literal["telnet", "ssh"], Any]] = [
    ("the ssh client", "ssh", scrapli.TransportBinOptions()),
    ("libssh2", "ssh", scrapli.TransportSsh2Options()),
    ("telnet", "telnet", scrapli.TransportTelnetOptions()),
]


@pytest.mark.parametrize(("service", "transport"), [row[1:] for row in TRANSPORTS], ids=[row[0] for row in TRANSPORTS])
def test_it_logs_in_shows_configures_and_saves(service: Literal["telnet", "ssh"], transport: Any) -> None:
    with served_router("3660", SSH_LOGIN, service) as (port, made):
        lookup = scrapli.LookupKeyValue(key="enable", value="cisco")
        client = scrapli.Cli(
            "127.0.0.1",
            port=port,
            definition_file_or_name="cisco_iosxe",
            auth_options=scrapli.AuthOptions(username="eve", password="oahu", lookups=[lookup]),
            transport_options=transport,
        )
        with client:
            shown = client.send_input("show version")
            assert not shown.failed
            assert "Version 12.2(15)T9" in shown.result

            lines = ["interface Loopback9", "description by scrapli"]
            assert not client.send_inputs(lines, requested_mode="configuration").failed
            assert client.send_input("foo bar", requested_mode="configuration").failed
            assert " description by scrapli" in client.send_input("show running-config").result

            assert not client.send_input("write memory").failed
            assert client.get_prompt().result == "gate#"
        assert " description by scrapli\n" in (made.device.files.startup_config or "")
