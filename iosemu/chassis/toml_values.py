"""What a TOML file says as values of a schema: named tuples, tuples, tables, words and numbers.

Rule: a value is what its type says or it is refused, with its place in the file; a key that the schema has not is a
mistake, too. msgspec can do the same; to import it is a fifth of the time that a start takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reader = Callable[[object], object]


class Misfit(ValueError):
    """A value that is none of its type; the text says what was expected, and where."""

    def __init__(self, message: str, *place: str) -> None:
        self.message = message
        self.place = place
        """Keys and `[numbers]`, outermost first."""

    def __str__(self) -> str:
        return self.message + (f" - at `{'.'.join(('$', *self.place)).replace('.[', '[')}`" if self.place else "")


def read(value: object, kind: type[T]) -> T:
    """`value` as a `kind`: a named tuple, or a table `dict[str, X]`, an array `tuple[X, ...]`.

    Raises Misfit.
    """
    return cast("T", _reader(cast("Any", kind))(value))


@cache
def _reader(kind: Any) -> Reader:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _word(parts)
    if origin is UnionType:
        named = [part for part in parts if issubclass(part, tuple)]
        return _named(named[0]) if named else _whole(*parts)
    if origin in (dict, Mapping):
        return _table(_reader(parts[1]))
    if origin is tuple:
        return _array(_reader(parts[0]))
    return _named(kind) if issubclass(kind, tuple) else _whole(kind)


def _whole(*kinds: type) -> Reader:
    expected = " | ".join("null" if kind is NoneType else kind.__name__ for kind in kinds)

    def read_whole(value: object) -> object:
        if type(value) not in kinds:
            raise Misfit(f"Expected `{expected}`, got `{_kind(value)}`")
        return value

    return read_whole


def _word(words: tuple[object, ...]) -> Reader:
    def read_word(value: object) -> object:
        if value not in words or type(value) is bool:
            raise Misfit(f"Invalid enum value {value!r}")
        return value

    return read_word


def _table(part: Reader) -> Reader:
    def read_table(value: object) -> object:
        return {key: _within(str(key), part, one) for key, one in _expected(value, dict, "object").items()}

    return read_table


def _array(part: Reader) -> Reader:
    def read_array(value: object) -> object:
        return tuple([_within(f"[{at}]", part, one) for at, one in enumerate(_expected(value, list, "array"))])

    return read_array


def _named(kind: Any) -> Reader:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    required = [name for name in readers if name not in kind._field_defaults]

    def read_named(value: object) -> object:
        if type(value) is kind:
            return value
        said = _expected(value, dict, "object")
        for key in said:
            if key not in readers:
                raise Misfit(f"Object contains unknown field `{key}`")
        for key in required:
            if key not in said:
                raise Misfit(f"Object missing required field `{key}`")
        return kind(**{key: _within(key, readers[key], one) for key, one in said.items()})

    return read_named


def _within(place: str, reader: Reader, value: object) -> object:
    try:
        return reader(value)
    except Misfit as error:
        raise Misfit(error.message, place, *error.place) from None


def _expected(value: object, kind: type, name: str) -> Any:
    if not isinstance(value, kind):
        raise Misfit(f"Expected `{name}`, got `{_kind(value)}`")
    return value


def _kind(value: object) -> str:
    return "object" if isinstance(value, dict) else "array" if isinstance(value, list) else type(value).__name__
