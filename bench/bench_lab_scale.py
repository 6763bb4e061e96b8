"""A lab of a hundred gateways on a backbone: seconds until it runs, memory a router, a fax through the hundredth.

`python -m bench.bench_lab_scale` profiles the start.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from pytest_benchmark.fixture import BenchmarkFixture

from bench.figures import QUICK, cpu_s, tell
from iosemu.fax import render
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.state import StateFolder
from iosemu.lab.topology import parse

ROUTERS = [3, 6] if QUICK else [25, 50, 100]
SECONDS, MEGABYTES = 5.0, 3.0
"""What a lab of a hundred may take to start, and a router beyond the first of memory."""

HEAD = """
name = "scale"
[[fax]]
number = "555-0001"
[[mail]]
name = "mail"
address = "172.18.106.36"
gateway = "172.18.106.1"
domain = "example.com"
users = { tom = "tom" }
[[host]]
name = "backbone"
addresses = ["10.1.0.1/16", "172.18.106.1/24"]
[[link]]
ends = ["mail", "backbone 172.18.106.1"]
switch = true
"""
ROUTER = """
[[router]]
name = "g{number}"
platform = "as5300"
config = "g{number}.cfg"
[[trunk]]
router = "g{number}"
controller = "T1 0"
numbers = ["555-1{number:03}"]
"""
CONFIG = """
hostname g{number}
isdn switch-type primary-ni
fax interface-type fax-mail
mta send server 172.18.106.36
mta send mail-from hostname g{number}.example.com
controller T1 0
 framing esf
 linecode b8zs
 pri-group timeslots 1-24
interface FastEthernet0
 ip address 10.1.{high}.{low} 255.255.0.0
 no shutdown
ip classless
ip route 0.0.0.0 0.0.0.0 10.1.0.1
call application voice onramp flash:app_libretto_onramp9.tcl
dial-peer voice 1 pots
 application onramp
 incoming called-number 5551{number:03}
 direct-inward-dial
 port 0:D
dial-peer voice 2 mmoip
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 5551{number:03}
 information-type fax
 session target mailto:tom@example.com
line vty 0 4
 no login
end
"""


@dataclass(frozen=True)
class Figures:
    """What a start took; memory is that of the process."""

    routers: int
    seconds: float
    megabytes_a_router: float
    fax_ok: bool


def written(folder: Path, routers: int) -> Path:
    """The lab file of so many gateways, with their configurations beside it."""
    ends = ['"backbone 10.1.0.1"', *(f'"g{number} FastEthernet0"' for number in range(1, routers + 1))]
    text = HEAD + "".join(ROUTER.format(number=number) for number in range(1, routers + 1))
    for number in range(1, routers + 1):
        config = CONFIG.format(number=number, high=1 + number // 250, low=number % 250 + 2)
        (folder / f"g{number}.cfg").write_text(config)
    file = folder / "lab.toml"
    file.write_text(f"{text}\n[[link]]\nends = [{', '.join(ends)}]\n")
    return file


def resident_mb() -> float:
    """Memory of this process that is in use now."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def started(folder: Path, routers: int) -> Lab:
    source = written(folder, routers)
    lab = Lab(parse(source.read_bytes(), source), source, StateFolder(folder / "state"), pace="instant")
    await lab.start()
    assert lab.refused == []
    return lab


async def fax(lab: Lab, number: int) -> bool:
    """A page up the on-ramp of a gateway; was it confirmed?"""
    image = Image.new("1", (1728, 1100), 1)
    ImageDraw.Draw(image).rectangle((200, 200, 900, 700), fill=0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.tif"
        image.save(file, compression="group3", dpi=(204, 98))
        document = render.load_octets(file.read_bytes(), file.name)
    ended: asyncio.Future[SendResult] = asyncio.get_running_loop().create_future()

    def watch(event: object) -> None:
        if isinstance(event, SendResult):
            ended.set_result(event)

    lab.machine("555-0001").send(document, f"5551{number:03}", watch)
    return (await ended).ok


async def measured(routers: int, profile: cProfile.Profile | None = None) -> Figures:
    """Start a lab of one, then one of so many, and fax through the last."""
    with tempfile.TemporaryDirectory() as single, tempfile.TemporaryDirectory() as many:
        first = await started(Path(single), 1)
        before = resident_mb()
        if profile is not None:
            profile.enable()
        start = cpu_s()
        lab = await started(Path(many), routers)
        seconds = cpu_s() - start
        if profile is not None:
            profile.disable()
        megabytes = (resident_mb() - before) / routers
        ok = await fax(lab, routers)
        await lab.stop()
        await first.stop()
    return Figures(routers, seconds, megabytes, ok)


def test_a_lab_of_ever_more_routers(benchmark: BenchmarkFixture) -> None:
    figures = benchmark.pedantic(lambda: [asyncio.run(measured(count)) for count in ROUTERS], rounds=1)
    for found in figures:
        assert found.fax_ok
        last = found.routers == ROUTERS[-1]
        times, memory = ({"at_most": SECONDS}, {"at_most": MEGABYTES}) if last else ({}, {})
        tell(benchmark, f"{found.routers} routers until the last prompt", "s", [found.seconds], **times)
        what = f"memory of each of {found.routers} routers beyond the first"
        tell(benchmark, what, "MB", [found.megabytes_a_router], **memory)


if __name__ == "__main__":
    profile = cProfile.Profile()
    asyncio.run(measured(ROUTERS[-1], profile))
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
