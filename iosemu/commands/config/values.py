"""Checks of what configuration lines say: ranges that the notation cannot tell, and the form in which IOS keeps a line.

Rule: a check raises what the router prints, or gives back the line as it is to be stored (`enable secret x` becomes
`enable secret 5 $1$...`); None stores it as typed. Lines that only take something away are never refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from iosemu.cli.match import Match, match
from iosemu.cli.release import Release
from iosemu.cli.session import Refused
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

Check = Callable[["Invocation[Device]"], Match | None]

MAIL_SERVERS = MAIL_ALIASES = 10
NAME_SERVERS = 6
_MOST = "debugging"
"""The level of all messages."""
_LEVEL_UNSAID_SINCE = Release.of("12.4(11)T")
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
            found = call.match
            return None if found.negated or found.defaulted else checker(call)

        handlers.register(name)(run)
        return checker

    return add


def rewritten(call: Invocation[Device], text: str) -> Match:
    """The line `text` of the mode in which the line at hand stands."""
    return match(call.device.catalogue.mode(call.block.mode), text)


@check("version_line")
def _version(call: Invocation[Device]) -> Match | None:
    """Any release is read; the router always writes its own. A whole configuration begins here."""
    if call.session in call.device.sessions:
        call.device.pasting.add(call.session)
    own = call.block.default("version")
    assert own is not None
    return rewritten(call, own.text)


@check("hostname")
def _hostname(call: Invocation[Device]) -> Match | None:
    if not _HOSTNAME.fullmatch(str(call.values["name"])):
        raise Refused("% Hostname contains one or more illegal characters.")
    return None


@check("clock_timezone")
def _clock_timezone(call: Invocation[Device]) -> Match | None:
    _number(call, "hours", -23, 23)
    return None


_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


@check("summer_time")
def _summer_time(call: Invocation[Device]) -> Match | None:
    """The days of the week by their first three letters."""
    words = list(call.tokens)
    for name, at in (("begin_day", 5), ("end_day", 9)):
        said = str(call.values.get(name, "Sunday")).lower()
        day = next((day for day in _DAYS if len(said) > 1 and day.lower().startswith(said)), None)
        if day is None:
            raise call.invalid(name)
        if name in call.values:
            words[at] = day[:3]
    return None if words == list(call.tokens) else rewritten(call, " ".join(words))


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
    level = str(call.values.get("level", _MOST))
    said = f"logging buffered {call.values.get('size', 4096)} {level}"
    release = Release.of(call.device.chassis.platform.version)
    return rewritten(call, said.removesuffix(f" {_MOST}") if release >= _LEVEL_UNSAID_SINCE else said)


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
    """Several addresses in one line are kept as so many lines."""
    known = [str(line.values["address"]) for line in call.device.config.root.all("ip name-server")]
    last = None
    for address in call.tokens[2:]:
        if address not in known and len(known) >= NAME_SERVERS:
            raise Refused(f"% Name-server table is full; {address} not added")
        known.append(address)
        if last is not None:
            call.device.config.apply(call.block, last)
        last = rewritten(call, f"ip name-server {address}")
    return last


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
