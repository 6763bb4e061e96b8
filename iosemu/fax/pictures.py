"""Pictures as fax pages: scaled to the line, made black and white.

Rule: a picture fills the width of 1,728 pixels and keeps its proportions (a fine row is 204/196 of a pixel high). What
is nearly black and white (scanned text) is cut at half grey, so that letters stay sharp; photographs are dithered. A
picture in black and white that is as wide as a line was scanned for a fax: it goes out row for row, at its density.
"""

from __future__ import annotations

import io
import warnings
from functools import partial
from typing import TYPE_CHECKING

from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import WIDTH_A4_PX, Coding, DocumentError, PageFormat, Resolution
from iosemu.fax.pages import DrawnPage, Page
from iosemu.fax.t4 import MAX_ROWS
from iosemu.fax.text_page import TEXT_FORMAT

if TYPE_CHECKING:
    from PIL import Image

MAX_PICTURE_PX = 100_000_000
MAX_PAGES = 1_000

_ROW_RATIO = TEXT_FORMAT.resolution.y_dpi / TEXT_FORMAT.resolution.x_dpi
_EXTREME_SHARE = 0.9  # so much of a picture is black or white where it counts as text
_DARK, _LIGHT = 64, 192


def picture_pages(octets: bytes, kind: str) -> list[Page]:
    """The pictures of a file as pages; raises DocumentError. `kind` is Pillow's name of the format."""
    from PIL import Image, ImageSequence

    pages: list[Page] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit stands below
            with Image.open(io.BytesIO(octets), formats=[kind]) as image:
                for frame in ImageSequence.Iterator(image):
                    if frame.width * frame.height > MAX_PICTURE_PX:
                        raise DocumentError(f"a picture of {frame.width} x {frame.height} pixels is too large")
                    if len(pages) >= MAX_PAGES:
                        raise DocumentError(f"more than {MAX_PAGES} pages")
                    pages.append(page_of(frame))
                    if kind != "TIFF":
                        break
    except DocumentError:
        raise
    except Image.DecompressionBombError:
        raise DocumentError("a picture that is too large") from None
    except Exception:  # a damaged picture raises nearly anything in its decoder
        raise DocumentError(f"not a {kind} file that can be read") from None
    return pages


def page_of(image: Image.Image) -> Page:
    """One picture as a page that is drawn already (its file may be gone when the page is sent)."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image)
    density = upright.info.get("dpi", (0, 0))[1] if _scanned(upright) else TEXT_FORMAT.resolution.y_dpi
    return drawn(to_bitmap(upright), Resolution.nearest(density))


def _scanned(image: Image.Image) -> bool:
    """Whether a picture comes from a fax machine's scanner."""
    return image.mode == "1" and image.width == WIDTH_A4_PX


def drawn(bitmap: Bitmap, resolution: Resolution = TEXT_FORMAT.resolution) -> Page:
    """A finished bitmap as a page, packed until it is sent."""
    import zlib

    packed = zlib.compress(bitmap.octets, 1)
    return DrawnPage(PageFormat(bitmap.width_px, resolution, Coding.MH), partial(_unpack, bitmap.width_px, packed))


def _unpack(width_px: int, octets: bytes) -> Bitmap:
    import zlib

    return Bitmap(width_px, zlib.decompress(octets))


def to_bitmap(image: Image.Image) -> Bitmap:
    """A picture of any mode at the width of a page; raises DocumentError."""
    from PIL import Image

    grey = _grey(image)
    rows = grey.height if _scanned(image) else max(1, round(grey.height * WIDTH_A4_PX / grey.width * _ROW_RATIO))
    if rows > MAX_ROWS:
        raise DocumentError(f"a picture of {grey.width} x {grey.height} pixels is too long for a page")
    if (grey.width, grey.height) != (WIDTH_A4_PX, rows):
        shrinks = grey.width > WIDTH_A4_PX
        grey = grey.resize((WIDTH_A4_PX, rows), Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC)
    return black_and_white(grey)


def black_and_white(grey: Image.Image) -> Bitmap:
    """A picture of mode "L" in two shades."""
    counts = grey.histogram()
    extreme = sum(counts[:_DARK]) + sum(counts[_LIGHT:])
    if extreme >= _EXTREME_SHARE * grey.width * grey.height:
        return Bitmap.from_image(grey.point([0] * 128 + [255] * 128, "1"))
    return Bitmap.from_image(grey.convert("1"))


def _grey(image: Image.Image) -> Image.Image:
    """Mode "L" on white paper."""
    from PIL import Image

    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        # Sixteen bits a pixel: the upper eight.
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("L")
    return image.convert("L")
