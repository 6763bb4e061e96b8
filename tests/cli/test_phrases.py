"""Phrases: notation that several commands of a file share."""

from __future__ import annotations

import pytest

from iosemu.cli.catalogue import Catalogue, CatalogueError
from iosemu.cli.catalogue_text import compile_files
from iosemu.cli.help import full_help
from iosemu.cli.match import match

TEXT = """
mode config (config) "Configure commands:"
phrase side(%) %:{any | host %_host:A.B.C.D! | A.B.C.D %_mask:A.B.C.D!}!
    any   Any % host
    host  A single % host
phrase option log | range range:WORD!
    log   Log matches
phrase both @side(source) @side(destination)
permit ip @both [@option]!...
    ip   Any protocol
    log  Log it
"""


def test_a_phrase_stands_for_its_text_with_the_word_of_each_use() -> None:
    found = match(Catalogue.parse(TEXT).mode("config"), "permit ip any host 10.0.0.1 range work log")
    assert found.values == {
        "source": "any",
        "destination": "host",
        "destination_host": "10.0.0.1",
        "range": "work",
        "log": True,
    }
    assert found.identity == ("any", "host", "10.0.0.1", "range", "work", "log")


def test_help_comes_from_the_phrase_unless_the_command_has_its_own() -> None:
    mode = Catalogue.parse(TEXT).mode("config")
    assert "  any      Any source host\n" in full_help((mode,), "permit ip ", 15)
    assert "  any      Any destination host\n" in full_help((mode,), "permit ip any ", 15)
    assert "  log    Log it\n" in full_help((mode,), "permit ip any any ", 15)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("a @nothing", "there is no phrase nothing"),
        ("a @side", "@side wants a word"),
        ("a @option(x)", "@option takes no word"),
        ("a @option", "@option is several alternatives"),
        ("phrase side x", "there is a phrase side already"),
        ("phrase x {a | b", "cannot read"),
    ],
)
def test_a_wrong_phrase_is_refused_with_its_line(line: str, fault: str) -> None:
    with pytest.raises(CatalogueError, match=fault) as caught:
        Catalogue.parse(f"{TEXT}{line}\n", "f.ios")
    assert str(caught.value).startswith(f"f.ios:{len(TEXT.splitlines()) + 1}: ")


def test_phrases_end_with_their_file() -> None:
    with pytest.raises(CatalogueError, match="there is no phrase side"):
        compile_files([("1.ios", TEXT), ("2.ios", 'mode config (config) "C:"\nuse @side(x)\n')])
