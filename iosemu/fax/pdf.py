"""PDF pages as fax pages, through pypdfium2 (extra `pdf`).

Rule: a page is printed in its own size, centred on the line; one that is wider than the line is shrunk to it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from iosemu.fax.document import WIDTH_A4_PX, DocumentError
from iosemu.fax.pages import Page
from iosemu.fax.pictures import MAX_PAGES, black_and_white, drawn
from iosemu.fax.t4 import MAX_ROWS
from iosemu.fax.text_page import TEXT_FORMAT

if TYPE_CHECKING:
    from PIL import Image

_POINTS_PER_INCH = 72


def pdf_pages(octets: bytes) -> list[Page]:
    """The pages of a PDF file; raises DocumentError, also where the extra is not installed."""
    try:
        pypdfium2 = import_module("pypdfium2")
    except ImportError:
        raise DocumentError("PDF files need pypdfium2: pip install 'iosemu[pdf]'") from None
    try:
        document = pypdfium2.PdfDocument(octets)
    except pypdfium2.PdfiumError as error:
        reason = "protected by a password" if "password" in str(error).lower() else "not a PDF file that can be read"
        raise DocumentError(reason) from None
    try:
        if not len(document):
            raise DocumentError("a PDF file without a page")
        if len(document) > MAX_PAGES:
            raise DocumentError(f"more than {MAX_PAGES} pages")
        return [_page(document, index) for index in range(len(document))]
    finally:
        document.close()


def _page(document: Any, index: int) -> Page:
    from PIL import Image

    resolution = TEXT_FORMAT.resolution
    try:
        page = document[index]
        width_pt, height_pt = page.get_size()
        scale = min(resolution.x_dpi / _POINTS_PER_INCH, WIDTH_A4_PX / max(width_pt, 1))
        if height_pt * scale > MAX_ROWS:
            raise DocumentError(f"page {index + 1} is too long for a page")
        picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    except DocumentError:
        raise
    except Exception:  # pdfium's errors and its binding's are of many kinds
        raise DocumentError(f"page {index + 1} cannot be drawn") from None
    rows = max(1, round(picture.height * resolution.y_dpi / resolution.x_dpi))
    picture = picture.resize((min(picture.width, WIDTH_A4_PX), rows), Image.Resampling.BOX)
    sheet = Image.new("L", (WIDTH_A4_PX, rows), 255)
    sheet.paste(picture, ((WIDTH_A4_PX - picture.width) // 2, 0))
    return drawn(black_and_white(sheet))
