"""Checks of what configuration lines say: ranges that the notation cannot tell, and the form in which IOS keeps a line.

Rule: a check raises what the router prints, or gives back the line as it is to be stored (`enable secret x` becomes
`enable secret 5 $1$...`); None stores it as typed. Lines that only take something away are never refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from iosemu.cli.match import Match, match
from iosemu.cli.session import Refused
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

Check = Callable[["Invocation[Device]"], Match | None]

MAIL_SERVERS = MAIL_ALIASES = 10
NAME_SERVERS = 6
# CSI and TSI of T.30: 20 characters; header line and titles: the MIB's 80.
SUBSCRIBER_LENGTH, HEADER_LENGTH = 20, 80

_SUBSCRIBER = re.compile(r"\$[ds]\$|\+?[0-9 ]+")
_HOSTNAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_PREFIX_DIGITS = re.compile(r"[0-9*#,]{1,32}")
# The locales of `cptone`, by their ISO 3166 codes.
_COUNTRIES = re.compile(
    "AE|AR|AT|AU|BE|BR|CA|CH|CN|CO|CY|CZ|DE|DK|EG|ES|FI|FR|GB|GH|GR|HK|HU|ID|IE|IL|IN|IS|IT|JO|JP|KE|KR|KW|LB|LU|MT|MX"
    "|MY|NG|NL|NO|NP|NZ|OM|PA|PE|PH|PK|PL|PT|RU|SA|SE|SG|SI|SK|TH|TR|TW|US|VE|ZA|ZW"
)


def check(name: str) -> Callable[[Check], Check]:
    """Register a check that runs only on lines that set something."""

    def add(checker: Check) -> Check:
        def run(call: Invocation[Device]) -> Match | None:
            return None if call.negated or call.defaulted else checker(call)

        handlers.register(name)(run)
        return checker

    return add


def rewritten(call: Invocation[Device], text: str) -> Match:
    """The line `text` of the mode in which the line at hand stands."""
    return match(call.device.catalogue.mode(call.block.mode), text)


@check("version_line")
def _version(call: Invocation[Device]) -> Match | None:
    """Any release is read; the router always writes its own."""
    return rewritten(call, "version 12.2")


@check("hostname")
def _hostname(call: Invocation[Device]) -> Match | None:
    if not _HOSTNAME.fullmatch(str(call.values["name"])):
        raise Refused("% Hostname contains one or more illegal characters.")
    return None


@check("enable_secret")
def _enable_secret(call: Invocation[Device]) -> Match | None:
    from iosemu.commands import passwords

    kept = call.values.get("hash")
    if kept is None:
        return rewritten(call, f"enable secret 5 {passwords.new_secret(str(call.values['text']))}")
    if not passwords.is_secret(str(kept)):
        raise Refused(
            "ERROR: The secret you entered is not a valid encrypted secret.\n"
            "To enter an UNENCRYPTED secret, do not specify type 5 encryption.\n"
            "When you properly enter an UNENCRYPTED secret, it will be encrypted."
        )
    return None


def _kept_password(call: Invocation[Device], clear: str) -> str:
    """A password as it is to be stored: `7 HIDDEN`, or what `clear` is put in front of."""
    from iosemu.commands import passwords

    hidden = call.values.get("hidden")
    if hidden is not None:
        try:
            passwords.unveil(str(hidden))
        except passwords.BadHash as error:
            raise Refused(str(error)) from None
        return f"7 {hidden}"
    text = str(call.values["text"])
    if call.device.config.root.flag("service password-encryption"):
        return f"7 {passwords.veil(text)}"
    return f"{clear}{text}"


@check("password")
def _password(call: Invocation[Device]) -> Match | None:
    return rewritten(call, f"{call.command.id} {_kept_password(call, '')}")


@check("username")
def _username(call: Invocation[Device]) -> Match | None:
    if "hidden" not in call.values and "text" not in call.values:
        return None
    return rewritten(call, _user_line(call.values, _kept_password(call, "0 ")))


def _user_line(values: dict[str, object], password: str) -> str:
    privilege = f" privilege {values['level']}" if "level" in values else ""
    return f"username {values['name']}{privilege} password {password}"


@handlers.register("password_encryption_set")
def _password_encryption_set(call: Invocation[Device]) -> None:
    """`service password-encryption` veils what is there already; nothing takes the veil off again."""
    from iosemu.commands import passwords

    config = call.device.config
    if not config.root.flag("service password-encryption"):
        return
    lines = [block for kind in ("con", "aux", "vty") for block in config.root.children(f"line {kind}")]
    places = [(config.root, "enable password"), (config.root, "username"), *((block, "password") for block in lines)]
    for block, command_id in places:
        for line in block.all(command_id):
            if "text" in line.values:
                hidden = f"7 {passwords.veil(str(line.values['text']))}"
                text = _user_line(line.values, hidden) if command_id == "username" else f"{command_id} {hidden}"
                config.apply(block, match(call.device.catalogue.mode(block.mode), text))


@check("clock_timezone")
def _clock_timezone(call: Invocation[Device]) -> Match | None:
    _number(call, "hours", -23, 23)
    return None


@check("voice_port_gain")
def _voice_port_gain(call: Invocation[Device]) -> Match | None:
    _number(call, "decibels", -6, 14)
    return None


def _number(call: Invocation[Device], name: str, low: int, high: int) -> None:
    text = str(call.values[name])
    if not re.fullmatch(r"-?[0-9]{1,9}", text) or not low <= int(text) <= high:
        raise call.invalid(name)


@check("logging_buffered")
def _logging_buffered(call: Invocation[Device]) -> Match | None:
    size = call.values.get("size", 4096)
    return rewritten(call, f"logging buffered {size} {call.values.get('level', 'debugging')}")


@handlers.register("exec_timeout")
def _exec_timeout(call: Invocation[Device]) -> Match | None:
    """`no exec-timeout` is kept as a timeout of nought, which means never."""
    if call.defaulted:
        return None
    if call.negated:
        return rewritten(call, "exec-timeout 0 0")
    return rewritten(call, f"exec-timeout {call.values['minutes']} {call.values.get('seconds', 0)}")


@check("fax_subscriber")
def _fax_subscriber(call: Invocation[Device]) -> Match | None:
    number = str(call.values["number"])
    if not _SUBSCRIBER.fullmatch(number) or len(number) > SUBSCRIBER_LENGTH:
        raise call.invalid("number")
    return None


@check("fax_header")
def _fax_header(call: Invocation[Device]) -> Match | None:
    return rewritten(call, f"{call.command.id} {str(call.values['text'])[:HEADER_LENGTH]}")


def _room(call: Invocation[Device], name: str, most: int, refusal: str) -> None:
    """Refuse a further line of a command that may stand only `most` times."""
    lines = call.device.config.root.all(call.command.id)
    if len(lines) >= most and call.values[name] not in [line.values[name] for line in lines]:
        raise Refused(refusal)


@check("mta_server")
def _mta_server(call: Invocation[Device]) -> Match | None:
    _room(call, "host", MAIL_SERVERS, f"% Only {MAIL_SERVERS} mail servers may be configured")
    return None


@check("mta_alias")
def _mta_alias(call: Invocation[Device]) -> Match | None:
    _room(call, "name", MAIL_ALIASES, f"% Only {MAIL_ALIASES} aliases may be configured")
    return None


@check("name_server")
def _name_server(call: Invocation[Device]) -> Match | None:
    address = call.values["address"]
    _room(call, "address", NAME_SERVERS, f"% Name-server table is full; {address} not added")
    return None


@check("ip_address")
def _ip_address(call: Invocation[Device]) -> Match | None:
    from ipaddress import IPv4Address, IPv4Interface, NetmaskValueError

    address, mask = str(call.values["address"]), str(call.values["mask"])
    bits = f"{int(IPv4Address(mask)):032b}"
    if "01" in bits:
        raise Refused(f"Bad mask 0x{int(bits, 2):X} for address {address}")
    try:
        wanted = IPv4Interface(f"{address}/{bits.count('1')}")
    except NetmaskValueError:
        raise call.invalid("mask") from None
    network = wanted.network
    if wanted.ip.is_multicast or wanted.ip.is_unspecified:
        raise Refused(f"Not a valid host address - {address}")
    if network.prefixlen < 31 and wanted.ip in (network.network_address, network.broadcast_address):
        raise Refused(f"Bad mask /{network.prefixlen} for address {address}")
    for block in call.device.config.root.children("interface"):
        other = block.get("ip address")
        if block is call.block or other is None or other.negated or block.header is None:
            continue
        taken = IPv4Interface(f"{other.values['address']}/{other.values['mask']}").network
        if network.overlaps(taken):
            raise Refused(f"% {network.network_address} overlaps with {block.header.values['name']}")
    return None


@check("cptone")
def _cptone(call: Invocation[Device]) -> Match | None:
    country = str(call.values["locale"]).upper()
    if not _COUNTRIES.fullmatch(country):
        raise call.invalid("locale")
    return rewritten(call, f"cptone {country}")


@check("dial_peer_prefix")
def _dial_peer_prefix(call: Invocation[Device]) -> Match | None:
    if not _PREFIX_DIGITS.fullmatch(str(call.values["digits"])):
        raise call.invalid("digits")
    return None


@check("line_vty")
def _line_vty(call: Invocation[Device]) -> Match | None:
    """A range inside an existing block of lines is that block; the lines of one block are not yet split."""
    first = int(str(call.values["first"]))
    last = int(str(call.values.get("last", first)))
    if last < first:
        raise call.invalid("last")
    for block in call.device.config.root.children("line vty"):
        assert block.header is not None
        low = int(str(block.header.values["first"]))
        high = int(str(block.header.values.get("last", low)))
        if low <= first <= high:
            return rewritten(call, block.header.text)
    return None
