"""hier_config finds in our running-configs the tree that our routers have.

Rule: it is asked to read all of a text; by itself it leaves out what tells two configurations apart without meaning
anything to it (`version`, `no ip address`), and numbers the entries of access lists. Lines that are alike it has once.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.peers.configurations import configured, names, path

hier_config = pytest.importorskip("hier_config")
options = pytest.importorskip("hier_config.options", reason="this hier_config is newer than version 2")
pytestmark = pytest.mark.peer

COMMENTS = [{"search": r"^\s*!.*", "replace": ""}, {"search": "^end$", "replace": ""}]


def tree(text: str) -> set[tuple[str, ...]]:
    """What hier_config makes of a configuration."""
    reading: dict[str, Any] = {**options.options_for("ios"), "per_line_sub": COMMENTS}
    host = hier_config.Host("router", "any", hconfig_options=reading)
    host.load_running_config(text)
    return {path(*line.path()) for line in host.running_config.all_children()}


@pytest.mark.parametrize("name", names())
def test_the_tree_is_the_same(name: str) -> None:
    text, ours = configured(name)
    theirs = tree(text)
    assert theirs - ours.keys() == ours.keys() - theirs == set()


def test_a_line_in_another_block_is_another_tree() -> None:
    text, ours = configured(names()[0])
    assert tree(text.replace("\n!\ninterface", "\n description moved\n!\ninterface", 1)) != ours.keys()
    assert tree(text.replace("\n ip address", "\nip address", 1)) != ours.keys()
