"""A lab whose mail is to be read says in one line what it lacks for that; how it is read is tested with a Dovecot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iosemu.lab import dovecot
from iosemu.lab.dovecot import Dovecot
from iosemu.lab.errors import TopologyError
from iosemu.lab.topology import parse

Run = Callable[..., None]
LAB = b"""
name = "x"
[[router]]
name = "r"
platform = "as5300"
address = "10.0.0.2"
[[mail]]
name = "m"
address = "10.0.0.1"
domain = "example.com"
"""


def test_without_dovecot_no_mail_is_read(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dovecot, "_found", lambda program: None)

    async def scenario() -> None:
        server = Dovecot("m", tmp_path, {}, {"imap": "0", "pop3": "127.0.0.1:0"})
        await server.start()
        assert server.endpoints == {}
        await server.stop()

    run(scenario())


@pytest.mark.parametrize(("protocol", "before"), [("imap", "* BYE "), ("pop3", "-ERR ")])
def test_a_visitor_hears_why_there_is_none(
    protocol: str, before: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "dovecot"
    broken.write_text("#!/bin/sh\n[ $1 = --version ] && echo 2.3.19 && exit\necho no luck today >&2\nexit 89\n")
    broken.chmod(0o755)
    monkeypatch.setattr(dovecot, "_found", lambda program: str(broken) if program == "dovecot" else None)
    monkeypatch.setattr(dovecot, "_as_user", lambda: ())

    async def scenario() -> None:
        server = Dovecot("m", tmp_path / "boxes", {"tom": "tom"}, {protocol: "0"})
        await server.start()
        for _ in range(2):  # each visitor is one more try
            reader, writer = await asyncio.open_connection(*server.endpoints[protocol])
            told = (await reader.read()).decode()
            assert told == f"{before}mail server m: Dovecot does not start: no luck today\r\n"
            writer.close()
        await server.stop()

    run(scenario())


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (b'imap = "port"\n', "m: 'port' is not [HOST:]PORT"),
        (b'pop3 = "1:2:3x"\n', "m: '1:2:3x' is not [HOST:]PORT"),
    ],
)
def test_a_lab_file_is_checked(more: bytes, problem: str, tmp_path: Path) -> None:
    with pytest.raises(TopologyError) as caught:
        parse(LAB + more, tmp_path / "lab.toml")
    assert problem in str(caught.value)


def test_a_real_server_has_its_own_ways(tmp_path: Path) -> None:
    def readers(more: bytes) -> dict[str, str]:
        return parse(LAB + more, tmp_path / "lab.toml").mail[0].readers

    assert readers(b"") == {"imap": "127.0.0.1:0", "pop3": "127.0.0.1:0"}
    assert readers(b'imap = ""\n') == {"pop3": "127.0.0.1:0"}
    assert readers(b'external = "127.0.0.1:25"\n') == {}


def test_settings_are_in_the_language_of_the_version(tmp_path: Path) -> None:
    server: Any = Dovecot("m", tmp_path / "50%", {}, {})
    old, new = server._settings(tmp_path, (2, 3)), server._settings(tmp_path, (2, 4))
    assert f'mail_location = "maildir:{tmp_path}/50%%/%u"' in old
    assert new.startswith("dovecot_config_version = 2.4.0\n")
    assert f'mail_path = "{tmp_path}/50%%/%{{user}}"' in new
