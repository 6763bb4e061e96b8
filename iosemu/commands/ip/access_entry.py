"""One entry of an access list: what its words say, and the words in which IOS keeps it.

Rule: an entry is kept in names and in a fixed order, however it was typed: `eq 80` is `eq www`, protocol 6 is `tcp`, a
wildcard of nought is a host, of all ones `any`, and an address has no bits that its wildcard covers. Names and numbers:
RFC 1700 as the parser of 12.2 knows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iosemu.cli import internet4

ALL_ONES = 0xFFFFFFFF

PROTOCOLS = {1: "icmp", 2: "igmp", 4: "ipinip", 6: "tcp", 9: "igrp", 17: "udp", 47: "gre", 50: "esp", 51: "ahp"}
PROTOCOLS |= {88: "eigrp", 89: "ospf", 94: "nos", 103: "pim", 108: "pcp"}

_BOTH = {7: "echo", 9: "discard", 37: "time", 49: "tacacs", 53: "domain", 111: "sunrpc", 517: "talk"}
_BOTH |= {496: "pim-auto-rp"}
_TCP = {13: "daytime", 19: "chargen", 20: "ftp-data", 21: "ftp", 23: "telnet", 25: "smtp", 43: "whois", 70: "gopher"}
_TCP |= {79: "finger", 80: "www", 101: "hostname", 109: "pop2", 110: "pop3", 113: "ident", 119: "nntp", 179: "bgp"}
_TCP |= {194: "irc", 512: "exec", 513: "login", 514: "cmd", 515: "lpd", 540: "uucp", 543: "klogin", 544: "kshell"}
_UDP = {42: "nameserver", 67: "bootps", 68: "bootpc", 69: "tftp", 123: "ntp", 137: "netbios-ns", 138: "netbios-dgm"}
_UDP |= {139: "netbios-ss", 161: "snmp", 162: "snmptrap", 177: "xdmcp", 195: "dnsix", 434: "mobile-ip", 500: "isakmp"}
_UDP |= {512: "biff", 513: "who", 514: "syslog", 520: "rip"}
PORTS = {"tcp": _BOTH | _TCP, "udp": _BOTH | _UDP}

MESSAGES: dict[tuple[int, int | None], str] = {(0, None): "echo-reply", (3, None): "unreachable"}
MESSAGES |= {(4, None): "source-quench", (5, None): "redirect"}
MESSAGES |= {(6, None): "alternate-address", (8, None): "echo", (9, None): "router-advertisement"}
MESSAGES |= {(10, None): "router-solicitation", (11, None): "time-exceeded", (12, None): "parameter-problem"}
MESSAGES |= {(13, None): "timestamp-request", (14, None): "timestamp-reply", (15, None): "information-request"}
MESSAGES |= {(16, None): "information-reply", (17, None): "mask-request", (18, None): "mask-reply"}
MESSAGES |= {(30, None): "traceroute", (31, None): "conversion-error", (32, None): "mobile-redirect"}
_UNREACHABLE = ("net", "host", "protocol", "port")
MESSAGES |= {(3, code): f"{what}-unreachable" for code, what in enumerate(_UNREACHABLE)}
MESSAGES |= {(3, 4): "packet-too-big", (3, 5): "source-route-failed", (3, 6): "network-unknown", (3, 7): "host-unknown"}
MESSAGES |= {(3, 8): "host-isolated", (3, 9): "dod-net-prohibited", (3, 10): "dod-host-prohibited"}
MESSAGES |= {(3, 11): "net-tos-unreachable", (3, 12): "host-tos-unreachable", (3, 13): "administratively-prohibited"}
MESSAGES |= {(3, 14): "host-precedence-unreachable", (3, 15): "precedence-unreachable"}
MESSAGES |= {(5, 0): "net-redirect", (5, 1): "host-redirect", (5, 2): "net-tos-redirect", (5, 3): "host-tos-redirect"}
MESSAGES |= {(11, 0): "ttl-exceeded", (11, 1): "reassembly-timeout", (12, 0): "general-parameter-problem"}
MESSAGES |= {(12, 1): "option-missing", (12, 2): "no-room-for-option"}

_PRECEDENCE = ("routine", "priority", "immediate", "flash", "flash-override", "critical", "internet", "network")
_TOS = {0: "normal", 1: "min-monetary-cost", 2: "max-reliability", 4: "max-throughput", 8: "min-delay"}
_DSCP = {0: "default", 46: "ef"} | {8 * n: f"cs{n}" for n in range(1, 8)}
_DSCP |= {8 * group + 2 * drop: f"af{group}{drop}" for group in range(1, 5) for drop in range(1, 4)}

FLAGS = ("established", "ack", "fin", "psh", "rst", "syn", "urg")
OPTIONS = frozenset({*FLAGS, "precedence", "tos", "dscp", "fragments", "log", "log-input", "time-range", "reflect"})
"""What may follow an extended entry, each once."""

_SAID_BY_OPTIONS = OPTIONS - {"time-range"} | {"range"}

Values = Mapping[str, object]


def standard(values: Values) -> list[str]:
    """The words of an entry of a standard list."""
    return [str(values["entry"]), *_side(values, "source", host=False), *(["log"] if "log" in values else [])]


def extended(values: Values) -> list[str]:
    """The words of an entry of an extended list."""
    words = ["dynamic", str(values["template"])] if "template" in values else []
    if "minutes" in values:
        words += ["timeout", str(values["minutes"])]
    protocol = _named(PROTOCOLS, values["protocol"])
    words += [str(values["entry"]), protocol]
    for side in ("source", "destination"):
        words += [*_side(values, side, host=True), *_ports(values, side, protocol)]
    return [*words, *_message(values), *_options(values)]


def remark(values: Values) -> list[str]:
    return [str(values["entry"]), *([str(values["text"])] if "text" in values else [])]


def words(values: Values) -> list[str]:
    """The words in which an entry of any IP list is kept."""
    if "protocol" in values:
        return extended(values)
    if values["entry"] == "evaluate":
        return ["evaluate", str(values["evaluate"])]
    return standard(values) if "source" in values else remark(values)


def _named(table: Mapping[int, str], value: object) -> str:
    return table.get(value, str(value)) if isinstance(value, int) else str(value)


def network(values: Values, side: str) -> tuple[int, int]:
    """The address of a side and its wildcard, as numbers."""
    said = values[side]
    if said == "any":
        return 0, ALL_ONES
    if said == "host":
        return internet4.number(str(values[f"{side}_host"])), 0
    wildcard = internet4.number(str(values.get(f"{side}_mask", "0.0.0.0")))
    return internet4.number(str(said)) & ~wildcard, wildcard


def _side(values: Values, side: str, *, host: bool) -> list[str]:
    """An address with its wildcard; `host` in front of a single one where the list says so."""
    if values[side] == "any":
        return ["any"]
    if values[side] == "host" and host:
        return ["host", str(values[f"{side}_host"])]
    address, wildcard = network(values, side)
    if wildcard == ALL_ONES:
        return ["any"]
    text = internet4.text(address)
    if wildcard == 0:
        return ["host", text] if host else [text]
    return [text, internet4.text(wildcard)]


def _ports(values: Values, side: str, protocol: str) -> list[str]:
    operator = values.get(f"{side}_operator")
    if operator is None:
        return []
    table = PORTS.get(protocol, {})
    names = [_named(table, values[key]) for key in (f"{side}_port", f"{side}_last") if key in values]
    return [str(operator), *names]


def _message(values: Values) -> Iterator[str]:
    if "message" in values:
        yield str(values["message"])
    elif "type" in values:
        kind, code = values["type"], values.get("code")
        name = MESSAGES.get((kind, code))  # type: ignore[arg-type]
        yield from [name] if name else [str(kind), *([] if code is None else [str(code)])]


def _options(values: Values) -> Iterator[str]:
    if _SAID_BY_OPTIONS.isdisjoint(values):
        return
    if "dscp" in values:
        yield from ("dscp", _named(_DSCP, values["dscp"]))
    if "precedence" in values:
        yield from ("precedence", _named(dict(enumerate(_PRECEDENCE)), values["precedence"]))
    if "tos" in values:
        yield from ("tos", _named(_TOS, values["tos"]))
    yield from (flag for flag in (*FLAGS, "fragments") if flag in values)
    yield from [word for word in ("log-input", "log") if word in values][:1]
    if "range" in values:
        yield from ("time-range", str(values["range"]))
    if "reflect" in values:
        yield from ("reflect", str(values["reflect"]))
        if "reflect_timeout" in values:
            yield from ("timeout", str(values["reflect_timeout"]))
