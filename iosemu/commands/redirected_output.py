"""`| append`, `| redirect` and `| tee`: what a command prints goes into a file, of the router or on a server.

Rule: the command has run by then, and what cannot be written is refused in the words of `copy`; nothing is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.match import InvalidInput
from iosemu.cli.session import Refused
from iosemu.commands.files.systems import Flash, local, reason
from iosemu.commands.files.urls import UnknownPrefix, Url, output_prefixes, read_url
from iosemu.config.volume import BadFileName

if TYPE_CHECKING:
    from iosemu.cli.filters import Redirection
    from iosemu.cli.session import Session
    from iosemu.commands.context import Device


async def save_output(session: Session[Device], wanted: Redirection, text: str) -> None:
    """Write `text` where a session wants it."""
    try:
        url = read_url(session, wanted.url)
    except UnknownPrefix:
        raise InvalidInput(wanted.column) from None
    if url.remote and f"{url.system}:" not in output_prefixes(session.device):
        raise InvalidInput(wanted.column)
    if not url.name and url.system != "null":
        raise Refused(f"%Error opening {url} (Invalid argument)")  # inferred
    if url.remote:
        from iosemu.commands.files.transfers import store

        if wanted.append:
            raise Refused(_no_append(url))
        await store(session.device, url, text.encode())
        session.terminal.write("!!\n")
        return
    system = local(session.device, url)
    try:
        before = b""
        if wanted.append:
            if not isinstance(system, Flash):
                raise Refused(_no_append(url))
            if any(row.name == url.name and not row.deleted for row in system.rows()):
                before = system.read(url.name)
        system.write(url.name, before + text.encode())
    except (OSError, BadFileName) as error:
        raise Refused(f"%Error opening {url} ({reason(error)})") from None


def _no_append(url: Url) -> str:
    return f"%Error opening {url} (Appending is not supported in this file system)"  # inferred
