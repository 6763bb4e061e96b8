"""IPv6 addresses and prefixes as words of a command.

Rule: an address is kept as IOS writes it: hexadecimal in capitals, the longest run of noughts as `::`. A prefix keeps
the bits behind its length, since an interface's address is written so.
"""

from __future__ import annotations

import re

_CHARACTERS = re.compile(r"[0-9A-Fa-f:.]*")
_NOUGHTS = re.compile(r"(?:^|:)0(?::0)+(?::|$)")
_LENGTH = re.compile(r"\d{1,3}")
_BITS = 128


def address(word: str) -> tuple[object, str] | int:
    """`(text, text)` of an address, or the offset of the first character that cannot be right."""
    # Imported here: most configurations of the time name no such address.
    from ipaddress import AddressValueError, IPv6Address

    read = _CHARACTERS.match(word)
    assert read is not None
    if read.end() < len(word) or ":" not in word:
        # A word of hexadecimal digits alone, such as a name, is none from its start.
        return read.end() if ":" in word[: read.end()] else 0
    try:
        groups = IPv6Address(word).packed.hex(":", 2).split(":")
    except AddressValueError:
        return 0
    # Not by its `str`, which from Python 3.13 on writes mapped addresses with dots.
    text = ":".join(f"{int(group, 16):X}" for group in groups)
    longest = max(_NOUGHTS.findall(text), key=lambda run: run.count("0"), default="")
    text = text.replace(longest, "::", 1) if longest else text
    return text, text


def prefix(word: str) -> tuple[object, str] | int:
    """`(text, text)` of `ADDRESS/LENGTH`, or the offset of the first character that cannot be right."""
    front, slash, length = word.partition("/")
    read = address(front)
    if isinstance(read, int):
        return read
    if not slash:
        return len(word)
    if not (length.isascii() and _LENGTH.fullmatch(length)) or int(length) > _BITS:
        return len(front) + 1
    text = f"{read[1]}/{int(length)}"
    return text, text
