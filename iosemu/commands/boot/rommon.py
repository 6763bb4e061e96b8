"""The ROM monitor: what is left of a router that starts no image, and the few commands of its prompt.

Rule: what it tells follows from the chassis, the flash and the register; it changes only what it keeps itself, the
register and its variables. `boot` and `reset` end it: it gives back how the router is to start then. Words must be
typed in full. Commands and texts are those of the published guides to the ROM monitors of the 2600, 3600 and 3700.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from iosemu.cli.session import Refused
from iosemu.commands.boot import images as boot_images
from iosemu.commands.boot import rommon_register
from iosemu.commands.boot.config_register import at_next_start, boot_variable
from iosemu.commands.boot.images import Start
from iosemu.commands.chassis.eeprom import Eeprom
from iosemu.commands.files.copy import checksum
from iosemu.commands.files.systems import flash, reason
from iosemu.commands.files.transfers import LARGEST, converse
from iosemu.commands.files.urls import FLASH, Url
from iosemu.config.volume import BadFileName
from iosemu.management.tftp import PORT, Get
from iosemu.network import Unreachable

if TYPE_CHECKING:
    from iosemu.commands.context import Device

_HELP = {
    "alias": "set and display aliases command",
    "boot": "boot up an external process",
    "confreg": "configuration register utility",
    "cookie": "display contents of cookie PROM in hex",
    "dev": "list the device table",
    "dir": "list files in file system",
    "help": "monitor builtin command help",
    "history": "monitor command history",
    "meminfo": "main memory information",
    "repeat": "repeat a monitor command",
    "reset": "system reset",
    "set": "display the monitor variables",
    "sync": "write monitor environment to NVRAM",
    "tftpdnld": "tftp image download",
    "unalias": "unset an alias",
    "unset": "unset a monitor variable",
}
_TFTPDNLD = """\
  usage: tftpdnld [-r]
  Use this command for disaster recovery only to recover an image via TFTP.
  Monitor variables are used to set up parameters for the transfer.
  (Syntax: "VARIABLE_NAME=value" and use "set" to show current variables.)
  "ctrl-c" or "break" stops the transfer before flash erase begins.

  The following variables are REQUIRED to be set for tftpdnld:
            IP_ADDRESS: The IP address for this unit
        IP_SUBNET_MASK: The subnet mask for this unit
       DEFAULT_GATEWAY: The default gateway for this unit
           TFTP_SERVER: The IP address of the server to fetch from
             TFTP_FILE: The filename to fetch

"""
_DISASTER = """
Invoke this command for disaster recovery only.
WARNING: all existing data in all partitions on flash will be lost!
"""
_OCTETS_A_MARK = 65536
_REQUIRED = ("IP_ADDRESS", "IP_SUBNET_MASK", "DEFAULT_GATEWAY", "TFTP_SERVER", "TFTP_FILE")
_MUST_RESET = "You must reset or power cycle for new config to take effect\n"
_LARGEST_REGISTER = 0xFFFF
_MOST_REMEMBERED = 16
_COOKIE_ROW, _COOKIE_OCTETS = 16, 64


class Console(Protocol):
    """What the monitor needs of a terminal."""

    def write(self, text: str) -> None: ...

    async def read_line(self, prompt: str, *, secret: bool = False) -> str: ...


class Monitor:
    """One stay in the ROM monitor; whoever is at the console shares it."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._number = 1
        self._history: list[tuple[int, str]] = []
        self._aliases = {"h": "history", "?": "help", "b": "boot", "i": "reset", "r": "repeat"}
        self._variables = {"PS1": "rommon ! > ", **device.files.monitor_variables}

    @property
    def prompt(self) -> str:
        """`rommon 1 > `; `!` of the variable is the number of the line."""
        return self._variables.get("PS1", "> ").replace("!", str(self._number))

    async def serve(self, console: Console) -> Start:
        """Read and do commands until one starts the router. Raises EOFError where the user is gone."""
        from iosemu.terminal.vty import Interrupted

        while True:
            try:
                start = await self.execute(await console.read_line(self.prompt), console)
            except Interrupted:
                console.write("\n")
                continue
            if start is not None:
                return start

    async def execute(self, line: str, console: Console) -> Start | None:
        """Do one line; gives how the router is to start now, where it is to."""
        line = line.strip()
        if not line:
            return None
        self._history = [*self._history, (self._number, line)][-_MOST_REMEMBERED:]
        self._number += 1
        return await self._do(line, console)

    async def _do(self, line: str, console: Console) -> Start | None:
        name, *words = line.split()
        if "=" in name:
            variable, _, value = line.partition("=")
            self._variables[variable] = value.strip()
            return None
        name, *more = self._aliases.get(name, name).split()
        command = _COMMANDS.get(name)
        if command is None:
            console.write(f'monitor: command "{name}" not found\n')
            return None
        return await command(self, [*more, *words], console)

    # Starting.

    async def boot(self, words: list[str], console: Console) -> Start | None:
        names = [word for word in words if not word.startswith("-")]
        chosen = boot_images.named(self._device, names[0] if names else "")
        if chosen.image is not None:
            return Start(self._device.reload_reason, image=chosen.image)
        console.write("".join(f"{line}\n" for line in chosen.told))
        return None

    async def reset(self, words: list[str], console: Console) -> Start:
        console.write("\n")
        return Start(self._device.reload_reason)

    # The register.

    async def confreg(self, words: list[str], console: Console) -> None:
        before = at_next_start(self._device)
        if words:
            value = _hexadecimal(words[0])
            if value is None or len(words) > 1:
                console.write("usage: confreg [<hexnum>]\n")
                return
        else:
            value = await rommon_register.dialogue(before, self._product, console.write, console.read_line)
            if value == before:
                return
            console.write("\n\n")
        self._device.files.save_config_register(value)
        console.write(f"\n{_MUST_RESET}")

    @property
    def _product(self) -> str:
        """What the ROM calls the router, e.g. "C2600": its line on the memory begins with it."""
        lines = self._device.chassis.platform.boot.lines
        return next((line.split()[0] for line in lines if "main memory" in line), self._device.chassis.platform.product)

    # Devices.

    async def dev(self, words: list[str], console: Console) -> None:
        platform = self._device.chassis.platform
        disks = platform.flash_class == "C"
        names = {FLASH: "internal compact flash" if disks else "flash"}
        names |= dict.fromkeys(platform.flash_slots, "external compact flash" if disks else "PCMCIA slot")
        names |= {"bootflash": "boot flash"} if platform.boot_flash_kb else {}
        rows = [f"{name:>9}:  {text}" for name, text in {**names, "eprom": "eprom"}.items()]
        console.write("\n".join(["Devices in device table:", "        id  name", *rows, ""]))

    async def dir(self, words: list[str], console: Console) -> None:
        system = words[0].removesuffix(":") if words and words[0].endswith(":") else ""
        try:
            device = flash(self._device, Url(system))
        except Refused:
            console.write("bad device name\nusage: dir <device>\n")
            return
        lines = ["         File size           Checksum   File name"]
        for entry in (entry for entry in device.entries() if not entry.deleted and not entry.directory):
            size = f"{entry.size} bytes (0x{entry.size:x})"
            kept = checksum(entry.name.encode()) if entry.modified_s is None else checksum(device.read(entry.name))
            lines.append(f"  {size:<27}0x{kept:04x}    {entry.name}")
        console.write("\n".join([*lines, ""]))

    # Variables, aliases, lines.

    async def set(self, words: list[str], console: Console) -> None:
        images = boot_variable(self._device.files.startup_config or "")
        shown = {**self._variables, **({"BOOT": images} if images else {}), "?": "0"}
        console.write("".join(f"{name}={value}\n" for name, value in shown.items()))

    async def unset(self, words: list[str], console: Console) -> None:
        for name in words:
            self._variables.pop(name, None)

    async def sync(self, words: list[str], console: Console) -> None:
        self._device.files.monitor_variables = self._variables

    async def alias(self, words: list[str], console: Console) -> None:
        name, _, value = " ".join(words).partition("=")
        if value:
            self._aliases[name] = value.strip('"')
            return
        console.write("".join(f"{name}={value}\n" for name, value in sorted(self._aliases.items())))

    async def unalias(self, words: list[str], console: Console) -> None:
        for name in words:
            self._aliases.pop(name, None)

    async def history(self, words: list[str], console: Console) -> None:
        console.write("".join(f"{number:<8}{line}\n" for number, line in self._history))

    async def repeat(self, words: list[str], console: Console) -> Start | None:
        """The line before this one, that of a number, or the last that begins so."""
        before = self._history[:-1]
        wanted = words[0] if words else ""
        found = [line for number, line in before if line.startswith(wanted) or str(number) == wanted]
        if not found or found[-1].split()[0] in ("repeat", "r"):
            return None
        console.write(f"{found[-1]}\n")
        return await self._do(found[-1], console)

    # The rest.

    async def help(self, words: list[str], console: Console) -> None:
        console.write("".join(f"{name:<20}{text}\n" for name, text in _HELP.items()))

    async def meminfo(self, words: list[str], console: Console) -> None:
        platform = self._device.chassis.platform
        total = platform.memory_kb + platform.io_memory_kb
        console.write(
            f"\nMain memory size: {total // 1024} MB.\n"
            f"Available main memory starts at 0x{_MONITOR_END:x}, size {total - _MONITOR_END // 1024}KB\n"
            f"IO (packet) memory size: {100 * platform.io_memory_kb // total} percent of main memory.\n"
            f"NVRAM size: {platform.nvram_kb}KB\n"
        )

    async def cookie(self, words: list[str], console: Console) -> None:
        octets = Eeprom(self._product, self._device.chassis.identity).octets[:_COOKIE_OCTETS]
        rows = (octets[at : at + _COOKIE_ROW].hex(" ") for at in range(0, _COOKIE_OCTETS, _COOKIE_ROW))
        console.write("\n".join(["", "cookie:", *rows, ""]))  # recalled

    async def tftpdnld(self, words: list[str], console: Console) -> None:
        if not all(self._variables.get(name) for name in _REQUIRED):
            console.write(_TFTPDNLD)
            return
        console.write("\n" + "".join(f"{name:>20}: {self._variables[name]}\n" for name in _REQUIRED) + _DISASTER)
        if not (await console.read_line("Do you wish to continue? y/n:  [n]:  ")).strip().lower().startswith("y"):
            return
        server, file = self._variables["TFTP_SERVER"], self._variables["TFTP_FILE"]
        console.write(f"\nReceiving {file} from {server} ")
        octets = await self._received(server, file)
        if octets is None:
            console.write("\nTFTP: Operation terminated.\n")  # inferred
            return
        name = file.rpartition("/")[2]
        console.write(f"{'!' * (1 + len(octets) // _OCTETS_A_MARK)}\nFile reception completed.\n")
        console.write(f"Copying file {name} to {FLASH}.\n")
        device = flash(self._device, Url(FLASH))
        device.erase()
        try:
            device.write(name, octets)
        except (OSError, BadFileName) as error:
            console.write(f"{reason(error)}\n")

    async def _received(self, server: str, file: str) -> bytes | None:
        """The file; None where it could not be had."""
        transfer = Get(file, LARGEST)
        try:
            endpoint = self._device.network.datagrams(self._variables["IP_ADDRESS"], server, PORT)
            await converse(endpoint, transfer)
        except (Unreachable, OSError):
            return None
        return None if transfer.error else transfer.octets


_MONITOR_END = 0x1B000
"""Where the memory begins that the monitor leaves free (of a published `meminfo`)."""

_Command = Callable[[Monitor, list[str], Console], Awaitable[Start | None]]
_COMMANDS: dict[str, _Command] = {name: getattr(Monitor, name) for name in _HELP}


def _hexadecimal(typed: str) -> int | None:
    """`0x2142` or `2142`."""
    try:
        value = int(typed, 16)
    except ValueError:
        return None
    return value if 0 <= value <= _LARGEST_REGISTER else None
