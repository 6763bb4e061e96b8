"""The System Configuration Dialog: of a router that starts without a configuration, and of EXEC `setup`.

Rule: nothing changes before the user chooses to keep the script that his answers made; the script is then read like any
other configuration. Ctrl-C, which the terminal raises, leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address, IPv4Interface
from typing import TYPE_CHECKING, Protocol, TypeVar

from iosemu.cli.session import Refused
from iosemu.commands.aaa.passwords import new_secret
from iosemu.commands.config.stored_config import save
from iosemu.commands.interfaces.state import states
from iosemu.commands.loading import load
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

T = TypeVar("T")

_TITLE = "\n\n         --- System Configuration Dialog ---\n\n"
_HELP = """
At any point you may enter a question mark '?' for help.
Use ctrl-c to abort configuration dialog at any prompt.
Default settings are in square brackets '[]'.

"""
_BASIC = """
Basic management setup configures only enough connectivity
for management of the system, extended setup will ask you
to configure each interface on the system

"""
_SECRET = """
  The enable secret is a password used to protect access to
  privileged EXEC and configuration modes. This password, after
  entered, becomes encrypted in the configuration.
"""
_PASSWORD = """
  The enable password is used when you do not specify an
  enable secret password, with some older software versions, and
  some boot images.
"""
_TERMINAL = """
  The virtual terminal password is used to protect
  access to the router over a network interface.
"""
_MENU = """

[0] Go to the IOS command prompt without saving this config.
[1] Return back to the setup without saving this config.
[2] Save this configuration to nvram and exit.

"""
_CHOICES = ("0", "1", "2")
_BAD_ADDRESS = """\
% Bad Internet address.
% Enter an Internet address of the form 'X.X.X.X', where each
% letter corresponds to a decimal number between 0 and 255.

"""
_BAD_MASK = """\
% Bad subnet mask.
% Enter a subnet mask of the form 'X.X.X.X', where each
letter corresponds to a decimal number between 0 and 255.

"""
_CLASSES = ((128, "A", 8), (192, "B", 16), (224, "C", 24))
"""Below which first octet a network is of that class, and how long its mask is."""


class Console(Protocol):
    """What the dialogue needs of a terminal."""

    def write(self, text: str) -> None: ...

    async def read_line(self, prompt: str, *, secret: bool = False) -> str: ...


async def at_power_on(device: Device, console: Console) -> None:
    """The question that a router without a configuration asks on its console."""
    dialogue = _Dialogue(device, console, fresh=True)
    console.write(_TITLE)
    if await dialogue.agrees("Would you like to enter the initial configuration dialog?"):
        await dialogue.run()


@handlers.register("setup")
async def _setup(call: Invocation[Device]) -> None:
    dialogue = _Dialogue(call.device, call.terminal)
    call.terminal.write(_TITLE)
    if await dialogue.agrees("Continue with configuration dialog?"):
        await dialogue.run()


class _Dialogue:
    """One run through the questions; a `fresh` router has not shut down its interfaces yet."""

    def __init__(self, device: Device, console: Console, *, fresh: bool = False) -> None:
        self._device = device
        self._console = console
        self._fresh = fresh

    async def run(self) -> None:
        """Ask, show the script, and do with it what the user chooses."""
        say = self._console.write
        say(_HELP)
        while True:
            say(_BASIC)
            basic = await self.agrees("Would you like to enter basic management setup?")
            script = await (self._basic() if basic else self._extended())
            say("\nThe following configuration command script was created:\n\n")
            say("".join(f"{line}\n" for line in script) + _MENU)
            chosen = await self._value("Enter your selection", "2", lambda text: text if text in _CHOICES else None)
            if chosen == "0":
                say("% You can enter the setup, by typing setup at IOS command prompt\n")
                return
            if chosen == "2":
                self._keep(script)
                return

    def _keep(self, script: list[str]) -> None:
        load(self._device, "\n".join(_as_typed(line) for line in script))
        try:
            save(self._device, self._console.write)
        except Refused as error:
            self._console.write(f"{error}\n")
        self._console.write("Use the enabled mode 'configure' command to modify this configuration.\n\n")

    # The two ways through the questions.

    async def _basic(self) -> list[str]:
        script = await self._global_parameters()
        self._show_interfaces()
        names = {state.name.lower(): state.name for state in states(self._device)}
        question = "\nEnter interface name used to connect to the\nmanagement network from the above interface summary"
        chosen = await self._value(question, None, lambda text: names.get(text.lower()))
        script += ["!", "!"]
        for name in self._interfaces():
            script += await self._interface(name) if name == chosen else _closed(name)
        return [*script, "end"]

    async def _extended(self) -> list[str]:
        if await self.agrees("First, would you like to see the current interface summary?", True):
            self._show_interfaces()
        script = await self._global_parameters()
        routes = await self.agrees("  Configure IP?", True)
        rip = routes and await self.agrees("    Configure RIP routing?", False)
        script += ["!", "ip routing" if routes else "no ip routing", "!"]
        self._console.write("\nConfiguring interface parameters:\n\n")
        for name in self._interfaces():
            wanted = await self.agrees(f"Do you want to configure {name} interface?", True)
            script += await self._interface(name) if wanted else _closed(name)
        if rip:
            script += ["router rip", *_networks(script), "!"]
        return [*script, "end"]

    async def _global_parameters(self) -> list[str]:
        say = self._console.write
        say("Configuring global parameters:\n\n")
        name = await self._text("  Enter host name", self._device.hostname)
        say(_SECRET)
        secret = await self._text("  Enter enable secret", None)
        say(_PASSWORD)
        while (password := await self._text("  Enter enable password", None)) == secret:
            say("% Please choose a password that is different from the enable secret\n")
        say(_TERMINAL)
        terminal = await self._text("  Enter virtual terminal password", None)
        script = [f"hostname {name}", f"enable secret 5 {new_secret(secret)}", f"enable password {password}"]
        script += ["line vty 0 4", f"password {terminal}"]
        if await self.agrees("  Configure SNMP Network Management?", True):
            return [*script, f"snmp-server community {await self._text('    Community string', 'public')}"]
        return [*script, "no snmp-server"]

    async def _interface(self, name: str) -> list[str]:
        """The lines that open an interface, with the address that it is to have."""
        self._console.write(f"\nConfiguring interface {name}:\n")
        lines = [f"interface {name}", "no shutdown"]
        if not await self.agrees("  Configure IP on this interface?", True):
            return [*lines, "no ip address", "!"]
        while True:
            address = await self._value("    IP address for this interface", None, _address, _BAD_ADDRESS)
            letter, length = _class_of(address)
            default = str(IPv4Interface(f"{address}/{length}").netmask)
            typed = await self._console.read_line(f"    Subnet mask for this interface [{default}] : ")
            interface = _with_mask(address, typed.strip() or default)
            if interface is not None:
                break
            self._console.write(_BAD_MASK)
        network = IPv4Interface(f"{address}/{length}").network.network_address
        bits = interface.network.prefixlen
        self._console.write(f"    Class {letter} network is {network}, {bits} subnet bits; mask is /{bits}\n")
        return [*lines, f"ip address {address} {interface.netmask}", "!"]

    def _interfaces(self) -> list[str]:
        """The interfaces of the chassis; those that configuration made are left alone."""
        return [state.name for state in states(self._device) if state.block.builtin]

    def _show_interfaces(self) -> None:
        lines = ["", "Current interface summary", ""]
        if not all(state.address for state in states(self._device)):
            lines += ['Any interface listed with OK? value "NO" does not have a valid configuration', ""]
        lines.append("Interface                  IP-Address      OK? Method Status                Protocol")
        for state in states(self._device):
            method = f"{'YES' if state.address else 'NO '} {'manual' if state.address else 'unset':<6}"
            address = state.address or "unassigned"
            status = ("up" if state.up else "down") if self._fresh else state.status
            lines.append(f"{state.name:<26} {address:<15} {method} {status:<21} {state.protocol}")
        self._console.write("\n".join([*lines, ""]))

    # Questions.

    async def agrees(self, question: str, default: bool | None = None) -> bool:
        """A yes or no; Return takes the default, where there is one."""
        shown = {None: "[yes/no]", True: "[yes]", False: "[no]"}[default]
        while True:
            answer = (await self._console.read_line(f"{question} {shown}: ")).strip().lower()
            if not answer and default is not None:
                return default
            if answer and "yes".startswith(answer):
                return True
            if answer and "no".startswith(answer):
                return False
            self._console.write("% Please answer 'yes' or 'no'.\n")

    async def _text(self, question: str, default: str | None) -> str:
        """Any text; without a default it must be typed."""
        return await self._value(question, default, str)

    async def _value(self, question: str, default: str | None, read: Callable[[str], T | None], bad: str = "") -> T:
        """What `read` makes of a text; where it gives None, `bad` is told and the question asked again."""
        prompt = f"{question}: " if default is None else f"{question} [{default}]: "
        while True:
            typed = (await self._console.read_line(prompt)).strip()
            if not typed and default is None:
                self._console.write("% No defaulting allowed\n")
                continue
            value = read(typed or str(default))
            if value is not None:
                return value
            self._console.write(bad)


def _address(text: str) -> IPv4Address | None:
    """An address that an interface can have."""
    try:
        address = IPv4Address(text)
    except AddressValueError:
        return None
    return address if 0 < address.packed[0] < _CLASSES[-1][0] and not address.is_loopback else None


def _class_of(address: IPv4Address) -> tuple[str, int]:
    return next((letter, length) for below, letter, length in _CLASSES if address.packed[0] < below)


def _with_mask(address: IPv4Address, mask: str) -> IPv4Interface | None:
    """The address with a mask that leaves room for hosts."""
    try:
        interface = IPv4Interface(f"{address}/{mask}")
    except ValueError:
        return None
    return interface if str(interface.netmask) == mask and 8 <= interface.network.prefixlen <= 30 else None


def _closed(name: str) -> list[str]:
    return [f"interface {name}", "shutdown", "no ip address", "!"]


def _networks(script: list[str]) -> list[str]:
    """The `network` lines for the addresses in a script, by class."""
    found: list[str] = []
    for line in script:
        if line.startswith("ip address "):
            address = IPv4Address(line.split()[2])
            network = IPv4Interface(f"{address}/{_class_of(address)[1]}").network.network_address
            found += [f"network {network}"] if f"network {network}" not in found else []
    return found


def _as_typed(line: str) -> str:
    """A community without a word on access may be read, which a configuration line says."""
    return f"{line} RO" if line.startswith("snmp-server community ") else line
