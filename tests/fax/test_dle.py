"""The DLE stream."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iosemu.fax import dle
from iosemu.fax.dle import PAGE_END


def gather(items: list[dle.Item]) -> list[bytes]:
    """Pages as the items tell them; what is after the last end of page comes last."""
    pages = [b""]
    for item in items:
        if isinstance(item, bytes):
            pages[-1] += item
        else:
            pages.append(b"")
    return pages


@given(st.lists(st.lists(st.sampled_from([0x10, 0x03, 0x00, 0x41])).map(bytes), min_size=1), st.data())
def test_pages_survive_any_cut_of_the_stream(pages: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(dle.encode(page) + dle.END_OF_PAGE for page in pages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    decoder = dle.Decoder()
    items: list[dle.Item] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        items += decoder.feed(stream[start:end])
    assert gather(items) == [*pages, b""]
    assert not decoder.pending
    assert b"" not in items


@given(st.lists(st.binary()))
def test_any_octets_are_taken(pieces: list[bytes]) -> None:
    decoder = dle.Decoder()
    taken = sum(len(item) for piece in pieces for item in decoder.feed(piece) if isinstance(item, bytes))
    assert taken <= sum(map(len, pieces))


def test_an_unknown_escape_is_dropped() -> None:
    assert dle.Decoder().feed(b"a\x10bc") == [b"ac"]


def test_a_cut_escape_is_pending() -> None:
    decoder = dle.Decoder()
    assert decoder.feed(b"\x10") == []
    assert decoder.pending
    assert decoder.feed(b"\x03") == [PAGE_END]
