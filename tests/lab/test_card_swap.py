"""A card is taken out of a router of a running lab, by its tools: the fax on it ends, the next one finds it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.fax.render import load_octets
from iosemu.lab.errors import LabError
from iosemu.lab.operations import operations
from iosemu.lab.topology import load
from tests.lab.labs import fax, running_lab

Run = Callable[..., None]
LAB = Path(__file__).parents[2] / "examples" / "t37-lab" / "lab.toml"


def test_a_trunk_card_out_and_in(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, load(LAB), LAB) as lab:
            do = operations(lab)
            where = {"router": "vdtl-5350-8a", "slot": "3"}
            await do["card.pull"](where, lambda told: None)
            (shown,) = await do["router.execute"](
                {"router": "vdtl-5350-8a", "commands": ["show controllers T1 3/0"]}, lambda told: None
            )
            assert shown.startswith("T1 3/0 is down.\n")
            with pytest.raises(LabError, match="slot 3 of the AS5350 is empty"):
                await do["card.pull"](where, lambda told: None)
            with pytest.raises(LabError, match="the AS5300 has to be switched off"):
                await do["card.pull"]({"router": "vdtl-5300-7a", "slot": "0"}, lambda told: None)
            with pytest.raises(LabError, match="no router 'x'"):
                await do["card.put"]({"router": "x", "slot": "0"}, lambda told: None)
            await do["card.put"](where, lambda told: None)
            assert (await fax(lab, load_octets(b"one page\n", "a.txt"), "555-0199")).cause == ""

    run(scenario())
