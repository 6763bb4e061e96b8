"""`iosemu card`: take a card out of a router of a running lab, or put it back."""

from __future__ import annotations

import argparse

from iosemu.lab.control import ask
from iosemu.lab.state import find

_DONE = {"pull": "is out", "put": "is in"}


def move(options: argparse.Namespace) -> int:
    """Take the card out, or put it in."""
    ask(find(options.lab), f"card.{options.action}", router=options.router, slot=options.slot)
    print(f"the card of slot {options.slot} of {options.router} {_DONE[options.action]}")
    return 0
