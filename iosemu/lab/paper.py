"""Paper of a lab's fax machines: what they are given to send, and what they print of what they received.

Rule: a received page is kept as it was coded on the line, so its pixels are those that were sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from iosemu.fax import t4
from iosemu.fax.tiff_writer import TiffWriter

SOFTWARE = "iosemu fax machine"


def tiff_of(pages: Sequence[t4.CodedPage], when: datetime) -> bytes:
    """A TIFF-F file of at least one page."""
    writer = TiffWriter(SOFTWARE)
    for page in pages:
        writer.add_page(page, when)
    return writer.octets()
