"""`privilege MODE [all] level N COMMAND`: the levels that keywords have, kept a line for each keyword.

Rule: a level is given to each keyword of the command that is named, from the first to the last, whatever they had;
that is why the running-config tells the deepest first. `no` puts them back to what they come with and says so; `reset`
takes their lines out. `no` in front of a command is a keyword of its own: once it has a level, all that have one in
that mode are told a second time behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from iosemu.cli.declaration import EXEC
from iosemu.cli.levels import Path, Setting
from iosemu.cli.match import NO, TOKEN, match
from iosemu.commands.parser_modes import catalogue_modes
from iosemu.commands.registry import handlers
from iosemu.config.tree import Changed

if TYPE_CHECKING:
    from iosemu.cli.declaration import Mode
    from iosemu.cli.graph import State
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Line, RunningConfig

_COMMAND = "privilege"
# What is printed last: global configuration, then EXEC; and a keyword behind all that is below it.
_LAST_MODES = ("configure", "exec")
_BEHIND = 1 << 30


class Settings:
    """What the configuration says of each mode, the keywords without `no` and `no` itself: `config.index(Settings)`."""

    def __init__(self, config: RunningConfig) -> None:
        self.of: defaultdict[str, dict[Path, Setting]] = defaultdict(dict)
        for line in config.root.all(_COMMAND):
            self._changed(Changed(config.root, line, False))
        config.follow(self._changed, _COMMAND)

    def _changed(self, change: Changed) -> None:
        values = change.line.values
        path = tuple(str(values["command"]).split())
        if path[0] == NO and len(path) > 1:
            return
        settings = self.of[str(values["mode"])]
        if change.removed:
            settings.pop(path, None)
        else:
            settings[path] = Setting(int(str(values["level"])), "all" in values)


@handlers.register("privilege")
def _privilege(call: Invocation[Device]) -> None:
    device, said = call.device, call.values
    name = str(said["mode"])
    modes = _modes(device, name)
    settings = device.config.index(Settings).of[name]
    prefix, path = _named(call, modes)
    ways = [path[:length] for length in range(1, len(path) + 1)]
    wanted: dict[Path, Setting | None] = {}
    for way in [(NO,), *ways] if prefix else ways:
        if "level" not in said:  # `reset`
            wanted[way] = None
        elif call.negated or call.defaulted:
            wanted[way] = Setting(_native(modes, way), False)
        else:
            wanted[way] = Setting(int(str(said["level"])), "all" in said and way == path)
    if "all" in said and not (call.negated or call.defaulted):
        wanted |= dict.fromkeys(way for way in settings if way != path and way[: len(path)] == path)
    _keep(device, name, settings, wanted)
    for mode in modes:
        device.catalogue.relevel(
            mode.name, lambda: {tuple(word.lower() for word in way): setting for way, setting in settings.items()}
        )


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


def _keep(device: Device, name: str, settings: dict[Path, Setting], wanted: Mapping[Path, Setting | None]) -> None:
    """Write the lines of a mode whose keywords get another setting, or none."""
    config = device.config
    config.orders.setdefault(_COMMAND, lambda line: _rank(device, line))
    mode = config.schema.mode(config.root.mode)
    doubled, double = (NO,) in settings, wanted.get((NO,), settings.get((NO,))) is not None
    # Where `no` gets a level, or has none any more, all the others are told with it.
    for path in {**settings, **wanted} if doubled != double else wanted:
        before, after = settings.get(path), wanted.get(path, settings.get(path))
        for second in (False, True) if path != (NO,) else (False,):
            was = _line(name, path, before, second) if doubled or not second else ""
            now = _line(name, path, after, second) if double or not second else ""
            if was and was != now:
                config.apply(config.root, match(mode, f"no {was}"))
            if now and was != now:
                config.apply(config.root, match(mode, now))


def _line(name: str, path: Path, setting: Setting | None, second: bool) -> str:
    """What the running-config says of a keyword, or of `no` in front of it; "" where it has no setting."""
    if setting is None:
        return ""
    way = (NO, *path) if second else path
    return f"{_COMMAND} {name} {'all ' if setting.below else ''}level {setting.level} {' '.join(way)}"


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
