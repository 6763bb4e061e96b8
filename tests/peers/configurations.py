"""Running-configs for those who read them: of the lab's routers and of the corpus, with the tree that each of them is.

Rule: a tree is the multiset of its lines, each as the path of its headers and itself, blanks between words counting
once. Of a banner the first line counts. A block that the router prints without indentation is no child to who reads
the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from iosemu.clock import ManualClock
from iosemu.commands.loading import load
from iosemu.config import nvgen
from iosemu.config.store import FileStore
from iosemu.config.tree import Block, RunningConfig
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.catalogue.test_corpus import CORPUS, KEPT, router_for

EXAMPLES = Path(__file__).parents[2] / "examples" / "t37-lab"
LAB = {"vdtl-5300-7a.cfg": "as5300", "vdtl-5350-8a.cfg": "as5350"}

Tree = Counter[tuple[str, ...]]


class Configured(NamedTuple):
    """A running-config as text, and what it is."""

    text: str
    tree: Tree


def names() -> list[str]:
    """The configurations there are: the lab's, and those of the corpus where it is beside the source tree."""
    return [*LAB, *(KEPT if CORPUS.is_dir() else ())]


def configured(name: str) -> Configured:
    """The router of that configuration, as far as it took it."""
    if name in LAB:
        text = (EXAMPLES / name).read_text("utf-8")
        router = Router(LAB[name], clock=ManualClock(), network=NoNetwork(), store=FileStore(None))
    else:
        text = (CORPUS / name).read_text("utf-8")
        router = router_for(name, text)
    load(router.device, text)
    config = router.device.config
    return Configured(nvgen.render(config), Counter(_paths(config, config.root, ())))


def path(*words: str) -> tuple[str, ...]:
    """Headers and a line as a path of a tree."""
    return tuple(" ".join(part.partition("\n")[0].split()) for part in words)


def _paths(config: RunningConfig, block: Block, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    mode = config.schema.mode(block.mode)
    for place, command in enumerate(mode.commands):
        if place in block.unsaid:
            continue
        lines = list(block.lines_at(place))
        default = config.schema.default(mode, place)
        if command.shown and not command.enters and default is not None and command.id not in config.absent:
            lines += [default.line] if all(line.identity != default.line.identity for line in lines) else []
        yield from (path(*above, line.text) for line in lines)
        for inner in config.views.get(command.id, list)(list(block.blocks_at(place))):
            assert inner.header is not None
            header = inner.header
            if header.command.flat:
                yield from (path(*above, f"{header.text} {line.text}") for line in inner.lines)
                continue
            yield path(*above, header.text)
            yield from _paths(config, inner, (*above, header.text) if header.command.indent else above)
            if header.command.closed:
                yield path(*above, header.command.closed)
