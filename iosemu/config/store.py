"""What a router keeps when the power goes: NVRAM with its startup-config, and the flash devices.

Rule: one folder a device, made when first written to; a state directory holds `nvram/startup-config` and `flash/NAME`.
What the boot ROM keeps, the configuration register and its variables, is no file of NVRAM and outlives its erasure.
"""

from __future__ import annotations

import os
import time

from iosemu.config.folder import folder
from iosemu.config.volume import Volume

STARTUP = "startup-config"
_NVRAM = "nvram"
_REGISTER = "config-register"
_VARIABLES = "variables"


class FileStore:
    """The devices under `path`, or in memory where it is None.

    Any reading or writing may raise OSError where `path` is not usable.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._path = path
        self._volumes: dict[str, Volume] = {}
        self._rom = folder(path, "rommon")

    def volume(self, name: str) -> Volume:
        """The device `name`: "nvram", "flash", "bootflash", "slot0"."""
        if name not in self._volumes:
            self._volumes[name] = Volume.of(self._path, name)
        return self._volumes[name]

    @property
    def startup_config(self) -> str | None:
        """The text kept in NVRAM, or None where there is none."""
        try:
            return self.volume(_NVRAM).read(STARTUP).decode("utf-8", "replace")
        except FileNotFoundError:
            return None

    def save_startup_config(self, text: str) -> None:
        self.volume(_NVRAM).write(STARTUP, text.encode())

    def erase_startup_config(self) -> None:
        """Harmless where there is none."""
        try:
            self.volume(_NVRAM).remove(STARTUP)
        except FileNotFoundError:
            return

    @property
    def config_register(self) -> int | None:
        """The configuration register as set for the next start; None where nobody set it."""
        octets = self._rom.read(_REGISTER)
        try:
            return int(octets, 16) if octets is not None else None
        except ValueError:
            return None

    def save_config_register(self, value: int) -> None:
        self._rom.write(_REGISTER, f"0x{value:X}\n".encode(), time.time())

    @property
    def monitor_variables(self) -> dict[str, str]:
        """The variables that the ROM monitor was told to keep, by name."""
        lines = (self._rom.read(_VARIABLES) or b"").decode("utf-8", "replace").splitlines()
        return {name: value for name, equals, value in (line.partition("=") for line in lines) if equals}

    @monitor_variables.setter
    def monitor_variables(self, variables: dict[str, str]) -> None:
        text = "".join(f"{name}={value}\n" for name, value in variables.items())
        self._rom.write(_VARIABLES, text.encode(), time.time())
