"""What the extended `ping` and `traceroute` ask: one question a line, with its default in brackets.

Rule: Return takes the default; an answer that cannot be ends the command with the word of the router.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.session import Refused

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_LARGEST = 2147483647


async def asked(call: Invocation[Device], question: str, default: str = "") -> str:
    """The answer to `question [default]: `, without a default to `question: `."""
    shown = f"{question} [{default}]: " if default else f"{question}: "
    return (await call.terminal.read_line(shown)).strip() or default


async def number(call: Invocation[Device], question: str, default: int, low: int, high: int = _LARGEST) -> int:
    """A number between `low` and `high`; raises Refused for anything else."""
    answer = await asked(call, question, str(default))
    if not (answer.isascii() and answer.isdigit() and len(answer) <= 10 and low <= int(answer) <= high):
        raise Refused(f"% A decimal number between {low} and {high}.")  # recalled
    return int(answer)


async def agreed(call: Invocation[Device], question: str, default: str = "n") -> bool:
    """Yes or no, which may be abbreviated."""
    return (await asked(call, question, default)).lower().startswith("y")


async def protocol(call: Invocation[Device], command: str) -> None:
    """The protocol, of which only IP is there; raises Refused for another."""
    answer = (await asked(call, "Protocol", "ip")).lower()
    if answer != "ip":
        raise Refused(f'% Unknown protocol - "{answer}", type "{command} ?" for help')  # recalled


async def ip_options(call: Invocation[Device]) -> None:
    """The options of the IP header; none of them changes what this network answers."""
    # The bracket follows the question without a blank, as on a router.
    await call.terminal.read_line("Loose, Strict, Record, Timestamp, Verbose[none]: ")
