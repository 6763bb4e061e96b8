"""Every reader of foreign octets with inputs of Hypothesis, and with those that once were too much for it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .__main__ import fuzz
from .readers import READERS, Reader, mutations

CORPUS = Path(__file__).parent / "corpus"
BY_NAME = {reader.name: reader for reader in READERS}
EACH = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


@EACH
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_reader_takes_or_refuses(reader: Reader, data: st.DataObject) -> None:
    with contextlib.suppress(*reader.errors):
        reader.read(data.draw(mutations(reader)))


@EACH
def test_chance_finds_nothing(reader: Reader) -> None:
    assert fuzz(reader, 300, seed=1) == 300


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*/*")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_was_found_once_stays_mended(file: Path) -> None:
    reader = BY_NAME[file.parent.name]
    with contextlib.suppress(*reader.errors):
        reader.read(file.read_bytes())
