"""Lines and files: what is typed at a router, configurations, lab files and platform files.

Rule: lines are walks through the command graphs, with arguments of the right kind and of others, before they are
spoilt. Whatever a configuration says, what the router prints of it is taken again without a word and printed alike.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from iosemu.app.lab_file import packaged_lab
from iosemu.chassis import platform
from iosemu.cli import catalogue
from iosemu.cli.declaration import CONFIG, EXEC, Mode
from iosemu.cli.graph import Edge, State
from iosemu.clock import ManualClock
from iosemu.config import nvgen
from iosemu.config.store import FileStore
from iosemu.lab.errors import TopologyError
from iosemu.lab.topology import parse
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START, User

from .surface import WORDS, Surface, Take

PLATFORM = "as5300"
LINES = 3000
"""So many walks are the seeds of the lines."""
_NAME = re.compile(rb'^name = "([a-z0-9]+)"', re.MULTILINE)
_RANGE = re.compile(r"<(-?\d+)-(-?\d+)>")
_ARGUMENTS = {
    "A.B.C.D": ("10.0.0.1", "255.255.255.0", "0.0.0.255"),
    "H.H.H": ("0050.7300.6f2a",),
    "X:X:X:X::X": ("2001:DB8::1",),
    "X:X:X:X::X/<0-128>": ("2001:DB8::/32",),
    "WORD": ("public", "tom", "R1", "10", "x" * 40),
    "LINE": ("some words of text", '"quoted"', "\u00e9\u4e2d"),
    "STRING": ("text", '"two words"'),
    "HOST": ("10.0.0.9", "mail.example.com"),
    "DIGITS": ("555....", "9T", "+1408[2-5]", "$"),
    "MAILTO": ("mailto:$d$@example.com", "mailto:tom@example.com"),
    "INTERFACE": ("FastEthernet0", "Ethernet 0", "Serial0:23", "Loopback1", "Dialer 1"),
    "UNIT": ("0:D", "0", "1/0", "0/0"),
    "TIME": ("10:20:30",),
    "HOUR": ("8:00",),
    "MONTH": ("March", "feb"),
    "URL": ("flash:x", "tftp://10.0.0.9/confg", "nvram:startup-config"),
    "TIMESLOTS": ("1-24", "1,3,5"),
    "BANNER": ("^C hello ^C", "#x#"),
}


def _word(edge: Edge, chance: random.Random) -> str:
    """A word that goes along an edge: its keyword, a value of its type, or seldom of another."""
    if not edge.type:
        return edge.text if chance.random() < 0.9 else edge.text[: chance.randrange(1, 6)]
    if found := _RANGE.fullmatch(edge.type):
        low, high = int(found[1]), int(found[2])
        return str(chance.choice((low, high, chance.randint(low, high))))
    wanted = edge.type if chance.random() < 0.95 else chance.choice(list(_ARGUMENTS))
    return chance.choice(_ARGUMENTS.get(wanted, ("0x1F",)))


def walk(mode: Mode, chance: random.Random, command: int | None = None) -> str:
    """A line of a mode: a random way through its graph, or through that of the command of this number."""
    words: list[str] = []
    state: State = mode.start()
    for _ in range(12):
        ends = state.ends if command is None else command in state.ends
        edges = [*state.keywords.values(), *state.arguments]
        edges = [edge for edge in edges if command is None or command in edge.bindings]
        if not edges or (ends and chance.random() < 0.4):
            break
        edge = chance.choice(edges)
        words.append(_word(edge, chance))
        state = edge.target
    return " ".join(words)


@cache
def _commands() -> catalogue.Catalogue:
    return catalogue.load().for_platform(PLATFORM)


@cache
def _headers() -> list[tuple[int, list[str]]]:
    """The commands of configuration mode that open a block, by number, and the modes that it may have."""
    commands = _commands()
    found = []
    for number, command in enumerate(commands.mode(CONFIG).commands):
        pattern = re.compile(re.sub(r"\\\{.*?\\\}", ".+", re.escape(command.enters)))
        modes = [mode for mode in commands.modes if command.enters and pattern.fullmatch(mode)]
        if modes:
            found.append((number, modes))
    return found


def _block(chance: random.Random) -> list[str]:
    """A header that opens a block, and lines in it."""
    commands = _commands()
    number, modes = chance.choice(_headers())
    mode = commands.mode(chance.choice(modes))
    header = walk(commands.mode(CONFIG), chance, number)
    return [header, *(f" {walk(mode, chance)}" for _ in range(chance.randint(1, 4)))]


def _lines() -> Iterator[bytes]:
    chance, commands = random.Random(2003), _commands()
    for number in range(LINES):
        if number % 2:
            yield walk(commands.mode(EXEC), chance).encode()
        else:
            line = [walk(commands.mode(CONFIG), chance)] if number % 4 else _block(chance)
            no = chance.choice(("", "", "no ", "default ", "do "))
            yield "\n".join(("configure terminal", no + line[0], *line[1:], "end")).encode()


def _blank(store: FileStore | None = None) -> Router:
    return Router(PLATFORM, clock=ManualClock(START), network=NoNetwork(), store=store or FileStore(None))


@contextmanager
def _console() -> Iterator[Take]:
    router = _blank()

    def take(octets: bytes) -> None:
        user = User(router.device, "y", "1", "tom", "cisco")
        for line in octets.decode("utf-8", "replace").splitlines()[:20]:
            if user.session.closed:
                break
            user.session.help(line)
            user.session.complete(line)
            try:
                user.type(line)
            except EOFError:  # it asked for more than there was to say
                break
            user.session.prompt  # noqa: B018
        router.device.sessions.clear()
        again = User(router.device)
        assert "privilege level is 15" in again.type("show privilege")
        router.device.sessions.clear()

    yield take
    nvgen.render(router.device.config)


def _configurations() -> Iterator[bytes]:
    for file in sorted(packaged_lab().parents[1].glob("*/*.cfg")):
        yield file.read_bytes()
    chance, commands = random.Random(2004), _commands()
    for _ in range(300):
        blocks = [_block(chance) if chance.random() < 0.6 else [walk(commands.mode(CONFIG), chance)] for _ in range(6)]
        yield "\n".join(line for block in blocks for line in block).encode()


def _configured(octets: bytes) -> None:
    text = octets.decode("utf-8", "replace")
    router = _blank()
    lines = text.count("\n") + 1
    assert all(0 < number <= lines + 1 and told for number, told in router.load(text))
    assert User(router.device).type("show running-config").startswith("Building configuration...")


@contextmanager
def _platforms() -> Iterator[Take]:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:

        def take(octets: bytes) -> None:
            name = _NAME.search(octets)
            file = Path(folder) / f"{name[1].decode() if name else PLATFORM}.toml"
            file.write_bytes(octets)
            platform._read(file)

        yield take


def _lab_file(octets: bytes) -> None:
    parse(octets, packaged_lab())


def _lab_files() -> Iterator[bytes]:
    """Without the configurations, which stand beside them."""
    for file in sorted(packaged_lab().parents[1].glob("*/lab.toml")):
        yield re.sub(rb"^config = .*\n", b"", file.read_bytes(), flags=re.MULTILINE)


@contextmanager
def _plain(take: Take) -> Iterator[Take]:
    yield take


def _files(pattern: str) -> list[bytes]:
    return [file.read_bytes() for folder in platform.folders()[-1:] for file in sorted(folder.glob(pattern))]


TEXTS = (
    Surface("lines", _console, _lines, (), 8, WORDS),
    Surface("configurations", lambda: _plain(_configured), _configurations, (), 1, WORDS),
    Surface(
        "lab-files",
        lambda: _plain(_lab_file),
        _lab_files,
        (TopologyError,),
        4,
        WORDS,
    ),
    Surface("platforms", _platforms, lambda: _files("*.toml"), (platform.BadPlatformFile,), 2, WORDS),
)
