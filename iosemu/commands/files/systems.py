"""The file systems in the router: flash devices, `nvram:`, `system:` and `null:`, each with the same few verbs.

Rule: what a verb cannot do is a FileNotFoundError, a BadFileName, or an OSError, which `reason` puts into the router's
words. Flash of classes A and B only marks what is deleted and is flat; class C (ATA disks) frees it and has
directories. No vendor image is in flash: its name and size are, and what it would hold is zeros.
"""

from __future__ import annotations

import errno
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from iosemu.cli.session import Refused
from iosemu.commands.config.private_config import PRIVATE
from iosemu.commands.config.stored_config import config_text, nvram_room
from iosemu.commands.files.urls import FLASH, Url, main_flash
from iosemu.commands.system import router_time
from iosemu.config.store import STARTUP
from iosemu.config.volume import BadFileName, FileEntry, Volume
from iosemu.dates import MONTHS

if TYPE_CHECKING:
    from iosemu.commands.context import Device

# The image fills most of the flash that a router was sold with (in 1/16), the boot image a third of its own.
IMAGE_SHARE = 15
RUNNING = "running-config"
NO_DATE = "<no date>"
MISSING = "No such file or directory"
_BOOT_IMAGE = re.compile(r"\((C\w+)-BOOT-M\), Version (\d+)\.(\d+)\((\w+)\)(\w*)")


class Row(NamedTuple):
    """One line of `dir`."""

    number: int
    size: int
    name: str
    mode: str = "-rw-"
    date: str = NO_DATE
    deleted: bool = False

    @property
    def text(self) -> str:
        name = f"[{self.name}]" if self.deleted else self.name
        return f"{self.number:5}  {self.mode}{self.size:12}{self.date:>29}  {name}"


class FileSystem(Protocol):
    """One prefix of the router."""

    kind: str
    flags: str

    def size(self) -> tuple[int, int] | None:
        """Octets in all and octets free; None where there is nothing to count."""

    def rows(self) -> list[Row]:
        """Everything in it, deleted files too."""
        ...

    def read(self, name: str) -> bytes: ...
    def write(self, name: str, octets: bytes) -> None: ...
    def delete(self, name: str) -> None: ...


def reason(error: OSError | BadFileName) -> str:
    """Why it did not go, as it stands in brackets."""
    if isinstance(error, FileNotFoundError):
        return MISSING
    if isinstance(error, BadFileName):
        return "Invalid argument"
    if error.errno == errno.ENOSPC:
        return "Not enough space on device"
    return error.strerror or str(error)


def full() -> OSError:
    """There is no room."""
    return OSError(errno.ENOSPC, "")


def read_only() -> OSError:
    return OSError(errno.EACCES, "Permission denied")


def local(device: Device, url: Url) -> FileSystem:
    """The file system of a name that is in the router; refuses a slot that has no card."""
    if url.system == "nvram":
        return Nvram(device)
    if url.system == "system":
        return System(device)
    if url.system == "null":
        return Null()
    return flash(device, url)


def flash(device: Device, url: Url) -> Flash:
    """The flash device of a name; refuses what is none, and a slot that has no card."""
    platform = device.chassis.platform
    name = main_flash(device) if url.system == FLASH else url.system
    kilobytes = {main_flash(device): platform.flash_kb, "bootflash": platform.boot_flash_kb}.get(name, 0)
    if not kilobytes:
        none = "No such device" if name in platform.flash_slots else "Operation not supported"  # recalled
        raise Refused(f"%Error opening {url.system}:/ ({none})")
    return Flash(device, name, kilobytes * 1024)


class Flash:
    """`flash:`, `bootflash:` or a card."""

    kind, flags = "flash", "rw"

    def __init__(self, device: Device, name: str, total: int) -> None:
        self.name = name
        self.letter = device.chassis.platform.flash_class
        """The class of its file system: A, B, C."""
        self._device = device
        self._total = total
        self._volume: Volume = device.files.volume(name)
        self._image = image(device, name)

    @property
    def marks(self) -> bool:
        """Do deleted files stay until room is made?"""
        return self.letter != "C"

    def entries(self) -> list[FileEntry]:
        return self._volume.entries(self._image)

    def size(self) -> tuple[int, int]:
        return self._total, max(self._total - sum(entry.size for entry in self.entries()), 0)

    def rows(self) -> list[Row]:
        return [
            Row(
                number,
                entry.size,
                entry.name,
                "drw-" if entry.directory else "-rw-",
                file_date(self._device, entry.modified_s),
                entry.deleted,
            )
            for number, entry in enumerate(self.entries(), 1)
        ]

    def find(self, name: str) -> FileEntry:
        """The file or directory of that name that is not deleted; raises FileNotFoundError."""
        found = next((e for e in self.entries() if e.name == name and not e.deleted), None)
        if found is None:
            raise FileNotFoundError(name)
        return found

    def read(self, name: str) -> bytes:
        found = self.find(name)
        if found.modified_s is None:
            return bytes(found.size)
        if found.directory:
            raise IsADirectoryError(errno.EISDIR, "Is a directory")
        return self._volume.read(name)

    def write(self, name: str, octets: bytes) -> None:
        """A file of that name is deleted first."""
        if self.letter != "C" and "/" in name:
            raise BadFileName(name)
        old = next((e for e in self.entries() if e.name == name and not e.deleted), None)
        freed = old.size if old is not None and not self.marks else 0
        if len(octets) > self.size()[1] + freed:
            raise full()
        if old is not None and (self.marks or old.modified_s is None):
            self._volume.mark(old)
        self._volume.write(name, octets, router_time.utc(self._device).timestamp())
        if not self.marks:
            self._volume.squeeze()

    def delete(self, name: str) -> None:
        found = self.find(name)
        if found.directory and any(e.name.startswith(f"{name}/") for e in self.entries()):
            raise OSError(errno.ENOTEMPTY, "Directory not empty")
        if found.directory:
            self._volume.remove(name)
            return
        self._volume.mark(found)
        if not self.marks:
            self._volume.squeeze()

    def undelete(self, number: int) -> None:
        """Bring back the deleted file of that number; raises FileNotFoundError, FileExistsError."""
        entries = self.entries()
        if not 0 < number <= len(entries) or not entries[number - 1].deleted:
            raise FileNotFoundError(number)
        if any(e.name == entries[number - 1].name and not e.deleted for e in entries):
            raise FileExistsError(errno.EEXIST, "File exists")
        self._volume.unmark(entries[number - 1])

    def squeeze(self) -> None:
        self._volume.squeeze()

    def erase(self) -> None:
        self._volume.clear()

    def rename(self, old: str, new: str) -> None:
        found = self.find(old)
        if any(e.name == new for e in self.entries()):
            raise FileExistsError(errno.EEXIST, "File exists")
        if found.modified_s is None:
            raise read_only()
        self._volume.rename(old, new)

    def make_directory(self, name: str) -> None:
        if any(e.name == name for e in self.entries()):
            raise FileExistsError(errno.EEXIST, "File exists")
        parent = name.rpartition("/")[0]
        if parent:
            self.find(parent)
        self._volume.make_directory(name)


class Nvram:
    """`nvram:`: the startup-config, and what else is put there."""

    kind, flags = "nvram", "rw"

    def __init__(self, device: Device) -> None:
        self._device = device
        self._volume = device.files.volume("nvram")

    def size(self) -> tuple[int, int]:
        room = nvram_room(self._device)
        return room, max(room - sum(entry.size for entry in self._volume.entries()), 0)

    def rows(self) -> list[Row]:
        sizes = {entry.name: entry.size for entry in self._volume.entries()}
        startup, private = sizes.pop(STARTUP, 0), sizes.pop(PRIVATE, 0)
        others = [Row(number, size, name) for number, (name, size) in enumerate(sizes.items(), 1)]
        # The two configurations grow from the end of NVRAM, and are numbered after its kilobytes.  # recalled
        last = nvram_room(self._device) // 1024
        return [Row(last - 1, startup, STARTUP), Row(last, private, PRIVATE, "----"), *others]

    def read(self, name: str) -> bytes:
        if name == PRIVATE:  # shown to nobody
            raise PermissionError(errno.EACCES, "Permission denied")
        return self._volume.read(name)

    def write(self, name: str, octets: bytes) -> None:
        old = sum(entry.size for entry in self._volume.entries() if entry.name == name)
        if len(octets) > self.size()[1] + old:
            raise full()
        self._volume.write(name, octets)

    def delete(self, name: str) -> None:
        self._volume.remove(name)

    def erase(self) -> None:
        for entry in self._volume.entries():
            self._volume.remove(entry.name)


class System:
    """`system:`: what is in memory now."""

    kind, flags = "opaque", "rw"

    def __init__(self, device: Device) -> None:
        self._device = device

    def size(self) -> None:
        return None

    def rows(self) -> list[Row]:
        size = len(config_text(self._device).encode())
        return [Row(2, 0, "memory", "dr-x"), Row(1, size, RUNNING), Row(12, 0, "vfiles", "dr-x")]  # recalled

    def read(self, name: str) -> bytes:
        if name != RUNNING:
            raise FileNotFoundError(name)
        return config_text(self._device).encode()

    def write(self, name: str, octets: bytes) -> None:
        raise read_only()

    def delete(self, name: str) -> None:
        raise read_only()


class Null:
    """`null:`: takes everything, has nothing."""

    kind, flags = "opaque", "rw"

    def size(self) -> None:
        return None

    def rows(self) -> list[Row]:
        return []

    def read(self, name: str) -> bytes:
        return b""

    def write(self, name: str, octets: bytes) -> None:
        return

    def delete(self, name: str) -> None:
        return


def image(device: Device, name: str) -> tuple[str, int] | None:
    """The image that a flash device was sold with: its name and its octets."""
    platform = device.chassis.platform
    if name == main_flash(device):
        return platform.image_file.partition(":")[2], platform.flash_kb * 1024 * IMAGE_SHARE // 16
    found = _BOOT_IMAGE.search(platform.bootldr or "")
    if name != "bootflash" or found is None:
        return None
    family, major, minor, build, train = found.groups()
    return f"{family.lower()}-boot-mz.{major}{minor}-{build}.{train}".rstrip("."), platform.boot_flash_kb * 1024 // 3


def file_date(device: Device, seconds: float | None) -> str:
    """`May 4 2004 14:37:49 -07:00`, in the router's zone."""
    if seconds is None:
        return NO_DATE
    written = datetime.fromtimestamp(seconds, UTC)
    offset = router_time.zone(device, written).offset
    moment = written + offset
    sign, minutes = ("-" if offset < timedelta() else "+"), abs(offset) // timedelta(minutes=1)
    month = MONTHS[moment.month - 1]
    return f"{month} {moment.day} {moment:%Y %H:%M:%S} {sign}{minutes // 60:02}:{minutes % 60:02}"
