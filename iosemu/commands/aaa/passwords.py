"""How IOS keeps passwords: type 5 (salted MD5, the crypt scheme marked `$1$`) and type 7 (a reversible veil).

Rule: pure functions of text; type 5 cannot be read back, only compared; type 7 hides from a glance and nothing else.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hashlib import md5

_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ROUNDS = 1000
# Which octets of the digest make each group of four characters.
_GROUPS = ((0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5))

# The fixed key of type 7, public since 1995.
_VEIL = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_LAST_OFFSET = 15


class BadHash(ValueError):
    """A text that is no type 5 or type 7 password."""


def _encode(value: int, length: int) -> str:
    return "".join(_ALPHABET[value >> 6 * place & 0x3F] for place in range(length))


def md5_crypt(password: str, salt: str) -> str:
    """The type 5 form `$1$SALT$...` of a password; `salt` is cut to eight characters."""
    secret, grain = password.encode(), salt[:8].encode()
    inner = md5(secret + grain + secret, usedforsecurity=False).digest()
    digest = md5(secret + b"$1$" + grain, usedforsecurity=False)
    digest.update((inner * (len(secret) // 16 + 1))[: len(secret)])
    length = len(secret)
    while length:
        digest.update(b"\0" if length & 1 else secret[:1])
        length >>= 1
    result = digest.digest()
    for turn in range(_ROUNDS):
        parts = [secret if turn & 1 else result]
        if turn % 3:
            parts.append(grain)
        if turn % 7:
            parts.append(secret)
        parts.append(result if turn & 1 else secret)
        result = md5(b"".join(parts), usedforsecurity=False).digest()
    text = "".join(_encode(result[a] << 16 | result[b] << 8 | result[c], 4) for a, b, c in _GROUPS)
    return f"$1${salt[:8]}${text}{_encode(result[11], 2)}"


def new_secret(password: str) -> str:
    """A type 5 form with a fresh salt of four characters, as `enable secret` makes it."""
    return md5_crypt(password, "".join(secrets.choice(_ALPHABET) for _ in range(4)))


def is_secret(text: str) -> bool:
    """Does this look like a type 5 form?"""
    parts = text.split("$")
    return len(parts) == 4 and parts[:2] == ["", "1"] and len(parts[3]) == 22 and bool(parts[2])


def matches(password: str, kept: str) -> bool:
    """Is this the password of a type 5 form?"""
    return is_secret(kept) and secrets.compare_digest(md5_crypt(password, kept.split("$")[2]), kept)


def veil(password: str, offset: int | None = None) -> str:
    """The type 7 form of a password; `offset` 0..15 into the key, at random where not given."""
    start = secrets.randbelow(_LAST_OFFSET + 1) if offset is None else offset
    hidden = bytes(byte ^ _VEIL[(start + at) % len(_VEIL)] for at, byte in enumerate(password.encode()))
    return f"{start:02d}{hidden.hex().upper()}"


def unveil(text: str) -> str:
    """The password of a type 7 form.

    Raises BadHash where it is none.
    """
    try:
        start, hidden = int(text[:2]), bytes.fromhex(text[2:])
        if not 0 <= start <= _LAST_OFFSET or not hidden:
            raise ValueError(start)
        return bytes(byte ^ _VEIL[(start + at) % len(_VEIL)] for at, byte in enumerate(hidden)).decode()
    except ValueError:
        raise BadHash(f"Invalid encrypted password: {text}") from None


def clear_text(values: Mapping[str, object]) -> str:
    """The password that a configuration line keeps, given the line's values: `hidden` (type 7) or `text`."""
    hidden = values.get("hidden")
    return unveil(str(hidden)) if hidden is not None else str(values.get("text", ""))
