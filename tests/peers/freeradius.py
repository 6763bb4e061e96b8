"""A FreeRADIUS of a test's own: its configuration and its records in one folder, on loopback ports alone."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port

SECRET = "s3cret"
WAIT_S = 10.0

_CONFIGURATION = """
name = lab
logdir = {folder}
run_dir = {folder}
pidfile = {folder}/pid
libdir = {libraries}
security {{
    allow_vulnerable_openssl = yes
}}
thread pool {{
    start_servers = 1
    max_spare_servers = 1
}}
client lab {{
    ipaddr = 127.0.0.1
    secret = {secret}
}}
modules {{
    pap {{
    }}
    files {{
        filename = {folder}/users
    }}
    detail {{
        filename = {folder}/detail
        permissions = 0600
    }}
}}
server lab {{
    listen {{
        type = auth
        ipaddr = 127.0.0.1
        port = {authentication}
    }}
    listen {{
        type = acct
        ipaddr = 127.0.0.1
        port = {accounting}
    }}
    authorize {{
        files
        pap
    }}
    authenticate {{
        pap
    }}
    accounting {{
        detail
    }}
}}
"""


class FreeRadius:
    """A running server; `authentication` and `accounting` are its UDP ports on 127.0.0.1."""

    def __init__(self, folder: Path, authentication: int, accounting: int) -> None:
        self.authentication, self.accounting = authentication, accounting
        self._folder = folder

    def records(self, count: int, user: str) -> list[dict[str, str]]:
        """The accounting records of a user, or of none (""), by attribute, as soon as there are `count`; fails when
        they do not come."""
        until = time.monotonic() + WAIT_S
        while len(found := self._records(user)) < count:
            if time.monotonic() > until:
                pytest.fail(f"{len(found)} records of {user} in place of {count}; FreeRADIUS says:\n{self.log}")
            time.sleep(0.05)
        return found

    def _records(self, user: str) -> list[dict[str, str]]:
        file = self._folder / "detail"
        records = file.read_text().split("\n\n") if file.exists() else []
        read = [
            {
                name: value.strip('"')
                for name, separator, value in (line.strip().partition(" = ") for line in record.splitlines())
                if separator
            }
            for record in records
        ]
        return [record for record in read if record.get("User-Name", "") == user and "Timestamp" in record]

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text()


@contextmanager
def running(program: str, folder: Path, users: str) -> Iterator[FreeRadius]:
    """Start it with these entries of its `users` file."""
    server = FreeRadius(folder, free_port(), free_port())
    libraries = next((path for path in (Path("/usr/lib/freeradius"),) if path.is_dir()), Path("/usr/lib64/freeradius"))
    (folder / "users").write_text(users)
    (folder / "radiusd.conf").write_text(
        _CONFIGURATION.format(
            folder=folder,
            libraries=libraries,
            secret=SECRET,
            authentication=server.authentication,
            accounting=server.accounting,
        )
    )
    with (folder / "log").open("w") as log:
        # One thread (-s): what comes first is recorded first.
        command = [program, "-s", "-f", "-d", str(folder), "-l", "stdout", "-xx"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until = time.monotonic() + WAIT_S
        while "Ready to process requests" not in server.log:
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"FreeRADIUS does not start:\n{server.log[-3000:]}")
            time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(5)
