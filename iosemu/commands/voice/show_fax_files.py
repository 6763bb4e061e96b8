"""`show call history fax files [NAME]`: the files of the faxes. No router has this command: it is iosemu's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.dates import clock_digits

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.fax_files import FaxFile


def attach(device: Device) -> None:
    """Have the files written from now on."""
    device.fax_files.attach(device.bus)


def list_text(files: tuple[FaxFile, ...], uptime_s: float) -> str:
    """One line a file."""
    lines = ["File                  Size  Age       Direction"]
    for file in files:
        direction = next((value for name, value in file.facts if name == "Direction"), "off-ramp")
        age = clock_digits(int(uptime_s - file.closed_s))
        lines.append(f"{file.name:<20} {file.octets:>5}  {age}  {direction}")
    return "\n".join([*lines, f"Total files: {len(files)}"]) + "\n"


def file_text(file: FaxFile) -> str:
    """One file, a fact a line, in the manner of the call history."""
    kind = file.kind.upper()
    return "\n".join([f"{kind}:", f"Index={file.number}", *(f"{name}={value}" for name, value in file.facts)]) + "\n"


@handlers.register("show_fax_files")
def _files(call: Invocation[Device]) -> None:
    device = call.device
    device.voice.refresh_history()
    uptime_s = device.voice.control.uptime()
    files, wanted = device.fax_files.files(uptime_s), call.values.get("file")
    if wanted is None:
        call.write(list_text(files, uptime_s))
        return
    found = next((file for file in files if file.name == str(wanted).lower()), None)
    call.write(file_text(found) if found is not None else f"% No file {wanted}\n")
