"""What takes files away or moves them: `delete`, `undelete`, `squeeze`, `erase`, `format`, `mkdir`, `rmdir`, `rename`.

Rule: each asks before it destroys, and says nothing where it did what was asked, unless a router does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.files import urls as file_urls
from iosemu.commands.files.copy import erase_flash
from iosemu.commands.files.questions import Questions, named
from iosemu.commands.files.systems import Flash, Nvram, flash, local, reason
from iosemu.commands.files.urls import Url
from iosemu.commands.registry import handlers
from iosemu.config.volume import BadFileName

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_FORCE, _RECURSIVE = "/force", "/recursive"


@handlers.register("delete_file")
async def _delete(call: Invocation[Device]) -> None:
    ask, url = Questions(call), _place(call)
    if _FORCE not in call.values:
        url = await ask.name("Delete filename", url, url.path)
    system = local(call.device, url)
    inside = [row.name for row in system.rows() if row.name.startswith(f"{url.name}/") and not row.deleted]
    for name in [*(sorted(inside, reverse=True) if _RECURSIVE in call.values else ()), url.name]:
        one = url.at(f"/{name}" if url.path.startswith("/") else name)
        if _FORCE in call.values or await ask.confirm(f"Delete {one}?"):
            try:
                system.delete(name)
            except (OSError, BadFileName) as error:
                raise Refused(f"%Error deleting {one} ({reason(error)})") from None


@handlers.register("undelete")
def _undelete(call: Invocation[Device]) -> None:
    url, number = _place(call), int(str(call.values["index"]))
    device = _marking(call, url, "undeleting")
    try:
        device.undelete(number)
    except OSError as error:
        raise Refused(f"%Error undeleting {url}{number} ({reason(error)})") from None


@handlers.register("squeeze")
async def _squeeze(call: Invocation[Device]) -> None:
    ask, url = Questions(call), _place(call)
    device = _marking(call, url, "squeezing")
    if await ask.confirm("All deleted files will be removed. Continue?") and await ask.confirm(
        "Squeeze operation may take a while. Continue?"
    ):
        device.squeeze()
        call.write(f"Squeeze of {device.name} complete\n")


def _marking(call: Invocation[Device], url: Url, doing: str) -> Flash:
    """A flash device on which deleted files stay."""
    device = flash(call.device, url)
    if not device.marks:
        raise Refused(f"%Error {doing} {url.system}: (Function not implemented)")
    return device


@handlers.register("erase")
async def _erase(call: Invocation[Device]) -> None:
    ask, url = Questions(call), _place(call)
    system = local(call.device, url)
    if isinstance(system, Flash):
        await erase_flash(call, ask, system)
    elif isinstance(system, Nvram):
        if await ask.confirm("Erasing the nvram filesystem will remove all files! Continue?"):
            system.erase()
            call.write("[OK]\nErase of nvram: complete\n")
            call.device.log.event("SYS", 7, "NV_BLOCK_INIT", "Initialized the geometry of nvram")
    else:
        raise Refused(f"%Error erasing {url} (Operation not supported)")


@handlers.register("erase_startup")
async def _erase_startup(call: Invocation[Device]) -> None:
    call.match = call.match._replace(values={**call.values, "place": "nvram:"})
    await _erase(call)


@handlers.register("format")
async def _format(call: Invocation[Device]) -> None:
    ask, url = Questions(call), _place(call)
    device = flash(call.device, url)
    if device.letter == "B":
        raise Refused(f"%Error formatting {url.system} (Operation not supported)")  # recalled
    if await ask.confirm("Format operation may take a while. Continue?") and await ask.confirm(
        f'Format operation will destroy all data in "{device.name}:".  Continue?'
    ):
        device.erase()
        call.write(f"\nFormat of {device.name} complete\n")


@handlers.register("mkdir")
async def _mkdir(call: Invocation[Device]) -> None:
    url = await Questions(call).name("Create directory filename", _place(call), _place(call).path)
    try:
        _directories(call, url).make_directory(url.name)
    except (OSError, BadFileName) as error:
        raise Refused(f"%Error Creating dir {url} ({reason(error)})") from None
    call.write(f"Created dir {url}\n")


@handlers.register("rmdir")
async def _rmdir(call: Invocation[Device]) -> None:
    ask = Questions(call)
    url = await ask.name("Remove directory filename", _place(call), _place(call).path)
    if not await ask.confirm(f"Delete {url}?"):
        return
    device = _directories(call, url)
    try:
        if not device.find(url.name).directory:
            raise NotADirectoryError(0, "Not a directory")
        device.delete(url.name)
    except (OSError, BadFileName) as error:
        raise Refused(f"%Error Removing dir {url} ({reason(error)})") from None
    call.write(f"Removed dir {url}\n")


@handlers.register("rename")
async def _rename(call: Invocation[Device]) -> None:
    source, target = named(call, "from"), named(call, "to")
    assert source is not None
    assert target is not None
    target = await Questions(call).name("Destination filename", target, target.path or source.last)
    device = _directories(call, source)
    try:
        if target.system != source.system:
            raise OSError(0, "Invalid argument")
        device.rename(source.name, target.name)
    except (OSError, BadFileName) as error:
        raise Refused(f"%Error renaming {source} ({reason(error)})") from None


def _directories(call: Invocation[Device], url: Url) -> Flash:
    """A flash device that has directories."""
    device = flash(call.device, url)
    if device.letter != "C":
        raise Refused(f"%Error opening {url} (Operation not supported)")
    return device


def _place(call: Invocation[Device]) -> Url:
    """The place that a command names, or where its user is."""
    return named(call, "place", "file") or file_urls.directory(call.session)
