"""Clears of tables that nothing here ever fills: the host cache, dynamic translations, learnt routes, sessions; resets
of telephones, of which none is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


@handlers.register("clear_nothing")
def _clear(call: Invocation[Device]) -> None:
    """What was configured stays, and there is nothing else."""
