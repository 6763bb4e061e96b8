"""`show running-config [interface NAME]`, `show startup-config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.config.stored_config import comments, nvram_room
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


@handlers.register("show_running_config")
def _running(call: Invocation[Device]) -> None:
    from iosemu.config import nvgen

    call.write(nvgen.running_config(call.device.config, comments(call.device), call.session.privilege))


@handlers.register("show_running_config_interface")
def _running_interface(call: Invocation[Device]) -> None:
    from iosemu.config import nvgen

    config = call.device.config
    block = config.root.block("interface", name=str(call.values["interface"]))
    if block is None:
        raise call.invalid("interface")
    call.write(nvgen.block_config(config, block, call.session.privilege))


@handlers.register("show_startup_config")
def _startup(call: Invocation[Device]) -> None:
    text = call.device.files.startup_config
    if text is None:
        call.write("startup-config is not present\n")
        return
    call.write(f"Using {len(text.encode())} out of {nvram_room(call.device)} bytes\n{text}")
