"""`show gatekeeper`: the zones and prefixes of a gatekeeper as they are configured; nobody registers here.

Rule: a gatekeeper is up once it has a local zone and is not shut down. Forms: Cisco IOS Voice Command Reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.ip.source_address import source_address
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line

_PORT = 1719
_NAME = 12


def _gatekeeper(device: Device) -> Block | None:
    return next(iter(device.config.root.children("gatekeeper")), None)


def _zones(block: Block, kind: str) -> list[Line]:
    return [line for line in block.all(f"zone {kind}") if not line.negated]


def _is_up(block: Block | None) -> bool:
    return block is not None and not block.flag("shutdown") and bool(_zones(block, "local"))


def status_text(device: Device) -> str:
    """The text of `show gatekeeper status`."""
    block = _gatekeeper(device)
    if block is None or not _is_up(block):
        return "    Gatekeeper State: DOWN\n"  # inferred
    zones = [str(line.values["name"]) for line in _zones(block, "local")]

    def able(command: str) -> str:
        return "ENABLED" if block.flag(command) else "DISABLED"

    lines = [
        "    Gatekeeper State: UP",
        f"    Load Balancing:   {able('load-balance')}",
        f"    Flow Control:     {able('server flow-control')}",
        *(f"    Zone Name:        {zone}" for zone in zones),
        f"    Accounting:       {able('accounting')}",
        "    Endpoint Throttling:        DISABLED",
        f"    Security:         {able('security')}",
        "    Maximum Remote Bandwidth:              "
        + str(block.value("bandwidth remote", "kilobits", "unlimited"))
        + ("" if block.value("bandwidth remote", "kilobits") is None else " kbps"),
        "    Current Remote Bandwidth:              0 kbps",
        "    Current Remote Bandwidth (w/ Alt GKs): 0 kbps",
    ]
    return "\n".join(lines) + "\n"


def zones_text(device: Device) -> str:
    """The text of `show gatekeeper zone status`."""
    rows = [
        f"{'':25}GATEKEEPER ZONES",
        f"{'':25}================",
        "GK name      Domain Name   RAS Address     PORT  FLAGS MAX-BW   CUR-BW",
        f"{'':55}(kbps)   (kbps)",
        "-------      -----------   -----------     ----  ----- ------   ------",
    ]
    block = _gatekeeper(device)
    for kind, flags in (("local", "LS"), ("remote", "RS")):
        for line in _zones(block, kind) if block is not None else []:
            values = line.values
            usual = source_address(device) if kind == "local" else "0.0.0.0"
            address, port = values.get("address", usual), values.get("port", _PORT)
            name = str(values["name"])[:_NAME]
            rows.append(f"{name:<13}{values['domain']!s:<14}{address!s:<16}{port!s:<6}{flags:<15}0")
            if kind == "local":
                rows += _usage(str(values["name"]))
    return "\n".join(rows) + "\n"


def _usage(zone: str) -> Iterator[str]:
    yield "  SUBNET ATTRIBUTES :"
    yield "    All Other Subnets :(Enabled)"
    yield "  PROXY USAGE CONFIGURATION :"
    for way, at in (("Inbound Calls from", "to"), ("Outbound Calls to", "from")):
        yield f"    {way} all other zones :"
        terminals = "use proxy" if at == "to" else "do not use proxy"
        yield f"      {at} terminals in local zone {zone} :{terminals}"
        yield f"      {at} gateways in local zone {zone}  :do not use proxy"


def prefixes_text(device: Device, *, every: bool) -> str:
    """The text of `show gatekeeper zone prefix [all]`."""
    block = _gatekeeper(device)
    lines = [line for line in block.all("zone prefix") if not line.negated] if block is not None else []
    heading = f"{'GK-NAME':<22}{'E164-PREFIX':<18}Dynamic GW-priority" if every else f"{'GK-NAME':<22}E164-PREFIX"
    rule = f"{'-------':<22}{'-----------':<18}-------------------" if every else f"{'-------':<22}-----------"
    rows = [f"{'':6}ZONE PREFIX TABLE", f"{'':6}{'=' * (47 if every else 17)}", heading, rule]
    rows += [f"{line.values['zone']!s:<22}{line.values['prefix']!s:<11}" for line in lines]
    return "\n".join(rows) + "\n"


def types_text(device: Device) -> str:
    """The text of `show gatekeeper gw-type-prefix`."""
    block, rows = _gatekeeper(device), ["GATEWAY TYPE PREFIX TABLE", "==========================="]
    for line in block.all("gw-type-prefix") if block is not None else []:
        if line.negated:
            continue
        zone = line.values.get("zone")
        what = f"(Hopoff zone {zone})" if zone else ""
        what = "(Default gateway-technology)" if "default-technology" in line.tokens else what
        rows.append(f"Prefix:{line.values['prefix']!s:<9}{what}".rstrip())
        if "address" in line.values:
            rows.append("  Statically-configured gateways (not necessarily currently registered):")
            rows.append(f"    {line.values['address']}:{line.values.get('port', 1720)}")
    return "\n".join(rows) + "\n"


_ENDPOINTS = """\
                    GATEKEEPER ENDPOINT REGISTRATION
                    ================================
CallSignalAddr  Port  RASSignalAddr   Port  Zone Name         Type    Flags 
--------------- ----- --------------- ----- ---------         ----    ----- 
Total number of active registrations = 0
"""  # noqa: W291  (device text, literal)


@handlers.register("show_gatekeeper")
def _show(call: Invocation[Device]) -> None:
    device, words = call.device, call.match.tokens
    match words[2:]:
        case ("status",):
            call.write(status_text(device))
        case ("zone", "status"):
            call.write(zones_text(device))
        case ("zone", "prefix", *rest):
            call.write(prefixes_text(device, every=bool(rest)))
        case ("gw-type-prefix",):
            call.write(types_text(device))
        case ("endpoints",):
            call.write(_ENDPOINTS)
        case ("calls",):
            call.write("Total number of active calls = 0.\n")
        case _:
            call.write("Circuit       Endpoint   Max Calls Avail Calls Resources     Zone\n")
            call.write("-------       --------   --------- ----------- ---------     ----\n")
