"""text/enriched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.fax.enriched_text import enriched_paragraphs
from iosemu.fax.styled_text import Align, Style


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("one\ntwo", ["one two"]),
        ("one\n\ntwo", ["one", "two"]),
        ("one\r\n\r\n\r\ntwo", ["one", "", "two"]),
        ("<<b> is <bold>not</bold> a command", ["<b> is not a command"]),
        ("<color><param>red</param>red</color>", ["red"]),
        ("<X-Whatever>kept</X-Whatever>", ["kept"]),
        ("1 < 2 and </3", ["1 < 2 and </3"]),
        ("<nofill>a  b\n c\n</nofill>d", ["a  b", " c", "d"]),
        ("<nofill>a\tb<bold>\tc</bold>\n</nofill>\td", ["a       b       c", "d"]),
        ("a\tb", ["a b"]),
        ("<fontfamily><param>Times</param>a</fontfamily><bigger>b</bigger><lang><param>fr</param>c</lang>", ["abc"]),
        ("<bold>never closed", ["never closed"]),
        ("</bold>never opened", ["never opened"]),
    ],
)
def test_lines(source: str, lines: list[str]) -> None:
    assert [paragraph.text for paragraph in enriched_paragraphs(source)] == lines


def test_styles_nest() -> None:
    (paragraph,) = enriched_paragraphs("a<bold>b<Italic>c</Italic></bold><underline>d</underline>")
    bold_italic = Style.BOLD | Style.ITALIC
    assert list(paragraph.styles) == [Style.PLAIN, Style.BOLD, bold_italic, Style.UNDERLINE]


def test_alignment_and_indentation_are_of_the_paragraph() -> None:
    found = enriched_paragraphs("a<center>b</center><flushright>c</flushright><indent><indent>d</indent></indent>e")
    assert [(paragraph.text, paragraph.align, paragraph.indent) for paragraph in found] == [
        ("a", Align.LEFT, 0),
        ("b", Align.CENTER, 0),
        ("c", Align.RIGHT, 0),
        ("d", Align.LEFT, 8),
        ("e", Align.LEFT, 0),
    ]


@pytest.mark.parametrize(
    ("parameter", "margins"),
    [
        ("left", (4, 0, 0)),
        ("right", (0, 4, 0)),
        ("in", (0, 0, 4)),
        ("out", (4, 0, -4)),
        ("Left, right,in", (4, 4, 4)),
        ("left,left", (8, 0, 0)),
        ("sideways", (0, 0, 0)),
    ],
)
def test_margins_of_a_paragraph(parameter: str, margins: tuple[int, int, int]) -> None:
    source = f"a<paraindent><param>{parameter}</param>b</paraindent><indentright>c</indentright>d"
    found = [(each.text, each.indent, each.indent_right, each.first) for each in enriched_paragraphs(source)]
    assert found == [("a", 0, 0, 0), ("b", *margins), ("c", 0, 4, 0), ("d", 0, 0, 0)]


def test_margins_nest() -> None:
    (paragraph,) = enriched_paragraphs("<excerpt><paraindent><param>right</param><flushboth>a")
    assert (paragraph.indent, paragraph.indent_right, paragraph.align) == (4, 4, Align.BOTH)


@given(st.text(st.sampled_from("ab<>/\n boldcenterparaindentnofill,in\t"), max_size=200) | st.text())
def test_any_text_is_read(source: str) -> None:
    for paragraph in enriched_paragraphs(source):
        assert len(paragraph.styles) in (0, len(paragraph.text))
