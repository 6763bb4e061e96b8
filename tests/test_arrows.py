"""The arrows of the architecture: who may import whom, and no cycle anywhere; the maps of packages lead somewhere."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "iosemu"
BASE = {"iosemu", "clock", "dates", "deadline", "pace", "events", "garbage", "network"}
# What each part may import beside itself and BASE. `catalogue` is data, which nothing imports.
MAY_IMPORT: dict[str, set[str]] = {
    "cli": set(),
    "chassis": {"cli"},
    "config": {"cli"},
    "fax": set(),
    "mail": set(),
    "sip": set(),
    "management": {"cli", "config", "chassis"},
    "voice": {"cli", "config", "chassis", "fax", "mail", "sip"},
    "terminal": {"cli"},
    # `telnet` is a client of the same option layer that the telnet server speaks.
    "commands": {"cli", "config", "chassis", "fax", "mail", "management", "voice", "terminal"},
    "router": {"cli", "config", "chassis", "fax", "mail", "management", "voice", "commands", "terminal"},
    "lab": {"cli", "config", "chassis", "fax", "mail", "sip", "management", "voice", "commands", "terminal", "router"},
    "web": {"chassis", "fax", "mail", "voice", "commands", "terminal", "lab"},
    "app": {
        "cli",
        "config",
        "chassis",
        "fax",
        "mail",
        "management",
        "voice",
        "commands",
        "terminal",
        "router",
        "lab",
        "web",
    },
}


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in sorted(ROOT.rglob("*.py"))}


def part(module: str) -> str:
    """The part of the house that a module belongs to: its package below iosemu, or itself."""
    names = module.split(".")
    return names[1] if len(names) > 1 else "iosemu"


def imports(file: Path, *, at_load: bool) -> set[str]:
    """The modules of iosemu that a file imports; `at_load`: only those that loading it imports."""

    def visit(node: ast.AST) -> set[str]:
        found: set[str] = set()
        for child in ast.iter_child_nodes(node):
            if at_load and isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            if isinstance(child, ast.Import):
                found |= {alias.name for alias in child.names}
            elif isinstance(child, ast.ImportFrom) and child.module:
                for alias in child.names:
                    deeper = f"{child.module}.{alias.name}"
                    found.add(deeper if deeper in MODULES else child.module)
            found |= visit(child)
        return found

    return {name for name in visit(ast.parse(file.read_text("utf-8"))) if name.split(".")[0] == "iosemu"}


@pytest.mark.parametrize("module", [name for name in MODULES if part(name) not in BASE])
def test_arrows_run_downwards_only(module: str) -> None:
    own = part(module)
    allowed = MAY_IMPORT["app" if own.startswith("app") or own == "__main__" else own] | BASE | {own}
    allowed |= {"app"} if own in ("app", "__main__") else set()
    wrong = {name for name in imports(MODULES[module], at_load=False) if part(name) not in allowed}
    assert not wrong, f"{module} imports {wrong}"


@pytest.mark.parametrize("module", sorted(BASE - {"iosemu"}))
def test_the_base_rests_on_nothing(module: str) -> None:
    assert {part(name) for name in imports(ROOT / f"{module}.py", at_load=False)} <= BASE


def test_no_import_cycle() -> None:
    graph = {name: imports(file, at_load=False) & MODULES.keys() - {name} for name, file in MODULES.items()}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"import cycle: {' -> '.join(error.args[1])}")


def test_no_module_is_called_utils_or_manager() -> None:
    assert not [name for name in MODULES if name.split(".")[-1] in ("utils", "util", "helpers", "manager", "misc")]


@pytest.mark.parametrize("package", ["commands", "fax", "mail", "management", "terminal", "voice"])
def test_what_a_package_tells_of_its_modules_is_there(package: str) -> None:
    told = set(re.findall(r"`([a-z][a-z0-9_]*)`", (ROOT / package / "__init__.py").read_text("utf-8")))
    assert len(told) > 9
    assert {name for name in told - {"show", "debug"} if f"iosemu.{package}.{name}" not in MODULES} == set()
