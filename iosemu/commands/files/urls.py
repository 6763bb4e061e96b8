"""Names of files as a router writes them: `flash:lab.cfg`, `nvram:/startup-config`, `tftp://192.0.2.1/lab-confg`.

Rule: a name is only read here; whether there is such a file is for the file system to say. A name without a prefix is
in the directory that the session is in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from iosemu.cli.release import Release

if TYPE_CHECKING:
    from iosemu.cli.session import Session
    from iosemu.commands.context import Device

NETWORK = ("tftp", "ftp", "rcp", "scp", "http")
"""File systems at the far end of a wire."""
_SINCE = {"http": Release.of("12.3(2)T")}
_PREFIX = re.compile(r"(?P<system>[A-Za-z][A-Za-z0-9]*):(?P<rest>.*)", re.DOTALL)
_REMOTE = re.compile(r"//(?:(?P<user>[^:@/]*)(?::(?P<password>[^@/]*))?@)?(?P<host>[^/]*)(?:/(?P<path>.*))?", re.DOTALL)
FLASH = "flash"
"""Another name of the device that holds the image, whatever that is called."""


class UnknownPrefix(ValueError):
    """No file system of the router is called that."""


@dataclass(frozen=True, slots=True)
class Url:
    """A file, a directory, or only the file system, where `path` is ""; a slash in front of the path is kept."""

    system: str
    path: str = ""
    host: str = ""
    user: str = ""
    password: str = ""

    @property
    def name(self) -> str:
        """The path as the file system keeps it."""
        return self.path.strip("/")

    @property
    def last(self) -> str:
        """The last part of the path, which is the name that a copy is given."""
        return self.name.rpartition("/")[2]

    @property
    def remote(self) -> bool:
        return self.system in NETWORK

    def same(self, other: Url) -> bool:
        """Is it that file of the router, however it was written?"""
        return (self.system, self.name) == (other.system, other.name)

    def at(self, path: str) -> Url:
        """Another file of the same file system."""
        return replace(self, path=path)

    def __str__(self) -> str:
        if not self.remote:
            return f"{self.system}:{self.path}"
        # Who asks is not for everybody at the screen.
        login = "*:*@" if self.user else ""
        return f"{self.system}://{login}{self.host}/{self.path}"


RUNNING, STARTUP = Url("system", "running-config"), Url("nvram", "startup-config")
_CONFIGURATIONS = {"running-config": RUNNING, "startup-config": STARTUP}

# The directory of a session that has left flash:.
_directories: WeakKeyDictionary[Session[Device], Url] = WeakKeyDictionary()


def directory(session: Session[Device]) -> Url:
    """Where the session is."""
    return _directories.get(session) or Url(main_flash(session.device))


def change_directory(session: Session[Device], place: Url) -> None:
    _directories[session] = place


def main_flash(device: Device) -> str:
    """The device that holds the image: `flash`, `slot0`, `disk0`."""
    return device.chassis.platform.image_file.partition(":")[0]


def systems(device: Device) -> tuple[str, ...]:
    """The prefixes that the router knows, without their colons."""
    platform = device.chassis.platform
    boot = ("bootflash",) if platform.boot_flash_kb else ()
    release = Release.of(platform.version)
    wires = [system for system in NETWORK if system not in _SINCE or release >= _SINCE[system]]
    return ("null", "system", "nvram", main_flash(device), *platform.flash_slots, *boot, *wires)


def output_prefixes(device: Device) -> tuple[str, ...]:
    """What URLs of `| redirect` begin with: every prefix but `rcp:`, as its documentation says."""
    return tuple(f"{system}:" for system in sorted(systems(device)) if system != "rcp")


def read_url(session: Session[Device], text: str) -> Url:
    """The file that `text` names in a session; raises UnknownPrefix."""
    return parse(session.device, text, directory(session))


def parse(device: Device, text: str, here: Url) -> Url:
    """The file that `text` names in the directory `here`; raises UnknownPrefix."""
    known = _CONFIGURATIONS.get(text)
    if known is not None:
        return known
    found = _PREFIX.fullmatch(text)
    if found is None:
        inside = f"{here.path.rstrip('/')}/" if here.name else ""
        return here.at(text if text.startswith("/") else inside + text)
    system, rest = found["system"].lower(), found["rest"]
    if system not in (FLASH, *systems(device)):
        raise UnknownPrefix(text)
    remote = _REMOTE.fullmatch(rest) if system in NETWORK else None
    if remote is None:
        return Url(system, rest.lstrip("/") if system in NETWORK else rest)
    return Url(system, remote["path"] or "", remote["host"], remote["user"] or "", remote["password"] or "")
