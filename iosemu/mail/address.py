"""Mail addresses as SMTP paths carry them, and the fax addresses among them.

Paths: RFC 2821 section 4.1.2; of a source route only the mailbox at its end counts. Fax addresses:
`FAX=number[/option=value...]@host` of RFC 3191 and RFC 3192, a slash around the whole allowed as there, letter case of
the selector and of option names without meaning; `/cover=yes|no` is the gateway's own option. Dashes, dots, pauses
(`p`, `w`) and a leading `+` of the number are dialling punctuation and are not dialled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LOCAL_PART_LIMIT = 255
PATH_LIMIT = 512

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]"
_DOT_STRING = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*\.?")
_QUOTED = re.compile(r'"((?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*)"')
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)*\.?|\[[^\[\]\\\s]*\]"
)
_ROUTE = re.compile(rf"@(?:{_DOMAIN.pattern})(?:,@(?:{_DOMAIN.pattern}))*:")
# RFC 3191 section 2: local-phone has DTMF digits, pauses and waits for a tone, global-phone digits alone; both may be
# written with dashes and dots anywhere. A trunk dials en bloc, so there is nothing to pause for.
_LOCAL = re.compile(r"[0-9A-D*#.pw-]+", re.IGNORECASE)
_GLOBAL = re.compile(r"\+([0-9.-]+)")
_PUNCTUATION = re.compile(r"[-.pw]", re.IGNORECASE)
_SUBADDRESS = re.compile(r"[0-9*#](?:[-.]?[0-9*#])*")
_LITERAL = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


class AddressError(ValueError):
    """Not an address, or not one that a fax can be sent to; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`local@domain`; `local` is unquoted, `domain` as written, "" where there is none."""

    local: str
    domain: str

    def __str__(self) -> str:
        local = self.local
        if not _DOT_STRING.fullmatch(local):
            local = '"' + re.sub(r'(["\\])', r"\\\1", local) + '"'
        return f"{local}@{self.domain}" if self.domain else local

    @property
    def host(self) -> str:
        """The domain for comparison: small letters, no final dot, an address without its brackets."""
        domain = self.domain.lower().rstrip(".")
        return domain[1:-1] if domain.startswith("[") else domain


@dataclass(frozen=True, slots=True)
class FaxAddress:
    """A fax number in a mail address.

    `number`: digits to dial, `*` and `#` among them. `international`: it began with `+`. `subaddress`: the T33S digits,
    or "". `cover`: what `/cover=` says, None where it says nothing. `options`: all others, names in small letters, in
    their order.
    """

    number: str
    international: bool = False
    subaddress: str = ""
    cover: bool | None = None
    options: tuple[tuple[str, str], ...] = ()


def parse_path(text: str) -> tuple[Mailbox | None, str]:
    """Read the path of MAIL or RCPT: `<local@domain>` with or without its brackets, and what follows it.

    The null path `<>` is None. Raises AddressError on anything else: broken quoting or route, no closing bracket.
    """
    text = text.lstrip(" ")
    bracketed = text.startswith("<")
    if bracketed:
        text = text[1:]
        if text.startswith(">"):
            return None, text[1:].strip(" ")
        if text.startswith("@"):
            route = _ROUTE.match(text) if len(text) <= 4 * PATH_LIMIT else None
            if route is None:
                raise AddressError("malformed source route")
            text = text[route.end() :]
    mailbox, rest = _mailbox(text)
    if bracketed:
        if not rest.startswith(">"):
            raise AddressError("unbalanced angle brackets")
        rest = rest[1:]
    if rest and not rest.startswith(" "):
        raise AddressError("malformed address")
    return mailbox, rest.strip(" ")


def parse_mailbox(text: str) -> Mailbox:
    """Read a bare `local@domain`; raises AddressError where more or less is there."""
    mailbox, rest = _mailbox(text)
    if rest:
        raise AddressError("malformed address")
    return mailbox


def _mailbox(text: str) -> tuple[Mailbox, str]:
    if len(text) > 4 * PATH_LIMIT:
        raise AddressError("address too long")
    if quoted := _QUOTED.match(text):
        local, rest = re.sub(r"\\(.)", r"\1", quoted[1]), text[quoted.end() :]
    elif plain := _DOT_STRING.match(text):
        local, rest = plain[0], text[plain.end() :]
    else:
        raise AddressError("malformed address")
    if len(local) > LOCAL_PART_LIMIT:
        raise AddressError("address too long")
    if not rest.startswith("@"):
        return Mailbox(local, ""), rest
    domain = _DOMAIN.match(rest, 1)
    if domain is None:
        raise AddressError("malformed domain")
    return Mailbox(local, domain[0]), rest[domain.end() :]


def is_fax(mailbox: Mailbox) -> bool:
    """Whether the local part claims to be a fax number."""
    return mailbox.local.removeprefix("/")[:4].upper() == "FAX="


def parse_fax(mailbox: Mailbox) -> FaxAddress:
    """What a `FAX=` local part says; raises AddressError where the number or an option cannot be read."""
    if not is_fax(mailbox):
        raise AddressError("not a fax address")
    written, *options = mailbox.local.removeprefix("/")[4:].removesuffix("/").split("/")
    international = _GLOBAL.fullmatch(written)
    digits = _PUNCTUATION.sub("", international[1] if international is not None else written).upper()
    if not digits or (international is None and not _LOCAL.fullmatch(written)):
        raise AddressError("not a telephone number")
    subaddress, cover, others = "", None, []
    for option in options:
        name, _, value = option.partition("=")
        name = name.strip().lower()
        if not name:
            raise AddressError("malformed address option")
        if name == "t33s":
            if not _SUBADDRESS.fullmatch(value):
                raise AddressError("malformed subaddress")
            subaddress = _PUNCTUATION.sub("", value)
        elif name == "cover":
            if value.lower() not in ("yes", "no"):
                raise AddressError("cover is yes or no")
            cover = value.lower() == "yes"
        else:
            others.append((name, value))
    return FaxAddress(digits, international is not None, subaddress, cover, tuple(others))


def is_ours(mailbox: Mailbox, names: tuple[str, ...]) -> bool:
    """Whether a domain is one of the names mail is taken for; an address matches only a configured `[address]`."""
    host = mailbox.host
    for name in names:
        alias = name.lower().rstrip(".")
        if alias.startswith("[") and alias.endswith("]"):
            if alias[1:-1] == host:
                return True
        elif alias == host and not _LITERAL.fullmatch(host):
            return True
    return False
