"""The form in which routing processes keep their lines: options in the router's order, networks by their class or mask.

Rule: what a line says may come in any order and with host bits; it is kept as a router writes it, so that the same
lines typed otherwise are the same configuration, and `no` finds them. Refused is what a router refuses at the command:
a static route with host bits, and what is said of a neighbor of BGP that nobody has made.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.cli.match import Match
from iosemu.cli.session import Refused
from iosemu.commands.config.values import rewritten
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Line, RunningConfig

# In the order of the running-config, with how many words belong to each at the least.
_REDISTRIBUTE = {"metric": 1, "metric-type": 1, "match": 1, "level-1": 0, "level-1-2": 0, "level-2": 0, "subnets": 0}
_REDISTRIBUTE |= {"tag": 1, "route-map": 1}
_ORDERS = {
    "redistribute": _REDISTRIBUTE,
    "default-information originate": {"always": 0, "metric": 1, "metric-type": 1, "route-map": 1},
    "aggregate-address": {"as-set": 0, "summary-only": 0, "suppress-map": 1, "advertise-map": 1, "attribute-map": 1},
    "ip route": {"tag": 1, "permanent": 0, "name": 1, "track": 1, "global": 0},
    "neighbor": {"database-filter": 2, "cost": 1, "priority": 1, "poll-interval": 1},
}

_ALL = 0xFFFFFFFF
_FIRST_DISTANCE = 1
_HOPS = 3
"""The word of `ip route PREFIX MASK` behind which a distance can stand."""


def _stored(call: Invocation[Device], text: str) -> Match:
    """The line `text` in place of the one at hand, taken away where that one takes away."""
    return rewritten(call, text)._replace(negated=call.negated, defaulted=call.defaulted)


@handlers.register("options_in_order")
def _options_in_order(call: Invocation[Device]) -> Match | None:
    return _in_order(call, list(call.tokens))


def _in_order(call: Invocation[Device], words: list[str]) -> Match | None:
    """Each option once, as last said, in the order of the running-config."""
    order = _ORDERS[call.command.id]
    if words == list(call.tokens) and order.keys().isdisjoint(words):
        return None
    parts: dict[str, list[str]] = {}
    current = head = words[: call.command.words]
    owed = 0
    for word in words[call.command.words :]:
        if owed <= 0 and word in order:
            current = parts[word] = [word]
            owed = order[word]
        else:
            current.append(word)
            owed -= 1
    if "match" in parts:
        parts["match"] = _both_types(parts["match"])
    text = " ".join([*head, *(word for option in order for word in parts.get(option, []))])
    return None if text == " ".join(call.tokens) else _stored(call, text)


@handlers.register("static_route")
def _static_route(call: Invocation[Device]) -> Match | None:
    """The distance that a static route has by itself is not written."""
    host_bits = _number(call.values["prefix"]) & ~_number(call.values["mask"])
    if host_bits and not (call.negated or call.defaulted):
        raise Refused("%Inconsistent address and mask")
    words = list(call.tokens)
    if call.values.get("distance") == _FIRST_DISTANCE:
        del words[words.index(str(_FIRST_DISTANCE), _HOPS + 1)]
    return _in_order(call, words)


def _both_types(words: list[str]) -> list[str]:
    """`match external` means both types, and is written so."""
    found: list[str] = []
    for at, word in enumerate(words):
        found.append(word)
        if word.endswith("external") and words[at + 1 : at + 2] not in (["1"], ["2"]):
            found += ["1", word, "2"]
    return found


def natural_mask(address: int) -> int:
    """The mask of the address's class, as a number."""
    for first, bits in ((0x80, 8), (0xC0, 16), (0xE0, 24)):
        if address >> 24 < first:
            return _ALL << (32 - bits) & _ALL
    return _ALL


def _number(text: object) -> int:
    return internet4.number(str(text))


@handlers.register("classful_network")
def _classful_network(call: Invocation[Device]) -> Match | None:
    """`network 10.1.1.0` is network 10.0.0.0; a mask of EIGRP is kept as the wildcard that it stands for."""
    address = _number(call.values["address"])
    if "wildcard" not in call.values:
        return _network(call, address & natural_mask(address), None)
    return _network(call, address, _wildcard(_number(call.values["wildcard"])))


@handlers.register("ospf_network")
def _ospf_network(call: Invocation[Device]) -> Match | None:
    return _network(call, _number(call.values["address"]), _wildcard(_number(call.values["wildcard"])))


def _wildcard(bits: int) -> int:
    """What is a mask (ones, then noughts) was meant as one."""
    return ~bits & _ALL if bits >> 31 and bits | (bits - 1) == _ALL else bits


def _network(call: Invocation[Device], address: int, wildcard: int | None) -> Match | None:
    words = list(call.tokens)
    words[1] = internet4.text(address if wildcard is None else address & ~wildcard & _ALL)
    if wildcard is not None:
        words[2] = internet4.text(wildcard)
    return None if words == list(call.tokens) else _stored(call, " ".join(words))


@handlers.register("bgp_network")
def _bgp_network(call: Invocation[Device]) -> Match | None:
    """The mask of the address's class is left out."""
    if "mask" not in call.values:
        return None
    address, mask = _number(call.values["address"]), _number(call.values["mask"])
    words = list(call.tokens)
    words[1] = internet4.text(address & mask)
    if mask == natural_mask(address):
        del words[2:4]
    return None if words == list(call.tokens) else _stored(call, " ".join(words))


@handlers.register("eigrp_stub")
def _eigrp_stub(call: Invocation[Device]) -> Match | None:
    """Alone it means connected and summary; what is advertised prints in one order."""
    said = call.tokens[2:] or ("connected", "summary")
    if "receive-only" in said and len(said) > 1:
        raise call.invalid("receive-only")
    text = ["eigrp", "stub", *(word for word in ("receive-only", *_STUB) if word in said)]
    return None if text == list(call.tokens) else _stored(call, " ".join(text))


_STUB = ("connected", "static", "summary", "redistributed")

_NET = re.compile(r"(?:[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4})(?:\.(?:[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2}))*")
_NET_BYTES = range(8, 21)


@handlers.register("isis_net")
def _isis_net(call: Invocation[Device]) -> Match | None:
    """8 to 20 bytes in hexadecimal, the last one, which selects, nought."""
    title = str(call.values["title"])
    digits = title.replace(".", "")
    if not _NET.fullmatch(title) or len(digits) // 2 not in _NET_BYTES or not digits.endswith("00"):
        raise call.invalid("title")
    return None


_PAIR = re.compile(r"[0-9]{1,5}:[0-9]{1,5}")
_EXTENDED_PAIR = re.compile(r"(?:[0-9]{1,5}|[0-9]{1,3}(?:\.[0-9]{1,3}){3}):[0-9]{1,10}")


@handlers.register("communities")
def _communities(call: Invocation[Device]) -> Match | None:
    """A community that is no number and no name is a pair of numbers."""
    if "pair" in call.values:
        form = _EXTENDED_PAIR if "extcommunity" in call.command.id else _PAIR
        pairs = [word for word in call.tokens if ":" in word] or [""]
        if str(call.values["pair"]) not in pairs or not all(map(form.fullmatch, pairs)):
            raise call.invalid("pair")
    return None


# The words of a BGP neighbor in the order of the running-config; those behind `activate` belong to an address family.
_NEIGHBOR = ["remote-as", "local-as", "peer-group", "description", "shutdown", "password", "ebgp-multihop"]
_NEIGHBOR += ["disable-connected-check", "ttl-security", "update-source", "version", "timers"]
_NEIGHBOR += ["advertisement-interval", "activate", "capability", "allowas-in", "route-reflector-client"]
_NEIGHBOR += ["route-server-client", "next-hop-self", "next-hop-unchanged", "send-community", "send-label"]
_NEIGHBOR += ["remove-private-as", "as-override", "default-originate", "soo", "soft-reconfiguration"]
_NEIGHBOR += ["distribute-list", "prefix-list", "maximum-prefix", "route-map", "advertise-map", "filter-list"]
_NEIGHBOR += ["unsuppress-map", "weight", "dmzlink-bw"]
_GROUPS, _PEERS, _OTHERS = range(3)
_MAKES = {"remote-as", "peer-group"}
"""The words that make a neighbor of BGP, without which nothing else may be said of it."""


@handlers.register("bgp_neighbor")
def _bgp_neighbor(call: Invocation[Device]) -> Match | None:
    """What makes a neighbor comes first, and takes all that was said of it away with it."""
    peer, what = call.tokens[1], call.tokens[2] if len(call.tokens) > 2 else ""
    if call.negated or call.defaulted:
        unmade = what == "remote-as" or (what == "peer-group" and len(call.tokens) == 3)
        return rewritten(call, f"no neighbor {peer}") if unmade and _said_of(call, peer) else None
    if what in _MAKES and "group" not in call.values:
        group = str(call.values.get("peers", ""))
        if group and not _said_of(call, group):
            raise Refused("% Create the peer-group first")  # recalled
        if group and "remote-as" not in {*_said_of(call, peer), *_said_of(call, group)}:
            raise Refused("% Specify remote-as or peer-group remote AS first")  # recalled
    elif what != "peer-group" and _MAKES.isdisjoint(_said_of(call, peer)):
        group_first = "group" in call.values and what == "remote-as"
        raise Refused(
            f"% {'Create the peer-group' if group_first else 'Specify remote-as or peer-group commands'} first"
        )
    return None


def _said_of(call: Invocation[Device], peer: str) -> set[str]:
    """What is said of a neighbor or of a group in this block; a family that is of no VRF knows those around it."""
    block = call.block
    own = block.header is not None and "vrf" in block.header.values
    blocks = [block] if own or block.parent is None else [block, block.parent]
    lines = (line.tokens for inner in blocks for line in inner.all("neighbor"))
    return {tokens[2] for tokens in lines if tokens[1] == peer}


def neighbor_order(line: Line) -> tuple[int, ...]:
    """Where a `neighbor` line of BGP stands: peer groups by name, then neighbors by address, each in order.

    Other protocols' neighbors keep the order of their entry.
    """
    word = line.tokens[2] if len(line.tokens) > 2 else ""
    if word not in _NEIGHBOR:
        return (_OTHERS,)
    name, rank = line.tokens[1], _NEIGHBOR.index(word)
    if "group" in line.values:
        return (_GROUPS, *map(ord, name), -1, -1 if word == "peer-group" else rank)
    return (_PEERS, *_address_key(name), rank)


def _address_key(address: str) -> tuple[int, ...]:
    return (1, *map(ord, address)) if ":" in address else (0, _number(address))


def route_order(line: Line) -> tuple[int, ...]:
    """Where an `ip route` line stands: by prefix and mask, those of a VRF behind the others."""
    vrf = str(line.values.get("vrf", ""))
    if "prefix" not in line.values:
        return (0,)
    return (1, *map(ord, vrf), -1, _number(line.values["prefix"]), _number(line.values["mask"]))


@handlers.register("bgp_family")
def _bgp_family(call: Invocation[Device]) -> None:
    """With a family of IPv4, what belongs to it is told there and no more in front of the families."""
    block, mode = call.block, call.device.config.schema.mode(call.block.mode)
    families = (family.header for family in block.children("address-family ipv4"))
    stands = any(header is not None and "vrf" not in header.values for header in families)
    moved = (*mode.places["synchronization"], *mode.places["auto-summary"]) if stands else ()
    block.unsaid = frozenset(moved)


def set_orders(config: RunningConfig) -> None:
    """Tell the running-config in which order the lines of this family print."""
    orders: dict[str, Callable[[Line], tuple[int, ...]]] = {"neighbor": neighbor_order, "ip route": route_order}
    config.orders.update(orders)
