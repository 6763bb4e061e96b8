"""A document made of pages that can each be coded on demand: the `Document` behind files, text and pictures.

Rule: nothing is drawn or coded before the line asks for it, and what was coded last is kept, because a page that the
receiver refused is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, DocumentError, PageFormat, Resolution
from iosemu.fax.t4 import CodedPage, encode


class Page(Protocol):
    """One page. `page_format` is its natural format."""

    @property
    def page_format(self) -> PageFormat: ...

    def coded(self, page_format: PageFormat) -> CodedPage:
        """The page in any format; raises DocumentError."""
        ...


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page whose pixels come from `draw`, at the width and density of `page_format`."""

    page_format: PageFormat
    draw: Callable[[], Bitmap]

    def coded(self, page_format: PageFormat) -> CodedPage:
        bitmap = self.draw().at(self.page_format.resolution, page_format.resolution).fitted(page_format.width_px)
        return encode(bitmap, page_format)


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page that is at hand as T.4 data."""

    page: CodedPage

    @property
    def page_format(self) -> PageFormat:
        return self.page.page_format

    def coded(self, page_format: PageFormat) -> CodedPage:
        return self.page.recoded(page_format)


class PagedDocument:
    """A `Document` over pages; `coding` and `resolution` replace the natural ones of every page."""

    def __init__(
        self, pages: Sequence[Page], *, coding: Coding | None = None, resolution: Resolution | None = None
    ) -> None:
        if not pages:
            raise DocumentError("no page to send")
        self._pages = tuple(pages)
        self._coding = coding
        self._resolution = resolution
        self._last: tuple[int, PageFormat, bytes] | None = None

    def __len__(self) -> int:
        return len(self._pages)

    def format(self, index: int) -> PageFormat | None:
        if index >= len(self._pages):
            return None
        natural = self._pages[index].page_format
        return replace(
            natural, coding=self._coding or natural.coding, resolution=self._resolution or natural.resolution
        )

    def t4(self, index: int, page_format: PageFormat) -> bytes:
        if self._last is None or self._last[:2] != (index, page_format):
            self._last = (index, page_format, self.coded(index, page_format).wire())
        return self._last[2]

    def coded(self, index: int, page_format: PageFormat) -> CodedPage:
        """The page before it is put into octets; raises DocumentError."""
        if not 0 <= index < len(self._pages):
            raise DocumentError(f"there is no page {index + 1}")
        return self._pages[index].coded(page_format)
