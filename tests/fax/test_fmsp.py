"""What the FMSP hands to the DMSP, and in which pieces."""

from __future__ import annotations

from iosemu.fax import dle
from iosemu.fax.document import PageFormat, StoredDocument
from tests.fax.calls import Call, page


def test_a_page_comes_in_whole_buffers_and_ends_with_its_mark() -> None:
    octets = page(1, rows=900)
    pieces: list[bytes] = []
    call = Call("onramp", StoredDocument(((PageFormat(), octets),)))
    call._on_stream = pieces.append  # type: ignore[method-assign]
    call.run()
    *buffers, _, end = pieces
    assert end == dle.END_OF_PAGE
    assert buffers
    decoder = dle.Decoder()
    sizes = [sum(len(item) for item in decoder.feed(piece) if isinstance(item, bytes)) for piece in buffers]
    assert all(dle.BUFFER_OCTETS <= size < dle.BUFFER_OCTETS + 100 for size in sizes)
    assert b"".join(pieces).replace(b"\x10\x10", b"\x10").startswith(octets)
