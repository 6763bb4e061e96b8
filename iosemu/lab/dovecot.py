"""IMAP4 and POP3 for the mailboxes of a lab's mail server, by a Dovecot of this machine, where it is installed.

Rule: the ports are the lab's own; their first visitor wakes Dovecot, and all are led to it. It opens the Maildirs that
the mail server delivers to, as the user whose lab it is; its configuration, sockets and log are in a folder that goes
with it. It dies with the lab, however that ends. A user logs in by name or by address. Dovecot opens no mailbox of
root: root's lab shows it the world as another user sees it. Source of the settings: Dovecot's manual, "rootless
installation".
"""

from __future__ import annotations

import asyncio
import base64
import grp
import os
import pwd
import random
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from iosemu.lab.endpoints import parse_endpoint
from iosemu.lab.errors import LabError, reason

READY_S = 20.0
STOP_S = 10.0
# Below those that the system gives away: Dovecot takes its port a moment after it was found free.
_PORTS, _GUESSES = range(20000, 32768), 50
_AT_ONCE = 65536
_NOT_ROOT = "nobody"
_SYSTEM = ("/usr/sbin", "/usr/local/sbin", "/sbin")

_HEAD = """\
base_dir = "{folder}/run"
state_dir = "{folder}/run"
log_path = "{folder}/log"
protocols = {protocols}
ssl = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
last_valid_uid = {uid}
first_valid_gid = {gid}
mail_max_userip_connections = 0
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
_LOGIN = """\
service {protocol}-login {{
  chroot =
  inet_listener {protocol} {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener {protocol}s {{
    port = 0
  }}
}}
"""
_MAILBOXES = """\
disable_plaintext_auth = no
auth_username_format = %Ln
mail_location = "maildir:{mailboxes}/%u"
passdb {{
  driver = passwd-file
  args = "{folder}/users"
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
"""
# The language of the settings changed with 2.4; this follows its manual.
_SINCE_2_4 = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
"""
_MAILBOXES_SINCE_2_4 = """\
auth_allow_cleartext = yes
auth_username_format = %{{user | username | lower}}
mail_driver = maildir
mail_path = "{mailboxes}/%{{user}}"
passdb passwd-file {{
  passwd_file_path = "{folder}/users"
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = "{folder}"
  }}
}}
"""


# What a visitor hears where Dovecot cannot be had.
_REGRETS = {"imap": "* BYE {}\r\n", "pop3": "-ERR {}\r\n"}


class Dovecot:
    """`ports` says where each protocol (`imap`, `pop3`) is wanted, as `[HOST:]PORT`; `await start()`, and `endpoints`
    says where it is, nowhere where Dovecot is not installed."""

    def __init__(self, name: str, mailboxes: Path, users: Mapping[str, str], ports: Mapping[str, str]) -> None:
        """`name` is the mail server's; `users` have their passwords."""
        self._name = name
        self._mailboxes = mailboxes.absolute()
        self._users = users
        self._wanted = ports
        self._program = ""
        self._servers: list[asyncio.Server] = []
        self._visits: set[asyncio.Task[None]] = set()
        self._waking = asyncio.Lock()
        self._folder: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._ports: dict[str, int] = {}
        self.endpoints: dict[str, tuple[str, int]] = {}

    async def start(self) -> None:
        """Listen, where there is a Dovecot; raises LabError for a port that cannot be had."""
        self._program = _found("dovecot") or ""
        for protocol, text in self._wanted.items() if self._program else ():
            host, port = parse_endpoint(text)
            try:
                server = await asyncio.start_server(partial(self._visited, protocol), host, port)
            except OSError as error:
                raise self._error(f"cannot listen on {host}:{port}: {reason(error)}") from None
            self._servers.append(server)
            self.endpoints[protocol] = server.sockets[0].getsockname()[:2]

    async def stop(self) -> None:
        """End it, and throw away what it needed."""
        for server in self._servers:
            server.close()
        for visit in tuple(self._visits):
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        await self._end()

    async def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_S)
            except TimeoutError:
                self._process.kill()
        self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def _visited(self, protocol: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lead a visitor to Dovecot."""
        visit = asyncio.current_task()
        assert visit is not None
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)
        with closing(writer), suppress(asyncio.CancelledError):  # of `stop`; asyncio would tell of it
            try:
                await self._wake()
                inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._ports[protocol])
            except (LabError, OSError) as error:
                writer.write(_REGRETS[protocol].format(error).encode())
                return
            asked = asyncio.ensure_future(_pour(reader, inner_writer))
            with closing(inner_writer), suppress(OSError):
                try:
                    await _pour(inner_reader, writer)
                finally:
                    asked.cancel()

    async def _wake(self) -> None:
        """Have Dovecot run; raises LabError where it does not."""
        async with self._waking:
            if self._process is not None and self._process.returncode is None:
                return
            await self._end()  # what one that died has left
            try:
                await self._launch()
            except BaseException:
                await self._end()
                raise

    async def _launch(self) -> None:
        self._ports = dict(zip(self.endpoints, _free_ports(len(self.endpoints)), strict=True))
        # The state folder's own name may be too long for the sockets in it.
        self._folder = folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        (folder / "users").write_text("".join(map(_entry, self._users.items())))
        (folder / "dovecot.conf").write_text(self._settings(folder, await _version(self._program)))
        with (folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *_as_user(), *_mortal(), self._program, "-F", "-c", folder / "dovecot.conf",
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            async with asyncio.timeout(READY_S):
                for port in self._ports.values():
                    await self._answered(port)
        except TimeoutError:
            raise self._error("Dovecot does not answer") from None

    async def _answered(self, port: int) -> None:
        while True:
            assert self._process is not None
            if self._process.returncode is not None:
                raise self._error(f"Dovecot does not start: {self._last_words()}")
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            greeting = await reader.readline()
            writer.close()
            if greeting:
                return

    def _settings(self, folder: Path, version: tuple[int, int]) -> str:
        try:
            user, group, uid, gid = _user()
        except KeyError:
            raise self._error("Dovecot runs for a user only who has a name") from None
        facts = {
            "folder": folder,
            "mailboxes": str(self._mailboxes).replace("%", "%%"),
            "protocols": " ".join(self._ports),
            "user": user,
            "group": group,
            "uid": uid,
            "gid": gid,
        }
        new = version >= (2, 4)
        texts = (_SINCE_2_4, _HEAD, _MAILBOXES_SINCE_2_4) if new else (_HEAD, _MAILBOXES)
        logins = (_LOGIN.format(protocol=protocol, port=port) for protocol, port in self._ports.items())
        return "".join((*(text.format(**facts) for text in texts), *logins))

    def _last_words(self) -> str:
        lines = (self._folder / "log").read_text("utf-8", "replace").splitlines() if self._folder is not None else []
        return lines[-1] if lines else "it says nothing"

    def _error(self, text: str) -> LabError:
        return LabError(f"mail server {self._name}: {text}")


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What comes from one end to the other, until no more comes."""
    with suppress(OSError):
        while octets := await reader.read(_AT_ONCE):
            writer.write(octets)
            await writer.drain()
        writer.write_eof()


def _free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody has; raises OSError where none is found."""
    found: list[int] = []
    for port in random.sample(_PORTS, _GUESSES):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise OSError("no free ports")


def _found(program: str) -> str | None:
    """A program of the system, whose folders a user need not have in the path."""
    return shutil.which(program) or shutil.which(program, path=os.pathsep.join(_SYSTEM))


def _user() -> tuple[str, str, int, int]:
    """User and group that Dovecot finds itself to be, names and numbers; raises KeyError where they have no names."""
    uid, gid = os.geteuid(), os.getegid()
    user = pwd.getpwuid(uid) if uid else pwd.getpwnam(_NOT_ROOT)
    group = grp.getgrgid(gid if uid else user.pw_gid)
    return user.pw_name, group.gr_name, user.pw_uid, group.gr_gid


def _as_user() -> tuple[str, ...]:
    """What shows a program that root starts the files of root as its own: a name space of users."""
    if os.geteuid():
        return ()
    _, _, uid, gid = _user()
    return ("unshare", "--user", f"--map-user={uid}", f"--map-group={gid}", "--")


def _mortal() -> tuple[str, ...]:
    """What makes a program end when the one that started it is gone, as far as this machine has it."""
    setpriv = _found("setpriv")
    return (setpriv, "--pdeathsig", "TERM", "--") if setpriv is not None else ()


async def _version(program: str) -> tuple[int, int]:
    asked = await asyncio.create_subprocess_exec(program, "--version", stdout=subprocess.PIPE)
    told, _ = await asked.communicate()
    found = re.match(rb"(\d+)\.(\d+)", told)
    return (int(found[1]), int(found[2])) if found is not None else (0, 0)


def _entry(user: tuple[str, str]) -> str:
    """A line of the password file: the name in small letters, as they are asked for, and how the mailbox spells it."""
    name, password = user
    hidden = base64.b64encode(password.encode()).decode()
    return f"{name.lower()}:{{PLAIN.b64}}{hidden}::::::user={name}\n"
