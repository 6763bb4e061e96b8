"""`privilege MODE [all] level N COMMAND`: the levels that keywords have, kept a line for each keyword.

Rule: a level is given to each keyword of the command that is named, from the first to the last, whatever they had;
that is why the running-config tells the deepest first. `no` puts them back to what they come with and says so; `reset`
takes their lines out. `no` in front of a command is a keyword of its own: once it has a level, all that have one in
that mode are told a second time behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.declaration import EXEC
from iosemu.cli.levels import Path, Setting
from iosemu.cli.match import NO, TOKEN, match
from iosemu.commands.parser_modes import catalogue_modes
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.declaration import Mode
    from iosemu.cli.graph import State
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Line

# What is printed last: global configuration, then EXEC; and a keyword behind all that is below it.
_LAST_MODES = ("configure", "exec")
_BEHIND = 1 << 30


@handlers.register("privilege")
def _privilege(call: Invocation[Device]) -> None:
    device, said = call.device, call.values
    name = str(said["mode"])
    modes = _modes(device, name)
    settings = _settings(device, name)
    prefix, path = _named(call, modes)
    ways = [path[:length] for length in range(1, len(path) + 1)]
    for way in [(NO,), *ways] if prefix else ways:
        if "level" not in said:  # `reset`
            settings.pop(way, None)
        elif call.negated or call.defaulted:
            settings[way] = Setting(_native(modes, way), False)
        else:
            settings[way] = Setting(int(str(said["level"])), "all" in said and way == path)
    if "all" in said and not (call.negated or call.defaulted):
        settings = {way: setting for way, setting in settings.items() if way == path or way[: len(path)] != path}
    _keep(device, name, settings)
    for mode in modes:
        mode.relevel({tuple(word.lower() for word in way): setting for way, setting in settings.items()})


def _modes(device: Device, name: str) -> list[Mode]:
    return [device.catalogue.mode(mode) for mode in catalogue_modes(device.catalogue, name)]


def _named(call: Invocation[Device], modes: list[Mode]) -> tuple[str, Path]:
    """`no` or "", and the keywords in full of the command that is named, up to its first argument.

    Raises InvalidInput where no mode has such a command; a mode that the catalogue lacks takes any.
    """
    text = str(call.values["command"])
    words = list(TOKEN.finditer(text))
    prefix = NO if words[0][0].lower() == NO and EXEC not in [mode.name for mode in modes] else ""
    words = words[1:] if prefix else words
    if not modes:
        return prefix, tuple(word[0] for word in words)
    farthest = 0
    for mode in modes:
        state, path = mode.start(), list[str]()
        for word in words:
            found = state.find(word[0])
            if len(found) != 1:
                if path and any(not isinstance(edge.read(text, word.start()), int) for edge in state.arguments):
                    return prefix, tuple(path)
                farthest = max(farthest, word.start())
                break
            path.append(found[0].text)
            state = found[0].target
        else:
            return prefix, tuple(path)
    raise call.invalid("command", farthest)


def _state(mode: Mode, path: Path) -> State | None:
    """Where the keywords of `path` lead, None where the mode has no such way."""
    state = mode.start()
    for word in path:
        edge = state.keywords.get(word.lower())
        if edge is None:
            return None
        state = edge.target
    return state


def _native(modes: list[Mode], path: Path) -> int:
    """The level that the keyword at the end of `path` comes with: the lowest of the commands that it begins."""
    levels = [
        mode.commands[number].privilege
        for mode in modes
        if (state := _state(mode, path)) is not None
        for number in state.members
    ]
    return min(levels, default=0 if path == (NO,) else 15)


def _settings(device: Device, name: str) -> dict[Path, Setting]:
    """What the running-config says of a mode: the keywords without `no`, and `no` itself."""
    settings: dict[Path, Setting] = {}
    for line in device.config.root.all("privilege"):
        path = tuple(str(line.values["command"]).split())
        if line.values["mode"] == name and (path[0] != NO or len(path) == 1):
            settings[path] = Setting(int(str(line.values["level"])), "all" in line.values)
    return settings


def _keep(device: Device, name: str, settings: dict[Path, Setting]) -> None:
    """Write the lines of a mode anew."""
    config = device.config
    config.orders.setdefault("privilege", lambda line: _rank(device, line))
    lines = {}
    for path, setting in settings.items():
        level = f"{'all ' if setting.below else ''}level {setting.level}"
        lines[" ".join(path)] = level
        if (NO,) in settings and path != (NO,):
            lines[f"{NO} {' '.join(path)}"] = level
    said = {f"privilege {name} {level} {command}" for command, level in lines.items()}
    mode = device.catalogue.mode(config.root.mode)
    before = [line.text for line in config.root.all("privilege") if line.values["mode"] == name]
    for text in before:
        if text not in said:
            config.apply(config.root, match(mode, f"no {text}"))
    for text in said.difference(before):
        config.apply(config.root, match(mode, text))


def _rank(device: Device, line: Line) -> tuple[int, ...]:
    """Where a line of `privilege` is printed: by mode, then as the commands stand, each behind what it begins."""
    name, path = str(line.values["mode"]), tuple(str(line.values["command"]).split())
    modes = _modes(device, name)
    last = _LAST_MODES.index(name) + 1 if name in _LAST_MODES else 0
    first = list(device.catalogue.modes).index(modes[0].name) if modes else -1
    said = path[1:] if path[0] == NO else path
    places = []
    for length in range(1, len(said) + 1):
        states = (_state(mode, said[:length]) for mode in modes)
        places.append(next((state.members[0] for state in states if state is not None), 0))
    return (last, first, int(path[0] == NO), *places, _BEHIND)
