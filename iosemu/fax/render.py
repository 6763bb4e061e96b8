"""Files of a user as pages of a fax machine, and a fax machine's pages as files of a user.

Rule: a TIFF that is a fax already goes out row for row; everything else is scaled to 1,728 pixels, fine, black and
white. Whatever is wrong with a file is one `FileError` of one line that begins with its name.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from iosemu.fax.document import DocumentError, Resolution
from iosemu.fax.pages import DrawnPage, Page, PagedDocument
from iosemu.fax.styled_text import is_blank, plain_paragraphs
from iosemu.fax.text_page import TEXT_FORMAT, draw_page, set_pages
from iosemu.fax.tiff_reader import NotAFax, TiffPage, read_tiff

if TYPE_CHECKING:
    from PIL import Image

MAX_FILE_OCTETS = 64 * 1024 * 1024

_MAGICS = {
    b"%PDF-": "PDF",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}
_SUFFIXES = {".tif": "TIFF", ".tiff": "TIFF", ".pdf": "PDF", ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


class FileError(DocumentError):
    """A file that cannot be faxed; the text is one line that begins with its name."""


def load(path: str | Path) -> PagedDocument:
    """The pages of a TIFF, PNG, JPEG, PDF or text file; raises FileError."""
    path = Path(path)
    try:
        if path.is_dir():
            raise FileError(f"{path}: is a directory")
        with path.open("rb") as file:
            octets = file.read(MAX_FILE_OCTETS + 1)
    except FileNotFoundError:
        raise FileError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: {getattr(error, 'strerror', None) or error}".replace("\n", " ")) from None
    return load_octets(octets, str(path))


def load_octets(octets: bytes, name: str) -> PagedDocument:
    """As `load`, of a file's contents; `name` tells the kind where the contents do not."""
    try:
        return PagedDocument(_pages(octets, Path(name).suffix.lower()))
    except FileError:
        raise
    except DocumentError as error:
        raise FileError(f"{name}: {error}") from None


def _pages(octets: bytes, suffix: str) -> list[Page]:
    if not octets:
        raise DocumentError("empty")
    if len(octets) > MAX_FILE_OCTETS:
        raise DocumentError(f"larger than {MAX_FILE_OCTETS // (1024 * 1024)} MB")
    kind = next((kind for magic, kind in _MAGICS.items() if octets.startswith(magic)), None)
    if kind is None and suffix in _SUFFIXES:
        raise DocumentError(f"not a {_SUFFIXES[suffix]} file")
    if kind == "TIFF":
        return _tiff_pages(octets)
    if kind == "PDF":
        from iosemu.fax.pdf import pdf_pages  # needs an extra, and only PDF files need it

        return pdf_pages(octets)
    if kind is not None:
        from iosemu.fax.pictures import picture_pages  # Pillow; text and faxes do not need it yet

        return picture_pages(octets, kind)
    return _text_pages(octets)


def _tiff_pages(octets: bytes) -> list[Page]:
    try:
        pages = read_tiff(octets)
        for page in pages:
            page.coded(page.page_format)  # a damaged file is refused before the telephone rings
    except NotAFax:
        from iosemu.fax.pictures import picture_pages

        return picture_pages(octets, "TIFF")
    return list(pages)


def _text_pages(octets: bytes) -> list[Page]:
    paragraphs = plain_paragraphs(_decoded(octets))
    if is_blank(paragraphs):
        raise DocumentError("empty")
    return [DrawnPage(TEXT_FORMAT, partial(draw_page, lines)) for lines in set_pages(paragraphs)]


def _decoded(octets: bytes) -> str:
    """UTF-16 with its mark, UTF-8, else Latin 1; no text has zero octets."""
    try:
        if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return octets.decode("utf-16")
        if b"\x00" not in octets:
            return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    controls = sum(octet < 32 and octet not in b"\t\n\f\r\x1b\x08" for octet in octets)
    if controls:
        raise DocumentError("not a TIFF, PDF, PNG, JPEG or text file")
    return octets.decode("latin-1")


def images(tiff: bytes) -> Iterator[Image.Image]:
    """The pages of a received fax, each a picture with square pixels: rows or columns repeated, no pixel lost.

    Raises TiffError (a DocumentError).
    """
    yield from map(_square, read_tiff(tiff))


def png_pages(tiff: bytes) -> Iterator[bytes]:
    """The pages of a received fax as PNG files; raises TiffError (a DocumentError)."""
    yield from map(_png, images(tiff))


def png_page(tiff: bytes, index: int) -> bytes:
    """One page of a received fax as a PNG file; raises TiffError (a DocumentError), IndexError where it has none."""
    return _png(_square(read_tiff(tiff)[index]))


def pdf(tiff: bytes) -> bytes:
    """A received fax as a PDF file; raises TiffError (a DocumentError)."""
    file = io.BytesIO()
    first, *rest = images(tiff)
    first.save(file, "PDF", save_all=True, append_images=rest, dpi=_dpi(first))
    return file.getvalue()


def _square(page: TiffPage) -> Image.Image:
    from PIL import Image

    image = page.coded(page.page_format).bitmap().image()
    if page.page_format.resolution is Resolution.SUPERFINE:
        return image.resize((image.width * 2, image.height), Image.Resampling.NEAREST)
    if page.page_format.resolution is Resolution.STANDARD:
        return image.resize((image.width, image.height * 2), Image.Resampling.NEAREST)
    return image


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", dpi=_dpi(image))
    return file.getvalue()


def _dpi(image: Image.Image) -> tuple[int, int]:
    return (408, 391) if image.width > 3000 else (204, 196)
