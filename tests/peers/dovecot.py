"""A Dovecot of a test's own: IMAP and POP3 over one Maildir, on loopback ports alone, one password for all users."""

from __future__ import annotations

import imaplib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from tests.peers.postfix import WAIT_S, await_port
from tests.ports import free_port

PASSWORD = "secret"

_SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 1
last_valid_uid = 0
first_valid_gid = 1
mail_location = maildir:{maildir}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
"""


class Dovecot:
    """A running Dovecot; `imap` and `pop3` are its ports on 127.0.0.1."""

    def __init__(self, folder: Path, imap: int, pop3: int) -> None:
        self.imap, self.pop3 = imap, pop3
        self._folder = folder

    def mails(self, count: int, user: str = "tom") -> list[Message[str, str]]:
        """What IMAP shows in the user's INBOX, as soon as there are `count`; fails when they do not come."""
        until = time.monotonic() + WAIT_S
        while True:
            with imaplib.IMAP4("127.0.0.1", self.imap, timeout=WAIT_S) as mailbox:
                mailbox.login(user, PASSWORD)
                found = int(mailbox.select("INBOX", readonly=True)[1][0] or 0)
                if found >= count:
                    return [_fetched(mailbox, number) for number in range(1, found + 1)]
            if time.monotonic() > until:
                pytest.fail(f"no {count} mails in {user}'s INBOX but {found}; Dovecot says:\n{self.log}")
            time.sleep(0.05)

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text()


def _fetched(mailbox: imaplib.IMAP4, number: int) -> Message[str, str]:
    parts = mailbox.fetch(str(number), "(RFC822)")[1]
    return message_from_bytes(parts[0][1])


@contextmanager
def serving(dovecot: str, maildir: Path | str) -> Iterator[Dovecot]:
    """Start Dovecot over `maildir` (`%u` in it is the user), and stop it."""
    if os.geteuid() != 0:
        pytest.skip("Dovecot starts as root only")
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    imap, pop3 = free_port(), free_port()
    (folder / "home").mkdir()
    shutil.chown(folder / "home", "nobody", "nogroup")
    owner = (folder / "home").stat()
    facts = {"folder": folder, "maildir": maildir, "imap": imap, "pop3": pop3, "password": PASSWORD}
    (folder / "dovecot.conf").write_text(_SETTINGS.format(uid=owner.st_uid, gid=owner.st_gid, **facts))
    process = subprocess.Popen([dovecot, "-F", "-c", folder / "dovecot.conf"])
    try:
        await_port(imap)
        yield Dovecot(folder, imap, pop3)
    finally:
        process.terminate()
        process.wait(WAIT_S)
        shutil.rmtree(folder)
