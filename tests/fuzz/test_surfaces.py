"""Every surface with some inputs by chance, and with those that once were too much for it; readers with Hypothesis."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .__main__ import fuzz
from .readers import READERS
from .surface import Surface, mutations
from .surfaces import BY_NAME, SURFACES

CORPUS = Path(__file__).parent / "corpus"
INPUTS = 300
"""Of a surface that takes many in a second."""


@pytest.mark.parametrize("surface", READERS, ids=lambda surface: surface.name)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_reader_takes_or_refuses(surface: Surface, data: st.DataObject) -> None:
    with surface.open() as take, contextlib.suppress(*surface.errors):
        take(data.draw(mutations(surface)))


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_chance_finds_nothing(surface: Surface) -> None:
    inputs = INPUTS if surface in READERS or surface.share > 1 else INPUTS // 10
    tried = fuzz(surface, inputs, seed=1)
    assert (tried.inputs, tried.failures) == (inputs, 0)


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_right_inputs_are_taken(surface: Surface) -> None:
    first, *others = surface.seeds[:10]
    with surface.open() as take:
        take(first)
        for octets in others:
            with contextlib.suppress(*surface.errors):
                take(octets)


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*/*")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_was_found_once_stays_mended(file: Path) -> None:
    surface = BY_NAME[file.parent.name]
    with surface.open() as take, contextlib.suppress(*surface.errors):
        take(file.read_bytes())


def test_a_fault_is_found_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(octets: bytes) -> None:
        assert b"\xff\xff\xff\xff" not in octets

    monkeypatch.setattr("tests.fuzz.__main__.CORPUS", tmp_path)
    broken = Surface("broken", lambda: contextlib.nullcontext(stumble), lambda: (b"right", b"as rain"))
    assert fuzz(broken, 1000, seed=1).failures == 1
    (kept,) = (tmp_path / "broken").iterdir()
    assert b"\xff\xff\xff\xff" in kept.read_bytes()
