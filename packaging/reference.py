"""The reference pages of the documentation, made from the data while the site is built: platforms, commands, the tool,
the lab file. A hook of mkdocs.

Rule: what the data says is not written down a second time; these pages exist in the site only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from iosemu.app.grammar import entries
from iosemu.chassis.platform import load as load_platform
from iosemu.chassis.platform import names
from iosemu.chassis.schema import Module, Platform
from iosemu.cli.catalogue import load as load_catalogue
from iosemu.cli.declaration import Command, Mode
from iosemu.lab.topology import schema

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to those that were written by hand."""
    from mkdocs.structure.files import File

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def pages() -> dict[str, str]:
    """The Markdown text of every page, by its path in the site's sources."""
    catalogue = load_catalogue().for_platform(release=None)
    modes = [catalogue.mode(name) for name in catalogue.modes]
    made = {"reference/platforms.md": _platforms(), "reference/tool.md": _tool(), "reference/lab-file.md": _lab_file()}
    made["reference/commands/index.md"] = _modes(modes)
    made |= {f"reference/commands/{mode.name}.md": _mode(mode) for mode in modes}
    return {path: text.rstrip() + "\n" for path, text in made.items()}


# Platforms.


def _platforms() -> str:
    parts = [
        "# Platforms",
        "Every figure has its source in the platform's file; `iosemu platforms` prints the summary.",
    ]
    modules: dict[str, Module] = {}
    for name in names():
        platform = load_platform(name)
        modules |= platform.modules
        parts += _platform(platform)
    cards = [(f"`{name}`", card.form, _ports(card), _dsp(card), card.text) for name, card in sorted(modules.items())]
    parts += ["## Cards", _table(("Card", "Fits", "Ports", "DSP channels", "What it says"), cards)]
    return "\n\n".join(parts)


def _platform(platform: Platform) -> Iterator[str]:
    yield f"## {platform.name}"
    yield f"{platform.product}: {platform.summary}."
    facts = [
        ("Image", f"`{platform.image}`, release {platform.version}"),
        ("Memory, flash, NVRAM", f"{platform.memory_kb} KB, {platform.flash_kb} KB, {platform.nvram_kb} KB"),
        ("Built in", ", ".join(f"{each.kind}{each.unit}" for each in platform.builtin_interfaces) or "nothing"),
        ("Limit of calls", f"{platform.limit.text} ({platform.limit.source})"),
    ]
    for place, slot in platform.slots.items():
        facts.append(
            (f"Slot {place}", ", ".join(slot.accepts) + (f"; comes with {slot.default}" if slot.default else ""))
        )
    yield _table(("", ""), facts)


def _ports(card: Module) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in card.ports.items())


def _dsp(card: Module) -> str:
    return f"{card.dsp_channels} ({card.dsp})" if card.dsp else ""


# Commands.


def _modes(modes: Sequence[Mode]) -> str:
    rows = [
        (f"[{mode.name}]({mode.name}.md)", f"`{mode.prompt}`" * bool(mode.prompt), len(mode.commands)) for mode in modes
    ]
    total = sum(len(mode.commands) for mode in modes)
    told = f"{total} commands in {len(modes)} modes, of every release that can be chosen. The notation is Cisco's own: "
    told += "`[x]` may be left out, one of `{x | y}` is chosen, `name:TYPE` is an argument."
    return "\n\n".join(("# Commands", told, _table(("Mode", "Prompt", "Commands"), rows)))


def _mode(mode: Mode) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(command.notation)}</code></td><td>{escape(_meaning(mode, command))}</td>"
        f"<td>{escape(_where(command))}</td></tr>\n"
        for command in mode.commands
    )
    head = "<table>\n<tr><th>Command</th><th>Help</th><th>Only in</th></tr>\n"
    told = f"{mode.heading.rstrip(':')}, in the order in which the router has them."
    return f"# {mode.name}\n\n{told}\n\n{head}{rows}</table>"


def _meaning(mode: Mode, command: Command) -> str:
    """The help of the last of the words that a command begins with."""
    state, told = mode.start(), ""
    for word in command.id.split():
        edge = next((edge for edge in state.find(word) if edge.text == word), None)
        if edge is None:
            return told
        told, state = edge.help or told, edge.target
    return told


def _where(command: Command) -> str:
    span = f"{command.since} and later" if command.since else ""
    if command.until:
        span = f"{span}, before {command.until}" if span else f"before {command.until}"
    return "; ".join(filter(None, (span, ", ".join(command.platforms))))


# The tool and the lab file.


def _tool() -> str:
    parts = ["# The tool", "Errors of the tool itself are one line on standard error, and it ends with 2."]
    for entry in entries():
        if len(entry.options) > 1 or not entry.words:
            parts += [
                f"## {' '.join(('iosemu', *entry.words))}",
                entry.help[:1].upper() + entry.help[1:].rstrip(".") + ".",
            ]
            parts.append(f"```\n{entry.usage}\n```")
            rows = [
                (f"`{' '.join(filter(None, (', '.join(option.flags), option.metavar)))}`", option.help)
                for option in entry.options
            ]
            parts.append(_table(("Argument", ""), rows))
    return "\n\n".join(parts)


def _lab_file() -> str:
    definitions: dict[str, Any] = json.loads(schema())["$defs"]
    parts = ["# The lab file", "A TOML file; its JSON Schema is what `iosemu lab schema` prints."]
    for name in sorted(definitions, key=lambda name: name != "Topology"):
        definition = definitions[name]
        parts += [f"## {name}", " ".join(definition.get("description", "").split())]
        required = definition.get("required", [])
        rows = [
            (f"`{key}`", _type(value), "needed" if key in required else _default(value))
            for key, value in definition.get("properties", {}).items()
        ]
        parts.append(_table(("Key", "Value", "Default"), rows))
    return "\n\n".join(parts)


def _type(value: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in value:
        return " or ".join(_type(each) for each in value["anyOf"])
    if "enum" in value:
        return ", ".join(f"`{json.dumps(each)}`" for each in value["enum"])
    if value.get("type") == "array":
        return f"list of {_type(value.get('items', {}))}"
    if value.get("type") == "object":
        return f"table of {_type(value.get('additionalProperties', {}))}"
    bounds = [f"{sign} {value[key]}" for key, sign in _BOUNDS.items() if key in value]
    return " ".join((str(value.get("type", "value")), *bounds))


_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "maxLength": "up to"}


def _default(value: dict[str, Any]) -> str:
    return f"`{json.dumps(value['default'])}`" if "default" in value and value["default"] != {} else ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
