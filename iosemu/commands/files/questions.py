"""What commands of files ask before they work: names and hosts that were not said, and whether to destroy something.

Rule: `file prompt` decides. `quiet` asks nothing and takes what was said or would be offered; `alert`, the default,
asks for what is missing and before harm is done; `noisy` asks for every name again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.files.urls import UnknownPrefix, Url, read_url
from iosemu.commands.questions import confirmed

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


class Questions:
    """The dialogue of one command."""

    def __init__(self, call: Invocation[Device]) -> None:
        self._call = call
        self._mode = str(call.device.config.root.value("file prompt", "mode", "alert"))

    @property
    def quiet(self) -> bool:
        return self._mode == "quiet"

    async def confirm(self, question: str) -> bool:
        """Ask before harm is done; `quiet` agrees."""
        return self.quiet or await confirmed(self._call, f"{question} [confirm]")

    async def text(self, question: str, offered: str) -> str:
        """Ask `question [offered]?`; Return takes what is offered, as `quiet` does."""
        if self.quiet:
            return offered
        return (await self._call.terminal.read_line(f"{question} [{offered}]? ")).strip() or offered

    async def name(self, question: str, url: Url, offered: str = "") -> Url:
        """The same for a file name; an answer may be a whole name with its prefix."""
        answer = await self.text(question, offered)
        if answer == offered and url.path:
            return url
        if ":" in answer:
            try:
                return read_url(self._call.session, answer)
            except UnknownPrefix:
                raise Refused("%Error parsing filename (Invalid argument)") from None
        return url.at(answer)

    async def source(self, url: Url) -> Url:
        """Where to copy from: host and name, as far as they are missing."""
        if url.remote and (not url.host or self._mode == "noisy"):
            url = await self._host(url)
        if (not url.name and url.system != "null") or self._mode == "noisy":
            url = await self.name("Source filename", url, url.path)
            if not url.name and url.system != "null":
                raise Refused(f"%Error opening {url} (No such file or directory)")
        return url

    async def target(self, url: Url, offered: str) -> Url:
        """Where to copy to; the name is always asked for."""
        if url.system == "null":
            return url
        if url.remote:
            url = await self._host(url)
        directory = url.name and url.path.endswith("/")
        return await self.name(
            "Destination filename", url, f"{url.path}{offered}" if directory else (url.path or offered)
        )

    async def _host(self, url: Url) -> Url:
        host = await self.text("Address or name of remote host", url.host)
        if not host:
            raise Refused("%Error parsing filename (Bad IP address or host name)")  # recalled
        return replace(url, host=host)


def named(call: Invocation[Device], *names: str) -> Url | None:
    """The file that the first of these arguments names; None where none was said. The caret marks a bad prefix."""
    for name in names:
        if name in call.values:
            try:
                return read_url(call.session, str(call.values[name]))
            except UnknownPrefix:
                raise call.invalid(name) from None
    return None
