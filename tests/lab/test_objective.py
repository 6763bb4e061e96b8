"""A lab file's objectives: one clear line a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.lab.errors import TopologyError
from iosemu.lab.topology import parse

LAB = """
name = "x"
[[router]]
name = "r1"
platform = "3660"
address = "10.0.0.1"
[[fax]]
number = "555-0100"
[[mail]]
name = "mail"
address = "10.0.0.2"
domain = "example.com"
users = { tom = "tom" }
[[objective]]
name = "it works"
"""
COMMAND = 'router = "r1"\ncommand = "show clock"\n'


def objective(text: str) -> object:
    return parse((LAB + text).encode(), Path("lab.toml")).objective[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it needs one of command, fax, mail"),
        (COMMAND, "a command needs shows or absent"),
        (COMMAND.replace("r1", "r2") + 'shows = "x"', "no router 'r2'"),
        (COMMAND + 'shows = "("', "'\\(' is not a regular expression"),
        (COMMAND + 'shows = "x"\nfax = { from = "555-0100", to = "1" }', "it needs one of command, fax, mail"),
        ('fax = { from = "555-0101", to = "1" }', "no fax machine '555-0101'"),
        ('fax = { from = "555-0100", to = "1", mailbox = "bob" }', "no mailbox 'bob'"),
        ('mail = { from = "bob", to = "x@y", arrives = "555-0100" }', "no mailbox 'bob'"),
        ('mail = { from = "tom", to = "x@y" }', "a mail needs arrives or returns"),
        ('mail = { from = "tom", to = "x@y", arrives = "555-0101" }', "no fax machine '555-0101'"),
        ('mail = { from = "tom", to = "x@y", returns = "[" }', "is not a regular expression"),
    ],
)
def test_a_mistake_is_told(text: str, told: str) -> None:
    with pytest.raises(TopologyError, match=f"^lab.toml: objective 'it works': .*{told}"):
        objective(text)


@pytest.mark.parametrize(
    "text",
    [
        COMMAND + 'shows = "^.*UTC"',
        COMMAND + 'absent = "1993"',
        'fax = { from = "5550100", to = "1", mailbox = "tom" }',
        'mail = { from = "tom", to = "x@y", arrives = "5550100" }',
    ],
)
def test_an_objective_is_read(text: str) -> None:
    assert objective(text)
