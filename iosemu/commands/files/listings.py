"""What shows files: `dir`, `more`, `verify`, `show flash:`, `show file systems`, `show file information`, `pwd`; `cd`.

Rule: nothing here changes a file; a listing shows what the file system says of itself.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.files import urls as file_urls
from iosemu.commands.files.copy import checksum, read
from iosemu.commands.files.questions import named
from iosemu.commands.files.systems import MISSING, NO_DATE, Flash, Nvram, Row, flash, local
from iosemu.commands.files.urls import Url
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_DOT_BYTES = 64 * 1024
"""How much of a file `verify /md5` reads for each dot that it prints."""
_DOTS_A_LINE = 78
_A_OUT = "image (elf) []"


@handlers.register("dir")
def _dir(call: Invocation[Device]) -> None:
    url = named(call, "place", "file") or file_urls.directory(call.session)
    if url.remote:
        raise Refused(f"%Error opening {url} (Operation not supported)")
    system = local(call.device, url)
    rows = [row for row in system.rows() if "/all" in call.values or not row.deleted]
    inside, found = _inside(rows, url)
    if not found:
        raise Refused(f"%Error opening {_shown(url)} ({MISSING})")
    body = "\n".join(row.text for row in inside) if inside else "No files in directory"
    size = system.size()
    room = f"{size[0]} bytes total ({size[1]} bytes free)" if size else "No space information available"
    call.write(f"Directory of {_shown(url)}\n\n{body}\n\n{room}\n")


def _shown(url: Url) -> str:
    return f"{url.system}:{url.path or '/'}"


def _inside(rows: list[Row], url: Url) -> tuple[list[Row], bool]:
    """The rows of a directory by their last names, or that of one file; and whether there is such a place."""
    here = f"{url.name}/" if url.name else ""
    file = [row for row in rows if row.name == url.name]
    if file and not file[0].mode.startswith("d"):
        return file, True
    within = [row for row in rows if row.name.startswith(here) and "/" not in row.name[len(here) :]]
    named_here = [
        Row(row.number, row.size, row.name[len(here) :], row.mode, row.date, row.deleted) for row in within if row.name
    ]
    return named_here, bool(file) or not here


@handlers.register("more")
async def _more(call: Invocation[Device]) -> None:
    url = named(call, "place", "file")
    assert url is not None
    call.write((await read(call, url)).decode("utf-8", "replace"))


@handlers.register("pwd")
def _pwd(call: Invocation[Device]) -> None:
    call.write(f"{file_urls.directory(call.session)}\n")


@handlers.register("cd")
def _cd(call: Invocation[Device]) -> None:
    url = named(call, "place", "file") or Url(file_urls.main_flash(call.device))
    if url.remote or url.system == "null":
        raise Refused(f"%Error changing to {url} (Operation not supported)")
    if url.name and not _inside(local(call.device, url).rows(), url)[1]:
        raise Refused(f"%Error changing to {url} ({MISSING})")
    local(call.device, url)
    file_urls.change_directory(call.session, url.at(f"/{url.name}/" if url.name else ""))


@handlers.register("verify")
async def _verify(call: Invocation[Device]) -> None:
    url = named(call, "place", "file")
    assert url is not None
    octets = await read(call, url)
    if "/md5" not in call.tokens:
        device = flash(call.device, url)
        kept = f"OK (0x{checksum(octets):X})"
        call.write(f"Verifying checksum... {kept}\n" if device.letter == "A" else f"Verified {url}\n")
        return
    dots = "." * (len(octets) // _DOT_BYTES + 1)
    lines = "\n".join(dots[at : at + _DOTS_A_LINE] for at in range(0, len(dots), _DOTS_A_LINE))
    call.terminal.write(f"{lines}Done!\n")
    found = hashlib.md5(octets, usedforsecurity=False).hexdigest()
    given = str(call.values.get("md5", ""))
    if not given:
        call.write(f"verify /md5 ({url}) = {found}\n\n")
    elif given.lower() == found:
        call.write(f"Verified ({url}) = {found}\n\n")
    else:
        raise Refused(
            f"%Error verifying {url}\nComputed signature  = {found}\nSubmitted signature = {given}\n"
        )  # recalled


@handlers.register("show_flash")
def _show_flash(call: Invocation[Device]) -> None:
    url = Url(str(call.values.get("device", "flash:")).rstrip(":"))
    device = flash(call.device, url)
    total, free = device.size()
    call.write(_disk(device, total, free) if device.letter == "C" else _system_flash(device, total, free))


def _system_flash(device: Flash, total: int, free: int) -> str:
    kind = "Boot" if device.name == "bootflash" else "System"
    lines = ["", f"{kind} flash directory:", "File  Length   Name/status"]
    for row in device.rows():
        lines.append(f"{row.number:3}   {row.size:<8}  {row.name} {'[deleted]' if row.deleted else ''} ")
    lines.append(f"[{total - free} bytes used, {free} available, {total} total]")
    lines.append(f"{total // 1024}K bytes of processor board {kind} flash (Read/Write)")
    return "\n".join([*lines, ""]) + "\n"


def _disk(device: Flash, total: int, free: int) -> str:
    lines = ["-#- --length-- -----date/time------ path"]
    for row in device.rows():
        date = "" if row.date == NO_DATE else row.date
        lines.append(f"{row.number:<3} {row.size:10} {date:>27} {row.name}")
    lines += ["", f"{free} bytes available ({total - free} bytes used)", ""]
    return "\n".join(lines)


@handlers.register("show_file_systems")
def _show_file_systems(call: Invocation[Device]) -> None:
    here = file_urls.directory(call.session).system
    lines = ["File Systems:", "", "     Size(b)     Free(b)      Type  Flags  Prefixes"]
    main = file_urls.main_flash(call.device)
    for name in file_urls.systems(call.device):
        total, free, kind, flags = _row(call.device, name)
        also = " flash:" if name == main != file_urls.FLASH else ""
        lines.append(f"{'*' if name == here else ' '}{total:>11}{free:>12}{kind:>10}{flags:>7}   {name}:{also}")
    call.write("\n".join(lines) + "\n")


def _row(device: Device, name: str) -> tuple[str, str, str, str]:
    if name in file_urls.NETWORK:
        return "-", "-", "network", "rw"
    try:
        system = local(device, Url(name))
    except Refused:  # a slot without a card
        return "-", "-", "flash", "rw"
    size = system.size() or ("-", "-")
    return str(size[0]), str(size[1]), system.kind, system.flags


@handlers.register("show_file_information")
async def _show_file_information(call: Invocation[Device]) -> None:
    url = named(call, "place", "file")
    assert url is not None
    octets = await read(call, url)
    whole = isinstance(local(call.device, url), Nvram) or (octets.isascii() and b"\0" not in octets)
    kind = "ascii text" if whole and octets else "unknown" if any(octets) else _A_OUT if octets else "empty"
    call.write(f"{url}:\n  type is {kind}\n" + (f"  file size is {len(octets)} bytes\n" if not whole else ""))
