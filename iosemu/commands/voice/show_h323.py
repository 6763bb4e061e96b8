"""`show h323 gateway`, `clear h323 gateway`: what this gateway has counted of H.225, RAS and the causes of calls.

Rule: no gatekeeper is in reach, so that RAS stands at nought. Forms: Cisco IOS Voice Command Reference; the parts are
laid out wider when they stand alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.dates import clock_digits

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.h323_statistics import H323Statistics

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
    ("Resource Avail", "rai", "rac"),
    ("Req In Progress", "rip"),
)


def _h225(counted: H323Statistics, width: int) -> list[str]:
    rows = [f"{'H.225 REQUESTS':<{width}}SENT    RECEIVED    FAILED"]
    for request in _REQUESTS:
        sent, received = counted.of(request)
        rows.append(f"{request:<{width}}{sent:<8}{received:<12}0")
    first, *others = _FAILURES
    wide = max(width, len(first))
    return [*rows, f"{first:<{wide}} 0", *(f"{name:<{wide}}0" for name in others)]


def _ras() -> list[str]:
    rows: list[str] = []
    for heading in (
        "REQUESTS SENT    CONFIRMS RCVD    REJECTS RCVD",
        "REQUESTS RCVD    CONFIRMS SENT    REJECTS SENT",
    ):
        rows += ["", f"RAS MESSAGE      {heading}"] if rows else [f"RAS MESSAGE      {heading}"]
        for name, *words in _RAS:
            cells = "".join(f"{f'{word} 0':<17}" for word in words)
            rows.append(f"{name:<17}{cells}".rstrip())
    return rows


def _causes(counted: H323Statistics, width: int) -> list[str]:
    causes = sorted({*counted.other_peer, *counted.h323_peer})
    return [
        f"{'DISC CAUSE CODE':<26}{'FROM OTHER PEER':<{width}}FROM H323 PEER",
        *(
            f"{f'{cause.value} {cause.text}':<25} {counted.other_peer[cause]:<{width}}{counted.h323_peer[cause]}"
            for cause in causes
        ),
    ]


@handlers.register("show_h323_gateway")
def _gateway(call: Invocation[Device]) -> None:
    at, words = clock_digits(int(call.device.uptime_s)), call.match.tokens
    counted = call.device.voice.voip.h323
    part = words[3] if len(words) > 3 else ""
    if part == "h225":
        lines = [f"H.225 STATISTICS AT {at}", "", *_h225(counted, 23)]
    elif part == "ras":
        lines = [f"RAS STATISTIC AT {at}", "", *_ras()]
    elif part == "cause-code":
        lines = [f"CAUSE CODE STATISTICS AT {at}", "", *_causes(counted, 21)]
    else:
        lines = [f"H.323 STATISTICS AT {at}", "", *_h225(counted, 19), "", *_ras(), "", *_causes(counted, 19)]
    call.write("\n".join(lines) + "\n\n")


@handlers.register("clear_h323_gateway")
def _clear(call: Invocation[Device]) -> None:
    part = call.match.tokens[3:4]
    call.device.voice.voip.h323.clear(messages=part in ((), ("h225",)), causes=part in ((), ("cause-codes",)))
