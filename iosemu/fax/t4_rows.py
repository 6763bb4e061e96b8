"""Reads coded rows of T.4 and T.6 one at a time: is the row sound, and where does it end?

Rule: a row is a list of the places where the colour changes, from white at the left edge, closed by the width (T.4
clause 4.1.1, 4.2.1.3). A row is sound when its code words fill exactly the width; there is no other test in Group 3.
But a run of no pixels between two others, which no coder writes, is refused where a row is coded against another one:
whether it counts as a change there, readers do not agree about.
The bits are text of '0' and '1'; a reader stops at the first thing that is not a code word and says None.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from iosemu.fax.t4_codes import BLACK_RUNS, HORIZONTAL, MODES, PASS, WHITE_RUNS, window_table

_RUN_WINDOW = 13  # the longest run code word
_MODE_WINDOW = 7  # the longest mode code word
_PAIR_WINDOW = 32  # bits over which white and black runs are measured together
_TOO_MANY = 1 << 20
_PAIRS_KEPT = 100_000  # a text page needs some thousand; this bounds what hostile data can fill

_SAME = 4  # vertical modes 0 that are taken together
_SAME_BITS = "1" * _SAME
_NOTHING = (-1, 0)  # no code word begins so

Row = list[int]


class Tables:
    """The look-up tables, made at first use (they take some milliseconds)."""

    def __init__(self) -> None:
        self.runs = (window_table(WHITE_RUNS, _RUN_WINDOW), window_table(BLACK_RUNS, _RUN_WINDOW))
        self.modes = window_table(MODES, _MODE_WINDOW)
        self.pairs = _Pairs(self)


class _Pairs(dict[str, tuple[int, int]]):
    """Window -> (pixels, bits) of as many whole white-black pairs as stand at its beginning; filled as asked.

    Where that is none the pixels are more than any row has.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def __missing__(self, window: str) -> tuple[int, int]:
        bits, position, pixels, colour = window + "0" * _RUN_WINDOW, 0, 0, 0
        whole = (_TOO_MANY, 0)
        while position < len(window):
            run, length = self._tables.runs[colour].get(bits[position : position + _RUN_WINDOW], _NOTHING)
            position += length
            if run < 0 or position > len(window):
                break
            pixels += run
            if run < 64:
                colour = 1 - colour
                if run and not colour:  # where the row ends before a black run of none is not for here to say
                    whole = (pixels, position)
        if len(self) >= _PAIRS_KEPT:
            self.clear()
        self[window] = whole
        return whole


@lru_cache(maxsize=1)
def tables() -> Tables:
    return Tables()


def end_of_row(bits: str, position: int, width: int, limit: int) -> int | None:
    """Where the one-dimensional row that starts at `position` ends; quick, for rows whose pixels are not needed.

    `bits` must go on for 32 bits after `limit`, and the row may not.
    """
    pairs, left = tables().pairs, width
    while left:
        pixels, length = pairs[bits[position : position + _PAIR_WINDOW]]
        if pixels > left:
            pixels, length = _pair(bits, position, left)
            if not length:
                return None
        left -= pixels
        position += length
    return position if position <= limit else None


def _pair(bits: str, position: int, left: int) -> tuple[int, int]:
    """(pixels, bits) of a white run and, where it does not fill the `left` pixels, a black one; else no code word."""
    start, total = position, 0
    for runs in tables().runs:
        run = 64
        while run >= 64:
            run, length = runs.get(bits[position : position + _RUN_WINDOW], _NOTHING)
            position += length
            total += run
            if run < 0 or total > left:
                return _NOTHING
        if total == left:
            break
    return total, position - start


def read_1d(bits: str, position: int, width: int, limit: int, *, reference: bool = False) -> tuple[Row, int] | None:
    """The row's changes and where it ends; `reference`: the row below is coded against it."""
    runs, others = tables().runs
    row: Row = []
    place = run = 0
    zeros = False
    while place < width or run >= 64:
        run, length = runs.get(bits[position : position + _RUN_WINDOW], _NOTHING)
        position += length
        place += run
        if run < 0 or place > width or position > limit:
            return None
        if run < 64:
            zeros = zeros or not run
            row.append(place)
            runs, others = others, runs
    if zeros:
        row = _closed(row, width)
        if reference and not _rises(row):
            return None
        row = _plain(row)
    return row, position


def read_2d(bits: str, position: int, above: Row, width: int, limit: int) -> tuple[Row, int] | None:
    """The row's changes against those of the row above it (T.4 4.2.1.3), and where it ends."""
    # A row like the one above it is a vertical mode 0 for each change: most rows of a page.
    count = len(above)
    if bits.startswith("1" * count, position) and position + count <= limit:
        return above, position + count
    modes, runs = tables().modes, tables().runs
    upper = 0  # index of b1 in the row above: its first change right of a0 to the colour that a0 has not
    changes = [*above, width, width, width]
    row: Row = []
    place = -1  # a0, at first the imaginary pixel left of the row
    zeros = False
    while place < width:
        b1 = changes[upper]
        while b1 <= place:
            upper += 2
            b1 = changes[upper]
        if upper + _SAME < count and bits.startswith(_SAME_BITS, position):
            row += changes[upper : upper + _SAME]
            place = row[-1]
            upper += _SAME
            position += _SAME
            continue
        mode, length = modes.get(bits[position : position + _MODE_WINDOW], _NOTHING)
        position += length
        if not length or position > limit:
            return None
        if mode == PASS:
            place = changes[upper + 1]
            upper += 2
            if place >= width:
                return None  # b2 has to lie left of a1
        elif mode == HORIZONTAL:
            place = max(place, 0)
            colour = len(row) & 1
            for shade in (colour, 1 - colour):
                run = 64
                while run >= 64:
                    run, length = runs[shade].get(bits[position : position + _RUN_WINDOW], _NOTHING)
                    position += length
                    place += run
                    if run < 0 or position > limit or place > width:
                        return None
                zeros = zeros or row[-1:] == [place]
                row.append(place)
        else:
            target = b1 + mode
            if target <= place or target > width:
                return None
            place = target
            row.append(place)
            # The other colour's b1 is the next change above, or the one before where a1 lies left of b1.
            upper += 1 if mode >= 0 or not upper else -1
    row = _closed(row, width)
    return None if zeros and not _rises(row) else (row, position)


def _closed(row: Row, width: int) -> Row:
    """The row, ended by one `width`."""
    while len(row) > 1 and row[-2] >= width:
        row.pop()
    if not row or row[-1] != width:
        row.append(width)
    return row


def _rises(row: Row) -> bool:
    """Whether there is no run of no pixels inside the row; it may begin with one, in black."""
    return all(left < right for left, right in pairwise(row))


def _plain(row: Row) -> Row:
    """The row without the pairs of changes between which there is nothing."""
    plain: Row = []
    for place in row:
        if plain and plain[-1] == place:
            plain.pop()
        else:
            plain.append(place)
    return plain
