"""What `access-list`, `ip access-list`, `ip prefix-list`, `route-map` and `passive-interface` lines become when stored.

Rule: entries of a list are numbered from 10 by 10 in the order of their entry, one typed with a number goes to its
place, one typed again changes nothing; the numbers are not printed in the running-config. A numbered list opened by
`ip access-list` is the same list. Prefix lists number by 5, and print their numbers.
"""

from __future__ import annotations

from collections import defaultdict
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from iosemu.cli.match import TOKEN, Incomplete, InvalidInput, Match, match
from iosemu.cli.session import Refused
from iosemu.commands.config.values import check, rewritten
from iosemu.commands.ip import access_entry, access_lists
from iosemu.commands.ip.access_numbers import AccessNumbers, Entries, number_of
from iosemu.commands.ip.prefix_lists import PrefixList, PrefixLists
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Changed, Line, RunningConfig

_ROUTE_MAP = "route-map"
ENTRY_STEP, PREFIX_STEP = 10, 5
_STANDARD = (range(1, 100), range(1300, 2000))
_EXTENDED = (range(100, 200), range(2000, 2700))


def _once(call: Invocation[Device]) -> None:
    """Refuse an option that is said twice."""
    if access_entry.OPTIONS.isdisjoint(call.tokens):
        return
    said: set[str] = set()
    for number, word in enumerate(call.tokens):
        if word in access_entry.OPTIONS:
            if word in said:
                at = [found.start() for found in TOKEN.finditer(call.line)]
                raise InvalidInput(at[number + (1 if call.negated or call.defaulted else 0)])
            said.add(word)


def _numbered(call: Invocation[Device], found: Match, block: Block | None) -> Match:
    """The entry with the number that it has, or is to have, in its list."""
    values, identity = found.values, found.identity
    lists = call.device.config.index(AccessNumbers)
    known = lists.of(block) if block is not None else Entries()
    if values["entry"] == "remark":
        at = found.command.words + 1 if found.command.flat else 0
        name = found.identity[0] if at else call.block.header.identity[0]
        which = lists.meant(call.session, name, block, found.tokens[at:])
        identity = (*identity, str(which)) if which else identity
    # The identity of a line in its block is that of the whole line without the list's number.
    line = block.line("entry", identity[1:] if found.command.flat else identity) if block is not None else None
    wanted = call.values.get("sequence")
    if line is not None:
        number = number_of(line)
    elif wanted is not None:
        number = int(str(wanted))
        if known.has(number):
            raise Refused("% Duplicate sequence number")
    else:
        number = known.highest + (0 if values["entry"] == "remark" else ENTRY_STEP)
    return found.saying({**values, "sequence": number}, identity)


@check("access_list_line")
def _line(call: Invocation[Device]) -> Match | None:
    """A line of a numbered list."""
    _once(call)
    found = call.match
    said = (*found.tokens[:2], *access_entry.words(found.values))
    if said != found.tokens:
        found = rewritten(call, " ".join(said))
    return _numbered(call, found, call.block.child(access_lists.NUMBERED, found.identity[:1]))


@handlers.register("access_list_entry")
def _entry(call: Invocation[Device]) -> Match | None:
    """A line typed in a list."""
    if "entry" not in call.values:
        return _by_number(call)
    if call.negated or call.defaulted:
        # Only a whole entry is taken out; this raises for part of one.
        match(call.mode, " ".join(call.tokens))
        return _last(call, rewritten(call, " ".join(["no", *access_entry.words(call.values)])))
    _once(call)
    said = access_entry.words(call.values)
    found = call.match if said == list(call.tokens) else rewritten(call, " ".join(said))
    return _numbered(call, found, call.block)


def _last(call: Invocation[Device], found: Match) -> Match:
    """What is to be taken out: of several remarks that are alike, the last."""
    others = call.device.config.index(AccessNumbers).of(call.block).remarks[found.tokens] - 1
    return found._replace(identity=(*found.identity, str(others))) if others > 0 else found


def _by_number(call: Invocation[Device]) -> Match | None:
    """`no 20`."""
    if not (call.negated or call.defaulted):
        raise Incomplete
    line = next((line for line in call.block.all("entry") if number_of(line) == call.values["sequence"]), None)
    return _last(call, rewritten(call, f"no {line.text}")) if line is not None else None


@handlers.register("access_list_set")
def _entry_set(call: Invocation[Device]) -> None:
    """An entry with a number of its own goes to its place."""
    config = call.device.config
    if number_of(call.match) < config.index(AccessNumbers).of(call.block).highest:
        config.arrange(call.block, "entry", lambda line: (number_of(line),))


@handlers.register("access_list_named")
def _named(call: Invocation[Device]) -> Match | None:
    """A number in the place of a name opens, or removes, the numbered list."""
    name, kind = str(call.values["name"]), call.command.id.rpartition(" ")[2]
    if name.isdigit():
        if not any(int(name) in numbers for numbers in (_STANDARD if kind == "standard" else _EXTENDED)):
            raise Refused("% Invalid access list name.")
        return rewritten(call, f"no access-list {name}")._replace(negated=call.negated, defaulted=call.defaulted)
    known = access_lists.find(call.device.config, name)
    if known is not None and known.mode != call.command.enters and not call.negated:
        # inferred: no capture of this refusal was found
        raise Refused(f"% A named {known.mode.removeprefix('acl-')} IP access list with this name already exists")
    return None


@handlers.register("access_list_resequence")
def _resequence(call: Invocation[Device]) -> None:
    block = access_lists.find(call.device.config, str(call.values["name"]))
    if block is None:
        raise Refused("% Access list does not exist")  # inferred
    start, step = int(str(call.values["start"])), int(str(call.values["step"]))
    entries = access_lists.entries(block)
    for number, line in enumerate(entries):
        line.values["sequence"] = start + number * step
    call.device.config.index(AccessNumbers).renumbered(block)


@handlers.register("prefix_list")
def _prefix_list(call: Invocation[Device]) -> Match | None:
    values = call.values
    if "action" not in values:
        return None
    if (call.negated or call.defaulted) and "prefix" not in values:
        return None
    network = _prefix(call)
    shortest, longest = (int(str(values[key])) if key in values else None for key in ("shortest", "longest"))
    low = shortest if shortest is not None else network.prefixlen + (1 if longest is not None else 0)
    if (shortest is not None and shortest <= network.prefixlen) or (longest is not None and longest < low):
        raise Refused(f"% Invalid prefix range for {network}, make sure: len < ge-value <= le-value")
    said = f"{values['action']} {network}{_bound('ge', shortest)}{_bound('le', longest)}"
    entries = call.device.config.index(PrefixLists).by_name.get(str(values["name"])) or PrefixList()
    known = entries.numbers.get(said)
    number = values.get("sequence")
    if number is None:
        number = known if known is not None else entries.highest - entries.highest % PREFIX_STEP + PREFIX_STEP
    elif known is not None and known != number and not call.negated:
        raise Refused("%Insertion failed - prefix-list entry exists")  # recalled
    text = f"ip prefix-list {values['name']} seq {number} {said}"
    return rewritten(call, f"no {text}" if call.negated or call.defaulted else text)


def _bound(word: str, value: int | None) -> str:
    return "" if value is None else f" {word} {value}"


def _prefix(call: Invocation[Device]) -> IPv4Network:
    """The prefix said, its host bits cleared as IOS does."""
    text = str(call.values["prefix"])
    address, slash, length = text.partition("/")
    if not slash or not length.isdigit():
        raise call.invalid("prefix", len(text))
    try:
        return IPv4Network(f"{address}/{length}", strict=False)
    except ValueError:
        raise call.invalid("prefix") from None


@handlers.register("route_map")
def _route_map(call: Invocation[Device]) -> Match | None:
    """Without action and number `permit 10` is meant."""
    if call.negated or call.defaulted:
        return None
    values = call.values
    return rewritten(call, f"route-map {values['name']} {values.get('action', 'permit')} {values.get('sequence', 10)}")


class RouteMaps:
    """Where the route maps of a configuration stand: `config.index(RouteMaps)`."""

    def __init__(self, config: RunningConfig) -> None:
        self._entered: dict[str, int] = {}
        self._parts: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._count = 0
        for block in config.root.children(_ROUTE_MAP):
            if block.header is not None:
                self._add(block.header)
        config.follow(self._changed, _ROUTE_MAP)

    def place_of(self, header: Line) -> tuple[int, int]:
        """What the parts of maps are put in order by."""
        return self._entered[header.identity[0]], number_of(header)

    def _add(self, header: Line) -> None:
        name = header.identity[0]
        if not self._parts[name]:
            self._count += 1
            self._entered[name] = self._count
        self._parts[name].add(header.identity)

    def _changed(self, change: Changed) -> None:
        if change.line.command.id == _ROUTE_MAP and not change.removed:
            self._add(change.line)
        elif change.line.command.id == _ROUTE_MAP:
            self._parts[change.line.identity[0]].discard(change.line.identity)


@handlers.register("route_map_set")
def _route_map_set(call: Invocation[Device]) -> None:
    """Maps stand in the order of their entry, the parts of each in that of their numbers."""
    if not (call.negated or call.defaulted):
        config = call.device.config
        config.arrange(config.root, call.command.id, config.index(RouteMaps).place_of)


@handlers.register("clause_values")
def _clause(call: Invocation[Device]) -> Match | None:
    """`match ip address 2` after `match ip address 1` means both; `no` takes out only those said."""
    at = call.command.words
    line = next(iter(call.block.all(call.command.id)), None)
    before, said = list(line.tokens[at:]) if line is not None else [], list(call.tokens[at:])
    if not call.negated and not call.defaulted:
        return rewritten(call, " ".join([*call.tokens[:at], *before, *(word for word in said if word not in before)]))
    left = [word for word in before if word not in said] if said else []
    return rewritten(call, " ".join([*call.tokens[:at], *left])) if left else None


@handlers.register("passive_interface")
def _passive_interface(call: Invocation[Device]) -> Match | None:
    """Only what differs from `passive-interface default`, or from its absence, is a line of its own."""
    silent = call.block.flag("passive-interface default")
    return call.match._replace(negated=False, defaulted=True) if silent != call.negated else None
