"""The memory of a router of a lab is what the lab file says, and decides what calls it takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.fax.render import load_octets
from iosemu.lab.errors import TopologyError
from iosemu.lab.topology import load
from tests.lab.labs import fax, running_lab
from tests.lab.test_every_platform import drawn, told, written

Run = Callable[..., None]


def lab_file(folder: Path, memory: int) -> Path:
    """A lab with a 1750 of that memory."""
    file = written(folder, "1750", told("1750"))
    file.write_text(file.read_text().replace('platform = "1750"\n', f'platform = "1750"\nmemory = {memory}\n'))
    return file


@pytest.mark.parametrize(("memory", "pages", "printed"), [(64, 0, "58983K/6553K"), (128, 2, "117966K/13106K")])
def test_a_1750_takes_a_fax_for_mail_with_128_mb(
    memory: int, pages: int, printed: str, tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        file = lab_file(tmp_path, memory)
        async with running_lab(tmp_path, load(file), file) as lab:
            result = await fax(lab, load_octets(drawn()[0], "a.tif"), "555-0177")
            assert result.pages == pages
            assert bool(result.cause) is (pages == 0)
            device = lab.routers["gate"].router.device
            assert f"{device.chassis.platform.memory_kb}K/{device.chassis.platform.io_memory_kb}K" == printed

    run(scenario())


@pytest.mark.parametrize("memory", [0, 16, 4096])
def test_memory_that_no_chassis_has_is_refused(memory: int, tmp_path: Path) -> None:
    with pytest.raises(TopologyError, match=r"\$\.router\[0\]\.memory"):
        load(lab_file(tmp_path, memory))
