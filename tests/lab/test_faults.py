"""The faults of the example for troubleshooting: each makes the check fail, its documented fix makes it pass."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from iosemu.app import main
from iosemu.app.lab_file import lab_file
from iosemu.cli.terminal import Transcript
from iosemu.lab import check
from iosemu.lab.check import Grade, grade
from iosemu.lab.errors import LabError, TopologyError
from iosemu.lab.faults import Step, choose, load_faults, planted, state_name
from iosemu.lab.run import Lab
from iosemu.lab.state import find_lab_of
from iosemu.lab.topology import load
from tests.lab.labs import running_lab

Run = Callable[..., None]
SOURCE = lab_file(Path("troubleshooting"))
TOPOLOGY = load(SOURCE)
FAULTS = load_faults(SOURCE, TOPOLOGY)
NUMBERS = range(1, len(FAULTS) + 1)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "SECOND_REPORT_S", 0.3)


def graded() -> list[Grade]:
    """What `iosemu lab check` finds, in a thread of its own."""
    running = find_lab_of(SOURCE)
    assert running is not None
    return list(grade(running, TOPOLOGY.objective))


async def mend(lab: Lab, step: Step) -> None:
    """Do what a fix says: type it at the router, or run the tool."""
    if step.router:
        session = lab.routers[step.router].router.open_session(terminal := Transcript(), privilege=15)
        for line in step.type.strip().splitlines():
            await session.execute(line)
        assert "%" not in terminal.text
        assert session.mode.name == "exec"
    else:
        command, *arguments = shlex.split(step.run)
        assert command == "iosemu"
        assert await asyncio.to_thread(main, arguments) == 0


@pytest.mark.parametrize("number", NUMBERS, ids=[fault.name for fault in FAULTS])
def test_a_fault_makes_the_check_fail_and_its_fix_makes_it_pass(number: int, tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        fault = choose(SOURCE, TOPOLOGY, number)
        async with running_lab(tmp_path, planted(TOPOLOGY, fault), SOURCE, further={fault.router: fault.lines}) as lab:
            assert not all(each.held for each in await asyncio.to_thread(graded))
            for step in fault.fix:
                await mend(lab, step)
            assert [asdict(each) for each in await asyncio.to_thread(graded) if not each.held] == []

    run(scenario())


def test_there_are_twelve() -> None:
    assert len(FAULTS) == 12
    assert len({fault.name for fault in FAULTS}) == 12


@pytest.mark.parametrize("number", [0, 13, -1])
def test_a_fault_that_is_not_there_is_told(number: int) -> None:
    with pytest.raises(LabError, match=f"no fault {number}; there are 1 to 12"):
        choose(SOURCE, TOPOLOGY, number)


def test_a_lab_without_faults_says_so() -> None:
    source = lab_file(None)
    with pytest.raises(LabError, match="has no faults: no file"):
        load_faults(source, load(source))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[fault]]\nname = "x"', "missing required field `symptom`"),
        ('[[fault]]\nname = "x"\nsymptom = "y"\nfix = [{ run = "z" }]', "needs a router or a machine"),
        ('[[fault]]\nname = "x"\nsymptom = "y"\nrouter = "r"\nfix = [{ run = "z" }]', "no router 'r'"),
        ('[[fault]]\nname = "x"\nsymptom = "y"\nmachine = "1"\nfix = [{ run = "z" }]', "no fax machine '1'"),
        ("[[fault]", "faults.toml: "),
    ],
)
def test_a_mistake_in_the_file_is_told(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "faults.toml").write_text(text)
    with pytest.raises(TopologyError, match=told):
        load_faults(tmp_path / "lab.toml", TOPOLOGY)


def test_a_lab_with_a_fault_has_a_state_of_its_own() -> None:
    assert (state_name(TOPOLOGY, None), state_name(TOPOLOGY, 3)) == ("troubleshooting", "troubleshooting-fault-3")
