"""`configure replace`: the running configuration becomes the one in a file, by what has to be taken out and put in.

Rule: the file is a whole configuration. What the running one says and the file does not goes first, block by block; the
file is then merged. What stays is not touched, so nothing goes down for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.config import stored_config
from iosemu.commands.files.copy import read
from iosemu.commands.files.questions import named
from iosemu.commands.loading import merge
from iosemu.commands.registry import handlers
from iosemu.config import nvgen

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line

Outline = dict[str, "Outline"]
"""The lines of a configuration, each with what stands below it."""
_WARNING = """\
This will apply all necessary additions and deletions
to replace the current running configuration with the
contents of the specified configuration file, which is
assumed to be a complete configuration, not a partial
configuration. Enter Y if you are sure you want to proceed. ? [no]: """  # recalled


@handlers.register("configure_replace")
async def _configure_replace(call: Invocation[Device]) -> None:
    source = named(call, "source")
    assert source is not None
    text = (await read(call, source)).decode("utf-8", "replace")
    if "force" not in call.values:
        answer = await call.terminal.read_line(_WARNING)
        if not answer.strip().lower().startswith("y"):
            return
    config = call.device.config
    before = nvgen.render(config)
    removals = "".join(f"{line}\n" for line in _removals(config.root, outline(text), ()))
    for refusal in merge(call.device, f"{removals}{text}"):
        call.terminal.write(refusal)
    passes = int(nvgen.render(config) != before)
    if passes:
        stored_config.note_configured(call.session, str(source))
    call.write(f"Total number of passes: {passes}\nRollback Done\n\n")  # recalled


def outline(text: str) -> Outline:
    """What a text says, by its indentation, up to its `end`."""
    root: Outline = {}
    open_blocks = [(-1, root)]
    for line in text.splitlines():
        said = line.strip()
        if said == "end":
            break
        if not said or said.startswith("!"):
            continue
        indent = len(line) - len(line.lstrip())
        while open_blocks[-1][0] >= indent:
            open_blocks.pop()
        inside: Outline = {}
        open_blocks[-1][1][said] = inside
        open_blocks.append((indent, inside))
    return root


def _removals(block: Block, wanted: Outline, path: tuple[str, ...]) -> Iterator[str]:
    """The lines to type so that the block says nothing more than what is wanted; `path` leads to it."""
    gone = [line for line in block.lines if _first(line) not in wanted]
    if gone:
        yield from path
    yield from (_default(line) for line in gone)
    for inner in block.blocks:
        header = inner.header
        assert header is not None
        if header.command.flat:
            entries = [f"{header.text} {line.text}" for line in inner.lines]
            if entries != [said for said in wanted if said.startswith(f"{header.text} ")]:
                yield from (*path, f"no {header.text}")
        elif header.text in wanted or inner.builtin:
            yield from _removals(inner, wanted.get(header.text, {}), (*path, header.text))
        else:
            yield from (*path, f"no {header.text}")


def _first(line: Line) -> str:
    return line.text.partition("\n")[0]


def _default(line: Line) -> str:
    """What takes a line out; of a text over several lines its command alone."""
    text = line.command.id if "\n" in line.text else " ".join(line.tokens)
    return f"default {text}"
