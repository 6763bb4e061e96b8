"""What is fuzzed: a surface, how its inputs are made, and what it may say to them.

Rule: an input is octets; most are pieces of good ones that were cut, joined and turned over, because noise alone is
refused at the first octet. A surface takes an input or raises the errors named here, keeps within a budget of time and
memory, and is as good as before it for the next one: nothing is in use, and a right exchange succeeds.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import struct
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from hypothesis import strategies as st

if TYPE_CHECKING:
    from iosemu.lab.run import Lab

Take = Callable[[bytes], object]
"""Takes one input."""
TOKENS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x80", b"\x7f\xff", b"\x10\x03")
WORDS = (
    b"\r\n",
    b"\n",
    b" ",
    b"\0",
    b"\xff",
    b"\xe2\x80\xae",
    b"\xc3\xa9",
    b"9" * 20,
    b"-1",
    b"%s",
    b'"',
    b"\\",
    b"A" * 300,
)
"""What is put into texts."""


@dataclass(frozen=True)
class Surface:
    """`open` gives what takes inputs for as long as it is entered; `make_seeds` good inputs; `share` is the part of all
    inputs that it gets."""

    name: str
    open: Callable[[], AbstractContextManager[Take]]
    make_seeds: Callable[[], Iterable[bytes]]
    errors: tuple[type[Exception], ...] = ()
    share: int = 1
    tokens: tuple[bytes, ...] = TOKENS

    @cached_property
    def seeds(self) -> tuple[bytes, ...]:
        return tuple(self.make_seeds())


def reader(
    name: str,
    read: Take,
    errors: tuple[type[Exception], ...],
    seeds: Sequence[bytes],
    share: int = 1,
    tokens: tuple[bytes, ...] = TOKENS,
) -> Surface:
    """A surface that keeps nothing from one input to the next."""
    return Surface(name, lambda: nullcontext(read), lambda: seeds, errors, share, tokens)


# Inputs.


def mutations(surface: Surface) -> st.SearchStrategy[bytes]:
    """Inputs by Hypothesis, which can make a failing one small."""
    seeds = st.sampled_from(surface.seeds)
    pieces = st.tuples(seeds, st.integers(0, 400), st.integers(0, 400)).map(lambda cut: cut[0][cut[1] : cut[2]])
    return st.lists(seeds | pieces | st.binary(max_size=12), min_size=1, max_size=5).map(b"".join)


def mutated(surface: Surface, chance: random.Random) -> bytes:
    """An input by chance alone, made in a few microseconds."""
    octets = bytearray(chance.choice(surface.seeds))
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(octets)) if octets else 0
        match chance.randrange(6):
            case 0:
                octets[at : at + 1] = bytes((chance.randrange(256),))
            case 1 if octets:
                octets[at] ^= 1 << chance.randrange(8)
            case 2:
                del octets[at : at + chance.randrange(1, 9)]
            case 3:
                octets[at:at] = octets[at : at + chance.randrange(1, 40)]
            case 4:
                octets[at:at] = chance.choice(surface.tokens)
            case _:
                other = chance.choice(surface.seeds)
                octets[at:] = other[chance.randrange(len(other)) :]
    return bytes(octets)


def framed(pieces: Iterable[bytes]) -> bytes:
    """Datagrams, or what is said one after the other, as one input."""
    return b"".join(struct.pack("!H", len(piece)) + piece for piece in pieces)


def pieces_of(octets: bytes) -> Iterator[bytes]:
    """The pieces of an input; whatever the lengths say, all of it is used."""
    at = 0
    while at + 2 <= len(octets):
        (length,) = struct.unpack_from("!H", octets, at)
        yield octets[at + 2 : at + 2 + length]
        at += 2 + length


# Surfaces that need an event loop.


class Faults(logging.Handler):
    """What came to the loop's handler of exceptions or went into a log as an error, which nothing may."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))

    def handle_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        self.found.append(repr(context))


@contextmanager
def on_loop(place: Callable[[], AbstractAsyncContextManager[Callable[[bytes], Awaitable[object]]]]) -> Iterator[Take]:
    """A surface that lives on an event loop: `place` is entered on it, and each input is awaited there."""
    faults = Faults()
    logging.getLogger().addHandler(faults)
    try:
        with asyncio.Runner() as runner:
            runner.get_loop().set_exception_handler(faults.handle_loop)
            stack = AsyncExitStack()
            take = runner.run(stack.enter_async_context(place()))

            async def taken(octets: bytes) -> None:
                await take(octets)

            def attempt(octets: bytes) -> None:
                runner.run(taken(octets))
                assert not faults.found, faults.found

            try:
                yield attempt
            finally:
                runner.run(stack.aclose())
            assert not faults.found, faults.found
    finally:
        logging.getLogger().removeHandler(faults)


async def shout(endpoint: tuple[str, int], octets: bytes, turns: int = 25) -> bytes:
    """Say this in two pieces, as a client that is gone a few turns of the loop later; gives what came back."""
    reader, writer = await asyncio.open_connection(*endpoint)
    try:
        writer.write(octets[: len(octets) // 3])
        await asyncio.sleep(0)
        writer.write(octets[len(octets) // 3 :])
        for _ in range(turns):
            await asyncio.sleep(0)
        return bytes(reader._buffer)  # type: ignore[attr-defined]
    finally:
        writer.transport.abort()


@asynccontextmanager
async def fuzzed_lab() -> AsyncIterator[Lab]:
    """The packaged lab, with everything that it keeps in a folder that goes with it."""
    from iosemu.app.lab_file import packaged_lab
    from iosemu.lab.topology import load
    from tests.lab.labs import running_lab

    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, patch.dict(os.environ, XDG_RUNTIME_DIR=folder):
        async with running_lab(Path(folder), load(packaged_lab()), packaged_lab()) as lab:
            yield lab
