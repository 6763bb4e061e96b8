"""Catalogue files: errors with file and line, platforms, the compiled copy, the checker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from iosemu.cli import catalogue, catalogue_text, compiled
from iosemu.cli.catalogue import Catalogue, CatalogueError
from iosemu.cli.help import full_help

FILE = 'mode config (config) "Configure commands:"\nhostname name:WORD\n    name  A name\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("hostname name:WORD\n", 1),
        ("mode config\n", 1),
        (FILE + "fax {a\n", 4),
        (FILE + "    nme  A name\n", 4),
        (FILE + "    name A name\n", 4),
        (FILE + "    .sometimes\n", 4),
        (FILE + "    .privilege 16\n", 4),
        ('mode config "x"\n    name  orphan\n', 2),
    ],
)
def test_an_error_names_file_and_line(text: str, line: int) -> None:
    with pytest.raises(CatalogueError, match=rf"^20-x\.ios:{line}: "):
        Catalogue.parse(text, "20-x.ios")


def test_a_mode_goes_on_where_it_stopped() -> None:
    found = Catalogue.parse('mode a "A"\nx\nmode b "B"\ny\nmode a "ignored"\ngroup\nz\n').mode("a")
    assert found.heading == "A"
    assert [entry if isinstance(entry, str) else entry.id for entry in found.layout][:3] == ["x", "", "z"]


def test_a_platform_has_only_its_commands() -> None:
    both = Catalogue.parse(FILE + "resource-pool disable\n    .platforms as5300 as5350\n")
    assert "resource-pool disable" in both.for_platform("as5300").mode("config").by_id
    assert "resource-pool disable" not in both.for_platform("3660").mode("config").by_id


def test_help_texts_go_to_the_occurrences_of_a_word_in_order() -> None:
    mode = Catalogue.parse('mode exec "E"\na {a | b [a]}\n    a  one\n    a  two\n    b  bee\n').mode("exec")
    assert full_help((mode,), "a ", 15).startswith("  a  two\n  b  bee\n")
    assert full_help((mode,), "", 15).startswith("E\n  a          one\n")


def test_an_option_at_the_end_of_an_alternative_leads_on() -> None:
    mode = Catalogue.parse('mode exec "E"\nclock {line [primary] | internal} [now]\n').mode("exec")
    for line in ("clock line", "clock line primary now", "clock internal now", "clock line now"):
        assert full_help((mode,), line + " ", 15).endswith("<cr>\n\n")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    directory = tmp_path / "catalogue"
    directory.mkdir()
    (directory / "10-x.ios").write_text(FILE)
    return tmp_path


def load(cache: Path) -> Catalogue:
    return catalogue.load(str(cache / "catalogue"))


def copies(cache: Path, place: str = "catalogue/__pycache__") -> list[Path]:
    return list((cache / place).glob("catalogue-*"))


def test_a_second_start_compiles_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(cache).mode("config")
    monkeypatch.setattr(catalogue_text, "compile_files", lambda files: pytest.fail("compiled again"))
    second = load(cache).mode("config")
    assert second.commands == first.commands
    assert len(copies(cache)) == 1


def test_a_changed_catalogue_is_compiled_again(cache: Path) -> None:
    load(cache)
    (cache / "catalogue" / "20-y.ios").write_text(FILE.replace("hostname", "banner"))
    assert "banner" in load(cache).mode("config").by_id


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 400])
def test_a_broken_copy_is_ignored_and_replaced(cache: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    load(cache)
    (copy,) = copies(cache)
    sound = copy.read_bytes()
    copy.write_bytes(content if content else sound[:-1])
    assert "hostname" in load(cache).mode("config").by_id
    monkeypatch.setattr(catalogue_text, "compile_files", lambda files: pytest.fail("compiled again"))
    assert "hostname" in load(cache).mode("config").by_id


def test_a_copy_with_any_octet_changed_is_not_trusted(cache: Path) -> None:
    load(cache)
    (copy,) = copies(cache)
    sound, directory = copy.read_bytes(), str(cache / "catalogue")
    files = list(catalogue.read_files(directory))
    for at in range(0, len(sound), 1 + len(sound) // 97):
        copy.write_bytes(sound[:at] + bytes([sound[at] ^ 0x10]) + sound[at + 1 :])
        assert compiled.load(directory, files) is None
    copy.write_bytes(sound)
    assert compiled.load(directory, files) is not None


@pytest.mark.parametrize("what", ["version", "format", "interpreter"])
def test_a_copy_of_another_version_is_not_used(cache: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    load(cache)
    if what == "interpreter":
        monkeypatch.setattr(sys, "version", "3.99")
    else:
        monkeypatch.setattr(compiled, {"version": "__version__", "format": "_FORMAT"}[what], "another")
    directory = str(cache / "catalogue")
    assert compiled.load(directory, list(catalogue.read_files(directory))) is None
    load(cache)
    assert len(copies(cache)) == 2


def test_what_a_killed_process_left_behind_is_in_nobodys_way(cache: Path) -> None:
    directory = str(cache / "catalogue")
    load(cache)
    (copy,) = copies(cache)
    sound = copy.read_bytes()
    copy.unlink()
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    half.write_bytes(sound[: len(sound) // 2])
    for _ in range(2):
        assert "hostname" in load(cache).mode("config").by_id
    assert compiled.load(directory, list(catalogue.read_files(directory))) is not None
    assert not half.exists()


def test_where_the_installation_cannot_be_written_the_copy_is_the_users(cache: Path) -> None:
    (cache / "catalogue" / "__pycache__").write_text("")
    load(cache)
    assert len(copies(cache, "cache/iosemu")) == 1


def test_who_wants_no_bytecode_beside_the_sources_has_no_copy_there(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    load(cache)
    assert copies(cache) == []
    assert len(copies(cache, "cache/iosemu")) == 1


def test_an_unwritable_cache_is_no_failure(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cache / "catalogue" / "__pycache__").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "catalogue" / "__pycache__"))
    assert "hostname" in load(cache).mode("config").by_id


def test_two_processes_may_compile_at_once(cache: Path) -> None:
    directory = str(cache / "catalogue")
    start = f"from iosemu.cli import catalogue; print(*catalogue.load({directory!r}).mode('config').by_id)"
    processes = [subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [process.communicate(timeout=60)[0] for process in processes]
    assert answers[0] == answers[1]
    assert "hostname" in answers[0].split()
    left = [path for place in ("catalogue/__pycache__", "cache/iosemu") for path in (cache / place).glob("*")]
    assert [path.suffix for path in left] == [".bin"]


def test_old_copies_are_pruned(cache: Path) -> None:
    for number in range(12):
        (cache / "catalogue" / "10-x.ios").write_text(FILE + f"x{number}\n")
        load(cache)
    assert len(copies(cache)) == compiled.KEPT


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a n:WORD\na m:WORD\n", "can be the same line"),
        ("a {n:WORD | m:WORD}\n", "two arguments of type WORD"),
        ("a n:<1-3>\n    .default a 4\n", "Invalid input"),
        ("a n:<1-3>\nb\n    .default a 3\n", "is a line of"),
        ("a\n    .enters nowhere\n", "no such mode"),
    ],
)
def test_the_checker_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, error: str) -> None:
    file = tmp_path / "x.ios"
    file.write_text('mode config (config) "C"\n' + text)
    assert catalogue.main([str(file)]) == 1
    assert error in capsys.readouterr().out


def test_the_packaged_catalogue_has_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogue.main([]) == 0, capsys.readouterr().out
