"""What an SCP client may do: get and put files of the router, one by one.

Rule: only where `ip scp server enable` is configured, and for users of level 15; asked at every file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.config import stored_config
from iosemu.commands.files.systems import local, reason
from iosemu.commands.files.urls import RUNNING, STARTUP, UnknownPrefix, Url, main_flash, parse
from iosemu.commands.loading import load
from iosemu.config.volume import BadFileName
from iosemu.terminal.scp import ScpRefused

if TYPE_CHECKING:
    from iosemu.commands.context import Device

_LEVEL = 15
LARGEST_CONFIG = 1 << 20
"""Octets that a configuration may have which is to be merged."""


class RouterScpFiles:
    """The files of one router for one client."""

    def __init__(self, device: Device, privilege: int) -> None:
        self._device = device
        self._privilege = privilege

    def read(self, path: str) -> bytes:
        url = self._url(path)
        try:
            return local(self._device, url).read(url.name)
        except Refused as refused:
            raise ScpRefused(str(refused)) from None
        except (OSError, BadFileName) as error:
            raise ScpRefused(f"{url}: {reason(error)}") from None

    def room(self, path: str) -> int:
        url = self._url(path)
        if url.same(RUNNING):
            return LARGEST_CONFIG
        try:
            system = local(self._device, url)
        except Refused as refused:
            raise ScpRefused(str(refused)) from None
        size = system.size()
        if size is None:
            raise ScpRefused(f"{url}: Permission denied")
        return size[0]  # a file of that name makes way, so what is free says too little

    def write(self, path: str, octets: bytes) -> None:
        url = self._url(path)
        try:
            if url.same(RUNNING):
                load(self._device, octets.decode("utf-8", "replace"))
            elif url.same(STARTUP):
                stored_config.keep(self._device, octets.decode("utf-8", "replace"))
            else:
                local(self._device, url).write(url.name, octets)
        except Refused as refused:
            raise ScpRefused(str(refused)) from None
        except (OSError, BadFileName) as error:
            raise ScpRefused(f"{url}: {reason(error)}") from None

    def _url(self, path: str) -> Url:
        if not self._device.config.root.flag("ip scp server enable"):
            raise ScpRefused("Administratively disabled.")
        if self._privilege < _LEVEL:
            raise ScpRefused("Privilege denied.")
        try:
            url = parse(self._device, path, Url(main_flash(self._device)))
        except UnknownPrefix:
            raise ScpRefused(f"{path}: No such file or directory") from None
        if url.remote:
            raise ScpRefused(f"{path}: Permission denied")
        return url
