"""A whole fax each way with every T.37 debug on: the text, and its order against the T.30 and SMTP that made it.

`golden/*.txt` hold the text without time stamps; what differs from run to run (dates, identifiers, seconds) is masked.
`IOSEMU_GOLDEN=write` writes them anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.commands.context import Device
from iosemu.commands.debug.switches import OF_CALLS
from iosemu.fax import events as fax_events
from iosemu.fax.render import load_octets
from iosemu.lab.topology import load
from iosemu.mail import events as mta
from iosemu.management.logging import Destination
from iosemu.router import Router
from iosemu.voice.events import FaxMedia
from tests.lab.labs import fax, running_lab
from tests.lab.test_lab import SOURCE, mail, three_pages, until

Run = Callable[..., None]
GOLDEN = Path(__file__).with_name("golden")
_MASKS = (
    (r"timestamp=\d+", "timestamp=N"),
    (r"^\d+ fr-entered", "N fr-entered"),
    (r"guid=[0-9a-f.]+", "guid=G"),
    (r"^//(\d+)/[0-9A-F]{12}/", r"//\1/GUID/"),
    (r"\b[0-9A-F]{4}20\d{14,}", "ID"),
    (r"<?[\w.=-]{10,}@testlab-smtp[\w.-]*>?", "<ID>"),
    (r"\d{8,}\.\d+@[\w.-]+", "ID"),
    (r"\w{3}, \d+ \w{3} \d{4} [\d:]+ [+-]\d{4}", "DATE"),
    (r"Queued mail for delivery.*", "Queued mail for delivery"),
    (r"id \S*@\S*", "id ID"),
    (r"(SIZE|size)=\d+", r"\1=N"),
    (r"\b\d+ bytes", "N bytes"),
    (r"\bof \d+ octets", "of N octets"),
    (r"\d+ seconds", "N seconds"),
    (r"ready at .*", "ready at DATE"),
    (r"last packet repeated \d+ times", "last packet repeated N times"),
)


def masked(lines: list[str]) -> list[str]:
    text = "\n".join(lines)
    for pattern, put in _MASKS:
        text = re.sub(pattern, put, text, flags=re.MULTILINE)
    return text.splitlines()


def listen(router: Router) -> tuple[list[str], list[object]]:
    """Every debug switched on: the lines of the log, and the events of T.30 and SMTP that they stem from."""
    device: Device = router.device
    lines: list[str] = []
    events: list[object] = []
    device.debugs.update(set(OF_CALLS) - {"isdn event", "isdn q921", "isdn q931"})
    device.log.levels[Destination.CONSOLE] = device.log.levels[Destination.BUFFER]
    log = device.log
    log._stamp = lambda kind: ""  # the text, whenever it is told

    def debug(text: str) -> None:
        lines.append(text)

    log.debug = debug  # type: ignore[method-assign]
    kinds = (FaxMedia, mta.ClientSent, mta.ClientReceived, mta.ServerSent, mta.ServerReceived)
    for kind in kinds:
        device.bus.subscribe(kind, events.append)
    return lines, events


def compare(name: str, lines: list[str]) -> None:
    file = GOLDEN / name
    if os.environ.get("IOSEMU_GOLDEN") == "write":
        file.write_text("\n".join(masked(lines)) + "\n", "utf-8")
    assert masked(lines) == file.read_text("utf-8").splitlines()


def told_in_order(lines: list[str], events: list[object]) -> None:
    """Each frame and each line of SMTP stands in the text, in the order in which it went over its wire."""
    wanted = []
    for event in events:
        match event:
            case FaxMedia(event=fax_events.FrameSent(name, octets)):
                wanted.append(f"sent {name} {octets.hex(' ').upper()}")
            case FaxMedia(event=fax_events.FrameReceived(name, octets)):
                wanted.append(f"received {name} {octets.hex(' ').upper()}")
            case mta.ClientSent(_, line):
                wanted.append(f"(C)S: {line}")
            case mta.ClientReceived(_, line):
                wanted.append(f"(C)R: {line}")
            case mta.ServerSent(_, line):
                wanted.append(f"(S)S: {line}")
            case mta.ServerReceived(_, _, line):
                wanted.append(f"(S)R: {line}")
    assert len(wanted) > 10
    at = 0
    for text in wanted:
        at = next((place + 1 for place in range(at, len(lines)) if text in lines[place]), -1)
        assert at > 0, f"missing, or out of order: {text}"


def test_an_on_ramp_call_with_all_debugs(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, load(SOURCE), SOURCE) as lab:
            router = lab.routers["vdtl-5300-7a"].router
            lines, events = listen(router)
            assert (await fax(lab, load_octets(three_pages()[0], "a.tif"), "555-0199")).ok
            await until(lambda: not router.voice.control.active)
        told_in_order(lines, events)
        compare("on-ramp.txt", lines)

    run(scenario())


def test_an_off_ramp_call_with_all_debugs(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, load(SOURCE), SOURCE) as lab:
            router = lab.routers["vdtl-5350-8a"].router
            lines, events = listen(router)
            await mail(lab, "FAX=9-555-8354@15.80.7.107")
            await until(lab.tray.jobs)
            await until(lambda: not router.voice.control.active)
            await until(lambda: not list(router.device.tcp))
        told_in_order(lines, events)
        compare("off-ramp.txt", lines)

    run(scenario())


@pytest.mark.parametrize("name", ["on-ramp.txt", "off-ramp.txt"])
def test_every_part_of_the_gateway_speaks(name: str) -> None:
    text = (GOLDEN / name).read_text("utf-8")
    own = "lapp_on_" if name == "on-ramp.txt" else "lapp off"
    for start in (
        own,
        "faxmsp_t30",
        "faxmsp_t38",
        "docmsp_",
        "mspi_",
        "vtsp_process_event",
        "fr-msg-det",
        "TCP0: state",
    ):
        assert start in text, start
