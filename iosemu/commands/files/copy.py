"""`copy`, and the older commands that copy a configuration: `write`, `configure memory`, `configure network`.

Rule: names first, then what would be lost, then the copying, so nothing is destroyed for a copy that cannot be made:
the source is read before the target is asked about. What goes to the running configuration is merged line by line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.config import stored_config
from iosemu.commands.files.questions import Questions, named
from iosemu.commands.files.systems import Flash, local, reason
from iosemu.commands.files.urls import RUNNING, STARTUP, Url
from iosemu.commands.loading import merge
from iosemu.commands.registry import handlers
from iosemu.config.volume import BadFileName

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

# What copying takes a router at least, and the size of the blocks that an exclamation mark stands for.
LEAST_S = 0.1
BLOCK = 512
FTP_BLOCK = 4096
MARKS_A_LINE = 64
ERASING = 64
"""How many flash sectors are told of while they are erased."""


@handlers.register("copy")
async def _copy(call: Invocation[Device]) -> None:
    source, target = named(call, "source", "from"), named(call, "target", "to")
    assert source is not None
    assert target is not None
    await copy(call, source, target, erase="/erase" in call.values)


async def copy(call: Invocation[Device], source: Url, target: Url, *, erase: bool = False) -> None:
    """Copy one file with the whole dialogue; refuses with the router's words."""
    ask = Questions(call)
    source = await ask.source(source)
    target = await ask.target(target, _offered(call.device, source, target))
    if source.same(RUNNING) and target.same(STARTUP):
        stored_config.save(call.device, call.terminal.write, call.session.user)
        return
    if not (target.remote or target.same(RUNNING) or target.same(STARTUP)):
        await _agree_to_overwrite(call, ask, target)
    begun = call.device.clock.now()
    octets = await read(call, source)
    if not target.remote and isinstance(device := local(call.device, target), Flash):
        await _make_room(call, ask, device, erase)
    if source.remote:
        _tell_loading(call, source, len(octets))
    if target.same(RUNNING):
        _into_running(call, octets, source)
    else:
        await _write(call, target, octets)
    seconds = max(call.device.clock.now() - begun, LEAST_S)
    call.write(f"{len(octets)} bytes copied in {seconds:.3f} secs ({int(len(octets) / seconds)} bytes/sec)\n")


def _offered(device: Device, source: Url, target: Url) -> str:
    """The name that a copy gets unless another one is typed."""
    if target.remote and (source.same(RUNNING) or source.same(STARTUP)):
        return f"{device.hostname.lower()}-confg"
    return source.last


async def read(call: Invocation[Device], source: Url) -> bytes:
    """The octets of a file anywhere."""
    if source.remote:
        from iosemu.commands.files.transfers import fetch

        call.terminal.write(f"Accessing {source}...\n")
        return await fetch(call.device, source, call.session.user)
    try:
        return local(call.device, source).read(source.name)
    except (OSError, BadFileName) as error:
        raise Refused(f"%Error opening {source} ({reason(error)})") from None


async def _agree_to_overwrite(call: Invocation[Device], ask: Questions, target: Url) -> None:
    rows = local(call.device, target).rows()
    if any(row.name == target.name and not row.deleted for row in rows) and not ask.quiet:
        call.terminal.write("%Warning:There is a file already existing with this name \n")
        if not await ask.confirm("Do you want to over write?"):
            raise Refused(f"%Error copying {target} (User aborted)")  # recalled


async def _make_room(call: Invocation[Device], ask: Questions, device: Flash, erase: bool) -> None:
    """Class B flash offers to be erased before each copy, as deleted files leave no room."""
    if not erase and (device.letter != "B" or ask.quiet):
        return
    if erase or await ask.confirm(f"Erase {device.name}: before copying?"):
        await erase_flash(call, ask, device)


async def erase_flash(call: Invocation[Device], ask: Questions, device: Flash) -> None:
    """Erase it after a last question."""
    if not await ask.confirm(f"Erasing the {device.name} filesystem will remove all files! Continue?"):
        return
    device.erase()
    call.terminal.write(f"Erasing device... {'e' * ERASING} ...erased\nErase of {device.name}: complete\n")


def _tell_loading(call: Invocation[Device], source: Url, size: int) -> None:
    from iosemu.commands.files.transfers import way_out

    marks = _marks(size)
    if source.system == "ftp":
        call.terminal.write(f"Loading {source.path} {marks}\n[OK - {size}/{FTP_BLOCK} bytes]\n\n")  # recalled
        return
    if source.system == "http":
        call.terminal.write(f"Loading {source} {marks}\n")  # recalled
        return
    via = way_out(call.device, source.system)
    call.terminal.write(f"Loading {source.path} from {source.host} (via {via}): {marks}\n[OK - {size} bytes]\n\n")


def _marks(size: int) -> str:
    """An exclamation mark for each ten blocks carried."""
    marks = "!" * min(-(-size // (10 * BLOCK)) or 1, MARKS_A_LINE * 20)
    return "\n".join(marks[at : at + MARKS_A_LINE] for at in range(0, len(marks), MARKS_A_LINE))


def _into_running(call: Invocation[Device], octets: bytes, source: Url) -> None:
    for refusal in merge(call.device, octets.decode("utf-8", "replace")):
        call.terminal.write(refusal)
    stored_config.note_configured(call.session, "memory" if source.same(STARTUP) else str(source))


async def _write(call: Invocation[Device], target: Url, octets: bytes) -> None:
    if target.remote:
        from iosemu.commands.files.transfers import store

        await store(call.device, target, octets, call.session.user)
        told = {"ftp": f"Writing {target.path} {_marks(len(octets))}\n", "http": f"Writing {target} !\n"}  # recalled
        call.terminal.write(told.get(target.system, "!!\n"))
        return
    if target.same(STARTUP):
        stored_config.keep(call.device, octets.decode("utf-8", "replace"))
        call.write("[OK]\n")
        return
    device = local(call.device, target)
    try:
        device.write(target.name, octets)
    except (OSError, BadFileName) as error:
        raise Refused(f"%Error opening {target} ({reason(error)})") from None
    if isinstance(device, Flash) and device.letter == "B":
        call.write(f"Verifying checksum...  OK (0x{checksum(octets):X})\n")


def checksum(octets: bytes) -> int:
    """The sum that flash of class B keeps of a file: its 16-bit words, added with the carries."""  # inferred
    padded = octets + b"\0" * (len(octets) % 2)
    total = sum(memoryview(padded).cast("H")) if len(padded) else 0
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total >> 8 | (total & 0xFF) << 8


@handlers.register("write_memory")
def _write_memory(call: Invocation[Device]) -> None:
    stored_config.save(call.device, call.terminal.write, call.session.user)


@handlers.register("configure_memory")
async def _configure_memory(call: Invocation[Device]) -> None:
    _into_running(call, await read(call, STARTUP), STARTUP)


@handlers.register("write_network")
async def _write_network(call: Invocation[Device]) -> None:
    _replaced(call, "copy system:/running-config <url>")
    await copy(call, RUNNING, named(call, "to") or Url("tftp"))


@handlers.register("configure_network")
async def _configure_network(call: Invocation[Device]) -> None:
    _replaced(call, "copy <url> system:/running-config")
    await copy(call, named(call, "from") or Url("tftp"), RUNNING)


@handlers.register("configure_overwrite_network")
async def _configure_overwrite_network(call: Invocation[Device]) -> None:
    _replaced(call, "copy <url> nvram:/startup-config")
    await copy(call, named(call, "from") or Url("tftp"), STARTUP)


def _replaced(call: Invocation[Device], command: str) -> None:
    call.terminal.write(f"This command has been replaced by the command:\n         '{command}'\n")  # recalled
