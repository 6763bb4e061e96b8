"""A black and white page in memory.

Rule: a row is a whole number of octets, the leftmost pixel in the most significant bit, 1 = black (so an all-zero page
is blank, as in T.4, where white runs come first). Changing the density of a page only repeats or joins rows, so what is
scaled up comes back unharmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.fax.document import Resolution

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True)
class Bitmap:
    """`rows` rows of `width_px` pixels; the width is a multiple of 8, as all scan lines of T.4 are."""

    width_px: int
    octets: bytes

    def __post_init__(self) -> None:
        if self.width_px % 8 or len(self.octets) % self.stride:
            raise ValueError("a bitmap is made of whole rows of whole octets")

    @property
    def stride(self) -> int:
        """Octets of a row."""
        return self.width_px // 8

    @property
    def rows(self) -> int:
        return len(self.octets) // self.stride

    def row(self, index: int) -> bytes:
        return self.octets[index * self.stride : (index + 1) * self.stride]

    def at(self, present: Resolution, wanted: Resolution) -> Bitmap:
        """The same page at another vertical density: rows repeated, or joined so that no black pixel is lost."""
        if _DENSITY[wanted] >= _DENSITY[present]:
            return self._repeated(_DENSITY[wanted] // _DENSITY[present])
        return self._joined(_DENSITY[present] // _DENSITY[wanted])

    def _repeated(self, times: int) -> Bitmap:
        if times == 1:
            return self
        return Bitmap(self.width_px, b"".join([self.row(index) * times for index in range(self.rows)]))

    def _joined(self, count: int) -> Bitmap:
        stride = self.stride
        joined = []
        for start in range(0, len(self.octets), stride * count):
            black = 0
            for offset in range(start, min(start + stride * count, len(self.octets)), stride):
                black |= int.from_bytes(self.octets[offset : offset + stride], "big")
            joined.append(black.to_bytes(stride, "big"))
        return Bitmap(self.width_px, b"".join(joined))

    def fitted(self, width_px: int) -> Bitmap:
        """The page shrunk to a narrower scan line (or centred on a wider one), lengths in proportion."""
        if width_px == self.width_px:
            return self
        from PIL import Image

        image = self.image()
        if width_px < self.width_px:
            size = (width_px, max(1, self.rows * width_px // self.width_px))
            return Bitmap.from_image(image.convert("L").resize(size, Image.Resampling.BOX).point(_is_light, "1"))
        wide = Image.new("1", (width_px, self.rows), 1)
        wide.paste(image, ((width_px - self.width_px) // 2, 0))
        return Bitmap.from_image(wide)

    def image(self) -> Image.Image:
        """The page as a Pillow image of mode "1" (there, 1 is white)."""
        from PIL import Image

        return Image.frombytes("1", (self.width_px, self.rows), self.octets, "raw", "1;I")

    def plain_image(self) -> Image.Image:
        """The page as a Pillow image of mode "1" whose bits are those of the page: there, 1 is black."""
        from PIL import Image

        return Image.frombytes("1", (self.width_px, self.rows), self.octets)

    @staticmethod
    def from_image(image: Image.Image) -> Bitmap:
        """From a Pillow image of mode "1" whose width is a multiple of 8."""
        return Bitmap(image.width, image.tobytes("raw", "1;I"))

    @staticmethod
    def blank(width_px: int, rows: int) -> Bitmap:
        return Bitmap(width_px, bytes(width_px // 8 * rows))


# Rows of the densest grid that one row stands for, turned round.
_DENSITY = {Resolution.STANDARD: 1, Resolution.FINE: 2, Resolution.SUPERFINE: 4}


def _is_light(level: float) -> float:
    return 255 if level >= 128 else 0
