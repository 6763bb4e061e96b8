"""Objectives on a running lab: what holds, and what is said of what does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.lab import check
from iosemu.lab.check import Grade, grade
from iosemu.lab.objective import FaxTrial, MailTrial, Objective
from iosemu.lab.run import Lab
from iosemu.lab.state import RunningLab, StateFolder, find
from iosemu.lab.topology import load
from tests.lab.labs import running_lab

Run = Callable[..., None]
SOURCE = packaged_lab()
CLOCK = {"router": "vdtl-5300-7a", "command": "show clock"}


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def grades(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Grade]]:
    """The grades of objectives in the two-gateway lab, some of its settings changed."""
    monkeypatch.setattr(check, "SECOND_REPORT_S", 0.3)

    def graded(*objectives: Objective, source: Path = SOURCE, **changes: object) -> list[Grade]:
        found: list[Grade] = []

        async def scenario() -> None:
            topology = msgspec.structs.replace(load(source), **changes)
            async with running_lab(tmp_path, topology, source):
                found.extend(await asyncio.to_thread(lambda: list(grade(find(None), objectives))))

        run(scenario())
        return found

    return graded


@pytest.mark.parametrize("source", sorted(EXAMPLES.glob("*/lab.toml")), ids=lambda path: path.parent.name)
def test_an_example_holds_all_that_it_says(grades: Callable[..., list[Grade]], source: Path) -> None:
    objectives = load(source).objective
    assert objectives
    assert grades(*objectives, source=source) == [Grade(each.name, each.points, True, "") for each in objectives]


def test_what_a_command_shows_decides(grades: Callable[..., list[Grade]]) -> None:
    shown, absent, shows_not, is_there, unknown = grades(
        Objective(name="a", shows="UTC", **CLOCK),
        Objective(name="b", absent="MET", **CLOCK),
        Objective(name="c", shows="MET", **CLOCK),
        Objective(name="d", absent="U.C", points=5, **CLOCK),
        Objective(name="e", router="vdtl-5300-7a", command="show nonsense", shows="^ok"),
    )
    assert shown.held
    assert absent.held
    assert shows_not.detail.startswith("'show clock' does not show 'MET'; it ends with: ")
    assert is_there == Grade("d", 5, False, "'show clock' shows 'UTC'")
    assert "% Invalid input detected" in unknown.detail


def test_a_fax_must_be_confirmed_and_its_mail_come(grades: Callable[..., list[Grade]]) -> None:
    busy, nobody = grades(
        Objective(name="a", fax=FaxTrial(sender="555-0100", to="555-8355")),
        Objective(name="b", fax=FaxTrial(sender="555-0100", to="555-8354", mailbox="tom"), within_s=0.5),
    )
    assert busy.detail == "the fax to 555-8355 failed: user busy"
    assert nobody.detail == "the fax was sent, but no mail came for tom"


def test_a_fax_that_takes_too_long_has_failed(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        state = StateFolder(tmp_path)
        lab = Lab(load(SOURCE), SOURCE, state)  # at the line's own pace
        await lab.start()
        objective = Objective(name="a", fax=FaxTrial(sender="555-0100", to="555-8356"), within_s=0.3)
        (graded,) = await asyncio.to_thread(lambda: list(grade(find(tmp_path), [objective])))
        assert graded.detail == "nothing came of it within 0.3 s"
        await asyncio.sleep(0.1)
        assert not lab.machine("555-0100").busy
        await lab.stop()
        state.release()

    run(scenario())


def test_a_mail_must_arrive_or_come_back(grades: Callable[..., list[Grade]]) -> None:
    returned, refused, other, back = grades(
        Objective(name="a", mail=MailTrial(sender="tom", to="FAX=9-555-8355@15.80.7.107", arrives="555-8354")),
        Objective(name="b", mail=MailTrial(sender="tom", to="nobody@testlab-t37.com", returns="failed")),
        Objective(name="c", mail=MailTrial(sender="tom", to="FAX=9-555-8355@15.80.7.107", returns="no answer")),
        Objective(name="d", mail=MailTrial(sender="tom", to="FAX=9-555-8355@15.80.7.107", returns="user busy")),
    )
    assert returned.detail.startswith("the mail came back: ")
    assert refused.detail.startswith("mail to nobody@testlab-t37.com was refused: 550")
    assert other.detail.startswith("the mail came back: ")
    assert back.held


def test_what_is_told_nobody_is_waited_for_no_longer_than_it_says(grades: Callable[..., list[Grade]]) -> None:
    trial = MailTrial(sender="tom", to="john@testlab-t37.com", returns="failed")
    assert grades(Objective(name="a", mail=trial, within_s=0.3)) == [Grade("a", 1, False, "nothing came back")]


def test_the_next_trial_finds_the_line_free(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    hanging_up = iter([True, True, False])

    def ask(lab: object, operation: str, **request: object) -> object:
        asked.append(operation)
        return ["ok"] if operation == "router.execute" else [{"in_call": next(hanging_up)}]

    monkeypatch.setattr(check, "ask", ask)
    objective = Objective(name="a", shows="ok", **CLOCK)
    assert list(grade(RunningLab("lab", "", "", 0, 0.0), [objective])) == [Grade("a", 1, True, "")]
    assert asked == ["fax.machines"] * 3 + ["router.execute"]
