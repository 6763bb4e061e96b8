"""The running configuration as a tree: blocks of lines, each line an understood command.

Rule: only what differs from the default is kept, and the catalogue says what the default is. A line replaces the line
of the same identity (its command and the words marked as identifying). What `no` does follows from the default:

| the command's default | `no X` |
|---|---|
| none | removes X |
| X itself, without a value (`ip subnet-zero`) | is kept and printed as `no X` |
| X with a value (`duplex auto`) | goes back to the default, unless the catalogue says `.negatable` |
| `no X` | removes X |

Without a default, `.negatable` has `no X` kept in the place of X. `default X` always removes. A command that opens a
block removes it, with all that is in it, when negated; one marked `.whole` removes every line or block whose identity
begins as the one said. A line of a `.flat` command opens its block, if need be, and its end is stored there as one of
the first command of that mode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Reversible
from typing import NamedTuple, TypeVar, cast

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.declaration import CONFIG
from iosemu.cli.match import Incomplete, Match, made, match
from iosemu.config.schema import Schema

T = TypeVar("T")
Identity = tuple[str, ...]

Line = Match
"""A configuration line, set or in force by default, is what was understood of it."""
Order = Callable[[Line], tuple[int, ...]]
"""The key by which lines, or blocks by their headers, stand in order."""


class Changed(NamedTuple):
    """`line` was set in `block`, or was taken out (`removed`): what is in force there now is for the reader to ask."""

    block: Block
    line: Line
    removed: bool


class Block:
    """A header line and what stands under it; the root has no header."""

    def __init__(self, schema: Schema, mode: str, header: Line | None = None, parent: Block | None = None) -> None:
        self._schema = schema
        self._mode = schema.mode(mode)
        self._parent = parent
        self.header = header
        self.builtin = False
        """Part of the chassis: `no` empties it and leaves it standing."""
        self.unsaid: frozenset[int] = frozenset()
        """Places of which nothing is printed."""
        self._disordered: dict[int, Order] = {}
        """By place: what its lines, or the headers of its blocks, are put in order by when they are next read."""
        self._lines: dict[int, dict[Identity, Line]] = {}
        self._blocks: dict[int, dict[Identity, Block]] = {}

    @property
    def mode(self) -> str:
        return self._mode.name

    @property
    def parent(self) -> Block | None:
        return self._parent

    @property
    def lines(self) -> tuple[Line, ...]:
        """Lines that were set, in the order of the running-config."""
        return tuple(line for place in sorted(self._lines) for line in self.lines_at(place))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Blocks under this one, in the order of the running-config; those of one command as they were opened."""
        return tuple(block for place in sorted(self._blocks) for block in self.blocks_at(place))

    @property
    def places(self) -> Iterable[int]:
        """Places of the mode at which something was set, in no order."""
        return {*self._lines, *self._blocks}

    def lines_at(self, place: int) -> Reversible[Line]:
        if place in self._disordered:
            self._settle(place)
        return self._lines[place].values() if place in self._lines else ()

    def blocks_at(self, place: int) -> Reversible[Block]:
        if place in self._disordered:
            self._settle(place)
        return self._blocks[place].values() if place in self._blocks else ()

    def _settle(self, place: int) -> None:
        key = self._disordered.pop(place)
        if place in self._lines:
            self._lines[place] = dict(sorted(self._lines[place].items(), key=lambda item: key(item[1])))
        if place in self._blocks:
            headed = [(inner.header, identity, inner) for identity, inner in self._blocks[place].items()]
            headed.sort(key=lambda one: key(one[0]) if one[0] is not None else ())
            self._blocks[place] = {identity: inner for _, identity, inner in headed}

    def all(self, command_id: str) -> list[Line]:
        """The lines of that command which were set, negated ones too."""
        return [line for place in self._mode.places.get(command_id, ()) for line in self.lines_at(place)]

    def line(self, command_id: str, identity: Identity) -> Line | None:
        """The line of that command and identity which was set."""
        for at in self._mode.places.get(command_id, ()):
            if at in self._lines and identity in self._lines[at]:
                return self._lines[at][identity]
        return None

    def forms(self, command_id: str, identity: Identity) -> list[Line]:
        """The same where the command has several forms: of each the line that was set."""
        lines = self._lines
        places = self._mode.places.get(command_id, ())
        return [lines[at][identity] for at in places if at in lines and identity in lines[at]]

    def last(self, command_id: str) -> Line | None:
        """The last line of that command which was set."""
        for at in reversed(self._mode.places.get(command_id, ())):
            for line in reversed(self.lines_at(at)):
                return line
        return None

    def child(self, command_id: str, identity: Identity) -> Block | None:
        """The block that this command opened for that identity."""
        for at in self._mode.places.get(command_id, ()):
            if at in self._blocks and identity in self._blocks[at]:
                return self._blocks[at][identity]
        return None

    def default(self, command_id: str) -> Line | None:
        """The line of that command in force when nothing is configured."""
        for place in self._mode.places.get(command_id, ()):
            default = self._schema.default(self._mode, place)
            if default is not None:
                return default.line
        return None

    def get(self, command_id: str) -> Line | None:
        """The first line of that command in force: set, else the default; None where there is neither."""
        lines = self.all(command_id)
        return lines[0] if lines else self.default(command_id)

    def value(self, command_id: str, name: str, default: object = None) -> object:
        """A value of the line in force; `default` where there is no line, it is negated, or it has no such value."""
        line = self.get(command_id)
        return default if line is None or line.negated else line.values.get(name, default)

    def flag(self, command_id: str) -> bool:
        """Is that command in force, by configuration or by default?"""
        line = self.get(command_id)
        return line is not None and not line.negated

    def children(self, command_id: str) -> list[Block]:
        """The blocks that this command opened."""
        return list(self._children(command_id))

    def _children(self, command_id: str) -> Iterator[Block]:
        return (block for place in self._mode.places.get(command_id, ()) for block in self.blocks_at(place))

    def block(self, command_id: str, **identity: object) -> Block | None:
        """The first block that this command opened whose header has these values."""
        # Most are asked for by just what identifies them.
        likely = self.child(command_id, tuple(map(str, identity.values())))
        if likely is not None and likely.header is not None and likely.header.values.items() >= identity.items():
            return likely
        first = next(self._children(command_id), None)
        if first is None or _identify(first.header, identity):
            return None
        for block in self._children(command_id):
            values = block.header.values if block.header is not None else {}
            if all(values.get(name) == value for name, value in identity.items()):
                return block
        return None


def _identify(header: Line | None, names: Iterable[str]) -> bool:
    """Are the values of these names all that identifies such a header?"""
    return header is not None and header.identity == tuple(str(header.values.get(name)) for name in names)


def _covers(header: Line | None, said: Line) -> bool:
    """Does a header say already what was said now?"""
    return header is not None and header.values.items() >= said.values.items()


Follower = Callable[[Changed], object]


class RunningConfig:
    """The configuration of one router, changed line by line."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.schema = Schema.of(catalogue.origin)
        self.root = Block(self.schema, CONFIG)
        self._followers: list[tuple[Follower, tuple[str, ...]]] = []
        self._followers_of: dict[str, list[Follower]] = {}
        """Worked out by command id, when a line of it first changes."""
        self._indexes: dict[Callable[[RunningConfig], object], object] = {}
        self.generation = 0
        """Counts changes."""
        self.orders: dict[str, Order] = {}
        """By command id: the key by which its lines and blocks are printed; without one, as they were entered."""
        self.views: dict[str, Callable[[list[Block]], list[Block]]] = {}
        """By command id: what is printed in place of its blocks."""
        self.absent: frozenset[str] = frozenset()
        """Ids of global commands whose default is not printed, for want of the hardware that it is about."""
        self.together: dict[Block, tuple[Block, ...]] = {}
        """Blocks that are edited as one (`line vty 0 15`): what is done in the key is done in these too."""

    def follow(self, follower: Follower, *beginnings: str) -> None:
        """Have it called after each change of a line of a command whose id begins so, or of any; in order."""
        self._followers.append((follower, beginnings or ("",)))
        self._followers_of.clear()

    def unfollow(self, follower: Follower) -> None:
        self._followers = [known for known in self._followers if known[0] != follower]
        self._followers_of.clear()

    def index(self, kind: Callable[[RunningConfig], T]) -> T:
        """What a `kind` knows of this configuration; it is made when first asked for, and follows from then on."""
        known = self._indexes.get(kind)
        if known is None:
            known = self._indexes[kind] = kind(self)
        return cast("T", known)

    def apply(self, block: Block, found: Match) -> Block | None:
        """Do in `block` what a line says; gives the block that it opened, if any.

        Raises Incomplete where a new block's header does not say which kind of block it is to be.
        """
        for other in self.together.get(block, ()) if self.together else ():
            self.apply(other, found)
        command = found.command
        if command.whole and (found.negated or found.defaulted):
            self._remove(block, found)
            return None
        if command.flat:
            return self._flat(block, found)
        if command.enters:
            return self._block(block, found)
        if not (command.default or found.negated or found.defaulted):
            self._set(block, found, found)
            return None
        default = self.schema.default(block._mode, found.place)
        if default is not None and default.line.identity != found.identity:
            default = None
        line: Line | None = found
        if found.defaulted:
            line = None
        elif found.negated:
            line = default.refused if default is not None else found if command.negatable else None
        elif default is not None and default.line.tokens == found.tokens and not default.line.negated:
            line = None
        self._set(block, found, line)
        return None

    def _remove(self, block: Block, found: Match) -> None:
        """Take out the lines and blocks of this command whose identity begins with what was said of it."""
        said = found.identity[: 1 if found.command.flat else None]
        for line in [line for line in block.lines_at(found.place) if line.identity[: len(said)] == said]:
            self._set(block, line, None)
        for inner in list(block.blocks_at(found.place)):
            if inner.header is not None and inner.header.identity[: len(said)] == said:
                self.discard(inner)

    def _flat(self, parent: Block, found: Match) -> Block | None:
        """Store the end of a line in the block that its beginning names; the beginning alone enters the block."""
        at = found.command.words + 1
        child = parent._blocks.get(found.place, {}).get(found.identity[:1])
        if child is None or found.negated or found.defaulted:
            child = self._block(parent, found._replace(tokens=found.tokens[:at], identity=found.identity[:1]))
        if child is None or not found.tokens[at:]:
            return child
        entry = child._mode.commands[0]
        self.apply(child, made(entry, found.values, found.tokens[at:], False, False, found.identity[1:], 0, True))
        return None

    def arrange(self, block: Block, command_id: str, key: Order) -> None:
        """Put the lines, or the blocks by their headers, of a command in another order than that of their entry."""
        for place in block._mode.places.get(command_id, ()):
            block._disordered[place] = key

    def _set(self, block: Block, said: Line, kept: Line | None) -> None:
        place, identity = said.place, said.identity
        lines = block._lines.get(place)
        if lines is None:
            lines = block._lines[place] = {}
        before = lines.get(identity)
        if kept is not None:
            lines[identity] = kept
            if before is None or before.tokens != kept.tokens or before.negated != kept.negated:
                self._changed(block, said, False)
            return
        if before is not None:
            del lines[identity]
        if not lines:
            del block._lines[place]
        if before is not None:
            self._changed(block, before, True)

    def _changed(self, block: Block, line: Line, removed: bool) -> None:
        self.generation += 1
        command_id = line.command.id
        followers = self._followers_of.get(command_id)
        if followers is None:
            followers = [follower for follower, begins in self._followers if command_id.startswith(begins)]
            self._followers_of[command_id] = followers
        for follower in followers:
            follower(Changed(block, line, removed))

    def _block(self, parent: Block, found: Match) -> Block | None:
        child = parent._blocks.get(found.place, {}).get(found.identity)
        if found.negated or found.defaulted:
            if child is not None and found.defaulted and found.command.stays:
                self._empty(child)
            elif child is not None:
                self.discard(child)
            return None
        if child is not None and (found.command.flat or _covers(child.header, found)):
            return child
        try:
            enters = found.command.enters
            mode = enters.format_map(found.values) if "{" in enters else enters
        except KeyError:
            raise Incomplete from None
        if child is not None and child.mode == mode:
            child.header = found
        else:
            child = Block(self.schema, mode, found, parent)
            parent._blocks.setdefault(found.place, {})[found.identity] = child
        self._changed(parent, found, False)
        return child

    def discard(self, block: Block, *, force: bool = False) -> None:
        """Take a block out with all that is in it; a built-in one is only emptied, unless by `force`."""
        parent, header = block.parent, block.header
        if parent is None or header is None:
            raise ValueError("the root cannot be discarded")
        self._empty(block, force=force)
        if block.builtin and not force:
            return
        siblings = parent._blocks.get(header.place, {})
        if siblings.get(header.identity) is block:
            del siblings[header.identity]
            if not siblings:
                del parent._blocks[header.place]
            self._changed(parent, header, True)

    def _empty(self, block: Block, *, force: bool = False) -> None:
        for line in block.lines:
            self._set(block, line, None)
        for inner in block.blocks:
            self.discard(inner, force=force)

    def ensure(self, header: str, *lines: str, parent: Block | None = None) -> Block:
        """A block that is there by nature (a chassis interface), opened if need be, with `lines` set in it.

        Raises MatchError where header or lines are no commands, ValueError where the header opens no block.
        """
        within = parent if parent is not None else self.root
        block = self.apply(within, match(self.schema.mode(within.mode), header))
        if block is None:
            raise ValueError(f"{header!r} opens no block")
        block.builtin = True
        for line in lines:
            self.apply(block, match(self.schema.mode(block.mode), line))
        return block
