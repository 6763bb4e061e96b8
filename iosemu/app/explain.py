"""`iosemu explain [CALL]`: the ladder of a call of a running lab; without a call, which there are."""

from __future__ import annotations

import argparse

from iosemu.lab.control import ask
from iosemu.lab.state import find


def explain(options: argparse.Namespace) -> int:
    """Print a ladder, or the list of calls."""
    lab = find(options.lab)
    if options.call:
        print(ask(lab, "call.ladder", call=options.call), end="")
        return 0
    calls = ask(lab, "call.list")
    for name, title in calls:
        print(f"{name:<24} {title}".rstrip())
    if not calls:
        print("No call has been made.")
    return 0
