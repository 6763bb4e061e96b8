"""`show access-lists`, `show ip access-lists|prefix-list|as-path-access-list|community-list`, `show route-map`.

Rule: what is shown is the configuration read back, and how many packets an entry of an IP list decided on.
Entries carry the numbers that 12.2(15)T gives them; remarks are not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from iosemu.commands.ip import access_entry, access_lists
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line

# recalled: headings of the lists of other protocols
_OTHER = {
    "acl-code": "Type code access list",
    "acl-decnet": "DECnet access list",
    "acl-appletalk": "AppleTalk access list",
    "acl-mac": "Bridge address access list",
    "acl-ipx": "IPX standard access list",
    "acl-ipx-extended": "IPX extended access list",
    "acl-sap": "IPX sap access list",
    "acl-mac-extended": "Extended 48-bit MAC address access list",
    "acl-summary": "IPX summary access list",
}


def _entry(line: Line, matches: int) -> str:
    """An IP entry as shown; standard lists tell the wildcard in words."""
    counted = f" ({matches} match{'es' if matches > 1 else ''})" if matches else ""
    values = line.values
    number = values.get("sequence", "")
    if "protocol" in values:
        return f"    {number} {' '.join(access_entry.extended(values))}{counted}\n"
    address, wildcard = access_entry.network(values, "source")
    text = "any" if wildcard == access_entry.ALL_ONES else str(IPv4Address(address))
    if 0 < wildcard < access_entry.ALL_ONES:
        text += f", wildcard bits {IPv4Address(wildcard)}"
    return f"    {number} {str(values['entry']).ljust(6)} {text}{' log' if 'log' in values else ''}{counted}\n"


def _ip_list(device: Device, name: str, block: Block) -> str:
    matches = device.ip_counters.matches
    kind = block.mode.removeprefix("acl-").capitalize()
    return f"{kind} IP access list {name}\n" + "".join(
        _entry(line, matches[name, line.identity]) for line in access_lists.entries(block)
    )


@handlers.register("show_ip_access_lists")
def show_ip_access_lists(call: Invocation[Device]) -> None:
    """All IP lists, or the one of that number or name."""
    wanted = call.values.get("list")
    for name, block in access_lists.ip_lists(call.device.config):
        if wanted in (None, name) or str(wanted) == name:
            call.write(_ip_list(call.device, name, block))


@handlers.register("show_access_lists")
def show_access_lists(call: Invocation[Device]) -> None:
    """The IP lists, then those of other protocols."""
    show_ip_access_lists(call)
    wanted = call.values.get("list")
    for block in call.device.config.root.children(access_lists.NUMBERED):
        assert block.header is not None
        number = block.header.values["list"]
        if block.mode in _OTHER and str(wanted or number) == str(number):
            lines = "".join(f"    {line.text}\n" for line in block.lines)
            call.write(f"{_OTHER[block.mode]} {number}\n{lines}")


@handlers.register("show_ip_prefix_list")
def show_ip_prefix_list(call: Invocation[Device]) -> None:
    """The entries of each list; `detail` and `summary` as IOS words them."""
    lists: dict[str, list[Line]] = {}
    for line in sorted(call.device.config.root.all("ip prefix-list"), key=_prefix_order):
        lists.setdefault(str(line.values["name"]), []).append(line)
    wanted = call.values.get("name")
    for name, lines in lists.items():
        if wanted in (None, name):
            call.write("".join(_prefix_list(name, lines, "detail" in call.values, "summary" in call.values)))


def _prefix_order(line: Line) -> tuple[str, int]:
    number = line.values.get("sequence", 0)
    return str(line.values["name"]), number if isinstance(number, int) else 0


def _prefix_list(name: str, lines: list[Line], detail: bool, summary: bool) -> Iterator[str]:
    entries = [line for line in lines if "sequence" in line.values]
    description = [f"   Description: {line.values['text']}\n" for line in lines if "text" in line.values]
    if not detail and not summary:
        yield f"ip prefix-list {name}: {len(entries)} entries\n"
        yield from description
    else:
        numbers = [str(line.values["sequence"]) for line in entries]
        ranges = sum(1 for line in entries if "shortest" in line.values or "longest" in line.values)
        span = f"{numbers[0]} - {numbers[-1]}" if numbers else "0 - 0"
        yield f"ip prefix-list {name}:\n"
        yield from description
        yield f"   count: {len(entries)}, range entries: {ranges}, sequences: {span}, refcount: 1\n"
    counted = " (hit count: 0, refcount: 1)" if detail else ""
    if not summary:
        yield from (f"   {' '.join(line.tokens[3:])}{counted}\n" for line in entries)


@handlers.register("show_route_map")
def show_route_map(call: Invocation[Device]) -> None:
    """The clauses of each map in the order of the numbers."""
    wanted = call.values.get("name")
    blocks = [block for block in call.device.config.root.children("route-map") if block.header is not None]
    shown = [block for block in blocks if wanted in (None, block.header.values["name"])]  # type: ignore[union-attr]
    if wanted is not None and not shown:
        call.write(f"route-map {wanted} not found\n")
    for block in shown:
        assert block.header is not None
        name, action, number = block.header.tokens[1:4]
        call.write(f"route-map {name}, {action}, sequence {number}\n")
        for kind in ("match", "set"):
            clauses = [_clause(line) for line in block.lines if line.tokens[0] == kind]
            call.write(f"  {kind.capitalize()} clauses:\n" + "".join(f"    {clause}\n" for clause in clauses))
        call.write("  Policy routing matches: 0 packets, 0 bytes\n")


def _clause(line: Line) -> str:
    """A clause as `show` words it: it tells what kind of list an address is matched with."""
    at = line.command.words
    what, rest = " ".join(line.tokens[1:at]), " ".join(line.tokens[at:])
    if not line.command.id.startswith("match ip "):
        return f"{what} {rest}".rstrip()
    if what.endswith(" prefix-list"):
        return f"{what}s: {rest}"
    return f"{what} (access-lists): {rest}"


@handlers.register("clear_access_list_counters")
def clear_access_list_counters(call: Invocation[Device]) -> None:
    """Of one list, or of all."""
    wanted, matches = call.values.get("list"), call.device.ip_counters.matches
    for key in [key for key in matches if wanted is None or key[0] == str(wanted)]:
        del matches[key]


def _lists(call: Invocation[Device], command: str) -> dict[str, list[Line]]:
    """By number or name: the lines of such lists, of the one that was asked for."""
    wanted = call.values.get("list")
    found: dict[str, list[Line]] = {}
    for line in call.device.config.root.all(command):
        name = str(line.values.get("list", line.values.get("name")))
        if wanted is None or str(wanted) == name:
            found.setdefault(name, []).append(line)
    return found


@handlers.register("show_as_path")
def show_as_path(call: Invocation[Device]) -> None:
    """`show ip as-path-access-list`."""
    for name, lines in _lists(call, "ip as-path access-list").items():
        rows = "".join(f"    {line.values['action']} {line.values['pattern']}\n" for line in lines)
        call.write(f"AS path access list {name}\n{rows}")


@handlers.register("show_community")
def show_community(call: Invocation[Device]) -> None:
    """`show ip community-list`."""
    for name, lines in _lists(call, "ip community-list").items():
        rows = []
        for line in lines:
            at = line.tokens.index(str(line.values["action"]))
            rows.append(f"    {' '.join(line.tokens[at:])}\n")
        expanded = any("pattern" in line.values for line in lines)
        named = f"Named Community {'expanded' if expanded else 'standard'} list"
        kind = named if not name.isdigit() else f"Community {'(expanded access) ' if expanded else ''}list"
        call.write(f"{kind} {name}\n{''.join(rows)}")
