"""The header line of text pages: `fax send left-header | center-header | right-header`.

Rule: each of the three has its third of the line and is cut to it; wildcards stand anywhere in the text. Source: the
command reference of the three commands; how date and time are written follows its words "year-month-day" and
"year-month-day,hour:minutes:seconds"; "page/pages" for $p$ is inferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from iosemu.fax.text_page import COLUMNS

_THIRD = (COLUMNS - 2) // 3
_WILDCARD = re.compile(r"\$[adpst]\$")


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """The texts as configured."""

    left: str = ""
    center: str = ""
    right: str = ""

    def text(self, values: HeaderValues, page: int, pages: int) -> str:
        """The line of page `page` (from 1) of `pages`, 80 columns at most; empty where nothing is configured."""
        left, center, right = (values.fill(part, page, pages)[:_THIRD] for part in (self.left, self.center, self.right))
        return f"{left:<{_THIRD}} {center:^{_THIRD}} {right:>{_THIRD}}".rstrip()


@dataclass(frozen=True, slots=True)
class HeaderValues:
    """What the wildcards stand for; `when` is the router's local time as the first page goes out."""

    sender: str
    destination: str
    when: datetime

    @property
    def date(self) -> str:
        return f"{self.when:%Y-%m-%d}"

    @property
    def time(self) -> str:
        return f"{self.when:%Y-%m-%d,%H:%M:%S}"

    def fill(self, text: str, page: int, pages: int) -> str:
        """The text with its wildcards replaced; what a value contains is never read as a wildcard."""
        values = {
            "$a$": self.date,
            "$d$": self.destination,
            "$p$": f"{page}/{pages}",
            "$s$": self.sender,
            "$t$": self.time,
        }
        return _WILDCARD.sub(lambda match: values[match[0]], text)
