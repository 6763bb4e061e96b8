"""A Postfix of a test's own: its configuration, queue and mailboxes in one folder, on loopback ports alone.

It takes mail for one domain into one Maildir, relays mail for the off-ramp under test to that, and tries again every
second what could not be delivered.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port

WAIT_S = 90.0

_MAIN = """
compatibility_level = 3.6
myhostname = mx.example.com
mydestination =
mynetworks = 127.0.0.0/8
relay_domains = {fax}
transport_maps = inline:{{ {{{fax} = smtp:[127.0.0.1]:{off_ramp}}} }}
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:box/
virtual_alias_maps = {lists}
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtp_tls_security_level = none
smtpd_tls_security_level = none
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """A running Postfix; `port` is its SMTP port on 127.0.0.1."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self._folder = folder
        self.maildir = folder / "mail" / "box"

    def mails(self, count: int) -> list[Message[str, str]]:
        """The mails in the mailbox, as soon as there are `count`; fails when they do not come."""
        new = self.maildir / "new"
        until = time.monotonic() + WAIT_S
        while not new.is_dir() or len(list(new.iterdir())) < count:
            if time.monotonic() > until:
                pytest.fail(f"no {count} mails; Postfix says:\n{self.log}")
            time.sleep(0.05)
        return [message_from_bytes(path.read_bytes()) for path in sorted(new.iterdir())]

    @property
    def queued(self) -> int:
        """How many mails are waiting."""
        queue = self._folder / "queue"
        return sum(
            1 for name in ("incoming", "active", "deferred") for path in (queue / name).rglob("*") if path.is_file()
        )

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text()


@contextmanager
def running(
    postfix: str,
    off_ramp: int,
    *,
    domain: str = "example.com",
    fax: str = "fax.example.com",
    lists: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[Postfix]:
    """Start Postfix, and stop it; `off_ramp` is the port of the host called `fax`, `domain` has the mailbox, and its
    `lists` go to their members."""
    if os.geteuid() != 0:
        pytest.skip("Postfix starts as root only")
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))  # its processes are other users', pytest's own folder is closed
    port = free_port()
    command: list[Any] = [postfix, "-c", folder / "etc"]
    try:
        folder.chmod(0o755)
        for name in ("etc", "queue", "data", "mail"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        shutil.chown(folder / "mail", "nobody", "nogroup")
        owner = (folder / "mail").stat()
        facts = {
            "folder": folder,
            "port": port,
            "off_ramp": off_ramp,
            "domain": domain,
            "fax": fax,
            "uid": owner.st_uid,
            "gid": owner.st_gid,
            "lists": f"inline:{{ {_entries(domain, lists)} }}" if lists else "",
        }
        (folder / "etc" / "main.cf").write_text(_MAIN.format(**facts))
        (folder / "etc" / "master.cf").write_text(_MASTER.format(**facts))
        started = subprocess.run([*command, "start"], capture_output=True, text=True, timeout=WAIT_S, check=False)
        assert started.returncode == 0, started.stdout + started.stderr
        try:
            await_port(port)
            yield Postfix(folder, port)
        finally:
            subprocess.run([*command, "stop"], capture_output=True, timeout=WAIT_S, check=False)
    finally:
        shutil.rmtree(folder)


def _entries(domain: str, lists: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{{ {name}@{domain} = {', '.join(members)} }}" for name, members in lists.items())


def await_port(port: int) -> None:
    """Return as soon as somebody listens at a port of 127.0.0.1; OSError where nobody does in time."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
