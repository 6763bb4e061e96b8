"""ciscoconfparse2 finds in our running-configs the tree that our routers have."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.peers.configurations import Tree, configured, names, path

ciscoconfparse2 = pytest.importorskip("ciscoconfparse2")
pytestmark = pytest.mark.peer

SEPARATORS = ("!", "end", "")


def tree(text: str) -> Tree:
    """What ciscoconfparse2 makes of a configuration."""
    found: Tree = Counter()
    for line in ciscoconfparse2.CiscoConfParse(text.splitlines(), syntax="ios").objs:
        parents = [parent.text for parent in line.all_parents]
        if line.text.strip() not in SEPARATORS and not any(parent.startswith("banner ") for parent in parents):
            found[path(*parents, line.text)] += 1
    return found


@pytest.mark.parametrize("name", names())
def test_the_tree_is_the_same(name: str) -> None:
    text, ours = configured(name)
    theirs = tree(text)
    assert theirs - ours == ours - theirs == Counter()


def test_a_line_in_another_block_is_another_tree() -> None:
    text, ours = configured(names()[0])
    assert tree(text.replace("\n!\ninterface", "\n description moved\n!\ninterface", 1)) != ours
    assert tree(text.replace("\n ip address", "\nip address", 1)) != ours
