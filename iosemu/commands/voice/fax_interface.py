"""Which hardware handles store-and-forward fax: `fax interface-type`.

Rule: voice cards do, unless the configuration says modem cards, which an AS5300 may have, or there are no others. An
AS5300 goes by what the configuration said when it started, the others by what it says now (Cisco documents 47763 and
47764).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Changed

_COMMAND = "fax interface-type"
_LATER = ("as5300",)
"""Families that have to be started again before a change is in force."""


def started(device: Device) -> None:
    """The router has started with its configuration, or has been given one from outside."""
    pool = device.chassis.dsp
    pool.fax_mail = device.config.root.value(_COMMAND, "type") != "modem" and bool(pool.cards or not pool.modems)


def watch(device: Device) -> None:
    """Follow changes from now on, where they need no start."""

    def changed(change: Changed) -> None:
        started(device)

    if device.chassis.platform.family not in _LATER:
        device.config.follow(changed, _COMMAND)
