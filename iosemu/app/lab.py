"""`iosemu lab`: starts a lab, shows it, stops it cleanly.

Rule: standard output carries the endpoints and the view, or with `--json` exactly one line; what the lab's parts
have to complain about goes into the log file of its state directory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from pathlib import Path

from iosemu.app.errors import ToolError
from iosemu.app.lab_file import lab_file
from iosemu.app.lab_view import LabView
from iosemu.garbage import keep_all
from iosemu.lab.errors import StateInUse
from iosemu.lab.faults import Fault, choose, planted, state_name
from iosemu.lab.fixed_ports import with_ports
from iosemu.lab.run import Lab
from iosemu.lab.snapshot import settle
from iosemu.lab.state import StateFolder, default_folder
from iosemu.lab.topology import Topology, load
from iosemu.web import available

LABS_AT_ONCE = 100


def run(options: argparse.Namespace) -> int:
    """Start, wait for Ctrl-C or SIGTERM, stop."""
    if options.web is not None and not available():
        raise ToolError("--web needs aiohttp: pip install 'iosemu[web]'")
    source = lab_file(options.file)
    topology = load(source)
    if options.ports is not None:
        topology = with_ports(topology, *options.ports)
    fault = choose(source, topology, options.fault) if options.fault is not None else None
    name = state_name(topology, options.fault)
    state = StateFolder(options.dir) if options.dir is not None else _free_state_folder(name)
    settle(state.path)
    logging.basicConfig(
        filename=state.path / "lab.log", level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    logging.captureWarnings(True)
    try:
        asyncio.run(_run(options, topology, source, state, fault))
    finally:
        state.release()
    return 0


def _free_state_folder(name: str) -> StateFolder:
    """The lab's usual state directory, or the first of NAME-2, NAME-3 ... that no running lab holds."""
    for number in range(1, LABS_AT_ONCE):
        try:
            return StateFolder(default_folder(name if number == 1 else f"{name}-{number}"))
        except StateInUse:
            continue
    raise ToolError(f"too many labs called {name} are running")


async def _run(
    options: argparse.Namespace, topology: Topology, source: Path, state: StateFolder, fault: Fault | None
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    further = {}
    if fault is not None:
        topology, further = planted(topology, fault), {fault.router: fault.lines}
    lab = Lab(topology, source, state, pace=options.pace, capture=options.capture, further=further)
    await lab.start()
    keep_all()
    page = None
    try:
        if available():
            from iosemu.web.server import LabPage

            page = LabPage(lab, open_=options.open)
            lab.web = await page.start(*(options.web or ("127.0.0.1", 0)))
        for refused in lab.refused:
            print(f"{refused.file}:{refused.line}: {refused.text}", file=sys.stderr)
        if options.json:
            print(json.dumps(lab.endpoints()), flush=True)
            await stop.wait()
            return
        view = LabView(lab)
        view.show_endpoints()
        await (stop.wait() if options.headless else view.live(stop))
    finally:
        if page is not None:
            await page.stop()
        await lab.stop()
