"""Every platform starts from nothing, takes a configuration, and takes a fax in and sends one out, over the line that
its hardware has.

Rule: the configuration is one of the recorded ones of real routers where the platform has the hardware that it names,
the one that fits best; to it come the lines of the ramps. Where there is none the lab's own is written for the ports
that the platform has by default. Pages are compared as pixels, both ways. What a platform did is told in a line (`-s`
shows it).
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, NamedTuple

import aiosmtplib
import pytest
from PIL import Image, ImageDraw, ImageSequence

from iosemu.chassis import platform as platforms
from iosemu.chassis.hardware import Chassis
from iosemu.chassis.inference import infer, named_hardware, provided
from iosemu.chassis.schema import Platform
from iosemu.fax.render import load_octets
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.letter import compose
from iosemu.lab.topology import load
from tests.lab.labs import fax, running_lab

Run = Callable[..., None]
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "configs"

LAB = """
name = "one"
[[router]]
name = "gate"
platform = "{platform}"
address = "10.0.0.1"
config = "gate.cfg"
[[trunk]]
router = "gate"
{jack}
numbers = ["555-0177"]
[[fax]]
number = "555-0100"
[[fax]]
number = "555-8354"
[[mail]]
name = "mail"
address = "10.0.0.2"
domain = "example.com"
users = {{ tom = "tom" }}
[zone]
"gate.example.com" = "10.0.0.1"
"""

# What a recorded configuration says of these would be in the way; its dial peers, access lists and the rest stay.
RAMPS = """
hostname gate
ip domain name example.com
ip name-server 10.0.0.2
{line}
fax interface-type fax-mail
mta send server 10.0.0.2
mta send mail-from hostname gate.example.com
mta send mail-from username fax
mta receive aliases gate.example.com
mta receive aliases [10.0.0.1]
mta receive maximum-recipients 10
call application voice onramp flash:onramp.tcl
call application voice offramp flash:app_libretto_offramp5.tcl
dial-peer voice 47111 pots
 application onramp
 incoming called-number 5550177
 direct-inward-dial
 port {port}
dial-peer voice 47112 mmoip
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 5550177
 information-type fax
 session target mailto:tom@example.com
dial-peer voice 47113 pots
 destination-pattern 95558354
 port {port}
 prefix 95558354
dial-peer voice 47114 mmoip
 application offramp
 incoming called-number 95558354
 information-type fax
"""

_GROUP = re.compile(r"^ (?:pri-group|ds0-group (\d+)) ", re.MULTILINE)


class Told(NamedTuple):
    """What a router is told: the file that it is from, its text, and where the exchange is plugged in."""

    source: str
    text: str
    jack: str
    kind: str


def recorded() -> Iterator[tuple[str, str]]:
    """The recorded configurations of routers with voice hardware, by name."""
    for file in sorted(CORPUS.glob("*.cfg")):
        text = file.read_text("utf-8", "replace")
        if any(name.startswith(("trunk ", "voice ")) for name in named_hardware(text)):
            yield file.name, text


def matching(platform: Platform) -> tuple[str, str]:
    """The recorded configuration that names most of what this platform has itself, then trunks, then anything, and
    nothing that it cannot have."""
    own, found = {interface.kind + interface.unit for interface in platform.builtin_interfaces}, []
    for name, text in recorded():
        named = {each for each in named_hardware(text) if any(digit in each for digit in "0123456789")}
        physical = {each for each in named if not each.startswith(("Loopback", "Tunnel", "Null"))}
        if physical and physical <= provided(Chassis(platform, infer(platform, text))):
            trunks = sum(each.startswith("trunk ") for each in physical)
            found.append(((len(physical & own), trunks, len(physical)), name, text))
    _, name, text = max(found, default=((), "", ""))
    return name, text


def line_of(chassis: Chassis, text: str) -> tuple[str, str, str, str]:
    """Voice port, what the lab file says of its jack, its kind, and what the line has still to be told."""
    for controller in chassis.controllers:
        _, _, block = text.partition(f"controller {controller.name}\n")
        group = _GROUP.search(block.partition("\n!")[0])
        if group is not None:
            port = chassis.voice_port_for(controller) if group[1] is None else f"{controller.unit}:{group[1]}"
            return port, f'controller = "{controller.name}"', "PRI" if group[1] is None else "CAS", ""
    for analog in chassis.analog_ports:
        if not text or f"voice-port {analog.unit}\n" in text:
            # A loop-start line only rings: what was dialled is told to nobody, and the port dials for the caller.
            lines = f"voice-port {analog.unit}\n no shutdown\n connection plar 5550177"
            lines += "\n supervisory disconnect anytone" if analog.kind == "FXO" else ""
            return analog.unit, f'port = "{analog.unit}"', analog.kind, lines
    trunk = chassis.controllers[0]
    lines = f"isdn switch-type primary-ni\ncontroller {trunk.name}\n pri-group timeslots 1-24"
    return chassis.voice_port_for(trunk), f'controller = "{trunk.name}"', "PRI", lines


def told(name: str) -> Told:
    """The configuration of a platform."""
    platform = platforms.load(name)
    source, text = matching(platform)
    chassis = Chassis(platform, infer(platform, text) if text else {})
    port, jack, kind, line = line_of(chassis, text)
    whole = re.sub(r"^end\s*$", "", text, flags=re.MULTILINE) + RAMPS.format(line=line, port=port)
    return Told(source or "the lab's own", whole, jack, f"{kind} {port}")


def written(folder: Path, name: str, configuration: Told) -> Path:
    """A lab file with one router of that platform."""
    (folder / "gate.cfg").write_text(configuration.text)
    file = folder / "lab.toml"
    file.write_text(LAB.format(platform=name, jack=configuration.jack))
    return file


def drawn() -> tuple[bytes, list[bytes]]:
    """Two pages that differ, as a TIFF file and as their pixels."""
    pages = []
    for number in (1, 2):
        page = Image.new("1", (1728, 200 + 20 * number), 1)
        pen = ImageDraw.Draw(page)
        for x in range(50, 1650, 37 + number):
            pen.line((x, 10, 1700 - x, 190), fill=0)
        pages.append(page)
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], compression="group3", dpi=(204, 196))
    return file.getvalue(), [page.tobytes() for page in pages]


def pixels(tiff: bytes) -> list[bytes]:
    with Image.open(io.BytesIO(tiff)) as image:
        return [page.convert("1").tobytes() for page in ImageSequence.Iterator(image)]


@pytest.mark.parametrize("name", platforms.names())
def test_a_fax_in_and_a_fax_out(name: str, tmp_path: Path, run: Run) -> None:
    in_and_out(name, told(name), tmp_path, run)


@pytest.mark.parametrize(
    ("name", "line", "port", "jack"),
    [
        ("3640", "interface BRI1/0\n isdn switch-type basic-net3\nvoice-port 1/0/0", "1/0/0", 'port = "1/0/0"'),
        ("1751", "interface BRI0/0\n isdn switch-type basic-net3\nvoice-port 0/0", "0/0", 'port = "0/0"'),
        (
            "as5400",
            "isdn switch-type primary-ni\ncontroller T3 7/0\n t1 1-28 controller\n"
            "controller T1 7/0:5\n pri-group timeslots 1-24",
            "7/0:5:D",
            'controller = "T1 7/0:5"',
        ),
        (
            "2651xm",
            "isdn switch-type primary-net5\ncontroller E1 0/0\n pri-group timeslots 1-31",
            "0/0:15",
            'controller = "E1 0/0"',
        ),
    ],
)
def test_the_same_over_other_lines(name: str, line: str, port: str, jack: str, tmp_path: Path, run: Run) -> None:
    text = RAMPS.format(line=line, port=port)
    in_and_out(name, Told("other lines", text, jack, port), tmp_path, run)


def in_and_out(name: str, configuration: Told, tmp_path: Path, run: Run) -> None:
    """Fax two pages each way and compare them."""
    own_lines = len(configuration.text.splitlines()) - len(RAMPS.splitlines())

    async def scenario() -> None:
        file = written(tmp_path, name, configuration)
        tiff, pages = drawn()
        async with running_lab(tmp_path, load(file), file) as lab:
            # What else is refused of a recorded configuration, `tests/catalogue/test_corpus.py` counts.
            assert [line for line in lab.refused if line.line > own_lines] == []
            assert await fax(lab, load_octets(tiff, "a.tif"), "555-0177") == SendResult(2, "")
            accounts = lab.mail["mail"].accounts
            (entry,) = accounts.contents("tom")
            message: Any = message_from_bytes(accounts.message("tom", entry.number), policy=policy.default)
            (attached,) = message.iter_attachments()
            assert pixels(attached.get_payload(decode=True)) == pages

            out = compose("tom@example.com", ["FAX=9-555-8354@[10.0.0.1]"], "Fax", None, [(Path("a.tif"), tiff)])
            host, at = lab.mail["mail"].endpoint
            async with aiosmtplib.SMTP(hostname=host, port=at, start_tls=False) as client:
                await client.sendmail(
                    "tom@example.com", ["FAX=9-555-8354@[10.0.0.1]"], out.as_bytes(policy=policy.SMTP)
                )
            machine = lab.machine("555-8354")
            tray = machine.tray
            while not tray.jobs() or machine.busy:  # noqa: ASYNC110  nobody tells this test when it has come
                await asyncio.sleep(0.01)
            assert pixels(tray.document(tray.jobs()[0].job).read_bytes()) == pages

    run(scenario())
    print(f"\n{name}: {configuration.source}, on-ramp and off-ramp over {configuration.kind}, 2 pages each way")
