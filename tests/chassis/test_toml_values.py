"""What a TOML file says against a schema: values of the types, and what is told of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import pytest

from iosemu.chassis.toml_values import Misfit, read


class Part(NamedTuple):
    size: int
    kind: Literal["a", 1] = "a"


class Whole(NamedTuple):
    name: str
    parts: tuple[Part, ...] = ()
    table: Mapping[str, tuple[int, ...]] = {}
    spare: Part | None = None
    told: str | None = None
    on: bool = False


def test_tables_become_named_tuples_and_arrays_tuples() -> None:
    said = {"name": "x", "parts": [{"size": 1}, {"size": 2, "kind": 1}], "table": {"k": [1, 2]}, "spare": {"size": 3}}
    assert read(said, Whole) == Whole("x", (Part(1), Part(2, 1)), {"k": (1, 2)}, Part(3))
    assert read({"a": {"size": 1}}, dict[str, Part]) == {"a": Part(1)}
    assert read({"a": Part(1)}, dict[str, Part]) == {"a": Part(1)}


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({}, "Object missing required field `name`"),
        ({"name": 1}, "Expected `str`, got `int` - at `$.name`"),
        ({"name": "x", "on": 1}, "Expected `bool`, got `int` - at `$.on`"),
        ({"name": "x", "told": []}, "Expected `str | null`, got `array` - at `$.told`"),
        ({"name": "x", "parts": {}}, "Expected `array`, got `object` - at `$.parts`"),
        ({"name": "x", "parts": [{"size": 1}, 3]}, "Expected `object`, got `int` - at `$.parts[1]`"),
        ({"name": "x", "parts": [{"size": True}]}, "Expected `int`, got `bool` - at `$.parts[0].size`"),
        ({"name": "x", "parts": [{"size": 1, "kind": True}]}, "Invalid enum value True - at `$.parts[0].kind`"),
        ({"name": "x", "table": {"k": ["z"]}}, "Expected `int`, got `str` - at `$.table.k[0]`"),
        ({"name": "x", "spare": {"sise": 1}}, "Object contains unknown field `sise` - at `$.spare`"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(said: object, complaint: str) -> None:
    with pytest.raises(Misfit) as caught:
        read(said, Whole)
    assert str(caught.value) == complaint
