"""What a router adds to a session: its name, its aliases, and what it does with a word that is no command."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from iosemu.cli import filters
from iosemu.cli.handlers import Guard
from iosemu.cli.session import Hooks, Session
from iosemu.commands.aliases import aliases
from iosemu.commands.chassis.show_version import release
from iosemu.commands.files.urls import output_prefixes

if TYPE_CHECKING:
    from iosemu.commands.context import Device


def hooks(device: Device, configured: Callable[[Session[Device]], object] | None = None) -> Hooks[Device]:
    """The hooks of a user's session; `configured` is called when it leaves configuration mode."""

    def unknown(session: Session[Device], word: str) -> str:
        from iosemu.commands.lines.telnet import instead_of  # most sessions never mistype

        return instead_of(device, session, word)

    async def save(session: Session[Device], wanted: filters.Redirection, text: str) -> None:
        from iosemu.commands.redirected_output import save_output  # and most never write a file

        await save_output(session, wanted, text)

    def guard() -> Guard | None:
        root = device.config.root
        if not root.flag("aaa new-model"):
            return None
        if not (root.all("aaa authorization commands") or root.all("aaa accounting commands")):
            return None
        from iosemu.commands.aaa.commands import ask  # most routers ask nobody

        return partial(ask, device)

    return Hooks(
        hostname=lambda: device.hostname,
        configured=configured,
        aliases=lambda mode: aliases(device, mode),
        guard=guard,
        unknown=unknown,
        modifiers=filters.offered(release(device), output_prefixes(device)),
        save=save,
    )
