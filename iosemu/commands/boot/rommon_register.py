"""`confreg` of the ROM monitor: the configuration register in words, and the questions that change it.

Rule: only the register is known here; who asks keeps what comes out. Texts as published for the 2600 and 2800 series.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from iosemu.commands.boot.config_register import BOOT_FIELD, BREAK_DISABLED, IGNORE_NVRAM

_NET_BROADCAST, _ROM_AFTER_NET, _ZERO_BROADCAST, _DIAGNOSTIC = 0x4000, 0x2000, 0x0400, 0x8000
# In the order of the dialogue; Break has effect where its bit is not set.
_SWITCHES = (
    ("diagnostic mode", _DIAGNOSTIC),
    ("use net in IP bcast address", _NET_BROADCAST),
    ("load rom after netboot fails", _ROM_AFTER_NET),
    ("use all zero broadcast", _ZERO_BROADCAST),
    ("break/abort has effect", BREAK_DISABLED),
    ("ignore system config info", IGNORE_NVRAM),
)
_BAUD = (9600, 4800, 1200, 2400, 19200, 38400, 57600, 115200)
"""By bit 5, then bits 12 and 11, as a number of three bits."""
_RATES = """\
enter rate: 0 = 9600,  1 = 4800,  2 = 1200,  3 = 2400
            4 = 19200, 5 = 38400, 6 = 57600, 7 = 115200  """
_BOOTS = """\
enter to boot:
 0 = ROM Monitor
 1 = the boot helper image
 2-15 = boot system
    """

Ask = Callable[[str], Awaitable[str]]


def summary(register: int, product: str) -> str:
    """The register in words; `product` is what the ROM calls the router ("C2600")."""
    enabled = [text for text, bit in _SWITCHES if _enabled(register, bit)]
    return "\n".join(["", "", "    Configuration Summary", "enabled are:", *enabled, *_tail(register, product), "", ""])


async def dialogue(register: int, product: str, write: Callable[[str], object], ask: Ask) -> int:
    """The register as it is after all questions."""
    while True:
        write(summary(register, product))
        if not await _yes(ask, "do you wish to change the configuration?"):
            return register
        for text, bit in _SWITCHES:
            verb = "disable" if _enabled(register, bit) else "enable "
            if await _yes(ask, f'{verb} "{text}"?'):
                register ^= bit
        if await _yes(ask, "change console baud rate?"):
            register = _with_rate(register, await _number(ask, _RATES, _rate(register), len(_BAUD) - 1))
        if await _yes(ask, "change the boot characteristics?"):
            field = await _number(ask, _BOOTS, register & BOOT_FIELD, BOOT_FIELD)
            register = register & ~BOOT_FIELD | field


def _tail(register: int, product: str) -> list[str]:
    field = register & BOOT_FIELD
    rate = f"console baud: {_BAUD[_rate(register)]}"
    if field < 2:
        return [rate, f"boot: {('the ROM Monitor', 'the boot helper image')[field]}"]
    named = f"cisco{field:o}-{product}"
    return [rate, "boot: image specified by the boot system commands", f"      or default to: {named}"]


def _enabled(register: int, bit: int) -> bool:
    return bool(register & bit) != (bit == BREAK_DISABLED)


def _rate(register: int) -> int:
    return (register & 0x0020) >> 3 | (register & 0x1800) >> 11


def _with_rate(register: int, rate: int) -> int:
    return register & ~0x1820 | (rate & 4) << 3 | (rate & 3) << 11


async def _yes(ask: Ask, question: str) -> bool:
    return (await ask(f"{question} y/n  [n]:  ")).strip().lower().startswith("y")


async def _number(ask: Ask, question: str, now: int, most: int) -> int:
    """A number up to `most`; Return keeps the one of now, as does what is none."""
    typed = (await ask(f"{question}[{now}]:  ")).strip()
    return int(typed) if typed.isdecimal() and int(typed) <= most else now
