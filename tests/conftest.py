"""Fixtures for all tests."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable
from typing import NoReturn

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)  # how long an example takes is up to what else the machine does
settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A program of others on a busy machine gets a second chance; the report tells of it (RERUN)."""
    for item in items:
        if item.get_closest_marker("peer"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _missing(name: str) -> NoReturn:
    message = f"{name} is not installed"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def need() -> Callable[[str], str]:
    """Give the path of a program that a peer test talks to; where it is missing: fail in CI, skip elsewhere."""

    def find(program: str) -> str:
        return shutil.which(program) or _missing(program)

    return find


@pytest.fixture
def need_library() -> Callable[[str], ctypes.CDLL]:
    """Load the shared library that a peer test talks to; where it is missing: fail in CI, skip elsewhere."""

    def load(soname: str) -> ctypes.CDLL:
        try:
            return ctypes.CDLL(soname)
        except OSError:
            _missing(soname)

    return load
