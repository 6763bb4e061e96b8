"""`show h323 gateway`: what this gateway has counted of H.323, which no call here speaks. The forms are recalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.commands.router_time import clock_digits

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_REQUESTS = (
    "Setup", "Setup confirm", "Alert", "Progress", "Call proceeding", "Notify", "Info", "User Info", "Facility",
    "Release", "Reject", "Passthrough",
)  # fmt: skip
_FAILURES = ("H225 establish timeout", "RAS failed", "H245 failed")
_RAS = (
    ("GK Discovery", "grq", "gcf", "grj"),
    ("Registration", "rrq", "rcf", "rrj"),
    ("Admission", "arq", "acf", "arj"),
    ("Bandwidth", "brq", "bcf", "brj"),
    ("Disengage", "drq", "dcf", "drj"),
    ("Unregister", "urq", "ucf", "urj"),
    ("Resource Avail", "rai", "rac", ""),
    ("Req In Progress", "rip", "", ""),
)


def _h225(at: str) -> str:
    rows = [f"  {name:<19}{0:>11}{0:>17}{0:>15}" for name in _REQUESTS]
    failures = [f"{name:<25}{0:>6}" for name in _FAILURES]
    heading = "H.225 REQUESTS                SENT         RECEIVED         FAILED"
    return "\n".join([f"H.225 STATISTICS AT {at}", heading, *rows, *failures]) + "\n"


def _ras(at: str) -> str:
    rows = [
        f"  {name:<18}" + "".join(f"{f'{word:<6}0' if word else '':<16}" for word in words).rstrip()
        for name, *words in _RAS
    ]
    heading = "RAS MESSAGE         REQUESTS SENT   CONFIRMS RCVD   REJECTS RCVD"
    return "\n".join([f"RAS STATISTIC AT {at}", heading, *rows]) + "\n"


def _causes(at: str) -> str:
    return f"CAUSE CODE STATISTICS AT {at}\nDISC CAUSE CODE                FROM OTHER PEER     FROM H323 PEER\n"


@handlers.register("show_h323_gateway")
def _gateway(call: Invocation[Device]) -> None:
    at, words = clock_digits(int(call.device.uptime_s)), call.match.tokens
    parts = {"h225": _h225, "ras": _ras, "cause-code": _causes}
    wanted = [parts[words[3]]] if len(words) > 3 else [_causes, _h225, _ras]
    call.write("\n".join(part(at) for part in wanted))
