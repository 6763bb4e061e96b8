"""What `access-list`, `ip access-list`, `ip prefix-list`, `route-map` and `passive-interface` lines become when stored.

Rule: entries of a list are numbered from 10 by 10 in the order of their entry, one typed with a number goes to its
place, one typed again changes nothing; the numbers are not printed in the running-config. A numbered list opened by
`ip access-list` is the same list. Prefix lists number by 5, and print their numbers.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import islice
from typing import TYPE_CHECKING
from weakref import ref

from iosemu.cli.match import TOKEN, Incomplete, InvalidInput, Match, match
from iosemu.cli.session import Refused
from iosemu.commands import access_entry, access_lists
from iosemu.commands.config_values import check, rewritten
from iosemu.commands.prefix_lists import prefix_list
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line

ENTRY_STEP, PREFIX_STEP = 10, 5
_STANDARD = (range(1, 100), range(1300, 2000))
_EXTENDED = (range(100, 200), range(2000, 2700))


def _sequence(line: Line) -> int:
    number = line.values.get("sequence", 0)
    assert isinstance(number, int)
    return number


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
    if call.values["entry"] == "remark":
        found = _remark(call, found, block)
    # The identity of a line in its block is that of the whole line without the list's number.
    identity = found.identity[1:] if found.command.flat else found.identity
    known = block.line("entry", identity) if block is not None else None
    wanted = call.values.get("sequence")
    last = block.last("entry") if block is not None else None
    highest = _sequence(last) if last is not None else 0
    if known is not None:
        number = _sequence(known)
    elif wanted is not None:
        number = int(str(wanted))
        if block is not None and number <= highest and any(_sequence(line) == number for line in block.all("entry")):
            raise Refused("% Duplicate sequence number")
    elif call.values["entry"] == "remark":
        number = highest
    else:
        number = highest + ENTRY_STEP
    return found._replace(values={**found.values, "sequence": number})


def _remark(call: Invocation[Device], found: Match, block: Block | None) -> Match:
    """A remark that its session said already is a further one; another session that says it means the one there is."""
    said = ref(call.session)
    alike = _alike(found, block)
    known = next((line for line in alike if line.values.get("said") != said), None)
    extra: tuple[str, ...] = (str(len(alike)),) if alike else ()
    if known is not None:
        extra = known.identity[len(found.identity) - (1 if found.command.flat else 0) :]
    return found._replace(identity=(*found.identity, *extra), values={**found.values, "said": said})


def _alike(found: Match, block: Block | None) -> list[Line]:
    """The remarks of the same text, each but the first with its number behind what identifies it."""
    identity = found.identity[1:] if found.command.flat else found.identity
    alike: list[Line] = []
    while block is not None:
        line = block.line("entry", (*identity, str(len(alike))) if alike else identity)
        if line is None:
            break
        alike.append(line)
    return alike


@check("access_list_line")
def _line(call: Invocation[Device]) -> Match | None:
    """A line of a numbered list."""
    _once(call)
    words = access_entry.words(call.values)
    said = [*call.tokens[:2], *words]
    found = call.match if said == list(call.tokens) else rewritten(call, " ".join(said))
    return _numbered(call, found, call.block.child(access_lists.NUMBERED, found.identity[:1]))


@handlers.register("access_list_entry")
def _entry(call: Invocation[Device]) -> Match | None:
    """A line typed in a list."""
    if "entry" not in call.values:
        return _by_number(call)
    if call.negated or call.defaulted:
        # Only a whole entry is taken out; this raises for part of one.
        match(call.mode, " ".join(call.tokens))
        found = rewritten(call, " ".join(["no", *access_entry.words(call.values)]))
        alike = _alike(found, call.block) if call.values["entry"] == "remark" else []
        return found._replace(identity=alike[-1].identity) if alike else found
    _once(call)
    said = access_entry.words(call.values)
    found = call.match if said == list(call.tokens) else rewritten(call, " ".join(said))
    return _numbered(call, found, call.block)


def _by_number(call: Invocation[Device]) -> Match | None:
    """`no 20`."""
    if not (call.negated or call.defaulted):
        raise Incomplete
    line = next((line for line in call.block.all("entry") if _sequence(line) == call.values["sequence"]), None)
    return rewritten(call, f"no {line.text}") if line is not None else None


@handlers.register("access_list_set")
def _entry_set(call: Invocation[Device]) -> None:
    """An entry with a number of its own goes to its place."""
    tail = list(islice(reversed(call.block.lines_at(call.match.place)), 2))
    if len(tail) == 2 and _sequence(tail[1]) > _sequence(tail[0]):
        call.device.config.arrange(call.block, "entry", _sequence)


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
    entries = prefix_list(call.device.config, str(values["name"]))
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


@handlers.register("route_map_set")
def _route_map_set(call: Invocation[Device]) -> None:
    """Maps stand in the order of their entry, the parts of each in that of their numbers."""
    if call.negated or call.defaulted:
        return
    root = call.device.config.root
    newest, *before = [block.header for block in reversed(root.blocks_at(call.match.place)) if block.header is not None]
    name = newest.identity[0]
    following = before and before[0].identity[0] == name and _sequence(before[0]) < _sequence(newest)
    if following or all(header.identity[0] != name for header in before):
        return
    first: dict[str, int] = {}
    for header in reversed(before):
        first.setdefault(header.identity[0], len(first))
    call.device.config.arrange(root, "route-map", lambda line: first[line.identity[0]] << 16 | _sequence(line))


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
