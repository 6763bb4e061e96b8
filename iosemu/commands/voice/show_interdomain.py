"""What a gateway has of other domains: `show settlement`, `show call-router status|routes`, `show http client cache`.

Rule: providers, neighbours and limits are those of the configuration; none of them is ever reached, so that nothing was
settled, learnt or kept. Forms: Cisco IOS Voice Command Reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_USUAL = " (default)"


def _settled(block: Block, name: str, command: str, value: str, default: object, unit: str = "") -> str:
    """A row of a provider; a default says that it is one."""
    said = block.value(command, value, default)
    row = f"{name} = {said}{unit}"
    return f"{row:<31} (default)" if str(said) == str(default) else row


def provider_text(block: Block) -> Iterator[str]:
    """One provider of `show settlement`."""
    assert block.header is not None
    yield f"Settlement Provider {block.header.values['provider']}"
    yield f"Type = {block.value('type', 'kind', 'osp')}"
    yield f"Address url = {block.value('url', 'location', '')}".rstrip()
    yield _settled(block, "Encryption", "encryption", "kind", "all")
    yield _settled(block, "Max Concurrent Connections", "max-connection", "connections", 10)
    yield _settled(block, "Connection Timeout", "connection-timeout", "seconds", 3600, " (s)")
    yield _settled(block, "Response Timeout", "response-timeout", "seconds", 1, " (s)")
    yield _settled(block, "Retry Delay", "retry-delay", "seconds", 2, " (s)")
    yield _settled(block, "Retry Limit", "retry-limit", "number", 1)
    yield _settled(block, "Session Timeout", "session-timeout", "seconds", 86400, " (s)")
    for name in ("customer-id", "device-id"):
        number = block.value(name, "number")
        if number is not None:
            yield f"{name.partition('-')[0].capitalize()} Id = {number}"
    yield "Roaming = Enabled" if block.flag("roaming") else f"{'Roaming = Disabled':<31} (default)"
    yield "Signed Token = on"
    yield ""
    yield "Number of Connections = 0"
    yield "Number of Transactions = 0"


@handlers.register("show_settlement")
def _settlement(call: Invocation[Device]) -> None:
    wanted = call.values.get("provider")
    if "transactions" in call.match.tokens:
        return
    for block in call.device.config.root.children("settlement"):
        assert block.header is not None
        if wanted in (None, block.header.values["provider"]):
            call.write("".join(f"{line}\n" for line in provider_text(block)))


def element_text(block: Block) -> Iterator[str]:
    """The border element of `show call-router status`."""
    assert block.header is not None
    advertised = str(block.value("advertise", "what", "static")).upper()
    yield "ANNEX-G CALL ROUTER STATUS:"
    yield "==========================="
    yield ""
    address, port = block.value("local ip", "address", "0.0.0.0"), block.value("local ip", "port", 2099)
    rows = {
        "Border Element ID Tag": block.header.values["name"],
        "Domain Name": block.value("domain-name", "name", "(none)"),
        "Border Element State": "DOWN" if block.flag("shutdown") else "UP",
        "Border Element Local IP": f"{address}:{port}",
        "Advertise Policy": f"{advertised} descriptors",
        "Hopcount Value": block.value("hopcount", "hops", 7),
        "Descriptor TTL": block.value("ttl", "seconds", 1800),
        "Access Policy": "Neighbors only" if block.flag("access-policy") else "Any",  # the second is inferred
        "Current Active Calls": 0,
        "Current Calls in Cache": 0,
        "Cumulative Active Calls": 0,
        "Usage Ind Messages Sent": 0,
        "Usage Ind Cfm Rcvd": 0,
        "IRRs Received": 0,
        "DRQs Received": 0,
        "Usage Ind Send Retrys": 0,
    }
    yield from (f"  {name:<24}: {value}" for name, value in rows.items())


def neighbour_text(block: Block) -> Iterator[str]:
    """One neighbour of it."""
    assert block.header is not None
    minutes, caching = block.value("query-interval", "minutes", 30), block.flag("cache")
    yield f"  Local Neighbor ID : {block.value('id', 'name', '(none)')}"
    yield "  Remote Element ID : (unknown)"
    yield "  Remote Domain ID  : (unknown)"
    yield f"  IP Addr           : {block.header.values['address']}:{block.value('port', 'port', 2099)}"
    yield "  Status            : DOWN"
    yield f"  Caching           : {'ON' if caching else 'OFF'}"
    yield f"  Query Interval    : {minutes} MIN{'' if caching and minutes else ' (querying disabled)'}"
    for usage in block.children("usage-indication"):
        yield "  Usage Indications :"
        yield "    Current Active Calls : 0"
        yield f"    Retry Period         : {usage.value('retry interval', 'seconds', 900)} SEC"
        yield f"    Retry Window         : {usage.value('retry window', 'minutes', 1440)} MIN"
    for service in block.children("service-relationship"):
        retry = service.value("outbound retry-interval", "seconds", 30)
        yield f"  Service Relationship Status: {'INACTIVE' if service.flag('shutdown') else 'ACTIVE'}"
        yield "    Inbound Service Relationship  : DOWN"
        yield "      Service ID     : (none)"
        yield f"      TTL            : {service.value('inbound ttl', 'seconds', 120)} SEC"
        yield "    Outbound Service Relationship : DOWN"
        yield "      Service ID     : (none)"
        yield "      TTL            : (none)"
        yield f"      Retry interval : {retry} SEC (0 until next attempt)"


@handlers.register("show_call_router")
def _border(call: Invocation[Device]) -> None:
    for block in call.device.config.root.children("call-router h323-annexg"):
        lines = list(element_text(block))
        if call.match.tokens[-1] == "neighbors":
            lines += ["", "NEIGHBOR INFORMATION:", "====================="]
            for neighbour in block.children("neighbor"):
                lines += ["", *neighbour_text(neighbour)]
        call.write("\n".join(lines) + "\n")


@handlers.register("show_call_router_routes")
def _routes(call: Invocation[Device]) -> None:
    """None is ever learnt; the headings of both kinds stand over nothing."""
    kinds = {"static": "Static Routes:\n==============\n", "dynamic": "Dynamic Routes:\n===============\n"}
    wanted = call.match.tokens[-1]
    call.write("\n".join([kinds[wanted]] if wanted in kinds else kinds.values()))


@handlers.register("show_http_client_cache")
def _cache(call: Invocation[Device]) -> None:
    root = call.device.config.root
    limits = {name: value for line in root.all("http client cache memory") for name, value in line.values.items()}
    pool, file = (
        f"{limits.get(name, default)} K-bytes{'' if name in limits else _USUAL}"
        for name, default in (("pool", 10000), ("file", 50))
    )
    call.write(
        "HTTP Client cached information\n==============================\n"
        f"Maximum memory pool allowed for HTTP Client caching = {pool}\n"
        f"Maximum file size allowed for caching = {file}\n"
        "Total memory used up for Cache = 0 Bytes\n"
        f"Message response timeout = {root.value('http client response timeout', 'seconds', 10)} secs\n"
        "Total cached entries     = 0\nTotal non-cached entries = 0\n\n"
        f"{'':30}Cached entries\n{'':30}==============\n"
    )
