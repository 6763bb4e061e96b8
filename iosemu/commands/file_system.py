"""NVRAM and flash: `copy`, `write`, `erase`, `delete`, `dir`, `more`, `show flash`, and `reload`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.questions import confirmed, file_name, said_yes
from iosemu.commands.registry import handlers
from iosemu.commands.router_time import MONTHS
from iosemu.config import nvgen
from iosemu.config.store import BadFileName

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

# The image fills most of the flash that a router was sold with (in 1/16).
IMAGE_SHARE = 15
_FLASH = "flash:"
_STARTUP_NAMES = ("startup-config", "nvram:startup-config")
_RUNNING_NAMES = ("running-config", "system:running-config")


def _image(device: Device) -> tuple[str, int]:
    platform = device.chassis.platform
    return platform.image_file.removeprefix(_FLASH), platform.flash_kb * 1024 * IMAGE_SHARE // 16


def saved_text(device: Device) -> str:
    """The running configuration as NVRAM keeps it."""
    return f"!\n{nvgen.render(device.config)}"


def is_modified(device: Device) -> bool:
    """Does the running configuration differ from the one kept in NVRAM?"""
    return device.files.startup_config != saved_text(device)


def _save(call: Invocation[Device]) -> None:
    call.terminal.write("Building configuration...\n")
    try:
        call.device.files.save_startup_config(saved_text(call.device))
    except OSError as error:
        raise Refused(f"%Error opening nvram:/startup-config ({error.strerror})") from None
    call.write("[OK]\n")


def _read_flash(device: Device, name: str) -> bytes:
    shown = name if name.startswith(_FLASH) else f"{_FLASH}{name}"
    try:
        return device.files.read(_flash_name(name))
    except (BadFileName, FileNotFoundError):
        raise Refused(f"%Error opening {shown} (No such file or directory)") from None


def _flash_name(name: str) -> str:
    return name.removeprefix(_FLASH).lstrip("/")


@handlers.register("write_memory")
def _write_memory(call: Invocation[Device]) -> None:
    _save(call)


@handlers.register("copy_running_startup")
async def _copy_running_startup(call: Invocation[Device]) -> None:
    await file_name(call, "Destination filename", "startup-config")
    _save(call)


@handlers.register("copy_startup_running")
async def _copy_startup_running(call: Invocation[Device]) -> None:
    await file_name(call, "Destination filename", "running-config")
    _into_running(call, call.device.files.startup_config)


@handlers.register("configure_memory")
def _configure_memory(call: Invocation[Device]) -> None:
    _into_running(call, call.device.files.startup_config)


def _into_running(call: Invocation[Device], text: str | None) -> None:
    from iosemu.commands.loading import load

    if text is None:
        raise Refused("%Error opening nvram:/startup-config (No such file or directory)")
    for _, refusal in load(call.device, text):
        call.write(f"{refusal}\n")
    call.write(f"{len(text.encode())} bytes copied in 0.100 secs\n")


@handlers.register("copy_running_file")
async def _copy_running_file(call: Invocation[Device]) -> None:
    target = str(call.values["to"])
    if target in _STARTUP_NAMES:
        await _copy_running_startup(call)
        return
    name = await file_name(call, "Destination filename", _flash_name(target) or f"{call.device.hostname}-confg")
    octets = saved_text(call.device).encode()
    try:
        call.device.files.write(_flash_name(name), octets)
    except (BadFileName, OSError):
        raise Refused(f"%Error opening {target} (Invalid argument)") from None
    call.write(f"{len(octets)} bytes copied in 0.100 secs\n")


@handlers.register("copy_file_running")
async def _copy_file_running(call: Invocation[Device]) -> None:
    source = str(call.values["from"])
    octets = b"" if source in _STARTUP_NAMES else _read_flash(call.device, source)
    await file_name(call, "Destination filename", "running-config")
    if source in _STARTUP_NAMES:
        _into_running(call, call.device.files.startup_config)
    else:
        _into_running(call, octets.decode("utf-8", "replace"))


@handlers.register("erase_startup")
async def _erase_startup(call: Invocation[Device]) -> None:
    if await confirmed(call, "Erasing the nvram filesystem will remove all files! Continue? [confirm]"):
        call.device.files.erase_startup_config()
        call.write("[OK]\nErase of nvram: complete\n")


@handlers.register("delete_file")
async def _delete(call: Invocation[Device]) -> None:
    name = await file_name(call, "Delete filename", _flash_name(str(call.values["file"])))
    if await confirmed(call, f"Delete {_FLASH}{name}? [confirm]"):
        try:
            call.device.files.delete(_flash_name(name))
        except (BadFileName, FileNotFoundError):
            raise Refused(f"%Error deleting {_FLASH}{name} (No such file or directory)") from None


@handlers.register("dir")
def _dir(call: Invocation[Device]) -> None:
    name, size = _image(call.device)
    total = call.device.chassis.platform.flash_kb * 1024
    rows = [(size, "<no date>", name), *((f.size, _date(f.modified_s), f.name) for f in call.device.files.files())]
    lines = [f"Directory of {_FLASH}/", ""]
    lines += [f"{number:5}  -rw-{octets:12}{when:>29}  {file}" for number, (octets, when, file) in enumerate(rows, 1)]
    used = sum(row[0] for row in rows)
    call.write("\n".join([*lines, "", f"{total} bytes total ({max(total - used, 0)} bytes free)"]) + "\n")


def _date(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{MONTHS[moment.month - 1]} {moment.day:02} {moment:%Y %H:%M:%S} +00:00"


@handlers.register("show_flash")
def _show_flash(call: Invocation[Device]) -> None:
    name, size = _image(call.device)
    total_kb = call.device.chassis.platform.flash_kb
    rows = [(size, name), *((file.size, file.name) for file in call.device.files.files())]
    used = sum(row[0] for row in rows)
    lines = ["", "System flash directory:", "File  Length   Name/status"]
    lines += [f"{number:3}   {octets:<8}  {file}  " for number, (octets, file) in enumerate(rows, 1)]
    lines.append(f"[{used} bytes used, {max(total_kb * 1024 - used, 0)} available, {total_kb * 1024} total]")
    lines.append(f"{total_kb}K bytes of processor board System flash (Read/Write)")
    call.write("\n".join([*lines, ""]) + "\n")


@handlers.register("show_file_systems")
def _show_file_systems(call: Invocation[Device]) -> None:
    platform = call.device.chassis.platform
    size = _image(call.device)[1]
    flash = platform.flash_kb * 1024
    nvram = platform.nvram_kb * 1024
    used = len((call.device.files.startup_config or "").encode())
    rows = [
        ("-", "-", "opaque", "rw", "null:"),
        ("-", "-", "opaque", "rw", "system:"),
        ("-", "-", "network", "rw", "tftp:"),
        (str(nvram), str(nvram - used), "nvram", "rw", "nvram:"),
        (str(flash), str(flash - size), "flash", "rw", _FLASH),
    ]
    lines = ["File Systems:", "", "     Size(b)     Free(b)      Type  Flags  Prefixes"]
    for total, free, kind, flags, prefix in rows:
        mark = "*" if prefix == _FLASH else " "
        lines.append(f"{mark}{total:>11}{free:>12}{kind:>10}{flags:>7}   {prefix}")
    call.write("\n".join(lines) + "\n")


@handlers.register("more")
def _more(call: Invocation[Device]) -> None:
    name = str(call.values["file"])
    if name in _STARTUP_NAMES and call.device.files.startup_config is not None:
        call.write(call.device.files.startup_config)
    elif name in _RUNNING_NAMES:
        call.write(saved_text(call.device))
    else:
        call.write(_read_flash(call.device, name).decode("utf-8", "replace"))


@handlers.register("reload")
async def _reload(call: Invocation[Device]) -> None:
    device = call.device
    if is_modified(device) and await said_yes(call, "\nSystem configuration has been modified. Save?"):
        _save(call)
        call.terminal.write("")
    if not await confirmed(call, "Proceed with reload? [confirm]"):
        return
    device.log.event("SYS", 5, "RELOAD", "Reload requested")
    device.reload_reason = "reload"
    if device.on_reload is not None:
        device.on_reload()
    call.session.closed = True
