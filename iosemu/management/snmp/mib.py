"""What can be seen of a router: scalars and tables in the order of their object identifiers.

Rule: a table's rows are read once for a request and its values one by one, so that a value always is that of now and
a walk costs no more than what it walks over. Source: RFC 3416 section 4.2.2 (the order, and what comes next).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from iosemu.management.snmp.views import Oid, View

Row = TypeVar("Row")
Value = Any
"""A value of `pysnmp.proto.rfc1902`."""


class BadValue(Exception):
    """An object does not take that value; the text is the name of the error status."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One object; `oid` without the final 0. `write` raises BadValue."""

    oid: Oid
    read: Callable[[], Value]
    write: Callable[[Value], None] | None = None


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """A conceptual table: `entry` is its row's identifier, `rows` gives (index, row) in any order."""

    entry: Oid
    columns: Mapping[int, Callable[[Row], Value]]
    rows: Callable[[], Iterable[tuple[Oid, Row]]]


class Column(Protocol):
    """All instances of one object, as of one request."""

    def indexes(self) -> Sequence[Oid]: ...

    def value(self, index: Oid) -> Value: ...


class _ScalarColumn:
    def __init__(self, scalar: Scalar) -> None:
        self._scalar = scalar

    def indexes(self) -> Sequence[Oid]:
        return ((0,),)

    def value(self, index: Oid) -> Value:
        return self._scalar.read()


class _Rows:
    """The rows of a table, read when first asked for."""

    def __init__(self, table: Table[Any]) -> None:
        self._table = table
        self._by_index: dict[Oid, Any] | None = None
        self._order: list[Oid] = []

    def read(self) -> tuple[list[Oid], dict[Oid, Any]]:
        if self._by_index is None:
            self._by_index = dict(self._table.rows())
            self._order = sorted(self._by_index)
        return self._order, self._by_index


class _TableColumn:
    def __init__(self, rows: _Rows, read: Callable[[Any], Value]) -> None:
        self._rows, self._read = rows, read

    def indexes(self) -> Sequence[Oid]:
        return self._rows.read()[0]

    def value(self, index: Oid) -> Value:
        return self._read(self._rows.read()[1][index])


class Snapshot:
    """A MIB for the time of one request."""

    def __init__(self, objects: Sequence[Oid], columns: Mapping[Oid, Column]) -> None:
        self._objects = objects
        self._columns = columns

    def find(self, oid: Oid) -> Oid | None:
        """The object that this identifier is an instance of, or would be."""
        at = bisect_right(self._objects, oid) - 1
        return self._objects[at] if at >= 0 and oid[: len(self._objects[at])] == self._objects[at] else None

    def get(self, oid: Oid) -> Value | None:
        """The value of that instance; None where there is none."""
        found = self.find(oid)
        if found is None:
            return None
        column, index = self._columns[found], oid[len(found) :]
        indexes = column.indexes()
        at = bisect_left(indexes, index)
        return column.value(index) if at < len(indexes) and indexes[at] == index else None

    def following(self, oid: Oid, view: View) -> tuple[Oid, Value] | None:
        """The first instance behind `oid` that the view shows; None behind the last."""
        at = max(bisect_right(self._objects, oid) - 1, 0)
        for found in self._objects[at:]:
            if (found <= oid and oid[: len(found)] != found) or not view.may_show(found):
                continue
            column, begin = self._columns[found], oid[len(found) :] if found <= oid else None
            indexes = column.indexes()
            for index in indexes[bisect_right(indexes, begin) if begin is not None else 0 :]:
                if view.shows(found + index):
                    return found + index, column.value(index)
        return None


class Mib:
    """All that there is; no object is said twice."""

    def __init__(self, parts: Iterable[Scalar | Table[Any]]) -> None:
        self._parts = tuple(parts)
        self._scalars = {part.oid: part for part in self._parts if isinstance(part, Scalar)}
        self._objects = sorted(self._identifiers())

    def _identifiers(self) -> Iterable[Oid]:
        for part in self._parts:
            if isinstance(part, Scalar):
                yield part.oid
            else:
                yield from ((*part.entry, number) for number in part.columns)

    def now(self) -> Snapshot:
        """What is there at this moment."""
        columns: dict[Oid, Column] = {}
        for part in self._parts:
            if isinstance(part, Scalar):
                columns[part.oid] = _ScalarColumn(part)
                continue
            rows = _Rows(part)
            columns |= {(*part.entry, number): _TableColumn(rows, read) for number, read in part.columns.items()}
        return Snapshot(self._objects, columns)

    def writable(self, oid: Oid) -> Callable[[Value], None] | None:
        """What sets that instance; None where nothing does."""
        scalar = self._scalars.get(oid[:-1])
        return scalar.write if scalar is not None and oid[-1] == 0 else None
